import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from splitship.v1 import network_pb2 as _network_pb2
from splitship.v1 import order_pb2 as _order_pb2
from splitship.v1 import rule_pb2 as _rule_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Objective(_message.Message):
    __slots__ = ("delivery_day", "late_day", "split", "unfilled_unit", "unfilled_value")
    DELIVERY_DAY_FIELD_NUMBER: _ClassVar[int]
    LATE_DAY_FIELD_NUMBER: _ClassVar[int]
    SPLIT_FIELD_NUMBER: _ClassVar[int]
    UNFILLED_UNIT_FIELD_NUMBER: _ClassVar[int]
    UNFILLED_VALUE_FIELD_NUMBER: _ClassVar[int]
    delivery_day: str
    late_day: str
    split: str
    unfilled_unit: str
    unfilled_value: str
    def __init__(self, delivery_day: _Optional[str] = ..., late_day: _Optional[str] = ..., split: _Optional[str] = ..., unfilled_unit: _Optional[str] = ..., unfilled_value: _Optional[str] = ...) -> None: ...

class Limits(_message.Message):
    __slots__ = ("max_packages", "max_distance_km", "max_transit_days", "horizon_days")
    MAX_PACKAGES_FIELD_NUMBER: _ClassVar[int]
    MAX_DISTANCE_KM_FIELD_NUMBER: _ClassVar[int]
    MAX_TRANSIT_DAYS_FIELD_NUMBER: _ClassVar[int]
    HORIZON_DAYS_FIELD_NUMBER: _ClassVar[int]
    max_packages: int
    max_distance_km: str
    max_transit_days: int
    horizon_days: int
    def __init__(self, max_packages: _Optional[int] = ..., max_distance_km: _Optional[str] = ..., max_transit_days: _Optional[int] = ..., horizon_days: _Optional[int] = ...) -> None: ...

class Problem(_message.Message):
    __slots__ = ("name", "currency", "as_of", "as_of_offset_minutes", "objective", "limits", "nodes", "skus", "stock", "services", "node_services", "lanes", "rates", "orders", "node_days", "calendars", "service_quotas", "rules", "surcharges", "inbound", "kits", "substitutes", "transfers", "stock_prices", "rejections", "channel_reserves", "plan_before")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    AS_OF_OFFSET_MINUTES_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    NODES_FIELD_NUMBER: _ClassVar[int]
    SKUS_FIELD_NUMBER: _ClassVar[int]
    STOCK_FIELD_NUMBER: _ClassVar[int]
    SERVICES_FIELD_NUMBER: _ClassVar[int]
    NODE_SERVICES_FIELD_NUMBER: _ClassVar[int]
    LANES_FIELD_NUMBER: _ClassVar[int]
    RATES_FIELD_NUMBER: _ClassVar[int]
    ORDERS_FIELD_NUMBER: _ClassVar[int]
    NODE_DAYS_FIELD_NUMBER: _ClassVar[int]
    CALENDARS_FIELD_NUMBER: _ClassVar[int]
    SERVICE_QUOTAS_FIELD_NUMBER: _ClassVar[int]
    RULES_FIELD_NUMBER: _ClassVar[int]
    SURCHARGES_FIELD_NUMBER: _ClassVar[int]
    INBOUND_FIELD_NUMBER: _ClassVar[int]
    KITS_FIELD_NUMBER: _ClassVar[int]
    SUBSTITUTES_FIELD_NUMBER: _ClassVar[int]
    TRANSFERS_FIELD_NUMBER: _ClassVar[int]
    STOCK_PRICES_FIELD_NUMBER: _ClassVar[int]
    REJECTIONS_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_RESERVES_FIELD_NUMBER: _ClassVar[int]
    PLAN_BEFORE_FIELD_NUMBER: _ClassVar[int]
    name: str
    currency: str
    as_of: _timestamp_pb2.Timestamp
    as_of_offset_minutes: int
    objective: Objective
    limits: Limits
    nodes: _containers.RepeatedCompositeFieldContainer[_network_pb2.Node]
    skus: _containers.RepeatedCompositeFieldContainer[_network_pb2.Sku]
    stock: _containers.RepeatedCompositeFieldContainer[_network_pb2.StockPosition]
    services: _containers.RepeatedCompositeFieldContainer[_network_pb2.CarrierService]
    node_services: _containers.RepeatedCompositeFieldContainer[_network_pb2.NodeService]
    lanes: _containers.RepeatedCompositeFieldContainer[_network_pb2.Lane]
    rates: _containers.RepeatedCompositeFieldContainer[_network_pb2.Rate]
    orders: _containers.RepeatedCompositeFieldContainer[_order_pb2.Order]
    node_days: _containers.RepeatedCompositeFieldContainer[_network_pb2.NodeDay]
    calendars: _containers.RepeatedCompositeFieldContainer[_network_pb2.Holiday]
    service_quotas: _containers.RepeatedCompositeFieldContainer[_network_pb2.ServiceQuota]
    rules: _containers.RepeatedCompositeFieldContainer[_rule_pb2.Rule]
    surcharges: _containers.RepeatedCompositeFieldContainer[_rule_pb2.Surcharge]
    inbound: _containers.RepeatedCompositeFieldContainer[_network_pb2.Inbound]
    kits: _containers.RepeatedCompositeFieldContainer[_network_pb2.KitComponent]
    substitutes: _containers.RepeatedCompositeFieldContainer[_network_pb2.Substitute]
    transfers: _containers.RepeatedCompositeFieldContainer[_network_pb2.Transfer]
    stock_prices: _containers.RepeatedCompositeFieldContainer[_network_pb2.StockPrice]
    rejections: _containers.RepeatedCompositeFieldContainer[_order_pb2.Rejection]
    channel_reserves: _containers.RepeatedCompositeFieldContainer[_network_pb2.ChannelReserve]
    plan_before: _containers.RepeatedCompositeFieldContainer[_order_pb2.PlannedLine]
    def __init__(self, name: _Optional[str] = ..., currency: _Optional[str] = ..., as_of: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., as_of_offset_minutes: _Optional[int] = ..., objective: _Optional[_Union[Objective, _Mapping]] = ..., limits: _Optional[_Union[Limits, _Mapping]] = ..., nodes: _Optional[_Iterable[_Union[_network_pb2.Node, _Mapping]]] = ..., skus: _Optional[_Iterable[_Union[_network_pb2.Sku, _Mapping]]] = ..., stock: _Optional[_Iterable[_Union[_network_pb2.StockPosition, _Mapping]]] = ..., services: _Optional[_Iterable[_Union[_network_pb2.CarrierService, _Mapping]]] = ..., node_services: _Optional[_Iterable[_Union[_network_pb2.NodeService, _Mapping]]] = ..., lanes: _Optional[_Iterable[_Union[_network_pb2.Lane, _Mapping]]] = ..., rates: _Optional[_Iterable[_Union[_network_pb2.Rate, _Mapping]]] = ..., orders: _Optional[_Iterable[_Union[_order_pb2.Order, _Mapping]]] = ..., node_days: _Optional[_Iterable[_Union[_network_pb2.NodeDay, _Mapping]]] = ..., calendars: _Optional[_Iterable[_Union[_network_pb2.Holiday, _Mapping]]] = ..., service_quotas: _Optional[_Iterable[_Union[_network_pb2.ServiceQuota, _Mapping]]] = ..., rules: _Optional[_Iterable[_Union[_rule_pb2.Rule, _Mapping]]] = ..., surcharges: _Optional[_Iterable[_Union[_rule_pb2.Surcharge, _Mapping]]] = ..., inbound: _Optional[_Iterable[_Union[_network_pb2.Inbound, _Mapping]]] = ..., kits: _Optional[_Iterable[_Union[_network_pb2.KitComponent, _Mapping]]] = ..., substitutes: _Optional[_Iterable[_Union[_network_pb2.Substitute, _Mapping]]] = ..., transfers: _Optional[_Iterable[_Union[_network_pb2.Transfer, _Mapping]]] = ..., stock_prices: _Optional[_Iterable[_Union[_network_pb2.StockPrice, _Mapping]]] = ..., rejections: _Optional[_Iterable[_Union[_order_pb2.Rejection, _Mapping]]] = ..., channel_reserves: _Optional[_Iterable[_Union[_network_pb2.ChannelReserve, _Mapping]]] = ..., plan_before: _Optional[_Iterable[_Union[_order_pb2.PlannedLine, _Mapping]]] = ...) -> None: ...

class NamedPack(_message.Message):
    __slots__ = ("name", "scenario")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_FIELD_NUMBER: _ClassVar[int]
    name: str
    scenario: str
    def __init__(self, name: _Optional[str] = ..., scenario: _Optional[str] = ...) -> None: ...

class SolveOptions(_message.Message):
    __slots__ = ("time_limit", "work_limit", "gap", "seed", "threads", "method", "solver")
    TIME_LIMIT_FIELD_NUMBER: _ClassVar[int]
    WORK_LIMIT_FIELD_NUMBER: _ClassVar[int]
    GAP_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    THREADS_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    SOLVER_FIELD_NUMBER: _ClassVar[int]
    time_limit: _duration_pb2.Duration
    work_limit: float
    gap: float
    seed: int
    threads: int
    method: str
    solver: str
    def __init__(self, time_limit: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., work_limit: _Optional[float] = ..., gap: _Optional[float] = ..., seed: _Optional[int] = ..., threads: _Optional[int] = ..., method: _Optional[str] = ..., solver: _Optional[str] = ...) -> None: ...

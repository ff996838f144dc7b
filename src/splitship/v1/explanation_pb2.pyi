from splitship.v1 import plan_pb2 as _plan_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TakenResource(_message.Message):
    __slots__ = ("kind", "words", "units", "price_micros", "node_id", "sku_id", "service_id", "date", "rule")
    KIND_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    PRICE_MICROS_FIELD_NUMBER: _ClassVar[int]
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    SKU_ID_FIELD_NUMBER: _ClassVar[int]
    SERVICE_ID_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    kind: str
    words: str
    units: int
    price_micros: int
    node_id: str
    sku_id: str
    service_id: str
    date: str
    rule: str
    def __init__(self, kind: _Optional[str] = ..., words: _Optional[str] = ..., units: _Optional[int] = ..., price_micros: _Optional[int] = ..., node_id: _Optional[str] = ..., sku_id: _Optional[str] = ..., service_id: _Optional[str] = ..., date: _Optional[str] = ..., rule: _Optional[str] = ...) -> None: ...

class OrderWay(_message.Message):
    __slots__ = ("packages", "costs", "taken", "priced", "direct_micros", "taken_micros", "total_micros", "late_days", "units_left")
    PACKAGES_FIELD_NUMBER: _ClassVar[int]
    COSTS_FIELD_NUMBER: _ClassVar[int]
    TAKEN_FIELD_NUMBER: _ClassVar[int]
    PRICED_FIELD_NUMBER: _ClassVar[int]
    DIRECT_MICROS_FIELD_NUMBER: _ClassVar[int]
    TAKEN_MICROS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_MICROS_FIELD_NUMBER: _ClassVar[int]
    LATE_DAYS_FIELD_NUMBER: _ClassVar[int]
    UNITS_LEFT_FIELD_NUMBER: _ClassVar[int]
    packages: _containers.RepeatedCompositeFieldContainer[WayPackage]
    costs: _plan_pb2.CostTerms
    taken: _containers.RepeatedCompositeFieldContainer[TakenResource]
    priced: bool
    direct_micros: int
    taken_micros: int
    total_micros: int
    late_days: int
    units_left: int
    def __init__(self, packages: _Optional[_Iterable[_Union[WayPackage, _Mapping]]] = ..., costs: _Optional[_Union[_plan_pb2.CostTerms, _Mapping]] = ..., taken: _Optional[_Iterable[_Union[TakenResource, _Mapping]]] = ..., priced: _Optional[bool] = ..., direct_micros: _Optional[int] = ..., taken_micros: _Optional[int] = ..., total_micros: _Optional[int] = ..., late_days: _Optional[int] = ..., units_left: _Optional[int] = ...) -> None: ...

class WayPackage(_message.Message):
    __slots__ = ("node_id", "service_id", "ship_on", "deliver_on", "lines", "cost_micros")
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    SERVICE_ID_FIELD_NUMBER: _ClassVar[int]
    SHIP_ON_FIELD_NUMBER: _ClassVar[int]
    DELIVER_ON_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    COST_MICROS_FIELD_NUMBER: _ClassVar[int]
    node_id: str
    service_id: str
    ship_on: str
    deliver_on: str
    lines: _containers.RepeatedCompositeFieldContainer[_plan_pb2.PackageLine]
    cost_micros: int
    def __init__(self, node_id: _Optional[str] = ..., service_id: _Optional[str] = ..., ship_on: _Optional[str] = ..., deliver_on: _Optional[str] = ..., lines: _Optional[_Iterable[_Union[_plan_pb2.PackageLine, _Mapping]]] = ..., cost_micros: _Optional[int] = ...) -> None: ...

class AlternativeWay(_message.Message):
    __slots__ = ("way", "difference_micros", "direct_difference_micros", "verdict")
    WAY_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCE_MICROS_FIELD_NUMBER: _ClassVar[int]
    DIRECT_DIFFERENCE_MICROS_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    way: OrderWay
    difference_micros: int
    direct_difference_micros: int
    verdict: str
    def __init__(self, way: _Optional[_Union[OrderWay, _Mapping]] = ..., difference_micros: _Optional[int] = ..., direct_difference_micros: _Optional[int] = ..., verdict: _Optional[str] = ...) -> None: ...

class WayObstacle(_message.Message):
    __slots__ = ("reason", "detail", "line_id")
    REASON_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    LINE_ID_FIELD_NUMBER: _ClassVar[int]
    reason: str
    detail: str
    line_id: str
    def __init__(self, reason: _Optional[str] = ..., detail: _Optional[str] = ..., line_id: _Optional[str] = ...) -> None: ...

class NodeChoice(_message.Message):
    __slots__ = ("node_id", "distance_km", "used", "best", "obstacles")
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    DISTANCE_KM_FIELD_NUMBER: _ClassVar[int]
    USED_FIELD_NUMBER: _ClassVar[int]
    BEST_FIELD_NUMBER: _ClassVar[int]
    OBSTACLES_FIELD_NUMBER: _ClassVar[int]
    node_id: str
    distance_km: float
    used: bool
    best: AlternativeWay
    obstacles: _containers.RepeatedCompositeFieldContainer[WayObstacle]
    def __init__(self, node_id: _Optional[str] = ..., distance_km: _Optional[float] = ..., used: _Optional[bool] = ..., best: _Optional[_Union[AlternativeWay, _Mapping]] = ..., obstacles: _Optional[_Iterable[_Union[WayObstacle, _Mapping]]] = ...) -> None: ...

class ServiceChoice(_message.Message):
    __slots__ = ("node_id", "service_id", "ship_on", "deliver_on", "late_days", "costs", "obstacles")
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    SERVICE_ID_FIELD_NUMBER: _ClassVar[int]
    SHIP_ON_FIELD_NUMBER: _ClassVar[int]
    DELIVER_ON_FIELD_NUMBER: _ClassVar[int]
    LATE_DAYS_FIELD_NUMBER: _ClassVar[int]
    COSTS_FIELD_NUMBER: _ClassVar[int]
    OBSTACLES_FIELD_NUMBER: _ClassVar[int]
    node_id: str
    service_id: str
    ship_on: str
    deliver_on: str
    late_days: int
    costs: _plan_pb2.CostTerms
    obstacles: _containers.RepeatedCompositeFieldContainer[WayObstacle]
    def __init__(self, node_id: _Optional[str] = ..., service_id: _Optional[str] = ..., ship_on: _Optional[str] = ..., deliver_on: _Optional[str] = ..., late_days: _Optional[int] = ..., costs: _Optional[_Union[_plan_pb2.CostTerms, _Mapping]] = ..., obstacles: _Optional[_Iterable[_Union[WayObstacle, _Mapping]]] = ...) -> None: ...

class Force(_message.Message):
    __slots__ = ("node_id", "service_id", "max_packages", "complete", "ship_on", "deliver_by")
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    SERVICE_ID_FIELD_NUMBER: _ClassVar[int]
    MAX_PACKAGES_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_FIELD_NUMBER: _ClassVar[int]
    SHIP_ON_FIELD_NUMBER: _ClassVar[int]
    DELIVER_BY_FIELD_NUMBER: _ClassVar[int]
    node_id: str
    service_id: str
    max_packages: int
    complete: bool
    ship_on: str
    deliver_by: str
    def __init__(self, node_id: _Optional[str] = ..., service_id: _Optional[str] = ..., max_packages: _Optional[int] = ..., complete: _Optional[bool] = ..., ship_on: _Optional[str] = ..., deliver_by: _Optional[str] = ...) -> None: ...

class MovedOrder(_message.Message):
    __slots__ = ("order_id", "before", "after", "change_micros", "packages_before", "packages_after", "last_day_before", "last_day_after")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    CHANGE_MICROS_FIELD_NUMBER: _ClassVar[int]
    PACKAGES_BEFORE_FIELD_NUMBER: _ClassVar[int]
    PACKAGES_AFTER_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_BEFORE_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_AFTER_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    before: str
    after: str
    change_micros: int
    packages_before: int
    packages_after: int
    last_day_before: str
    last_day_after: str
    def __init__(self, order_id: _Optional[str] = ..., before: _Optional[str] = ..., after: _Optional[str] = ..., change_micros: _Optional[int] = ..., packages_before: _Optional[int] = ..., packages_after: _Optional[int] = ..., last_day_before: _Optional[str] = ..., last_day_after: _Optional[str] = ...) -> None: ...

class Counterfactual(_message.Message):
    __slots__ = ("possible", "already", "found", "reasons", "change_micros", "change_at_least_micros", "change_at_most_micros", "becomes_base", "units_left", "moves", "soft_change_micros")
    POSSIBLE_FIELD_NUMBER: _ClassVar[int]
    ALREADY_FIELD_NUMBER: _ClassVar[int]
    FOUND_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    CHANGE_MICROS_FIELD_NUMBER: _ClassVar[int]
    CHANGE_AT_LEAST_MICROS_FIELD_NUMBER: _ClassVar[int]
    CHANGE_AT_MOST_MICROS_FIELD_NUMBER: _ClassVar[int]
    BECOMES_BASE_FIELD_NUMBER: _ClassVar[int]
    UNITS_LEFT_FIELD_NUMBER: _ClassVar[int]
    MOVES_FIELD_NUMBER: _ClassVar[int]
    SOFT_CHANGE_MICROS_FIELD_NUMBER: _ClassVar[int]
    possible: bool
    already: bool
    found: bool
    reasons: _containers.RepeatedCompositeFieldContainer[WayObstacle]
    change_micros: int
    change_at_least_micros: int
    change_at_most_micros: int
    becomes_base: bool
    units_left: int
    moves: _containers.RepeatedCompositeFieldContainer[MovedOrder]
    soft_change_micros: int
    def __init__(self, possible: _Optional[bool] = ..., already: _Optional[bool] = ..., found: _Optional[bool] = ..., reasons: _Optional[_Iterable[_Union[WayObstacle, _Mapping]]] = ..., change_micros: _Optional[int] = ..., change_at_least_micros: _Optional[int] = ..., change_at_most_micros: _Optional[int] = ..., becomes_base: _Optional[bool] = ..., units_left: _Optional[int] = ..., moves: _Optional[_Iterable[_Union[MovedOrder, _Mapping]]] = ..., soft_change_micros: _Optional[int] = ...) -> None: ...

class Explanation(_message.Message):
    __slots__ = ("order_id", "prices_from", "chosen", "alternatives", "are_best", "one_package", "nodes", "options", "unfilled", "regret_micros", "notes")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    PRICES_FROM_FIELD_NUMBER: _ClassVar[int]
    CHOSEN_FIELD_NUMBER: _ClassVar[int]
    ALTERNATIVES_FIELD_NUMBER: _ClassVar[int]
    ARE_BEST_FIELD_NUMBER: _ClassVar[int]
    ONE_PACKAGE_FIELD_NUMBER: _ClassVar[int]
    NODES_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    UNFILLED_FIELD_NUMBER: _ClassVar[int]
    REGRET_MICROS_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    prices_from: str
    chosen: OrderWay
    alternatives: _containers.RepeatedCompositeFieldContainer[AlternativeWay]
    are_best: bool
    one_package: AlternativeWay
    nodes: _containers.RepeatedCompositeFieldContainer[NodeChoice]
    options: _containers.RepeatedCompositeFieldContainer[ServiceChoice]
    unfilled: _containers.RepeatedCompositeFieldContainer[_plan_pb2.UnfilledLine]
    regret_micros: int
    notes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, order_id: _Optional[str] = ..., prices_from: _Optional[str] = ..., chosen: _Optional[_Union[OrderWay, _Mapping]] = ..., alternatives: _Optional[_Iterable[_Union[AlternativeWay, _Mapping]]] = ..., are_best: _Optional[bool] = ..., one_package: _Optional[_Union[AlternativeWay, _Mapping]] = ..., nodes: _Optional[_Iterable[_Union[NodeChoice, _Mapping]]] = ..., options: _Optional[_Iterable[_Union[ServiceChoice, _Mapping]]] = ..., unfilled: _Optional[_Iterable[_Union[_plan_pb2.UnfilledLine, _Mapping]]] = ..., regret_micros: _Optional[int] = ..., notes: _Optional[_Iterable[str]] = ...) -> None: ...

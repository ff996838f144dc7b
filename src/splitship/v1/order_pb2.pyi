import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Mode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MODE_UNSPECIFIED: _ClassVar[Mode]
    MODE_SHIP: _ClassVar[Mode]
    MODE_PICKUP: _ClassVar[Mode]

class PackageState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PACKAGE_STATE_UNSPECIFIED: _ClassVar[PackageState]
    PACKAGE_STATE_PROMISED: _ClassVar[PackageState]
    PACKAGE_STATE_RELEASED: _ClassVar[PackageState]
MODE_UNSPECIFIED: Mode
MODE_SHIP: Mode
MODE_PICKUP: Mode
PACKAGE_STATE_UNSPECIFIED: PackageState
PACKAGE_STATE_PROMISED: PackageState
PACKAGE_STATE_RELEASED: PackageState

class Order(_message.Message):
    __slots__ = ("order_id", "placed_at", "country", "postal_code", "latitude", "longitude", "deliver_by", "priority", "ship_complete", "max_packages", "channel", "excluded_nodes", "lines", "attributes", "hold_until", "not_before", "mode", "pickup_node")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    PLACED_AT_FIELD_NUMBER: _ClassVar[int]
    COUNTRY_FIELD_NUMBER: _ClassVar[int]
    POSTAL_CODE_FIELD_NUMBER: _ClassVar[int]
    LATITUDE_FIELD_NUMBER: _ClassVar[int]
    LONGITUDE_FIELD_NUMBER: _ClassVar[int]
    DELIVER_BY_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    SHIP_COMPLETE_FIELD_NUMBER: _ClassVar[int]
    MAX_PACKAGES_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    EXCLUDED_NODES_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    HOLD_UNTIL_FIELD_NUMBER: _ClassVar[int]
    NOT_BEFORE_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    PICKUP_NODE_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    placed_at: _timestamp_pb2.Timestamp
    country: str
    postal_code: str
    latitude: float
    longitude: float
    deliver_by: str
    priority: str
    ship_complete: bool
    max_packages: int
    channel: str
    excluded_nodes: _containers.RepeatedScalarFieldContainer[str]
    lines: _containers.RepeatedCompositeFieldContainer[OrderLine]
    attributes: _containers.ScalarMap[str, str]
    hold_until: str
    not_before: str
    mode: Mode
    pickup_node: str
    def __init__(self, order_id: _Optional[str] = ..., placed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., country: _Optional[str] = ..., postal_code: _Optional[str] = ..., latitude: _Optional[float] = ..., longitude: _Optional[float] = ..., deliver_by: _Optional[str] = ..., priority: _Optional[str] = ..., ship_complete: _Optional[bool] = ..., max_packages: _Optional[int] = ..., channel: _Optional[str] = ..., excluded_nodes: _Optional[_Iterable[str]] = ..., lines: _Optional[_Iterable[_Union[OrderLine, _Mapping]]] = ..., attributes: _Optional[_Mapping[str, str]] = ..., hold_until: _Optional[str] = ..., not_before: _Optional[str] = ..., mode: _Optional[_Union[Mode, str]] = ..., pickup_node: _Optional[str] = ...) -> None: ...

class OrderLine(_message.Message):
    __slots__ = ("line_id", "sku_id", "quantity", "unit_value", "splittable", "unfilled_cost", "attributes", "mode", "pickup_node")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    LINE_ID_FIELD_NUMBER: _ClassVar[int]
    SKU_ID_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    UNIT_VALUE_FIELD_NUMBER: _ClassVar[int]
    SPLITTABLE_FIELD_NUMBER: _ClassVar[int]
    UNFILLED_COST_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    PICKUP_NODE_FIELD_NUMBER: _ClassVar[int]
    line_id: str
    sku_id: str
    quantity: int
    unit_value: str
    splittable: bool
    unfilled_cost: str
    attributes: _containers.ScalarMap[str, str]
    mode: Mode
    pickup_node: str
    def __init__(self, line_id: _Optional[str] = ..., sku_id: _Optional[str] = ..., quantity: _Optional[int] = ..., unit_value: _Optional[str] = ..., splittable: _Optional[bool] = ..., unfilled_cost: _Optional[str] = ..., attributes: _Optional[_Mapping[str, str]] = ..., mode: _Optional[_Union[Mode, str]] = ..., pickup_node: _Optional[str] = ...) -> None: ...

class Rejection(_message.Message):
    __slots__ = ("order_id", "line_id", "node_id")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    LINE_ID_FIELD_NUMBER: _ClassVar[int]
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    line_id: str
    node_id: str
    def __init__(self, order_id: _Optional[str] = ..., line_id: _Optional[str] = ..., node_id: _Optional[str] = ...) -> None: ...

class PlannedLine(_message.Message):
    __slots__ = ("order_id", "line_id", "node_id", "service_id", "ship_on", "quantity", "state", "move_price", "package_id", "sku_id")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    LINE_ID_FIELD_NUMBER: _ClassVar[int]
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    SERVICE_ID_FIELD_NUMBER: _ClassVar[int]
    SHIP_ON_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    MOVE_PRICE_FIELD_NUMBER: _ClassVar[int]
    PACKAGE_ID_FIELD_NUMBER: _ClassVar[int]
    SKU_ID_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    line_id: str
    node_id: str
    service_id: str
    ship_on: str
    quantity: int
    state: PackageState
    move_price: str
    package_id: str
    sku_id: str
    def __init__(self, order_id: _Optional[str] = ..., line_id: _Optional[str] = ..., node_id: _Optional[str] = ..., service_id: _Optional[str] = ..., ship_on: _Optional[str] = ..., quantity: _Optional[int] = ..., state: _Optional[_Union[PackageState, str]] = ..., move_price: _Optional[str] = ..., package_id: _Optional[str] = ..., sku_id: _Optional[str] = ...) -> None: ...

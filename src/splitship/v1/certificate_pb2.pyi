from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ResourceKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RESOURCE_KIND_UNSPECIFIED: _ClassVar[ResourceKind]
    RESOURCE_KIND_STOCK: _ClassVar[ResourceKind]
    RESOURCE_KIND_NODE_PACKAGES: _ClassVar[ResourceKind]
    RESOURCE_KIND_NODE_UNITS: _ClassVar[ResourceKind]
    RESOURCE_KIND_SERVICE_PACKAGES: _ClassVar[ResourceKind]
    RESOURCE_KIND_NODE_LINES: _ClassVar[ResourceKind]
    RESOURCE_KIND_NODE_MINUTES: _ClassVar[ResourceKind]
    RESOURCE_KIND_SERVICE_QUOTA: _ClassVar[ResourceKind]
    RESOURCE_KIND_RULE_QUOTA: _ClassVar[ResourceKind]
    RESOURCE_KIND_STOCK_UNTIL: _ClassVar[ResourceKind]
    RESOURCE_KIND_NODE_SHARE: _ClassVar[ResourceKind]
    RESOURCE_KIND_SERVICE_COMMITMENT: _ClassVar[ResourceKind]
    RESOURCE_KIND_CHANNEL_RESERVE: _ClassVar[ResourceKind]
RESOURCE_KIND_UNSPECIFIED: ResourceKind
RESOURCE_KIND_STOCK: ResourceKind
RESOURCE_KIND_NODE_PACKAGES: ResourceKind
RESOURCE_KIND_NODE_UNITS: ResourceKind
RESOURCE_KIND_SERVICE_PACKAGES: ResourceKind
RESOURCE_KIND_NODE_LINES: ResourceKind
RESOURCE_KIND_NODE_MINUTES: ResourceKind
RESOURCE_KIND_SERVICE_QUOTA: ResourceKind
RESOURCE_KIND_RULE_QUOTA: ResourceKind
RESOURCE_KIND_STOCK_UNTIL: ResourceKind
RESOURCE_KIND_NODE_SHARE: ResourceKind
RESOURCE_KIND_SERVICE_COMMITMENT: ResourceKind
RESOURCE_KIND_CHANNEL_RESERVE: ResourceKind

class ResourcePrice(_message.Message):
    __slots__ = ("kind", "node_id", "sku_id", "service_id", "date", "price_micros", "rule", "channels")
    KIND_FIELD_NUMBER: _ClassVar[int]
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    SKU_ID_FIELD_NUMBER: _ClassVar[int]
    SERVICE_ID_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    PRICE_MICROS_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    kind: ResourceKind
    node_id: str
    sku_id: str
    service_id: str
    date: str
    price_micros: int
    rule: str
    channels: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, kind: _Optional[_Union[ResourceKind, str]] = ..., node_id: _Optional[str] = ..., sku_id: _Optional[str] = ..., service_id: _Optional[str] = ..., date: _Optional[str] = ..., price_micros: _Optional[int] = ..., rule: _Optional[str] = ..., channels: _Optional[_Iterable[str]] = ...) -> None: ...

class LineShare(_message.Message):
    __slots__ = ("order_id", "line_id", "share_micros", "sku_id", "part")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    LINE_ID_FIELD_NUMBER: _ClassVar[int]
    SHARE_MICROS_FIELD_NUMBER: _ClassVar[int]
    SKU_ID_FIELD_NUMBER: _ClassVar[int]
    PART_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    line_id: str
    share_micros: int
    sku_id: str
    part: int
    def __init__(self, order_id: _Optional[str] = ..., line_id: _Optional[str] = ..., share_micros: _Optional[int] = ..., sku_id: _Optional[str] = ..., part: _Optional[int] = ...) -> None: ...

class OwnPrice(_message.Message):
    __slots__ = ("order_id", "line_id", "node_id", "price_micros", "sku_id", "part")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    LINE_ID_FIELD_NUMBER: _ClassVar[int]
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    PRICE_MICROS_FIELD_NUMBER: _ClassVar[int]
    SKU_ID_FIELD_NUMBER: _ClassVar[int]
    PART_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    line_id: str
    node_id: str
    price_micros: int
    sku_id: str
    part: int
    def __init__(self, order_id: _Optional[str] = ..., line_id: _Optional[str] = ..., node_id: _Optional[str] = ..., price_micros: _Optional[int] = ..., sku_id: _Optional[str] = ..., part: _Optional[int] = ...) -> None: ...

class Decision(_message.Message):
    __slots__ = ("order_id", "line_id", "node_id", "ships", "sku_id", "part")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    LINE_ID_FIELD_NUMBER: _ClassVar[int]
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    SHIPS_FIELD_NUMBER: _ClassVar[int]
    SKU_ID_FIELD_NUMBER: _ClassVar[int]
    PART_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    line_id: str
    node_id: str
    ships: bool
    sku_id: str
    part: int
    def __init__(self, order_id: _Optional[str] = ..., line_id: _Optional[str] = ..., node_id: _Optional[str] = ..., ships: _Optional[bool] = ..., sku_id: _Optional[str] = ..., part: _Optional[int] = ...) -> None: ...

class Leaf(_message.Message):
    __slots__ = ("number", "decisions", "prices", "own_prices", "shares", "bound_micros")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    DECISIONS_FIELD_NUMBER: _ClassVar[int]
    PRICES_FIELD_NUMBER: _ClassVar[int]
    OWN_PRICES_FIELD_NUMBER: _ClassVar[int]
    SHARES_FIELD_NUMBER: _ClassVar[int]
    BOUND_MICROS_FIELD_NUMBER: _ClassVar[int]
    number: int
    decisions: _containers.RepeatedCompositeFieldContainer[Decision]
    prices: _containers.RepeatedCompositeFieldContainer[ResourcePrice]
    own_prices: _containers.RepeatedCompositeFieldContainer[OwnPrice]
    shares: _containers.RepeatedCompositeFieldContainer[LineShare]
    bound_micros: int
    def __init__(self, number: _Optional[int] = ..., decisions: _Optional[_Iterable[_Union[Decision, _Mapping]]] = ..., prices: _Optional[_Iterable[_Union[ResourcePrice, _Mapping]]] = ..., own_prices: _Optional[_Iterable[_Union[OwnPrice, _Mapping]]] = ..., shares: _Optional[_Iterable[_Union[LineShare, _Mapping]]] = ..., bound_micros: _Optional[int] = ...) -> None: ...

class Certificate(_message.Message):
    __slots__ = ("prices", "shares", "bound_micros", "own_prices", "leaves")
    PRICES_FIELD_NUMBER: _ClassVar[int]
    SHARES_FIELD_NUMBER: _ClassVar[int]
    BOUND_MICROS_FIELD_NUMBER: _ClassVar[int]
    OWN_PRICES_FIELD_NUMBER: _ClassVar[int]
    LEAVES_FIELD_NUMBER: _ClassVar[int]
    prices: _containers.RepeatedCompositeFieldContainer[ResourcePrice]
    shares: _containers.RepeatedCompositeFieldContainer[LineShare]
    bound_micros: int
    own_prices: _containers.RepeatedCompositeFieldContainer[OwnPrice]
    leaves: _containers.RepeatedCompositeFieldContainer[Leaf]
    def __init__(self, prices: _Optional[_Iterable[_Union[ResourcePrice, _Mapping]]] = ..., shares: _Optional[_Iterable[_Union[LineShare, _Mapping]]] = ..., bound_micros: _Optional[int] = ..., own_prices: _Optional[_Iterable[_Union[OwnPrice, _Mapping]]] = ..., leaves: _Optional[_Iterable[_Union[Leaf, _Mapping]]] = ...) -> None: ...

from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class UnfilledReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    UNFILLED_REASON_UNSPECIFIED: _ClassVar[UnfilledReason]
    UNFILLED_REASON_NOT_CARRIED: _ClassVar[UnfilledReason]
    UNFILLED_REASON_NODE_EXCLUDED: _ClassVar[UnfilledReason]
    UNFILLED_REASON_NODE_CLOSED: _ClassVar[UnfilledReason]
    UNFILLED_REASON_RULE: _ClassVar[UnfilledReason]
    UNFILLED_REASON_TOO_FAR: _ClassVar[UnfilledReason]
    UNFILLED_REASON_NO_SERVICE: _ClassVar[UnfilledReason]
    UNFILLED_REASON_TOO_HEAVY: _ClassVar[UnfilledReason]
    UNFILLED_REASON_TOO_LATE: _ClassVar[UnfilledReason]
    UNFILLED_REASON_NO_STOCK: _ClassVar[UnfilledReason]
    UNFILLED_REASON_CAPACITY: _ClassVar[UnfilledReason]
    UNFILLED_REASON_MAX_PACKAGES: _ClassVar[UnfilledReason]
    UNFILLED_REASON_SHIP_COMPLETE: _ClassVar[UnfilledReason]
    UNFILLED_REASON_COSTLIER_THAN_UNFILLED: _ClassVar[UnfilledReason]
UNFILLED_REASON_UNSPECIFIED: UnfilledReason
UNFILLED_REASON_NOT_CARRIED: UnfilledReason
UNFILLED_REASON_NODE_EXCLUDED: UnfilledReason
UNFILLED_REASON_NODE_CLOSED: UnfilledReason
UNFILLED_REASON_RULE: UnfilledReason
UNFILLED_REASON_TOO_FAR: UnfilledReason
UNFILLED_REASON_NO_SERVICE: UnfilledReason
UNFILLED_REASON_TOO_HEAVY: UnfilledReason
UNFILLED_REASON_TOO_LATE: UnfilledReason
UNFILLED_REASON_NO_STOCK: UnfilledReason
UNFILLED_REASON_CAPACITY: UnfilledReason
UNFILLED_REASON_MAX_PACKAGES: UnfilledReason
UNFILLED_REASON_SHIP_COMPLETE: UnfilledReason
UNFILLED_REASON_COSTLIER_THAN_UNFILLED: UnfilledReason

class PackageLine(_message.Message):
    __slots__ = ("line_id", "sku_id", "quantity", "component_sku_id")
    LINE_ID_FIELD_NUMBER: _ClassVar[int]
    SKU_ID_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    COMPONENT_SKU_ID_FIELD_NUMBER: _ClassVar[int]
    line_id: str
    sku_id: str
    quantity: int
    component_sku_id: str
    def __init__(self, line_id: _Optional[str] = ..., sku_id: _Optional[str] = ..., quantity: _Optional[int] = ..., component_sku_id: _Optional[str] = ...) -> None: ...

class PackageCosts(_message.Message):
    __slots__ = ("shipping_micros", "handling_micros", "delivery_micros", "late_micros", "rules_micros")
    SHIPPING_MICROS_FIELD_NUMBER: _ClassVar[int]
    HANDLING_MICROS_FIELD_NUMBER: _ClassVar[int]
    DELIVERY_MICROS_FIELD_NUMBER: _ClassVar[int]
    LATE_MICROS_FIELD_NUMBER: _ClassVar[int]
    RULES_MICROS_FIELD_NUMBER: _ClassVar[int]
    shipping_micros: int
    handling_micros: int
    delivery_micros: int
    late_micros: int
    rules_micros: int
    def __init__(self, shipping_micros: _Optional[int] = ..., handling_micros: _Optional[int] = ..., delivery_micros: _Optional[int] = ..., late_micros: _Optional[int] = ..., rules_micros: _Optional[int] = ...) -> None: ...

class Package(_message.Message):
    __slots__ = ("package_id", "order_id", "node_id", "service_id", "ship_on", "deliver_on", "lines", "costs")
    PACKAGE_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    SERVICE_ID_FIELD_NUMBER: _ClassVar[int]
    SHIP_ON_FIELD_NUMBER: _ClassVar[int]
    DELIVER_ON_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    COSTS_FIELD_NUMBER: _ClassVar[int]
    package_id: str
    order_id: str
    node_id: str
    service_id: str
    ship_on: str
    deliver_on: str
    lines: _containers.RepeatedCompositeFieldContainer[PackageLine]
    costs: PackageCosts
    def __init__(self, package_id: _Optional[str] = ..., order_id: _Optional[str] = ..., node_id: _Optional[str] = ..., service_id: _Optional[str] = ..., ship_on: _Optional[str] = ..., deliver_on: _Optional[str] = ..., lines: _Optional[_Iterable[_Union[PackageLine, _Mapping]]] = ..., costs: _Optional[_Union[PackageCosts, _Mapping]] = ...) -> None: ...

class UnfilledLine(_message.Message):
    __slots__ = ("order_id", "line_id", "quantity", "reason", "detail")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    LINE_ID_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    line_id: str
    quantity: int
    reason: UnfilledReason
    detail: str
    def __init__(self, order_id: _Optional[str] = ..., line_id: _Optional[str] = ..., quantity: _Optional[int] = ..., reason: _Optional[_Union[UnfilledReason, str]] = ..., detail: _Optional[str] = ...) -> None: ...

class Plan(_message.Message):
    __slots__ = ("packages", "unfilled")
    PACKAGES_FIELD_NUMBER: _ClassVar[int]
    UNFILLED_FIELD_NUMBER: _ClassVar[int]
    packages: _containers.RepeatedCompositeFieldContainer[Package]
    unfilled: _containers.RepeatedCompositeFieldContainer[UnfilledLine]
    def __init__(self, packages: _Optional[_Iterable[_Union[Package, _Mapping]]] = ..., unfilled: _Optional[_Iterable[_Union[UnfilledLine, _Mapping]]] = ...) -> None: ...

class CostTerms(_message.Message):
    __slots__ = ("shipping_micros", "handling_micros", "delivery_micros", "late_micros", "split_micros", "unfilled_micros", "rules_micros", "soft_micros")
    SHIPPING_MICROS_FIELD_NUMBER: _ClassVar[int]
    HANDLING_MICROS_FIELD_NUMBER: _ClassVar[int]
    DELIVERY_MICROS_FIELD_NUMBER: _ClassVar[int]
    LATE_MICROS_FIELD_NUMBER: _ClassVar[int]
    SPLIT_MICROS_FIELD_NUMBER: _ClassVar[int]
    UNFILLED_MICROS_FIELD_NUMBER: _ClassVar[int]
    RULES_MICROS_FIELD_NUMBER: _ClassVar[int]
    SOFT_MICROS_FIELD_NUMBER: _ClassVar[int]
    shipping_micros: int
    handling_micros: int
    delivery_micros: int
    late_micros: int
    split_micros: int
    unfilled_micros: int
    rules_micros: int
    soft_micros: int
    def __init__(self, shipping_micros: _Optional[int] = ..., handling_micros: _Optional[int] = ..., delivery_micros: _Optional[int] = ..., late_micros: _Optional[int] = ..., split_micros: _Optional[int] = ..., unfilled_micros: _Optional[int] = ..., rules_micros: _Optional[int] = ..., soft_micros: _Optional[int] = ...) -> None: ...

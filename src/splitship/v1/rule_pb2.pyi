from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class QuotaPeriod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    QUOTA_PERIOD_UNSPECIFIED: _ClassVar[QuotaPeriod]
    QUOTA_PERIOD_DAY: _ClassVar[QuotaPeriod]
    QUOTA_PERIOD_BATCH: _ClassVar[QuotaPeriod]
QUOTA_PERIOD_UNSPECIFIED: QuotaPeriod
QUOTA_PERIOD_DAY: QuotaPeriod
QUOTA_PERIOD_BATCH: QuotaPeriod

class TextList(_message.Message):
    __slots__ = ("values",)
    VALUES_FIELD_NUMBER: _ClassVar[int]
    values: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, values: _Optional[_Iterable[str]] = ...) -> None: ...

class Condition(_message.Message):
    __slots__ = ("any_of", "gt", "ge", "lt", "le", "like")
    ANY_OF_FIELD_NUMBER: _ClassVar[int]
    GT_FIELD_NUMBER: _ClassVar[int]
    GE_FIELD_NUMBER: _ClassVar[int]
    LT_FIELD_NUMBER: _ClassVar[int]
    LE_FIELD_NUMBER: _ClassVar[int]
    LIKE_FIELD_NUMBER: _ClassVar[int]
    NOT_FIELD_NUMBER: _ClassVar[int]
    any_of: TextList
    gt: str
    ge: str
    lt: str
    le: str
    like: str
    def __init__(self, any_of: _Optional[_Union[TextList, _Mapping]] = ..., gt: _Optional[str] = ..., ge: _Optional[str] = ..., lt: _Optional[str] = ..., le: _Optional[str] = ..., like: _Optional[str] = ..., **kwargs) -> None: ...

class RuleWhere(_message.Message):
    __slots__ = ("order", "line", "sku", "node", "service")
    class OrderEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: Condition
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[Condition, _Mapping]] = ...) -> None: ...
    class LineEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: Condition
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[Condition, _Mapping]] = ...) -> None: ...
    class SkuEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: Condition
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[Condition, _Mapping]] = ...) -> None: ...
    class NodeEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: Condition
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[Condition, _Mapping]] = ...) -> None: ...
    class ServiceEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: Condition
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[Condition, _Mapping]] = ...) -> None: ...
    ORDER_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    SKU_FIELD_NUMBER: _ClassVar[int]
    NODE_FIELD_NUMBER: _ClassVar[int]
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    order: _containers.MessageMap[str, Condition]
    line: _containers.MessageMap[str, Condition]
    sku: _containers.MessageMap[str, Condition]
    node: _containers.MessageMap[str, Condition]
    service: _containers.MessageMap[str, Condition]
    def __init__(self, order: _Optional[_Mapping[str, Condition]] = ..., line: _Optional[_Mapping[str, Condition]] = ..., sku: _Optional[_Mapping[str, Condition]] = ..., node: _Optional[_Mapping[str, Condition]] = ..., service: _Optional[_Mapping[str, Condition]] = ...) -> None: ...

class RulePrice(_message.Message):
    __slots__ = ("per_unit", "per_line", "per_package", "per_order")
    PER_UNIT_FIELD_NUMBER: _ClassVar[int]
    PER_LINE_FIELD_NUMBER: _ClassVar[int]
    PER_PACKAGE_FIELD_NUMBER: _ClassVar[int]
    PER_ORDER_FIELD_NUMBER: _ClassVar[int]
    per_unit: str
    per_line: str
    per_package: str
    per_order: str
    def __init__(self, per_unit: _Optional[str] = ..., per_line: _Optional[str] = ..., per_package: _Optional[str] = ..., per_order: _Optional[str] = ...) -> None: ...

class RuleQuota(_message.Message):
    __slots__ = ("packages", "price_over", "per")
    PACKAGES_FIELD_NUMBER: _ClassVar[int]
    PRICE_OVER_FIELD_NUMBER: _ClassVar[int]
    PER_FIELD_NUMBER: _ClassVar[int]
    packages: int
    price_over: str
    per: QuotaPeriod
    def __init__(self, packages: _Optional[int] = ..., price_over: _Optional[str] = ..., per: _Optional[_Union[QuotaPeriod, str]] = ...) -> None: ...

class RuleSet(_message.Message):
    __slots__ = ("ship_complete", "max_packages", "max_distance_km", "max_transit_days", "max_nodes_per_line", "min_package_value", "min_order_value", "safety_stock")
    SHIP_COMPLETE_FIELD_NUMBER: _ClassVar[int]
    MAX_PACKAGES_FIELD_NUMBER: _ClassVar[int]
    MAX_DISTANCE_KM_FIELD_NUMBER: _ClassVar[int]
    MAX_TRANSIT_DAYS_FIELD_NUMBER: _ClassVar[int]
    MAX_NODES_PER_LINE_FIELD_NUMBER: _ClassVar[int]
    MIN_PACKAGE_VALUE_FIELD_NUMBER: _ClassVar[int]
    MIN_ORDER_VALUE_FIELD_NUMBER: _ClassVar[int]
    SAFETY_STOCK_FIELD_NUMBER: _ClassVar[int]
    ship_complete: bool
    max_packages: int
    max_distance_km: str
    max_transit_days: int
    max_nodes_per_line: int
    min_package_value: str
    min_order_value: str
    safety_stock: int
    def __init__(self, ship_complete: _Optional[bool] = ..., max_packages: _Optional[int] = ..., max_distance_km: _Optional[str] = ..., max_transit_days: _Optional[int] = ..., max_nodes_per_line: _Optional[int] = ..., min_package_value: _Optional[str] = ..., min_order_value: _Optional[str] = ..., safety_stock: _Optional[int] = ...) -> None: ...

class Rule(_message.Message):
    __slots__ = ("name", "where", "forbid", "price", "set", "quota", "until")
    NAME_FIELD_NUMBER: _ClassVar[int]
    WHERE_FIELD_NUMBER: _ClassVar[int]
    FORBID_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    SET_FIELD_NUMBER: _ClassVar[int]
    QUOTA_FIELD_NUMBER: _ClassVar[int]
    FROM_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    name: str
    where: RuleWhere
    forbid: bool
    price: RulePrice
    set: RuleSet
    quota: RuleQuota
    until: str
    def __init__(self, name: _Optional[str] = ..., where: _Optional[_Union[RuleWhere, _Mapping]] = ..., forbid: _Optional[bool] = ..., price: _Optional[_Union[RulePrice, _Mapping]] = ..., set: _Optional[_Union[RuleSet, _Mapping]] = ..., quota: _Optional[_Union[RuleQuota, _Mapping]] = ..., until: _Optional[str] = ..., **kwargs) -> None: ...

class Surcharge(_message.Message):
    __slots__ = ("name", "service_id", "per_package", "share_of_value", "conditions")
    class ConditionsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    SERVICE_ID_FIELD_NUMBER: _ClassVar[int]
    PER_PACKAGE_FIELD_NUMBER: _ClassVar[int]
    SHARE_OF_VALUE_FIELD_NUMBER: _ClassVar[int]
    CONDITIONS_FIELD_NUMBER: _ClassVar[int]
    name: str
    service_id: str
    per_package: str
    share_of_value: str
    conditions: _containers.ScalarMap[str, str]
    def __init__(self, name: _Optional[str] = ..., service_id: _Optional[str] = ..., per_package: _Optional[str] = ..., share_of_value: _Optional[str] = ..., conditions: _Optional[_Mapping[str, str]] = ...) -> None: ...

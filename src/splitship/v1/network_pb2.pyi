from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class NodeKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NODE_KIND_UNSPECIFIED: _ClassVar[NodeKind]
    NODE_KIND_DC: _ClassVar[NodeKind]
    NODE_KIND_STORE: _ClassVar[NodeKind]
    NODE_KIND_VENDOR: _ClassVar[NodeKind]
    NODE_KIND_THIRD_PARTY: _ClassVar[NodeKind]
NODE_KIND_UNSPECIFIED: NodeKind
NODE_KIND_DC: NodeKind
NODE_KIND_STORE: NodeKind
NODE_KIND_VENDOR: NodeKind
NODE_KIND_THIRD_PARTY: NodeKind

class Node(_message.Message):
    __slots__ = ("node_id", "kind", "country", "postal_code", "latitude", "longitude", "timezone", "cutoff", "lead_days", "working_days", "open", "priority", "package_cost", "line_cost", "unit_cost", "max_packages_per_day", "max_units_per_day", "attributes", "max_lines_per_day", "max_minutes_per_day", "minutes_per_package", "minutes_per_unit", "target_share", "share_price")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    COUNTRY_FIELD_NUMBER: _ClassVar[int]
    POSTAL_CODE_FIELD_NUMBER: _ClassVar[int]
    LATITUDE_FIELD_NUMBER: _ClassVar[int]
    LONGITUDE_FIELD_NUMBER: _ClassVar[int]
    TIMEZONE_FIELD_NUMBER: _ClassVar[int]
    CUTOFF_FIELD_NUMBER: _ClassVar[int]
    LEAD_DAYS_FIELD_NUMBER: _ClassVar[int]
    WORKING_DAYS_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    PACKAGE_COST_FIELD_NUMBER: _ClassVar[int]
    LINE_COST_FIELD_NUMBER: _ClassVar[int]
    UNIT_COST_FIELD_NUMBER: _ClassVar[int]
    MAX_PACKAGES_PER_DAY_FIELD_NUMBER: _ClassVar[int]
    MAX_UNITS_PER_DAY_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    MAX_LINES_PER_DAY_FIELD_NUMBER: _ClassVar[int]
    MAX_MINUTES_PER_DAY_FIELD_NUMBER: _ClassVar[int]
    MINUTES_PER_PACKAGE_FIELD_NUMBER: _ClassVar[int]
    MINUTES_PER_UNIT_FIELD_NUMBER: _ClassVar[int]
    TARGET_SHARE_FIELD_NUMBER: _ClassVar[int]
    SHARE_PRICE_FIELD_NUMBER: _ClassVar[int]
    node_id: str
    kind: NodeKind
    country: str
    postal_code: str
    latitude: float
    longitude: float
    timezone: str
    cutoff: str
    lead_days: int
    working_days: str
    open: bool
    priority: float
    package_cost: str
    line_cost: str
    unit_cost: str
    max_packages_per_day: int
    max_units_per_day: int
    attributes: _containers.ScalarMap[str, str]
    max_lines_per_day: int
    max_minutes_per_day: str
    minutes_per_package: str
    minutes_per_unit: str
    target_share: str
    share_price: str
    def __init__(self, node_id: _Optional[str] = ..., kind: _Optional[_Union[NodeKind, str]] = ..., country: _Optional[str] = ..., postal_code: _Optional[str] = ..., latitude: _Optional[float] = ..., longitude: _Optional[float] = ..., timezone: _Optional[str] = ..., cutoff: _Optional[str] = ..., lead_days: _Optional[int] = ..., working_days: _Optional[str] = ..., open: _Optional[bool] = ..., priority: _Optional[float] = ..., package_cost: _Optional[str] = ..., line_cost: _Optional[str] = ..., unit_cost: _Optional[str] = ..., max_packages_per_day: _Optional[int] = ..., max_units_per_day: _Optional[int] = ..., attributes: _Optional[_Mapping[str, str]] = ..., max_lines_per_day: _Optional[int] = ..., max_minutes_per_day: _Optional[str] = ..., minutes_per_package: _Optional[str] = ..., minutes_per_unit: _Optional[str] = ..., target_share: _Optional[str] = ..., share_price: _Optional[str] = ...) -> None: ...

class Sku(_message.Message):
    __slots__ = ("sku_id", "weight_ug", "length_cm", "width_cm", "height_cm", "value", "ship_alone", "attributes")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    SKU_ID_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_UG_FIELD_NUMBER: _ClassVar[int]
    LENGTH_CM_FIELD_NUMBER: _ClassVar[int]
    WIDTH_CM_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_CM_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    SHIP_ALONE_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    sku_id: str
    weight_ug: int
    length_cm: str
    width_cm: str
    height_cm: str
    value: str
    ship_alone: bool
    attributes: _containers.ScalarMap[str, str]
    def __init__(self, sku_id: _Optional[str] = ..., weight_ug: _Optional[int] = ..., length_cm: _Optional[str] = ..., width_cm: _Optional[str] = ..., height_cm: _Optional[str] = ..., value: _Optional[str] = ..., ship_alone: _Optional[bool] = ..., attributes: _Optional[_Mapping[str, str]] = ...) -> None: ...

class StockPosition(_message.Message):
    __slots__ = ("node_id", "sku_id", "on_hand", "reserved", "safety_stock")
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    SKU_ID_FIELD_NUMBER: _ClassVar[int]
    ON_HAND_FIELD_NUMBER: _ClassVar[int]
    RESERVED_FIELD_NUMBER: _ClassVar[int]
    SAFETY_STOCK_FIELD_NUMBER: _ClassVar[int]
    node_id: str
    sku_id: str
    on_hand: int
    reserved: int
    safety_stock: int
    def __init__(self, node_id: _Optional[str] = ..., sku_id: _Optional[str] = ..., on_hand: _Optional[int] = ..., reserved: _Optional[int] = ..., safety_stock: _Optional[int] = ...) -> None: ...

class Inbound(_message.Message):
    __slots__ = ("node_id", "sku_id", "quantity", "available_on")
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    SKU_ID_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_ON_FIELD_NUMBER: _ClassVar[int]
    node_id: str
    sku_id: str
    quantity: int
    available_on: str
    def __init__(self, node_id: _Optional[str] = ..., sku_id: _Optional[str] = ..., quantity: _Optional[int] = ..., available_on: _Optional[str] = ...) -> None: ...

class CarrierService(_message.Message):
    __slots__ = ("service_id", "carrier", "dim_divisor", "weight_step_ug", "max_weight_ug", "ship_days", "delivery_days", "attributes")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    SERVICE_ID_FIELD_NUMBER: _ClassVar[int]
    CARRIER_FIELD_NUMBER: _ClassVar[int]
    DIM_DIVISOR_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_STEP_UG_FIELD_NUMBER: _ClassVar[int]
    MAX_WEIGHT_UG_FIELD_NUMBER: _ClassVar[int]
    SHIP_DAYS_FIELD_NUMBER: _ClassVar[int]
    DELIVERY_DAYS_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    service_id: str
    carrier: str
    dim_divisor: str
    weight_step_ug: int
    max_weight_ug: int
    ship_days: str
    delivery_days: str
    attributes: _containers.ScalarMap[str, str]
    def __init__(self, service_id: _Optional[str] = ..., carrier: _Optional[str] = ..., dim_divisor: _Optional[str] = ..., weight_step_ug: _Optional[int] = ..., max_weight_ug: _Optional[int] = ..., ship_days: _Optional[str] = ..., delivery_days: _Optional[str] = ..., attributes: _Optional[_Mapping[str, str]] = ...) -> None: ...

class NodeService(_message.Message):
    __slots__ = ("node_id", "service_id", "max_packages_per_day")
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    SERVICE_ID_FIELD_NUMBER: _ClassVar[int]
    MAX_PACKAGES_PER_DAY_FIELD_NUMBER: _ClassVar[int]
    node_id: str
    service_id: str
    max_packages_per_day: int
    def __init__(self, node_id: _Optional[str] = ..., service_id: _Optional[str] = ..., max_packages_per_day: _Optional[int] = ...) -> None: ...

class Lane(_message.Message):
    __slots__ = ("service_id", "node_id", "country", "destination", "zone", "transit_days")
    SERVICE_ID_FIELD_NUMBER: _ClassVar[int]
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    COUNTRY_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_FIELD_NUMBER: _ClassVar[int]
    ZONE_FIELD_NUMBER: _ClassVar[int]
    TRANSIT_DAYS_FIELD_NUMBER: _ClassVar[int]
    service_id: str
    node_id: str
    country: str
    destination: str
    zone: str
    transit_days: int
    def __init__(self, service_id: _Optional[str] = ..., node_id: _Optional[str] = ..., country: _Optional[str] = ..., destination: _Optional[str] = ..., zone: _Optional[str] = ..., transit_days: _Optional[int] = ...) -> None: ...

class Rate(_message.Message):
    __slots__ = ("service_id", "zone", "up_to_ug", "price", "per_extra_kg")
    SERVICE_ID_FIELD_NUMBER: _ClassVar[int]
    ZONE_FIELD_NUMBER: _ClassVar[int]
    UP_TO_UG_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    PER_EXTRA_KG_FIELD_NUMBER: _ClassVar[int]
    service_id: str
    zone: str
    up_to_ug: int
    price: str
    per_extra_kg: str
    def __init__(self, service_id: _Optional[str] = ..., zone: _Optional[str] = ..., up_to_ug: _Optional[int] = ..., price: _Optional[str] = ..., per_extra_kg: _Optional[str] = ...) -> None: ...

class NodeDay(_message.Message):
    __slots__ = ("node_id", "date", "open", "max_packages", "max_units", "max_lines", "max_minutes", "used_packages", "used_units", "used_lines", "used_minutes")
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    MAX_PACKAGES_FIELD_NUMBER: _ClassVar[int]
    MAX_UNITS_FIELD_NUMBER: _ClassVar[int]
    MAX_LINES_FIELD_NUMBER: _ClassVar[int]
    MAX_MINUTES_FIELD_NUMBER: _ClassVar[int]
    USED_PACKAGES_FIELD_NUMBER: _ClassVar[int]
    USED_UNITS_FIELD_NUMBER: _ClassVar[int]
    USED_LINES_FIELD_NUMBER: _ClassVar[int]
    USED_MINUTES_FIELD_NUMBER: _ClassVar[int]
    node_id: str
    date: str
    open: bool
    max_packages: int
    max_units: int
    max_lines: int
    max_minutes: str
    used_packages: int
    used_units: int
    used_lines: int
    used_minutes: str
    def __init__(self, node_id: _Optional[str] = ..., date: _Optional[str] = ..., open: _Optional[bool] = ..., max_packages: _Optional[int] = ..., max_units: _Optional[int] = ..., max_lines: _Optional[int] = ..., max_minutes: _Optional[str] = ..., used_packages: _Optional[int] = ..., used_units: _Optional[int] = ..., used_lines: _Optional[int] = ..., used_minutes: _Optional[str] = ...) -> None: ...

class Holiday(_message.Message):
    __slots__ = ("node_id", "service_id", "date")
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    SERVICE_ID_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    node_id: str
    service_id: str
    date: str
    def __init__(self, node_id: _Optional[str] = ..., service_id: _Optional[str] = ..., date: _Optional[str] = ...) -> None: ...

class ServiceQuota(_message.Message):
    __slots__ = ("service_id", "date", "max_packages", "min_packages", "shortfall_price")
    SERVICE_ID_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    MAX_PACKAGES_FIELD_NUMBER: _ClassVar[int]
    MIN_PACKAGES_FIELD_NUMBER: _ClassVar[int]
    SHORTFALL_PRICE_FIELD_NUMBER: _ClassVar[int]
    service_id: str
    date: str
    max_packages: int
    min_packages: int
    shortfall_price: str
    def __init__(self, service_id: _Optional[str] = ..., date: _Optional[str] = ..., max_packages: _Optional[int] = ..., min_packages: _Optional[int] = ..., shortfall_price: _Optional[str] = ...) -> None: ...

class KitComponent(_message.Message):
    __slots__ = ("kit_sku_id", "sku_id", "quantity", "together")
    KIT_SKU_ID_FIELD_NUMBER: _ClassVar[int]
    SKU_ID_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    TOGETHER_FIELD_NUMBER: _ClassVar[int]
    kit_sku_id: str
    sku_id: str
    quantity: int
    together: bool
    def __init__(self, kit_sku_id: _Optional[str] = ..., sku_id: _Optional[str] = ..., quantity: _Optional[int] = ..., together: _Optional[bool] = ...) -> None: ...

class Substitute(_message.Message):
    __slots__ = ("sku_id", "substitute_sku_id", "price_per_unit")
    SKU_ID_FIELD_NUMBER: _ClassVar[int]
    SUBSTITUTE_SKU_ID_FIELD_NUMBER: _ClassVar[int]
    PRICE_PER_UNIT_FIELD_NUMBER: _ClassVar[int]
    sku_id: str
    substitute_sku_id: str
    price_per_unit: str
    def __init__(self, sku_id: _Optional[str] = ..., substitute_sku_id: _Optional[str] = ..., price_per_unit: _Optional[str] = ...) -> None: ...

class Transfer(_message.Message):
    __slots__ = ("from_node_id", "to_node_id", "days", "cost_per_unit", "cost_per_package", "working_days")
    FROM_NODE_ID_FIELD_NUMBER: _ClassVar[int]
    TO_NODE_ID_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    COST_PER_UNIT_FIELD_NUMBER: _ClassVar[int]
    COST_PER_PACKAGE_FIELD_NUMBER: _ClassVar[int]
    WORKING_DAYS_FIELD_NUMBER: _ClassVar[int]
    from_node_id: str
    to_node_id: str
    days: int
    cost_per_unit: str
    cost_per_package: str
    working_days: str
    def __init__(self, from_node_id: _Optional[str] = ..., to_node_id: _Optional[str] = ..., days: _Optional[int] = ..., cost_per_unit: _Optional[str] = ..., cost_per_package: _Optional[str] = ..., working_days: _Optional[str] = ...) -> None: ...

class StockPrice(_message.Message):
    __slots__ = ("node_id", "sku_id", "price_per_unit")
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    SKU_ID_FIELD_NUMBER: _ClassVar[int]
    PRICE_PER_UNIT_FIELD_NUMBER: _ClassVar[int]
    node_id: str
    sku_id: str
    price_per_unit: str
    def __init__(self, node_id: _Optional[str] = ..., sku_id: _Optional[str] = ..., price_per_unit: _Optional[str] = ...) -> None: ...

class ChannelReserve(_message.Message):
    __slots__ = ("node_id", "sku_id", "channel", "quantity", "price_per_unit")
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    SKU_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    PRICE_PER_UNIT_FIELD_NUMBER: _ClassVar[int]
    node_id: str
    sku_id: str
    channel: str
    quantity: int
    price_per_unit: str
    def __init__(self, node_id: _Optional[str] = ..., sku_id: _Optional[str] = ..., channel: _Optional[str] = ..., quantity: _Optional[int] = ..., price_per_unit: _Optional[str] = ...) -> None: ...

from splitship.v1 import plan_pb2 as _plan_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TerminationReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TERMINATION_REASON_UNSPECIFIED: _ClassVar[TerminationReason]
    TERMINATION_REASON_OPTIMAL: _ClassVar[TerminationReason]
    TERMINATION_REASON_GAP_REACHED: _ClassVar[TerminationReason]
    TERMINATION_REASON_TIME_LIMIT: _ClassVar[TerminationReason]
    TERMINATION_REASON_WORK_LIMIT: _ClassVar[TerminationReason]
    TERMINATION_REASON_INTERRUPTED: _ClassVar[TerminationReason]
    TERMINATION_REASON_NOTHING_TO_SHIP: _ClassVar[TerminationReason]

class BoundSource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BOUND_SOURCE_UNSPECIFIED: _ClassVar[BoundSource]
    BOUND_SOURCE_CERTIFICATE: _ClassVar[BoundSource]
    BOUND_SOURCE_SOLVER: _ClassVar[BoundSource]
    BOUND_SOURCE_NONE: _ClassVar[BoundSource]

class Severity(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SEVERITY_UNSPECIFIED: _ClassVar[Severity]
    SEVERITY_ERROR: _ClassVar[Severity]
    SEVERITY_WARNING: _ClassVar[Severity]

class Change(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHANGE_UNSPECIFIED: _ClassVar[Change]
    CHANGE_KEPT: _ClassVar[Change]
    CHANGE_MOVED: _ClassVar[Change]
    CHANGE_REJECTED: _ClassVar[Change]
    CHANGE_RELEASED: _ClassVar[Change]
TERMINATION_REASON_UNSPECIFIED: TerminationReason
TERMINATION_REASON_OPTIMAL: TerminationReason
TERMINATION_REASON_GAP_REACHED: TerminationReason
TERMINATION_REASON_TIME_LIMIT: TerminationReason
TERMINATION_REASON_WORK_LIMIT: TerminationReason
TERMINATION_REASON_INTERRUPTED: TerminationReason
TERMINATION_REASON_NOTHING_TO_SHIP: TerminationReason
BOUND_SOURCE_UNSPECIFIED: BoundSource
BOUND_SOURCE_CERTIFICATE: BoundSource
BOUND_SOURCE_SOLVER: BoundSource
BOUND_SOURCE_NONE: BoundSource
SEVERITY_UNSPECIFIED: Severity
SEVERITY_ERROR: Severity
SEVERITY_WARNING: Severity
CHANGE_UNSPECIFIED: Change
CHANGE_KEPT: Change
CHANGE_MOVED: Change
CHANGE_REJECTED: Change
CHANGE_RELEASED: Change

class Finding(_message.Message):
    __slots__ = ("field", "code", "message", "hint", "severity")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    HINT_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    field: str
    code: str
    message: str
    hint: str
    severity: Severity
    def __init__(self, field: _Optional[str] = ..., code: _Optional[str] = ..., message: _Optional[str] = ..., hint: _Optional[str] = ..., severity: _Optional[_Union[Severity, str]] = ...) -> None: ...

class Termination(_message.Message):
    __slots__ = ("reason", "limit", "detail")
    REASON_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    reason: TerminationReason
    limit: str
    detail: str
    def __init__(self, reason: _Optional[_Union[TerminationReason, str]] = ..., limit: _Optional[str] = ..., detail: _Optional[str] = ...) -> None: ...

class Counts(_message.Message):
    __slots__ = ("orders", "lines", "units", "packages", "split_orders", "late_packages", "unfilled_units", "orders_bounded_by_relaxation", "picked_up_packages", "transferred_packages", "kits", "substituted_units")
    ORDERS_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    PACKAGES_FIELD_NUMBER: _ClassVar[int]
    SPLIT_ORDERS_FIELD_NUMBER: _ClassVar[int]
    LATE_PACKAGES_FIELD_NUMBER: _ClassVar[int]
    UNFILLED_UNITS_FIELD_NUMBER: _ClassVar[int]
    ORDERS_BOUNDED_BY_RELAXATION_FIELD_NUMBER: _ClassVar[int]
    PICKED_UP_PACKAGES_FIELD_NUMBER: _ClassVar[int]
    TRANSFERRED_PACKAGES_FIELD_NUMBER: _ClassVar[int]
    KITS_FIELD_NUMBER: _ClassVar[int]
    SUBSTITUTED_UNITS_FIELD_NUMBER: _ClassVar[int]
    orders: int
    lines: int
    units: int
    packages: int
    split_orders: int
    late_packages: int
    unfilled_units: int
    orders_bounded_by_relaxation: int
    picked_up_packages: int
    transferred_packages: int
    kits: int
    substituted_units: int
    def __init__(self, orders: _Optional[int] = ..., lines: _Optional[int] = ..., units: _Optional[int] = ..., packages: _Optional[int] = ..., split_orders: _Optional[int] = ..., late_packages: _Optional[int] = ..., unfilled_units: _Optional[int] = ..., orders_bounded_by_relaxation: _Optional[int] = ..., picked_up_packages: _Optional[int] = ..., transferred_packages: _Optional[int] = ..., kits: _Optional[int] = ..., substituted_units: _Optional[int] = ...) -> None: ...

class UnfilledCount(_message.Message):
    __slots__ = ("reason", "units")
    REASON_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    reason: _plan_pb2.UnfilledReason
    units: int
    def __init__(self, reason: _Optional[_Union[_plan_pb2.UnfilledReason, str]] = ..., units: _Optional[int] = ...) -> None: ...

class WarmStartCounts(_message.Message):
    __slots__ = ("packages", "dropped_packages", "prices", "dropped_prices")
    PACKAGES_FIELD_NUMBER: _ClassVar[int]
    DROPPED_PACKAGES_FIELD_NUMBER: _ClassVar[int]
    PRICES_FIELD_NUMBER: _ClassVar[int]
    DROPPED_PRICES_FIELD_NUMBER: _ClassVar[int]
    packages: int
    dropped_packages: int
    prices: int
    dropped_prices: int
    def __init__(self, packages: _Optional[int] = ..., dropped_packages: _Optional[int] = ..., prices: _Optional[int] = ..., dropped_prices: _Optional[int] = ...) -> None: ...

class Progress(_message.Message):
    __slots__ = ("elapsed_seconds", "phase", "objective_micros", "bound_micros", "gap")
    ELAPSED_SECONDS_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_MICROS_FIELD_NUMBER: _ClassVar[int]
    BOUND_MICROS_FIELD_NUMBER: _ClassVar[int]
    GAP_FIELD_NUMBER: _ClassVar[int]
    elapsed_seconds: float
    phase: str
    objective_micros: int
    bound_micros: int
    gap: float
    def __init__(self, elapsed_seconds: _Optional[float] = ..., phase: _Optional[str] = ..., objective_micros: _Optional[int] = ..., bound_micros: _Optional[int] = ..., gap: _Optional[float] = ...) -> None: ...

class RuleEffect(_message.Message):
    __slots__ = ("name", "packages", "units", "cost_micros", "quota", "most_used", "per_day", "beyond", "beyond_micros")
    NAME_FIELD_NUMBER: _ClassVar[int]
    PACKAGES_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    COST_MICROS_FIELD_NUMBER: _ClassVar[int]
    QUOTA_FIELD_NUMBER: _ClassVar[int]
    MOST_USED_FIELD_NUMBER: _ClassVar[int]
    PER_DAY_FIELD_NUMBER: _ClassVar[int]
    BEYOND_FIELD_NUMBER: _ClassVar[int]
    BEYOND_MICROS_FIELD_NUMBER: _ClassVar[int]
    name: str
    packages: int
    units: int
    cost_micros: int
    quota: int
    most_used: int
    per_day: bool
    beyond: int
    beyond_micros: int
    def __init__(self, name: _Optional[str] = ..., packages: _Optional[int] = ..., units: _Optional[int] = ..., cost_micros: _Optional[int] = ..., quota: _Optional[int] = ..., most_used: _Optional[int] = ..., per_day: _Optional[bool] = ..., beyond: _Optional[int] = ..., beyond_micros: _Optional[int] = ...) -> None: ...

class PackageChange(_message.Message):
    __slots__ = ("order_id", "node_id", "service_id", "ship_on", "what", "cost_micros", "package_ids")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    SERVICE_ID_FIELD_NUMBER: _ClassVar[int]
    SHIP_ON_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    COST_MICROS_FIELD_NUMBER: _ClassVar[int]
    PACKAGE_IDS_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    node_id: str
    service_id: str
    ship_on: str
    what: Change
    cost_micros: int
    package_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, order_id: _Optional[str] = ..., node_id: _Optional[str] = ..., service_id: _Optional[str] = ..., ship_on: _Optional[str] = ..., what: _Optional[_Union[Change, str]] = ..., cost_micros: _Optional[int] = ..., package_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class Changes(_message.Message):
    __slots__ = ("kept", "moved", "rejected", "released", "new", "moved_micros")
    KEPT_FIELD_NUMBER: _ClassVar[int]
    MOVED_FIELD_NUMBER: _ClassVar[int]
    REJECTED_FIELD_NUMBER: _ClassVar[int]
    RELEASED_FIELD_NUMBER: _ClassVar[int]
    NEW_FIELD_NUMBER: _ClassVar[int]
    MOVED_MICROS_FIELD_NUMBER: _ClassVar[int]
    kept: int
    moved: int
    rejected: int
    released: int
    new: int
    moved_micros: int
    def __init__(self, kept: _Optional[int] = ..., moved: _Optional[int] = ..., rejected: _Optional[int] = ..., released: _Optional[int] = ..., new: _Optional[int] = ..., moved_micros: _Optional[int] = ...) -> None: ...

class Summary(_message.Message):
    __slots__ = ("name", "scenario", "method", "termination", "objective_micros", "bound_micros", "gap", "bound_source", "currency", "costs", "counts", "unfilled_by_reason", "unavoidable_unfilled_micros", "verified", "seconds", "peak_memory_mb", "seed", "threads", "input_hash", "plan_hash", "versions", "gap_limit", "time_limit_seconds", "work_limit", "solver", "nothing_possible", "warm_start", "rules", "surcharges", "changes")
    class SecondsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    class VersionsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    TERMINATION_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_MICROS_FIELD_NUMBER: _ClassVar[int]
    BOUND_MICROS_FIELD_NUMBER: _ClassVar[int]
    GAP_FIELD_NUMBER: _ClassVar[int]
    BOUND_SOURCE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    COSTS_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    UNFILLED_BY_REASON_FIELD_NUMBER: _ClassVar[int]
    UNAVOIDABLE_UNFILLED_MICROS_FIELD_NUMBER: _ClassVar[int]
    VERIFIED_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    PEAK_MEMORY_MB_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    THREADS_FIELD_NUMBER: _ClassVar[int]
    INPUT_HASH_FIELD_NUMBER: _ClassVar[int]
    PLAN_HASH_FIELD_NUMBER: _ClassVar[int]
    VERSIONS_FIELD_NUMBER: _ClassVar[int]
    GAP_LIMIT_FIELD_NUMBER: _ClassVar[int]
    TIME_LIMIT_SECONDS_FIELD_NUMBER: _ClassVar[int]
    WORK_LIMIT_FIELD_NUMBER: _ClassVar[int]
    SOLVER_FIELD_NUMBER: _ClassVar[int]
    NOTHING_POSSIBLE_FIELD_NUMBER: _ClassVar[int]
    WARM_START_FIELD_NUMBER: _ClassVar[int]
    RULES_FIELD_NUMBER: _ClassVar[int]
    SURCHARGES_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    name: str
    scenario: str
    method: str
    termination: Termination
    objective_micros: int
    bound_micros: int
    gap: float
    bound_source: BoundSource
    currency: str
    costs: _plan_pb2.CostTerms
    counts: Counts
    unfilled_by_reason: _containers.RepeatedCompositeFieldContainer[UnfilledCount]
    unavoidable_unfilled_micros: int
    verified: bool
    seconds: _containers.ScalarMap[str, float]
    peak_memory_mb: float
    seed: int
    threads: int
    input_hash: str
    plan_hash: str
    versions: _containers.ScalarMap[str, str]
    gap_limit: float
    time_limit_seconds: float
    work_limit: float
    solver: str
    nothing_possible: bool
    warm_start: WarmStartCounts
    rules: _containers.RepeatedCompositeFieldContainer[RuleEffect]
    surcharges: _containers.RepeatedCompositeFieldContainer[RuleEffect]
    changes: Changes
    def __init__(self, name: _Optional[str] = ..., scenario: _Optional[str] = ..., method: _Optional[str] = ..., termination: _Optional[_Union[Termination, _Mapping]] = ..., objective_micros: _Optional[int] = ..., bound_micros: _Optional[int] = ..., gap: _Optional[float] = ..., bound_source: _Optional[_Union[BoundSource, str]] = ..., currency: _Optional[str] = ..., costs: _Optional[_Union[_plan_pb2.CostTerms, _Mapping]] = ..., counts: _Optional[_Union[Counts, _Mapping]] = ..., unfilled_by_reason: _Optional[_Iterable[_Union[UnfilledCount, _Mapping]]] = ..., unavoidable_unfilled_micros: _Optional[int] = ..., verified: _Optional[bool] = ..., seconds: _Optional[_Mapping[str, float]] = ..., peak_memory_mb: _Optional[float] = ..., seed: _Optional[int] = ..., threads: _Optional[int] = ..., input_hash: _Optional[str] = ..., plan_hash: _Optional[str] = ..., versions: _Optional[_Mapping[str, str]] = ..., gap_limit: _Optional[float] = ..., time_limit_seconds: _Optional[float] = ..., work_limit: _Optional[float] = ..., solver: _Optional[str] = ..., nothing_possible: _Optional[bool] = ..., warm_start: _Optional[_Union[WarmStartCounts, _Mapping]] = ..., rules: _Optional[_Iterable[_Union[RuleEffect, _Mapping]]] = ..., surcharges: _Optional[_Iterable[_Union[RuleEffect, _Mapping]]] = ..., changes: _Optional[_Union[Changes, _Mapping]] = ...) -> None: ...

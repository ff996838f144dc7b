from splitship.v1 import certificate_pb2 as _certificate_pb2
from splitship.v1 import explanation_pb2 as _explanation_pb2
from splitship.v1 import plan_pb2 as _plan_pb2
from splitship.v1 import problem_pb2 as _problem_pb2
from splitship.v1 import result_pb2 as _result_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SolvingMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SOLVING_MODE_UNSPECIFIED: _ClassVar[SolvingMode]
    SOLVING_MODE_SOLVE: _ClassVar[SolvingMode]
    SOLVING_MODE_VALIDATE_ONLY: _ClassVar[SolvingMode]
SOLVING_MODE_UNSPECIFIED: SolvingMode
SOLVING_MODE_SOLVE: SolvingMode
SOLVING_MODE_VALIDATE_ONLY: SolvingMode

class AllocateRequest(_message.Message):
    __slots__ = ("request_id", "problem", "pack", "mode", "options", "include_certificate", "include_events", "warm_start")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    PACK_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_EVENTS_FIELD_NUMBER: _ClassVar[int]
    WARM_START_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    problem: _problem_pb2.Problem
    pack: _problem_pb2.NamedPack
    mode: SolvingMode
    options: _problem_pb2.SolveOptions
    include_certificate: bool
    include_events: bool
    warm_start: WarmStart
    def __init__(self, request_id: _Optional[str] = ..., problem: _Optional[_Union[_problem_pb2.Problem, _Mapping]] = ..., pack: _Optional[_Union[_problem_pb2.NamedPack, _Mapping]] = ..., mode: _Optional[_Union[SolvingMode, str]] = ..., options: _Optional[_Union[_problem_pb2.SolveOptions, _Mapping]] = ..., include_certificate: _Optional[bool] = ..., include_events: _Optional[bool] = ..., warm_start: _Optional[_Union[WarmStart, _Mapping]] = ...) -> None: ...

class WarmStart(_message.Message):
    __slots__ = ("plan", "certificate")
    PLAN_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    plan: _plan_pb2.Plan
    certificate: _certificate_pb2.Certificate
    def __init__(self, plan: _Optional[_Union[_plan_pb2.Plan, _Mapping]] = ..., certificate: _Optional[_Union[_certificate_pb2.Certificate, _Mapping]] = ...) -> None: ...

class AllocateResponse(_message.Message):
    __slots__ = ("request_id", "plan", "certificate", "events", "findings", "summary", "changes")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    plan: _plan_pb2.Plan
    certificate: _certificate_pb2.Certificate
    events: _containers.RepeatedCompositeFieldContainer[_result_pb2.Progress]
    findings: _containers.RepeatedCompositeFieldContainer[_result_pb2.Finding]
    summary: _result_pb2.Summary
    changes: _containers.RepeatedCompositeFieldContainer[_result_pb2.PackageChange]
    def __init__(self, request_id: _Optional[str] = ..., plan: _Optional[_Union[_plan_pb2.Plan, _Mapping]] = ..., certificate: _Optional[_Union[_certificate_pb2.Certificate, _Mapping]] = ..., events: _Optional[_Iterable[_Union[_result_pb2.Progress, _Mapping]]] = ..., findings: _Optional[_Iterable[_Union[_result_pb2.Finding, _Mapping]]] = ..., summary: _Optional[_Union[_result_pb2.Summary, _Mapping]] = ..., changes: _Optional[_Iterable[_Union[_result_pb2.PackageChange, _Mapping]]] = ...) -> None: ...

class AllocateStreamRequest(_message.Message):
    __slots__ = ("part",)
    PART_FIELD_NUMBER: _ClassVar[int]
    part: AllocateRequest
    def __init__(self, part: _Optional[_Union[AllocateRequest, _Mapping]] = ...) -> None: ...

class AllocateStreamResponse(_message.Message):
    __slots__ = ("progress", "part")
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    PART_FIELD_NUMBER: _ClassVar[int]
    progress: _result_pb2.Progress
    part: AllocateResponse
    def __init__(self, progress: _Optional[_Union[_result_pb2.Progress, _Mapping]] = ..., part: _Optional[_Union[AllocateResponse, _Mapping]] = ...) -> None: ...

class CheckPlanRequest(_message.Message):
    __slots__ = ("request_id", "problem", "pack", "plan", "certificate")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    PACK_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    problem: _problem_pb2.Problem
    pack: _problem_pb2.NamedPack
    plan: _plan_pb2.Plan
    certificate: _certificate_pb2.Certificate
    def __init__(self, request_id: _Optional[str] = ..., problem: _Optional[_Union[_problem_pb2.Problem, _Mapping]] = ..., pack: _Optional[_Union[_problem_pb2.NamedPack, _Mapping]] = ..., plan: _Optional[_Union[_plan_pb2.Plan, _Mapping]] = ..., certificate: _Optional[_Union[_certificate_pb2.Certificate, _Mapping]] = ...) -> None: ...

class Violation(_message.Message):
    __slots__ = ("code", "place", "message")
    CODE_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    code: str
    place: str
    message: str
    def __init__(self, code: _Optional[str] = ..., place: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...

class CheckPlanResponse(_message.Message):
    __slots__ = ("request_id", "feasible", "violations", "total_violations", "costs", "objective_micros", "currency", "certificate_holds", "bound_micros", "certificate_violations", "orders_bounded_by_relaxation", "gap", "seconds")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    FEASIBLE_FIELD_NUMBER: _ClassVar[int]
    VIOLATIONS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_VIOLATIONS_FIELD_NUMBER: _ClassVar[int]
    COSTS_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_MICROS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_HOLDS_FIELD_NUMBER: _ClassVar[int]
    BOUND_MICROS_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_VIOLATIONS_FIELD_NUMBER: _ClassVar[int]
    ORDERS_BOUNDED_BY_RELAXATION_FIELD_NUMBER: _ClassVar[int]
    GAP_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    feasible: bool
    violations: _containers.RepeatedCompositeFieldContainer[Violation]
    total_violations: int
    costs: _plan_pb2.CostTerms
    objective_micros: int
    currency: str
    certificate_holds: bool
    bound_micros: int
    certificate_violations: _containers.RepeatedCompositeFieldContainer[Violation]
    orders_bounded_by_relaxation: int
    gap: float
    seconds: float
    def __init__(self, request_id: _Optional[str] = ..., feasible: _Optional[bool] = ..., violations: _Optional[_Iterable[_Union[Violation, _Mapping]]] = ..., total_violations: _Optional[int] = ..., costs: _Optional[_Union[_plan_pb2.CostTerms, _Mapping]] = ..., objective_micros: _Optional[int] = ..., currency: _Optional[str] = ..., certificate_holds: _Optional[bool] = ..., bound_micros: _Optional[int] = ..., certificate_violations: _Optional[_Iterable[_Union[Violation, _Mapping]]] = ..., orders_bounded_by_relaxation: _Optional[int] = ..., gap: _Optional[float] = ..., seconds: _Optional[float] = ...) -> None: ...

class ExplainOrderRequest(_message.Message):
    __slots__ = ("request_id", "problem", "pack", "plan", "certificate", "options", "order_id", "max_alternatives", "force")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    PACK_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    MAX_ALTERNATIVES_FIELD_NUMBER: _ClassVar[int]
    FORCE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    problem: _problem_pb2.Problem
    pack: _problem_pb2.NamedPack
    plan: _plan_pb2.Plan
    certificate: _certificate_pb2.Certificate
    options: _problem_pb2.SolveOptions
    order_id: str
    max_alternatives: int
    force: _explanation_pb2.Force
    def __init__(self, request_id: _Optional[str] = ..., problem: _Optional[_Union[_problem_pb2.Problem, _Mapping]] = ..., pack: _Optional[_Union[_problem_pb2.NamedPack, _Mapping]] = ..., plan: _Optional[_Union[_plan_pb2.Plan, _Mapping]] = ..., certificate: _Optional[_Union[_certificate_pb2.Certificate, _Mapping]] = ..., options: _Optional[_Union[_problem_pb2.SolveOptions, _Mapping]] = ..., order_id: _Optional[str] = ..., max_alternatives: _Optional[int] = ..., force: _Optional[_Union[_explanation_pb2.Force, _Mapping]] = ...) -> None: ...

class ExplainOrderResponse(_message.Message):
    __slots__ = ("request_id", "explanation", "counterfactual", "objective_micros", "bound_micros", "currency", "seconds")
    class SecondsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    COUNTERFACTUAL_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_MICROS_FIELD_NUMBER: _ClassVar[int]
    BOUND_MICROS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    explanation: _explanation_pb2.Explanation
    counterfactual: _explanation_pb2.Counterfactual
    objective_micros: int
    bound_micros: int
    currency: str
    seconds: _containers.ScalarMap[str, float]
    def __init__(self, request_id: _Optional[str] = ..., explanation: _Optional[_Union[_explanation_pb2.Explanation, _Mapping]] = ..., counterfactual: _Optional[_Union[_explanation_pb2.Counterfactual, _Mapping]] = ..., objective_micros: _Optional[int] = ..., bound_micros: _Optional[int] = ..., currency: _Optional[str] = ..., seconds: _Optional[_Mapping[str, float]] = ...) -> None: ...

class GetCapabilitiesRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class PackInfo(_message.Message):
    __slots__ = ("name", "input_hash", "orders", "lines", "currency")
    NAME_FIELD_NUMBER: _ClassVar[int]
    INPUT_HASH_FIELD_NUMBER: _ClassVar[int]
    ORDERS_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    name: str
    input_hash: str
    orders: int
    lines: int
    currency: str
    def __init__(self, name: _Optional[str] = ..., input_hash: _Optional[str] = ..., orders: _Optional[int] = ..., lines: _Optional[int] = ..., currency: _Optional[str] = ...) -> None: ...

class GetCapabilitiesResponse(_message.Message):
    __slots__ = ("versions", "methods", "packs", "max_message_bytes", "max_stream_bytes", "workers", "max_queue", "max_threads", "default_time_limit_seconds", "max_time_limit_seconds", "solvers")
    class VersionsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    VERSIONS_FIELD_NUMBER: _ClassVar[int]
    METHODS_FIELD_NUMBER: _ClassVar[int]
    PACKS_FIELD_NUMBER: _ClassVar[int]
    MAX_MESSAGE_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_STREAM_BYTES_FIELD_NUMBER: _ClassVar[int]
    WORKERS_FIELD_NUMBER: _ClassVar[int]
    MAX_QUEUE_FIELD_NUMBER: _ClassVar[int]
    MAX_THREADS_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_TIME_LIMIT_SECONDS_FIELD_NUMBER: _ClassVar[int]
    MAX_TIME_LIMIT_SECONDS_FIELD_NUMBER: _ClassVar[int]
    SOLVERS_FIELD_NUMBER: _ClassVar[int]
    versions: _containers.ScalarMap[str, str]
    methods: _containers.RepeatedScalarFieldContainer[str]
    packs: _containers.RepeatedCompositeFieldContainer[PackInfo]
    max_message_bytes: int
    max_stream_bytes: int
    workers: int
    max_queue: int
    max_threads: int
    default_time_limit_seconds: float
    max_time_limit_seconds: float
    solvers: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, versions: _Optional[_Mapping[str, str]] = ..., methods: _Optional[_Iterable[str]] = ..., packs: _Optional[_Iterable[_Union[PackInfo, _Mapping]]] = ..., max_message_bytes: _Optional[int] = ..., max_stream_bytes: _Optional[int] = ..., workers: _Optional[int] = ..., max_queue: _Optional[int] = ..., max_threads: _Optional[int] = ..., default_time_limit_seconds: _Optional[float] = ..., max_time_limit_seconds: _Optional[float] = ..., solvers: _Optional[_Iterable[str]] = ...) -> None: ...

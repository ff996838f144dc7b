from google.protobuf import struct_pb2 as _struct_pb2
from splitship.v1 import allocation_service_pb2 as _allocation_service_pb2
from splitship.v1 import problem_pb2 as _problem_pb2
from splitship.v1 import result_pb2 as _result_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ScenarioDefinition(_message.Message):
    __slots__ = ("name", "note", "extends", "operations")
    NAME_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    EXTENDS_FIELD_NUMBER: _ClassVar[int]
    OPERATIONS_FIELD_NUMBER: _ClassVar[int]
    name: str
    note: str
    extends: str
    operations: _containers.RepeatedCompositeFieldContainer[_struct_pb2.Struct]
    def __init__(self, name: _Optional[str] = ..., note: _Optional[str] = ..., extends: _Optional[str] = ..., operations: _Optional[_Iterable[_Union[_struct_pb2.Struct, _Mapping]]] = ...) -> None: ...

class RunScenariosRequest(_message.Message):
    __slots__ = ("request_id", "problem", "pack", "scenarios", "definitions", "options", "include_plans", "include_certificates", "cold")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    PACK_FIELD_NUMBER: _ClassVar[int]
    SCENARIOS_FIELD_NUMBER: _ClassVar[int]
    DEFINITIONS_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_PLANS_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_CERTIFICATES_FIELD_NUMBER: _ClassVar[int]
    COLD_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    problem: _problem_pb2.Problem
    pack: _problem_pb2.NamedPack
    scenarios: _containers.RepeatedScalarFieldContainer[str]
    definitions: _containers.RepeatedCompositeFieldContainer[ScenarioDefinition]
    options: _problem_pb2.SolveOptions
    include_plans: bool
    include_certificates: bool
    cold: bool
    def __init__(self, request_id: _Optional[str] = ..., problem: _Optional[_Union[_problem_pb2.Problem, _Mapping]] = ..., pack: _Optional[_Union[_problem_pb2.NamedPack, _Mapping]] = ..., scenarios: _Optional[_Iterable[str]] = ..., definitions: _Optional[_Iterable[_Union[ScenarioDefinition, _Mapping]]] = ..., options: _Optional[_Union[_problem_pb2.SolveOptions, _Mapping]] = ..., include_plans: _Optional[bool] = ..., include_certificates: _Optional[bool] = ..., cold: _Optional[bool] = ...) -> None: ...

class ScenarioFailure(_message.Message):
    __slots__ = ("reason", "message", "findings")
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    reason: str
    message: str
    findings: _containers.RepeatedCompositeFieldContainer[_result_pb2.Finding]
    def __init__(self, reason: _Optional[str] = ..., message: _Optional[str] = ..., findings: _Optional[_Iterable[_Union[_result_pb2.Finding, _Mapping]]] = ...) -> None: ...

class ScenarioLine(_message.Message):
    __slots__ = ("scenario", "solved", "objective_micros", "bound_micros", "difference_micros", "difference_at_least_micros", "difference_at_most_micros", "within_gap")
    SCENARIO_FIELD_NUMBER: _ClassVar[int]
    SOLVED_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_MICROS_FIELD_NUMBER: _ClassVar[int]
    BOUND_MICROS_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCE_MICROS_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCE_AT_LEAST_MICROS_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCE_AT_MOST_MICROS_FIELD_NUMBER: _ClassVar[int]
    WITHIN_GAP_FIELD_NUMBER: _ClassVar[int]
    scenario: str
    solved: bool
    objective_micros: int
    bound_micros: int
    difference_micros: int
    difference_at_least_micros: int
    difference_at_most_micros: int
    within_gap: bool
    def __init__(self, scenario: _Optional[str] = ..., solved: _Optional[bool] = ..., objective_micros: _Optional[int] = ..., bound_micros: _Optional[int] = ..., difference_micros: _Optional[int] = ..., difference_at_least_micros: _Optional[int] = ..., difference_at_most_micros: _Optional[int] = ..., within_gap: _Optional[bool] = ...) -> None: ...

class ScenarioLines(_message.Message):
    __slots__ = ("request_id", "lines", "currency")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    lines: _containers.RepeatedCompositeFieldContainer[ScenarioLine]
    currency: str
    def __init__(self, request_id: _Optional[str] = ..., lines: _Optional[_Iterable[_Union[ScenarioLine, _Mapping]]] = ..., currency: _Optional[str] = ...) -> None: ...

class RunScenariosResponse(_message.Message):
    __slots__ = ("scenario", "progress", "part", "failure", "lines")
    SCENARIO_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    PART_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    scenario: str
    progress: _result_pb2.Progress
    part: _allocation_service_pb2.AllocateResponse
    failure: ScenarioFailure
    lines: ScenarioLines
    def __init__(self, scenario: _Optional[str] = ..., progress: _Optional[_Union[_result_pb2.Progress, _Mapping]] = ..., part: _Optional[_Union[_allocation_service_pb2.AllocateResponse, _Mapping]] = ..., failure: _Optional[_Union[ScenarioFailure, _Mapping]] = ..., lines: _Optional[_Union[ScenarioLines, _Mapping]] = ...) -> None: ...

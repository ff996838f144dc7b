"""What a client gets back from RunScenarios, and how it asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct

from splitship.errors import Finding
from splitship.packs import ScenarioDefinition
from splitship.service.allocation import Allocation, read_finding
from splitship.v1 import allocation_service_pb2, problem_pb2
from splitship.v1 import scenario_service_pb2 as api


@dataclass(frozen=True, slots=True)
class ScenarioLine:
    """One scenario against the baseline; money in micros.

    `difference` is what its plan costs more than the baseline's; `proven` is between which two numbers the difference
    of the two optimal costs lies, None without bounds. `is_within_gap`: the difference is less than both gaps together.
    """

    scenario: str
    objective: int
    bound: int | None
    difference: int
    proven: tuple[int, int] | None
    is_within_gap: bool


@dataclass(frozen=True, slots=True)
class FailedScenario:
    """Why a scenario has no answer: a stable reason, words, and its faults where it cannot be built."""

    reason: str
    message: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ScenarioAnswers:
    """The answers to all scenarios, by name in the sequence in which they were solved, the baseline first."""

    request_id: str
    currency: str
    lines: tuple[ScenarioLine, ...]
    allocations: Mapping[str, Allocation]
    failures: Mapping[str, FailedScenario]


class AnswerCollector:
    """Puts the messages of a stream together."""

    def __init__(self) -> None:
        self._parts: dict[str, allocation_service_pb2.AllocateResponse] = {}
        self._failures: dict[str, FailedScenario] = {}
        self._lines = api.ScenarioLines()

    def take(self, message: api.RunScenariosResponse) -> None:
        """The next message; progress is for others."""
        kind = message.WhichOneof("content")
        if kind == "part":
            whole = self._parts.setdefault(message.scenario, allocation_service_pb2.AllocateResponse())
            whole.MergeFrom(message.part)
        elif kind == "failure":
            failure = message.failure
            findings = tuple(read_finding(each) for each in failure.findings)
            self._failures[message.scenario] = FailedScenario(failure.reason, failure.message, findings)
        elif kind == "lines":
            self._lines = message.lines

    def answers(self) -> ScenarioAnswers:
        """All of it; a scenario that was cut off in the middle is a failure."""
        lines = tuple(_line(each) for each in self._lines.lines if each.solved)
        solved = {line.scenario for line in lines}
        failures = dict(self._failures)
        for each in self._lines.lines:
            if not each.solved and each.scenario not in failures:
                failures[each.scenario] = FailedScenario("STOPPED", "the server stopped before it was solved", ())
        return ScenarioAnswers(
            request_id=self._lines.request_id,
            currency=self._lines.currency,
            lines=lines,
            allocations={name: Allocation(part) for name, part in self._parts.items() if name in solved},
            failures=failures,
        )


def scenarios_request(
    source: problem_pb2.Problem | str,
    scenarios: Sequence[str],
    definitions: Iterable[ScenarioDefinition],
    options: problem_pb2.SolveOptions,
    *,
    include_plans: bool,
    include_certificates: bool,
    cold: bool,
    request_id: str,
) -> api.RunScenariosRequest:
    """The request: `source` is a problem message, or the name of a pack that the server has."""
    request = api.RunScenariosRequest(
        request_id=request_id,
        scenarios=scenarios,
        definitions=[
            api.ScenarioDefinition(
                name=each.name,
                note=each.note,
                extends=each.extends,
                operations=[json_format.ParseDict(dict(operation), Struct()) for operation in each.operations],
            )
            for each in definitions
        ],
        options=options,
        include_plans=include_plans,
        include_certificates=include_certificates,
        cold=cold,
    )
    if isinstance(source, str):
        request.pack.name = source
    else:
        request.problem.CopyFrom(source)
    return request


def _line(message: api.ScenarioLine) -> ScenarioLine:
    has_proof = message.HasField("difference_at_least_micros")
    proven = (message.difference_at_least_micros, message.difference_at_most_micros) if has_proof else None
    return ScenarioLine(
        scenario=message.scenario,
        objective=message.objective_micros,
        bound=message.bound_micros if message.HasField("bound_micros") else None,
        difference=message.difference_micros,
        proven=proven,
        is_within_gap=message.within_gap,
    )

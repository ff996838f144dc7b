"""What a solver process does for RunScenarios: the baseline, then every scenario from its answer."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, replace
from typing import Any

from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct

from splitship.domain import Event, Result
from splitship.errors import Finding, InputError, SplitshipError, UnsupportedError
from splitship.packs import Pack, ScenarioDefinition
from splitship.packs.collection import without_collection
from splitship.packs.findings import suggest
from splitship.packs.scenario_settings import BASELINE
from splitship.packs.scenarios import MAX_SCENARIOS
from splitship.packs.warm_start import warm_start_of
from splitship.run.protocol import Reply
from splitship.run.solve import ORDER_PLANS
from splitship.run.worker import TaskContext
from splitship.service.answers import answer_parts, finding_message, progress_message
from splitship.service.faults import fault_of, invalid
from splitship.service.requests import named_pack, read_sent_pack, request_findings, solve_changes
from splitship.service.state import State, answer_seconds, kill_at, within_limits
from splitship.v1 import scenario_service_pb2 as api

STOPPED = "STOPPED"


@dataclass(frozen=True, slots=True)
class _Solved:
    """A scenario and its answer, None where there is none."""

    scenario: str
    result: Result | None


def run_scenarios(state: State, request: api.RunScenariosRequest, context: TaskContext) -> Reply:
    """Solve the scenarios of a request one after the other; all but the last message goes out as it comes."""
    request_id = request.request_id or str(uuid.uuid4())
    started = time.monotonic()
    findings = [*request_findings(request, request_id), *_request_faults(request)]
    changes = solve_changes(request.options, findings)
    log: dict[str, object] = {"request_id": request_id[:128]}
    if findings:
        return invalid(findings).reply(log)
    pack = _pack_of(state, request)
    names = list(request.scenarios) or [each.name for each in request.definitions] or list(pack.scenario_names)
    names = list(dict.fromkeys([BASELINE, *names]))
    log |= {"scenarios": len(names)}
    unknown = [name for name in names if name not in pack.scenario_names]
    if unknown:
        place = f"scenarios[{list(request.scenarios).index(unknown[0])}]"
        hint = suggest(unknown[0], pack.scenario_names)
        return invalid([Finding(place, "E302", f"no scenario {unknown[0]!r}", hint)]).reply(log)
    work = _Work(state, request, request_id, pack, changes, context)
    solved: list[_Solved] = []
    for number, name in enumerate(names):
        solved.append(_Solved(name, work.solve(name, len(names) - number, solved[0].result if solved else None)))
        rest = [_Solved(each, None) for each in names[number + 1 :]]
        context.keep(Reply((_lines(request_id, [*solved, *rest]),), log=log))
        if context.is_abandoned:
            break
    log |= {"solve_s": round(time.monotonic() - started, 3), "solved": sum(each.result is not None for each in solved)}
    return Reply((_lines(request_id, solved),), log=log)


class _Work:
    """One request at work."""

    def __init__(
        self,
        state: State,
        request: api.RunScenariosRequest,
        request_id: str,
        pack: Pack,
        changes: dict[str, Any],
        context: TaskContext,
    ) -> None:
        self.state, self.request, self.request_id = state, request, request_id
        self.pack, self.changes, self.context = pack, changes, context

    def solve(self, name: str, num_left: int, baseline: Result | None) -> Result | None:
        """Solve one scenario and send what comes of it; None when it has no answer, and that is said."""
        context = self.context
        if context.should_stop():
            self._fail(name, STOPPED, "the run was stopped before this scenario")
            return None
        try:
            problem = self.pack.problem(name)
            reserve = answer_seconds(problem)
            left = None if context.deadline is None else (context.deadline - time.monotonic()) / num_left
            options = within_limits(
                self.state.settings,
                replace(self.pack.options(name), **self.changes),
                None if left is None else time.monotonic() + left,
                reserve,
            )
            context.limit(kill_at(options, reserve))
            warm = None if self.request.cold or baseline is None else warm_start_of(baseline, problem)
            result = self.state.solve(
                problem,
                options,
                on_event=lambda event: self._send(
                    api.RunScenariosResponse(scenario=name, progress=progress_message(event))
                ),
                should_stop=context.should_stop,
                warm=warm,
            )
        except InputError as error:
            reason = "UNSUPPORTED" if isinstance(error, UnsupportedError) else "INVALID_PROBLEM"
            self._fail(name, reason, str(error).split("\n", 1)[0], error.findings)
            return None
        except SplitshipError as error:
            self._fail(name, fault_of(error).reason, str(error))
            return None
        with without_collection():
            for part in answer_parts(
                result,
                request_id=self.request_id,
                include_certificate=self.request.include_certificates,
                include_events=False,
                include_plan=self.request.include_plans,
                findings=self.pack.in_scenario(name).warnings,
                warm=warm,
            ):
                self._send(api.RunScenariosResponse(scenario=name, part=part))
        return result

    def _tell(self, name: str, event: Event) -> None:
        self._send(api.RunScenariosResponse(scenario=name, progress=progress_message(event)))

    def _fail(self, name: str, reason: str, message: str, findings: tuple[Finding, ...] = ()) -> None:
        listed = [finding_message(finding) for finding in findings]
        failure = api.ScenarioFailure(reason=reason, message=message, findings=listed)
        self._send(api.RunScenariosResponse(scenario=name, failure=failure))

    def _send(self, message: api.RunScenariosResponse) -> None:
        self.context.progress(message.SerializeToString())


def _pack_of(state: State, request: api.RunScenariosRequest) -> Pack:
    """The pack that a request names or is about, with the scenarios that the request brings along.

    Raises:
        UnknownPackError: there is no such pack.
        InputError: faults of the problem or the definitions.
    """
    if request.WhichOneof("source") == "pack":
        pack = named_pack(request.pack, state.packs)
    else:
        pack = read_sent_pack(request.problem, state.defaults)
    definitions = [
        ScenarioDefinition(
            each.name,
            [_plain(one, f"definitions[{number}].operations[{at}]") for at, one in enumerate(each.operations)],
            each.note,
            each.extends,
        )
        for number, each in enumerate(request.definitions)
    ]
    return pack.with_scenarios(definitions) if definitions else pack


def _plain(operation: Struct, place: str) -> dict[str, Any]:
    """A Struct as plain values; numbers that are whole as whole numbers, for there are no others in a Struct."""
    try:
        json_format.MessageToDict(operation)
    except ValueError as error:
        raise InputError([Finding(place, "E701", f"cannot be read: {error}", "numbers must be finite")]) from None
    return {key: _value(value) for key, value in json_format.MessageToDict(operation).items()}


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _value(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_value(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _request_faults(request: api.RunScenariosRequest) -> list[Finding]:
    findings = []
    if request.options.method not in ("", ORDER_PLANS):
        findings.append(Finding("options.method", "E702", f"scenarios are solved by {ORDER_PLANS} only"))
    if request.WhichOneof("source") == "pack" and request.pack.scenario not in ("", BASELINE):
        message = "the scenarios are those of the whole pack: leave this empty and name them in scenarios"
        findings.append(Finding("pack.scenario", "E701", message))
    if len(request.scenarios) > MAX_SCENARIOS:
        findings.append(Finding("scenarios", "E701", f"at most {MAX_SCENARIOS}, got {len(request.scenarios)}"))
    return findings


def _lines(request_id: str, solved: list[_Solved]) -> bytes:
    """The last message: a line for each scenario against the first, the baseline."""
    base = solved[0].result
    lines = [_line(each.scenario, each.result, base) for each in solved]
    currency = next((each.result.problem.currency for each in solved if each.result is not None), "")
    message = api.ScenarioLines(request_id=request_id, lines=lines, currency=currency)
    return api.RunScenariosResponse(lines=message).SerializeToString()


def _line(scenario: str, result: Result | None, base: Result | None) -> api.ScenarioLine:
    if result is None:
        return api.ScenarioLine(scenario=scenario)
    line = api.ScenarioLine(
        scenario=scenario, solved=True, objective_micros=result.objective, bound_micros=result.bound
    )
    if base is None:
        return line
    line.difference_micros = result.objective - base.objective
    if result.bound is not None and base.bound is not None:
        line.difference_at_least_micros = result.bound - base.objective
        line.difference_at_most_micros = result.objective - base.bound
        both = result.objective - result.bound + base.objective - base.bound
        line.within_gap = abs(line.difference_micros) < both
    return line

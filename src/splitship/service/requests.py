"""What a request asks for: its problem (sent or named), its options, everything that is wrong with them."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from google.protobuf.message import Message

from splitship.domain import Problem, SolveOptions
from splitship.errors import Finding, InputError
from splitship.packs import Findings, Pack, check_settings
from splitship.packs.build import build
from splitship.packs.collection import without_collection
from splitship.packs.settings import SCHEMA
from splitship.service.to_tables import read_tables, setting_place, solve_settings
from splitship.v1 import problem_pb2

MAX_REQUEST_ID = 128
_ANY_INSTANT = "2000-01-01T00:00:00+00:00"
"""Settings need one; options do not depend on it."""


@dataclass(frozen=True, slots=True)
class ReadProblem:
    """The problem (None when there are faults), how to solve it, and all faults and warnings."""

    problem: Problem | None
    options: SolveOptions
    findings: tuple[Finding, ...]

    @property
    def faults(self) -> tuple[Finding, ...]:
        """The findings that stop it."""
        return tuple(finding for finding in self.findings if finding.severity == "error")


class UnknownPackError(InputError):
    """The request names a pack that the server does not have."""


def read_problem(
    problem: problem_pb2.Problem,
    options: problem_pb2.SolveOptions,
    defaults: SolveOptions,
    features: Collection[str] = (),
) -> ReadProblem:
    """Validate a problem message and its options; every fault is found, none raised.

    `features` are taken as supported, in addition to those that are.
    """
    own: list[Finding] = []
    tables = read_tables(problem, own)
    findings = Findings(tables.locate, cap=None)
    solve = {"time_limit_s": defaults.time_limit_s, **solve_settings(options)}
    settings = check_settings({**tables.settings, "solve": solve}, setting_place, findings)
    built = build(tables.frames, settings, findings, features=features)
    listed = (*own, *findings.listed())
    if settings is None or built is None or own:
        return ReadProblem(None, defaults, listed)
    return ReadProblem(built.problem, _with_method(settings.options(), options), listed)


def read_named(
    named: problem_pb2.NamedPack, options: problem_pb2.SolveOptions, packs: Mapping[str, Pack]
) -> ReadProblem:
    """The problem of a pack that the server has; options that the request does not give are the pack's.

    Raises:
        UnknownPackError: there is no such pack.
    """
    pack = named_pack(named, packs)
    findings: list[Finding] = []
    given = solve_changes(options, findings)
    try:
        chosen = pack.in_scenario(named.scenario or None)
        problem = chosen.problem()
    except InputError as error:
        listed = tuple(replace(finding, where="pack.scenario") for finding in error.findings)
        return ReadProblem(None, pack.options(), (*listed, *findings))
    if findings:
        return ReadProblem(None, pack.options(), tuple(findings))
    return ReadProblem(problem, replace(chosen.options(), **given), tuple(chosen.warnings))


def named_pack(named: problem_pb2.NamedPack, packs: Mapping[str, Pack]) -> Pack:
    """A pack that the server has, whole.

    Raises:
        UnknownPackError: there is no such pack.
    """
    if named.name not in packs:
        raise UnknownPackError(
            [Finding("pack.name", "E301", f"no pack {named.name!r}", did_you_mean(named.name, packs))]
        )
    return packs[named.name]


def solve_changes(options: problem_pb2.SolveOptions, findings: list[Finding]) -> dict[str, Any]:
    """What a request's options change of others, as fields of `SolveOptions`; faults go to `findings`."""
    told = Findings(lambda table, row, column: table, cap=None)
    changed = solve_settings(options)
    settings = check_settings({"schema": SCHEMA, "as_of": _ANY_INSTANT, "solve": changed}, setting_place, told)
    findings.extend(told.listed())
    if settings is None:
        return {}
    asked = settings.options()
    given: dict[str, Any] = {name: getattr(asked, name) for name in changed}
    return given | {name: getattr(options, name) for name in ("method", "solver") if getattr(options, name)}


def read_source(
    request: Any, options: problem_pb2.SolveOptions, defaults: SolveOptions, packs: Mapping[str, Pack]
) -> ReadProblem | None:
    """The problem that a request sends or names, None when it does neither.

    Raises:
        UnknownPackError: there is no such pack.
    """
    source = request.WhichOneof("source")
    if source == "problem":
        with without_collection():
            return read_problem(request.problem, options, defaults)
    return read_named(request.pack, options, packs) if source == "pack" else None


def read_sent_pack(problem: problem_pb2.Problem, defaults: SolveOptions) -> Pack:
    """A problem message as a pack, so that scenarios of it can be made.

    Raises:
        InputError: with every fault.
    """
    own: list[Finding] = []
    tables = read_tables(problem, own)
    if own:
        raise InputError(own)
    settings = {**tables.settings, "solve": {"time_limit_s": defaults.time_limit_s}}
    return Pack.of_texts(tables.frames, settings, Findings(tables.locate, cap=None), setting_place)


def request_findings(request: Message, request_id: str) -> list[Finding]:
    """Faults of the request itself: no problem, an id that is too long, a mode that is not said."""
    findings = []
    if len(request_id) > MAX_REQUEST_ID:
        findings.append(Finding("request_id", "E701", f"at most {MAX_REQUEST_ID} characters, got {len(request_id)}"))
    if request.WhichOneof("source") is None:
        findings.append(Finding("problem", "E701", "the request has neither a problem nor the name of a pack"))
    return findings


def did_you_mean(name: str, known: Mapping[str, object] | Sequence[str]) -> str:
    """A hint: the closest of the known names, or all of them when they are few."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]}?"
    names = sorted(known)
    return f"there are {', '.join(names)}" if 0 < len(names) <= 10 else "GetCapabilities lists the packs"


def _with_method(options: SolveOptions, message: problem_pb2.SolveOptions) -> SolveOptions:
    return replace(options, method=message.method or options.method, solver=message.solver or options.solver)

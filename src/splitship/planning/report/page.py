"""The report as one HTML file that asks nothing of any network."""

from __future__ import annotations

import base64
import hashlib
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined

from splitship.domain import Result
from splitship.packs.documents import Document, body_hash, plan_body
from splitship.planning.report import costs, flow_map, service_level, utilisation
from splitship.planning.report.explorer import explorer_document, script_json
from splitship.planning.report.headline import Tile, statement, tiles
from splitship.planning.report.key_figures import KeyFigures
from splitship.planning.report.land import COUNTRIES, STATES, asset
from splitship.planning.report.projection import Projection
from splitship.planning.report.tables import Cell, Column, Table, share_text
from splitship.run.solve import ORDER_PLANS
from splitship.units import format_micros

LICENCE_FILE = "LICENSE-atlas.txt"
_SECTIONS = (
    ("kpis", "Key figures"), ("costs", "Costs"), ("map", "Map"), ("capacity", "Capacity"), ("service", "Promises"),
    ("unfilled", "Not shipped"), ("moves", "What moved"), ("orders", "Orders"), ("provenance", "Provenance"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as the page and the workbook show it. `waterfall` is None and `moves` is empty for the baseline."""

    name: str
    result: Result
    trust: str
    trust_words: str
    statement: str
    tiles: tuple[Tile, ...]
    costs: Table
    waterfall: Table | None
    flows: Table
    nodes: Table
    map: flow_map.FlowMap | None
    utilisation: Table
    prices: tuple[Table, Table]
    splits: Table
    promise: Table
    unfilled: Table
    moves: tuple[Table, ...]
    provenance: Table

    @property
    def facts(self) -> str:
        """Pack and size in one line."""
        given = self.result.problem.as_given
        return (
            f"{given.name}: {len(given.orders):,} orders, {int(given.lines.quantity.sum()):,} units, "
            f"{len(given.nodes):,} nodes, {len(given.services):,} services, as of {given.as_of.isoformat()}"
        )

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables, in the sequence of the page."""
        return (
            self.costs, *([self.waterfall] if self.waterfall else []), self.nodes, self.flows, self.utilisation,
            *self.prices, self.splits, self.promise, self.unfilled, *self.moves, self.provenance,
        )  # fmt: skip


class Report:
    """Everything that page and workbook say of some answers, the baseline first.

    With the path of the `pack` that has their scenarios, the page says how each is solved by itself; `is_warm`: the
    answers that were searched for began where the first one ended.

    Raises:
        UsageError: no answer at all, different currencies, or an answer with packages that have no price.
    """

    def __init__(
        self,
        results: Sequence[Result],
        title: str | None = None,
        command: str | None = None,
        pack: str | None = None,
        is_warm: bool = False,
    ) -> None:
        self.figures = KeyFigures(results)
        names = self.figures.names
        self.title = title or results[0].problem.name
        self.command = command
        self.is_warm = is_warm and any(map(_is_search, results[1:]))
        self.commands = [] if pack is None else [_command(result, pack) for result in results if _is_search(result)]
        flows = [flow_map.flows_of(result) for result in results]
        self.projection = flow_map.projection_of(results)
        self.answers = tuple(
            _answer(results, at, names, flows[at], self.projection, self.figures) for at in range(len(results))
        )

    def html(self) -> str:
        """The page. The same results, title and command give the same text."""
        style, script = asset("report.css").decode(), asset("report.js").decode()
        results = [answer.result for answer in self.answers]
        several = len(results) > 1
        page = _environment().get_template("report.html.j2")
        return page.render(
            title=self.title,
            command=self.command,
            commands=self.commands,
            is_warm=self.is_warm,
            version=version("splitship"),
            style=style,
            script=script,
            style_hash=_csp_hash(style),
            script_hash=_csp_hash(script),
            sections=[section for section in _SECTIONS if several or section[0] != "moves"],
            base=self.answers[0],
            answers=self.answers,
            kpi_tables=self.figures.by_group,
            kpi_notes=self.figures.notes,
            view=None if self.projection is None else _View.of(self.projection),
            no_map=_why_no_map(results),
            data=script_json(explorer_document(results, self.figures.names, self.figures.moved)),
            software=software(),
            licence=asset(LICENCE_FILE).decode(),
        )


@dataclass(frozen=True, slots=True)
class _View:
    height: float
    land: str

    @classmethod
    def of(cls, projection: Projection) -> _View:
        return cls(projection.height, projection.land_path())


def software() -> Table:
    """What made the page, and what is inside that others made."""
    rows: list[tuple[Cell, ...]] = [
        ("Splitship", version("splitship"), "Apache-2.0", None),
        ("OR-Tools", version("ortools"), "Apache-2.0", None),
    ]
    rows += [(atlas.package, f"outlines: {atlas.file}", atlas.licence, f"sha256:{atlas.sha256}")
             for atlas in (STATES, COUNTRIES)]  # fmt: skip
    return Table(
        "software", "Software and outlines",
        (Column("what"), Column("version or file"), Column("licence"), Column("hash")), rows,
    )  # fmt: skip


def _answer(
    results: Sequence[Result], at: int, names: Sequence[str], flows: flow_map.Flows, projection: Projection | None,
    figures: KeyFigures,
) -> Answer:  # fmt: skip
    result = results[at]
    body = plan_body(result)
    certificate: Document | None = body["certificate"]
    trust, trust_words, proven = statement(result)
    return Answer(
        name=names[at],
        result=result,
        trust=trust,
        trust_words=trust_words,
        statement=proven,
        tiles=tiles(result, figures, at),
        costs=costs.build_up(result),
        waterfall=costs.waterfall(results[0], result, names[0], names[at]) if at else None,
        flows=flow_map.flow_table(result, flows),
        nodes=utilisation.node_totals(result),
        map=None if projection is None else flow_map.flow_map(result, flows, projection),
        utilisation=utilisation.utilisation(result),
        prices=utilisation.binding_resources(result, certificate),
        splits=service_level.packages_per_order(result),
        promise=service_level.days_against_promise(result),
        unfilled=service_level.stock_outs(result),
        moves=figures.moves(at) if at else (),
        provenance=_provenance(result, names[at], body_hash(body)),
    )


def _provenance(result: Result, name: str, plan_hash: str) -> Table:
    problem, options = result.problem, result.options
    facts: list[tuple[str, str]] = [
        ("pack", problem.name),
        ("scenario", problem.scenario),
        ("input hash", problem.input_hash or "none"),
        ("plan hash", plan_hash),
        ("objective", f"{format_micros(result.objective)} {problem.currency}"),
        ("bound", "none" if result.bound is None else f"{format_micros(result.bound)} {problem.currency}"),
        ("bound from", result.bound_source.value),
        ("method", result.method),
        ("seed", str(options.seed)),
        ("gap asked for", share_text(options.gap)),
        ("time limit", _limit(options.time_limit_s, " s")),
        ("work limit", _limit(options.work_limit, "")),
        ("stopped", "given, not searched for" if result.is_given else result.termination.reason.value),
        ("feasible", "yes, by the independent checker" if result.report.is_feasible else "NO"),
    ]
    rows: list[tuple[Cell, ...]] = [*facts]
    return Table("provenance", f"Where {name} comes from", (Column("what"), Column("value")), rows)


def _limit(value: float | None, unit: str) -> str:
    return "none" if value is None else f"{value:g}{unit}"


def _is_search(result: Result) -> bool:
    """Whether `splitship solve` finds such an answer: not a given plan, a policy's, or a MIP solver's."""
    return result.method == ORDER_PLANS and not result.is_given


def _command(result: Result, pack: str) -> str:
    """The command that solves one answer again, from nothing."""
    options = result.options
    words = ["splitship", "solve", pack, "--scenario", result.problem.scenario]
    words += ["--gap", f"{options.gap:g}", "--seed", str(options.seed)]
    words += ["--time-limit", "none" if options.time_limit_s is None else f"{options.time_limit_s:g}"]
    if options.work_limit is not None:
        words += ["--work-limit", f"{options.work_limit:g}"]
    return shlex.join(words)


def _why_no_map(results: Sequence[Result]) -> str:
    for result in results:
        if not np.isfinite(result.problem.nodes.latitude).any():
            return "the nodes have no coordinates (columns latitude and longitude of the table nodes)."
    return "the orders have no coordinates (columns latitude and longitude of the table orders)."


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("splitship.planning.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _csp_hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"

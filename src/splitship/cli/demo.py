"""`splitship demo`: a real server, a real batch, and everything it says about the answer."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from splitship.cli.console import emit_table, grouped, key_values, plain_table
from splitship.errors import CheckFailedError, UsageError, WorkerError

if TYPE_CHECKING:
    from splitship.domain import Event, Result

RIVALS = ("fewest_splits", "nearest")
START_SECONDS = 240.0
"""Patience with the server's start; the first one ever compiles the kernels."""
STOP_SECONDS = 10.0
FIRST_ROWS = 10


def demo_command(
    pack: Annotated[
        Path | None, typer.Option("--pack", metavar="DIR", help="Another pack.", show_default="scenarios/us-retail")
    ] = None,
    time_limit: Annotated[float, typer.Option(min=0.1, metavar="S", help="Seconds of solving.")] = 15.0,
) -> None:
    """Start a server on a free port, allocate a batch through it, show what came back, stop it."""
    folder = pack if pack is not None else default_pack()
    if not (folder / "scenario.yaml").is_file():
        raise UsageError(f"there is no pack in {folder}: name one with --pack DIR")
    demo(folder, time_limit)


def demo(folder: Path, time_limit_s: float) -> None:
    """The whole demo; whatever happens, no server is left behind.

    Raises:
        WorkerError: the server did not start.
        CheckFailedError: the answer does not stand up to the checker.
    """
    from splitship.packs import read_pack
    from splitship.service import Client

    pack = read_pack(folder)
    problem = pack.problem()
    emit_table(
        f"Splitship: {grouped(len(problem.orders))} orders of {problem.name}, through a server on this machine", ""
    )
    started = time.monotonic()
    with running_server() as address:
        emit_table(f"server up at {address} after {time.monotonic() - started:.1f} s", "")
        with Client(address) as client:
            answer = client.allocate(
                pack,
                time_limit_s=time_limit_s,
                on_event=_Lines(problem.currency).show,
                include_certificate=True,
                include_events=True,
            )
        result = answer.result(problem)
        show_result(result)
        show_savings(result)
        show_first_packages(result)
    emit_table("server stopped")


@contextmanager
def running_server(arguments: tuple[str, ...] = ()) -> Iterator[str]:
    """`splitship serve` in a process of its own on a free port; gives its address, and ends it in any case.

    Raises:
        WorkerError: it did not come up; the message holds the end of what it said.
    """
    program = "from splitship.cli import main; main()"
    command = [sys.executable, "-c", program, "serve", "--port", "0", "--until-stdin-closes", *arguments]
    with tempfile.TemporaryFile("w+") as log:
        server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            yield _wait_for_address(server, log)
        finally:
            # Its end of standard input tells it to stop, also when this process is killed.
            for pipe in (server.stdin, server.stdout):
                if pipe is not None:
                    pipe.close()
            try:
                server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def show_result(result: Result) -> None:
    """Cost by term, counts, gap, and what the checker in this process says of the answer.

    Raises:
        CheckFailedError: it does not stand up.
    """
    from splitship.check import check_certificate, check_plan
    from splitship.packs.documents import summary_document

    problem = result.problem
    document = summary_document(result)
    terms = {name: getattr(result.report.costs, name) for name in document["costs"]}
    costs = [(term, _rounded(micros)) for term, micros in terms.items() if micros]
    counts = document["counts"]
    report = check_plan(problem, result.plan)
    if not report.is_feasible or report.costs is None or report.costs.total != result.objective:
        raise CheckFailedError("the server's plan does not stand up to the checker here")
    verified = "feasible and the cost exact"
    if result.certificate is not None:
        proof = check_certificate(problem, result.certificate)
        if proof.violations or proof.bound is None or proof.bound < (result.bound or 0):
            raise CheckFailedError("the server's bound does not stand up to the checker here")
        verified += ", the bound recomputed from its prices"
    gap = "none"
    if result.gap is not None:
        gap = f"{result.gap:.2%}: no plan costs less than {_rounded(result.bound)} {problem.currency}"
    emit_table(
        "",
        plain_table(("cost", problem.currency), [*costs, ("total", _rounded(result.objective))], right=(1,)),
        "",
        key_values(
            [
                ("packages", grouped(counts["packages"])),
                ("split orders", f"{grouped(counts['split_orders'])} of {grouped(counts['orders'])}"),
                ("late packages", grouped(counts["late_packages"])),
                ("unfilled units", f"{grouped(counts['unfilled_units'])} of {grouped(counts['units'])}"),
                ("certified gap", gap),
                ("verified", f"{verified}, by the independent checker"),
                ("stopped", f"{document['termination']['reason']}, {document['seconds']['total']:.1f} s in the server"),
            ]
        ),
    )


def show_savings(result: Result) -> None:
    """What rules of the kind order systems use would have cost on the same orders."""
    from splitship.check import check_plan
    from splitship.instance import compile_problem
    from splitship.policies import route

    problem = result.problem
    instance = compile_problem(problem)
    rows = []
    for name in RIVALS:
        report = check_plan(problem, route(instance, name))
        if report.costs is None or not report.is_feasible:
            raise CheckFailedError(f"the plan of policy {name} is not feasible")
        cost = report.costs.total
        saving = (cost - result.objective) / cost if cost else 0.0
        rows.append((name, _rounded(cost), _rounded(cost - result.objective), f"{saving:.1%}"))
    emit_table("", plain_table(("policy", "its cost", "saved", "share"), rows, right=(1, 2, 3)))


def show_first_packages(result: Result) -> None:
    """The first packages of the plan, 80 columns wide."""
    from splitship.packs.documents import plan_body
    from splitship.units import parse_micros

    rows = [
        (
            package["order_id"],
            package["node_id"],
            package["service_id"],
            package["ship_on"][5:],
            package["deliver_on"][5:],
            _lines_text(package["lines"]),
            _rounded(sum(parse_micros(text) for text in package["costs"].values())),
        )
        for package in plan_body(result)["packages"][:FIRST_ROWS]
    ]
    headers = ("order", "node", "service", "ships", "arrives", "units x SKU", "cost")
    emit_table("", plain_table(headers, rows, right=(6,)), f"... and {grouped(len(result.plan) - len(rows))} more", "")


def default_pack() -> Path:
    """The us-retail pack that comes with the project: in the current folder's scenarios, or beside the source."""
    here = Path("scenarios/us-retail")
    return here if here.is_dir() else Path(__file__).resolve().parents[3] / "scenarios" / "us-retail"


class _Lines:
    """One line for each step that changes something."""

    def __init__(self, currency: str) -> None:
        self._currency = currency
        self._last: tuple[object, ...] = ()
        self._said_at = -1.0

    def show(self, event: Event) -> None:
        """Print the step, unless nothing has changed or the last line is only just out."""
        state = (event.phase, event.objective, event.bound)
        is_new_phase = state[:1] != self._last[:1]
        if state == self._last or (not is_new_phase and event.seconds - self._said_at < 0.5):
            return
        self._last, self._said_at = state, event.seconds
        best, bound = _rounded(event.objective), _rounded(event.bound)
        gap = "-" if event.gap is None else f"{event.gap:.2%}"
        emit_table(f"{event.seconds:6.2f} s  {event.phase:<18.18}  best {best:>12}  bound {bound:>12}  gap {gap:>7}")


def _wait_for_address(server: subprocess.Popen[str], log: IO[str]) -> str:
    """The address that the server prints when it is ready."""
    found: list[str] = []
    stdout = server.stdout
    assert stdout is not None

    def read() -> None:
        for line in stdout:
            if line.startswith("listening on "):
                found.append(line.removeprefix("listening on ").strip())
                return

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    reader.join(START_SECONDS)
    if not found:
        server.kill()
        server.wait()
        log.seek(0)
        said = log.read()[-2000:].strip()
        raise WorkerError(f"the server did not start{':' if said else ''}\n{said}")
    return found[0]


def _lines_text(lines: list[dict[str, object]]) -> str:
    return ", ".join(f"{line['quantity']} x {line['sku_id']}" for line in lines)


def _rounded(micros: int | None) -> str:
    """Money with two decimals, for eyes; a dash for none."""
    return "-" if micros is None else f"{micros / 1e6:,.2f}"

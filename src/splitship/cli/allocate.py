"""`splitship allocate`: a pack solved by a server."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from splitship.cli.answer import Request, deliver, exit_code, open_pack, read_warm, with_reading
from splitship.cli.options import (
    PackArgument,
    PlanOption,
    ScenarioOption,
    SummaryForm,
    SummaryFormOption,
    WarmStartOption,
    check_plan_target,
    refuse_binary_terminal,
)
from splitship.cli.progress import Progress

if TYPE_CHECKING:
    from splitship.domain import Result


def allocate_command(
    pack: PackArgument,
    server: Annotated[
        str, typer.Option("--server", metavar="HOST:PORT", help="Where the server listens.")
    ] = "127.0.0.1:50051",
    scenario: ScenarioOption = "baseline",
    time_limit: Annotated[
        float | None, typer.Option(min=0.0, metavar="S", help="Seconds of solving.", show_default="the pack's")
    ] = None,
    work_limit: Annotated[
        float | None,
        typer.Option(min=0.0, metavar="N", help="Units of deterministic work.", show_default="the pack's"),
    ] = None,
    gap: Annotated[
        float | None,
        typer.Option(min=0.0, metavar="G", help="Good enough: (cost - bound) / cost.", show_default="the pack's"),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=2**31 - 1, metavar="N", help="Random seed.", show_default="the pack's")
    ] = None,
    method: Annotated[str, typer.Option(metavar="NAME", help="order-plans, mip, or policy:NAME.")] = "order-plans",
    deadline: Annotated[
        float | None,
        typer.Option(
            min=0.01, metavar="S", help="Seconds until the answer must be here.", show_default="time limit + 30"
        ),
    ] = None,
    plan: PlanOption = None,
    warm_start: WarmStartOption = None,
    output: SummaryFormOption = SummaryForm.TABLE,
) -> None:
    """Send a pack to a server and print the same summary as splitship solve.

    [bold]Examples[/bold]

    splitship allocate scenarios/us-retail --server 127.0.0.1:50051

    splitship allocate PACK --time-limit 5 --plan plan.json -o json
    """
    refuse_binary_terminal(output)
    check_plan_target(plan)
    changes = {"time_limit_s": time_limit, "work_limit": work_limit, "gap": gap, "seed": seed}
    given: dict[str, object] = {name: value for name, value in changes.items() if value is not None}
    request = Request(pack, scenario, None, given, plan, output, warm_start)
    result = allocate(request, server, method, deadline)
    deliver(result, request)
    raise typer.Exit(exit_code(result))


def allocate(request: Request, server: str, method: str, deadline_s: float | None) -> Result:
    """Read the pack, have the server solve it, and show its progress on standard error.

    Raises:
        PackError: the pack cannot be used.
        RequestError, NoPlanInTimeError, ServiceError: as `Client.allocate`.
    """
    from splitship.service import Client

    with Progress(f"reading {request.pack.name or request.pack}") as progress:
        started = time.perf_counter()
        opened = open_pack(request.pack, request.scenario)
        problem = opened.problem()
        warm = read_warm(request, problem)
        read_seconds = time.perf_counter() - started
        progress.phase(f"sending to {server}", problem.currency)
        with Client(server) as client:
            answer = client.allocate(
                opened,
                method=method,
                on_event=progress.event,
                deadline_s=deadline_s,
                include_certificate=True,
                include_events=True,
                warm_start=warm,
                **request.changes,  # type: ignore[arg-type]
            )
        result = answer.result(problem)
    return with_reading(result, read_seconds)

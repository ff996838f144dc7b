"""`splitship explain`: why an order is served as it is, what if it were not, and what a rule cost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from splitship.cli.console import say
from splitship.cli.interrupts import leave
from splitship.cli.options import (
    GapOption,
    PackArgument,
    ReportForm,
    ReportFormOption,
    ScenarioOption,
    SeedOption,
    ThreadsOption,
    TimeLimitOption,
    WorkLimitOption,
    search_changes,
)
from splitship.errors import UsageError

if TYPE_CHECKING:
    from splitship.cli.progress import Progress
    from splitship.domain import Event, Problem, Result
    from splitship.planning import Force

INTERRUPTED = 130
_FORCES = "node=ID, service=ID, packages=N, complete, ship-on=DATE, deliver-by=DATE"


def explain(
    pack: PackArgument,
    order: Annotated[str | None, typer.Argument(metavar="[ORDER]", help="The order's id.", show_default=False)] = None,
    why: Annotated[
        list[str] | None,
        typer.Option(
            "--why",
            metavar="QUESTION",
            show_default=False,
            help="split, farther, upgraded, late, unfilled, node=ID or service=ID; may be repeated.",
        ),
    ] = None,
    force: Annotated[
        list[str] | None,
        typer.Option("--force", metavar="WHAT", help=f"{_FORCES}; all that are given together.", show_default=False),
    ] = None,
    rule: Annotated[
        str | None, typer.Option("--rule", metavar="NAME", help="What this rule of the pack costs.", show_default=False)
    ] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=100, metavar="N", help="Alternatives to show.")] = 3,
    plan: Annotated[
        Path | None,
        typer.Option(
            "--plan",
            metavar="FILE",
            show_default=False,
            help="Explain this plan (what solve --plan wrote) instead of solving; only .json has prices.",
        ),
    ] = None,
    scenario: ScenarioOption = "baseline",
    time_limit: TimeLimitOption = None,
    work_limit: WorkLimitOption = None,
    gap: GapOption = None,
    seed: SeedOption = None,
    threads: ThreadsOption = None,
    output: ReportFormOption = ReportForm.TABLE,
) -> None:
    """Explain how an order is served: its cost, what it takes from others, and why every other way lost.

    With --force the order is served otherwise and the rest re-optimised: the change of total cost, plan against plan
    and as an interval that is proven, and the orders that move. With --rule the batch is solved without that rule.

    [bold]Examples[/bold]

    splitship explain scenarios/hello O1

    splitship explain PACK R0006 --why split --why node=DFW7

    splitship explain PACK R0006 --force node=DFW7 --force packages=1

    splitship explain PACK R0014 --force complete --plan plan.json

    splitship explain PACK --rule "no hazmat by air" -o json
    """
    if (order is None) == (rule is None):
        raise UsageError("name an order, or a rule with --rule")
    if rule is not None and (why or force):
        raise UsageError("--rule goes without --why and --force")
    if why and force:
        raise UsageError("--why and --force do not go together")
    wanted = read_force(force or [])
    changes = search_changes(gap, time_limit, work_limit, seed, threads)
    from splitship.cli.explain_view import show_answers, show_counterfactual, show_explanation, show_rule_cost
    from splitship.cli.interrupts import Interruptible
    from splitship.cli.progress import Progress
    from splitship.planning.questions import check_question
    from splitship.planning.rule_cost import check_rule
    from splitship.planning.served import order_position

    interruptible = Interruptible()
    with Progress(f"reading {pack.name or pack}") as progress:

        def check(problem: Problem) -> None:
            """Refuse what cannot be answered, before minutes are spent on a solve."""
            if order is not None:
                order_position(problem, order)
            if rule is not None:
                check_rule(problem, rule)
            if wanted is not None:
                wanted.check(problem)
            for question in why or []:
                check_question(problem, question)

        base = _base(pack, scenario, plan, changes, progress, interruptible, check)
        show: Callable[[], None]
        if rule is not None:
            from splitship.planning import rule_cost

            progress.phase(f"without {rule}")
            cost = _stoppable(interruptible, lambda **how: rule_cost(base, rule, **how), progress)
            show = lambda: show_rule_cost(cost, output)  # noqa: E731
        elif wanted is not None:
            from splitship.planning import what_if

            assert order is not None
            progress.phase(f"{order} {wanted.words}")
            found = _stoppable(interruptible, lambda **how: what_if(base, order, wanted, **how), progress)
            show = lambda: show_counterfactual(found, output)  # noqa: E731
        else:
            from splitship.planning import explain as explain_order
            from splitship.planning.questions import answer

            assert order is not None
            progress.phase(f"explaining {order}")
            explanation = explain_order(base, order, k)
            asked = tuple(answer(explanation, question) for question in why or [])
            show = (
                (lambda: show_answers(explanation, asked, output))
                if why
                else (lambda: show_explanation(explanation, output))
            )
    show()
    if interruptible.is_abandoned:
        leave(INTERRUPTED)
    if interruptible.is_interrupted:
        raise typer.Exit(INTERRUPTED)


def read_force(texts: list[str]) -> Force | None:
    """What `--force` options say, None without any.

    Raises:
        UsageError: an unknown name, one given twice, or a value that is none.
    """
    if not texts:
        return None
    from splitship.planning import Force

    names = {"node": "node", "service": "service", "packages": "packages", "complete": "complete",
             "ship-on": "ship_on", "deliver-by": "deliver_by"}  # fmt: skip
    fields: dict[str, Any] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if name not in names or bool(sign) == (name == "complete") or (sign and not value):
            raise UsageError(f"--force {text}: expected one of {_FORCES}")
        if names[name] in fields:
            raise UsageError(f"--force {name} is given twice")
        if name == "packages":
            if not (value.isascii() and value.isdigit()):
                raise UsageError(f"--force {text}: expected a whole number of at least 1")
            fields["packages"] = int(value)
        else:
            fields[names[name]] = True if name == "complete" else value
    return Force(**fields)


def _base(
    pack: Path, scenario: str, plan: Path | None, changes: dict[str, object], progress: Progress, interruptible: Any,
    check: Callable[[Problem], None],
) -> Result:  # fmt: skip
    """The answer that is explained: the plan of a file, or a solve."""
    import dataclasses

    from splitship.cli.answer import open_pack
    from splitship.cli.kernels import compile_kernels
    from splitship.run import solve

    read = open_pack(pack, scenario)
    problem = read.problem()
    options = dataclasses.replace(read.options(), **changes)  # type: ignore[arg-type]
    check(problem)
    if plan is not None:
        from splitship.packs.plans import read_plan
        from splitship.run.given import result_of_plan

        file = read_plan(plan, problem)
        compile_kernels(progress)
        progress.phase(f"checking {plan.name}")
        return result_of_plan(problem, file.plan, file.certificate, options)
    compile_kernels(progress)
    progress.phase("solving", problem.currency)
    found: Result = _stoppable(interruptible, lambda **how: solve(problem, options, **how), progress)
    return found


def _stoppable(interruptible: Any, work: Callable[..., Any], progress: Progress) -> Any:
    """Do something that searches, told of every step and stopped at its best by Ctrl-C."""

    def on_event(event: Event) -> None:
        progress.event(event)

    done = interruptible.run(lambda should_stop, on_plan: work(on_event=on_event, should_stop=should_stop))
    if done is None:
        say("splitship: interrupted before there was an answer")
        if interruptible.is_abandoned:
            leave(INTERRUPTED)
        raise typer.Exit(INTERRUPTED)
    return done

"""Rule-based policies as contenders: what order management systems do, on the same data."""

from __future__ import annotations

from splitship.errors import InputError
from splitship.instance import compile_problem
from splitship.policies import POLICIES, route
from splitship.run import warm_up
from splitship_bench.contenders.base import Contender, NotApplicableError, Outcome, Task
from splitship_bench.machine import package_version

_LITERATURE = ("linking_lp",)


class Rule(Contender):
    """One policy; it proves nothing, so there is no bound. The limit is not heard: policies run to their end."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.kind = "literature" if name in _LITERATURE else "policy"
        self.description = POLICIES[name].description

    def version(self) -> str:
        return f"splitship {package_version('splitship')}"

    def warm(self) -> None:
        warm_up()

    def run(self, task: Task) -> Outcome:
        began = task.elapsed()
        instance = compile_problem(task.problem, task.threads)
        compiled = task.elapsed()
        try:
            plan = route(instance, self.name)
        except InputError as error:
            raise NotApplicableError(str(error)) from error
        seconds = {"compile": compiled - began, "solve": task.elapsed() - compiled}
        return Outcome(status="DONE", plan=plan, seconds=seconds)


RULE_CONTENDERS: tuple[Contender, ...] = tuple(Rule(name) for name in POLICIES)

"""The questions a planner asks of one order, answered from the numbers of its explanation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from splitship.domain import Problem
from splitship.domain.report import CostTerms
from splitship.errors import UsageError
from splitship.instance.order_test import OrderOption
from splitship.packs.findings import suggest
from splitship.planning.explanation import Alternative, Explanation, NodeView
from splitship.units import NO_DATE, day_text, format_micros

_SIMPLE = ("split", "farther", "upgraded", "late", "unfilled")
_MOST = 6
"""Reasons, nodes and services that one answer lists."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A question and its answer, a few sentences. `applies` False: the order gives no reason to ask."""

    question: str
    applies: bool
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        """The sentences as one text."""
        return " ".join(self.sentences)


def answers(explanation: Explanation) -> tuple[Answer, ...]:
    """Every question that the order gives reason to ask."""
    made = [why_split, why_farther, why_upgraded, why_late, why_unfilled]
    return tuple(found for each in made if (found := each(explanation)).applies)


def answer(explanation: Explanation, question: str) -> Answer:
    """One question: `split`, `farther`, `upgraded`, `late`, `unfilled`, `node=ID` or `service=ID`.

    Raises:
        UsageError: no such question, node or service.
    """
    check_question(explanation.result.problem, question)
    simple: dict[str, Callable[[Explanation], Answer]] = {
        "split": why_split, "farther": why_farther, "upgraded": why_upgraded, "late": why_late,
        "unfilled": why_unfilled,
    }  # fmt: skip
    name, _, value = question.partition("=")
    if name in simple:
        return simple[name](explanation)
    return why_not_node(explanation, value) if name == "node" else why_not_service(explanation, value)


def check_question(problem: Problem, question: str) -> None:
    """Refuse what is no question about an order of this problem.

    Raises:
        UsageError: no such question, node or service.
    """
    name, sign, value = question.partition("=")
    if sign and name == "node":
        _check_known("node", value, problem.nodes.node_id.tolist())
    elif sign and name == "service":
        _check_known("service", value, problem.services.service_id.tolist())
    elif sign or name not in _SIMPLE:
        raise UsageError(f"no question {question!r}: there are {', '.join(_SIMPLE)}, node=ID and service=ID")


def _check_known(what: str, value: str, ids: list[str]) -> None:
    if value not in ids:
        hint = suggest(value, ids)
        raise UsageError(f"no {what} {value!r} in the network" + (f" ({hint})" if hint else ""))


def why_split(explanation: Explanation) -> Answer:
    """Why more than one package?"""
    question, count = "why split?", explanation.num_packages
    if count < 2:
        return Answer(question, False, (f"It is not split: it has {_counted(count, 'package')}.",))
    money, one = _money(explanation), explanation.one_package
    said = [f"It ships in {count} packages: {explanation.words_of(explanation.chosen)}."]
    extra = explanation.chosen.costs.split
    if extra:
        said.append(f"The packages beyond the first cost {money(extra)}.")
    if one is not None:
        said.append(f"The best single package with all of it is {explanation.words_of(one.way)}: it {one.verdict}.")
        return Answer(question, True, tuple(said))
    said.append(_why_no_single(explanation))
    return Answer(question, True, tuple(said))


def _why_no_single(explanation: Explanation) -> str:
    """Why no single package with all of an order was priced."""
    possible = [option for option in explanation.options if option.is_possible]
    if any(option.num_packages == 1 for option in possible):
        if explanation.is_wide:
            return "A single package is possible, but was not priced: the order has too many lines."
        return "A single package is possible where the order is alone, but is not among the ways that were priced."
    if possible:
        least = min(possible, key=lambda option: (option.num_packages, _cost(option)))
        problem = explanation.result.problem
        lines = slice(problem.line_ptr[explanation.order_idx], problem.line_ptr[explanation.order_idx + 1])
        sku_idx = problem.lines.sku_idx[lines][problem.lines.quantity[lines] > 0]
        alone = int(problem.skus.is_ship_alone[sku_idx].sum())
        who = (
            f"{_counted(alone, 'line')} {'ships' if alone == 1 else 'ship'} alone" if alone else "some lines ship alone"
        )
        return (
            f"One package cannot hold all of it, {who}: from one node it takes {least.num_packages} packages, "
            f"{least.node_id} by {least.service_id}."
        )
    found = _blocks(explanation, list(explanation.options))
    return "No node has all of it in one package" + (": " + "; ".join(found) if found else "") + "."


def why_farther(explanation: Explanation) -> Answer:
    """Why not the nearest nodes?"""
    question = "why this farther node?"
    used = [view.distance_km for view in explanation.nodes if view.is_used and view.distance_km is not None]
    if not used:
        return Answer(question, False, ("Nothing ships, or places have no coordinates.",))
    farthest = max(used)
    nearer = [
        view for view in explanation.nodes
        if not view.is_used and view.distance_km is not None and view.distance_km < farthest
    ]  # fmt: skip
    if not nearer:
        return Answer(question, False, (f"No other node is nearer than the {farthest:,.0f} km of the farthest used.",))
    said = [f"The farthest package comes {farthest:,.0f} km; {_counted(len(nearer), 'other node')} would be nearer."]
    said += [f"{view.node_id} ({view.distance_km:,.0f} km): {_of_node(explanation, view)}." for view in nearer[:_MOST]]
    if len(nearer) > _MOST:
        said.append(f"And {len(nearer) - _MOST} more.")
    return Answer(question, True, tuple(said))


def why_not_node(explanation: Explanation, node_id: str) -> Answer:
    """Why not that node, which has stock?

    Raises:
        UsageError: no such node.
    """
    _check_known("node", node_id, [each.node_id for each in explanation.nodes])
    view = explanation.node(node_id)
    assert view is not None
    question = f"why not {node_id}?"
    said = [f"{node_id}: {_of_node(explanation, view)}."]
    if view.best is not None and view.obstacles:
        said.append(
            "For all of the order: " + "; ".join(f"{code}, {text}" for code, text in view.obstacles[:_MOST]) + "."
        )
    return Answer(question, True, tuple(said))


def why_not_service(explanation: Explanation, service_id: str) -> Answer:
    """Why not that service?

    Raises:
        UsageError: no such service.
    """
    _check_known("service", service_id, explanation.result.problem.services.service_id.tolist())
    question, mine = f"why not {service_id}?", [each for each in explanation.options if each.service_id == service_id]
    if service_id in _services_used(explanation):
        return Answer(question, True, (f"{service_id} is used: {explanation.words_of(explanation.chosen)}.",))
    possible = [option for option in mine if option.is_possible]
    if not possible:
        if not mine:
            return Answer(question, True, (f"Nothing of the order leaves any node by {service_id}.",))
        return Answer(
            question, True, ("It cannot take the order whole: " + "; ".join(_blocks(explanation, mine)) + ".",)
        )
    used = {view.node_id for view in explanation.nodes if view.is_used}
    best = min(possible, key=lambda option: (option.node_id not in used, _cost(option)))
    return Answer(question, True, (_against_option(explanation, best),))


def why_upgraded(explanation: Explanation) -> Answer:
    """Why a dearer service than the cheapest for a package?"""
    question, said, money = "why upgraded?", [], _money(explanation)
    problem, plan = explanation.result.problem, explanation.chosen.plan
    for package in range(len(plan)):
        node_id = str(problem.nodes.node_id[plan.node_idx[package]])
        service_id = str(problem.services.service_id[plan.service_idx[package]])
        same = [option for option in explanation.options if option.node_id == node_id]
        mine = next((each for each in same if each.service_id == service_id and each.costs is not None), None)
        if mine is None or len(plan) > 1 or explanation.chosen.num_left:
            continue
        assert mine.costs is not None
        for other in same:
            if other.costs is None or _carriage(other.costs) >= _carriage(mine.costs):
                continue
            saved, dearer = _carriage(mine.costs) - _carriage(other.costs), _cost(other) - _cost(mine)
            arrives = "" if other.deliver_day is None else f", arriving {day_text(other.deliver_day)}"
            late = f" and {_counted(other.late_days, 'day')} late" if other.late_days else ""
            outcome = (
                f"with days and lateness counted it is {money(dearer)} dearer" if dearer > 0
                else f"in all it is {money(-dearer)} cheaper by itself; what it takes from others decides" if dearer
                else "in all it costs the same"
            )  # fmt: skip
            said.append(
                f"From {node_id}, {other.service_id} would save {money(saved)} of carriage over {service_id}"
                f"{arrives}{late}: {outcome}."
            )
    if said:
        return Answer(question, True, tuple(said[:_MOST]))
    text = "No service from the nodes used carries the whole order for less than the one chosen."
    if len(plan) != 1 or explanation.chosen.num_left:
        text = "The order is not in one package with all units, which whole-order services are compared with."
    return Answer(question, False, (text,))


def why_late(explanation: Explanation) -> Answer:
    """Why after the promised day?"""
    question, chosen, money = "why late?", explanation.chosen, _money(explanation)
    deliver_by = int(explanation.result.problem.orders.deliver_by[explanation.order_idx])
    if not chosen.late_days:
        text = (
            "The order has no promised day."
            if deliver_by >= NO_DATE
            else f"It is not late: promised for {day_text(deliver_by)}."
        )
        return Answer(question, False, (text,))
    said = [
        f"Promised for {day_text(deliver_by)}, the last package arrives {day_text(int(chosen.deliver_day.max()))}, "
        f"{_counted(chosen.late_days, 'day')} late; that costs {money(chosen.costs.late)}."
    ]
    in_time = [option for option in explanation.options if option.is_possible and not option.late_days]
    ways = [
        each for each in _ways(explanation) if not each.way.late_days and not each.way.num_left and len(each.way.plan)
    ]
    if ways:
        best = min(ways, key=lambda each: each.difference)
        said.append(f"In time would be {explanation.words_of(best.way)}: it {best.verdict}.")
    elif in_time:
        said.append(_against_option(explanation, in_time[0]))
    else:
        earliest = [option.deliver_day for option in explanation.options if option.deliver_day is not None]
        if earliest and min(earliest) > deliver_by:
            said.append(
                f"Nothing can be in time: the earliest delivery by any node and service is {day_text(min(earliest))}."
            )
        else:
            early = [o for o in explanation.options if o.deliver_day is not None and o.deliver_day <= deliver_by]
            found = _blocks(explanation, early)
            said.append(
                "What could be in time cannot take the order whole: " + "; ".join(found) + "." if found
                else "No node can send the whole order by any service."
            )  # fmt: skip
    return Answer(question, True, tuple(said))


def why_unfilled(explanation: Explanation) -> Answer:
    """Why do units stay?"""
    question, money = "why not shipped?", _money(explanation)
    if not explanation.unfilled:
        return Answer(question, False, ("Everything ships.",))
    said = [
        f"Line {each.line_id}: {_counted(each.quantity, 'unit')} left, {each.reason}: {each.detail}; "
        f"that costs {money(each.cost)}."
        for each in explanation.unfilled
    ]
    whole = [each for each in _ways(explanation) if not each.way.num_left and len(each.way.plan)]
    if whole:
        best = min(whole, key=lambda each: each.difference)
        said.append(f"All of it would ship as {explanation.words_of(best.way)}: that {best.verdict}.")
    else:
        said.append(
            "No way that ships all of it was found here; forcing it complete says if there is one, and who goes short."
        )
    said.append(f"What it would take: splitship prices PACK --unfilled --order {explanation.order_id}.")
    return Answer(question, True, tuple(said))


def _ways(explanation: Explanation) -> list[Alternative]:
    """All alternatives that were priced."""
    found = [*explanation.alternatives, *(view.best for view in explanation.nodes if view.best is not None)]
    return found if explanation.one_package is None else [*found, explanation.one_package]


def _of_node(explanation: Explanation, view: NodeView) -> str:
    if view.best is not None:
        return f"{explanation.words_of(view.best.way)} {view.best.verdict}"
    if view.is_used:
        return "it is used, and the plan is its best way"
    if view.obstacles:
        more = len(view.obstacles) - 2
        listed = "; ".join(f"{code}, {text}" for code, text in view.obstacles[:2])
        return listed + (f"; and {more} more" if more > 0 else "")
    return "no whole line can ship from it"


def _against_option(explanation: Explanation, option: OrderOption) -> str:
    """A whole-order option against the chosen plan: direct costs, for it has no price of what it takes."""
    difference, money = _cost(option) - explanation.chosen.direct, _money(explanation)
    arrives = "" if option.deliver_day is None else f", arriving {day_text(option.deliver_day)}"
    than = "than the chosen plan by itself; forcing it finds what it would change for others"
    words = f"{money(difference)} dearer {than}" if difference > 0 else f"{money(-difference)} cheaper {than}"
    words = words if difference else f"no dearer and no cheaper {than}"
    return f"The whole order from {option.node_id} by {option.service_id}{arrives}: {money(_cost(option))}, {words}."


def _blocks(explanation: Explanation, options: list[OrderOption]) -> list[str]:
    """What stands in the way, once for each node, those that got farthest first."""
    found: dict[tuple[str, str], str] = {}
    for option in options:
        for each in option.obstacles[:1]:
            line = "" if each.line_id is None else f"line {each.line_id}: "
            found.setdefault((option.node_id, each.reason.value), f"{each.reason.value}, {line}{each.detail}")
    texts = list(dict.fromkeys(found.values()))
    more = len(texts) - _MOST
    return texts[:_MOST] + ([f"and {more} more"] if more > 0 else [])


def _services_used(explanation: Explanation) -> set[str]:
    problem = explanation.result.problem
    return set(problem.services.service_id[explanation.chosen.plan.service_idx].tolist())


def _cost(option: OrderOption) -> int:
    return option.costs.total if option.costs is not None else 0


def _carriage(costs: CostTerms) -> int:
    return costs.shipping


def _money(explanation: Explanation) -> Callable[[int], str]:
    currency = explanation.result.problem.currency
    return lambda micros: f"{format_micros(micros)} {currency}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"

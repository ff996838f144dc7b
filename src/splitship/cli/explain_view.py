"""Explanations, counterfactuals and costs of rules on a terminal or as Markdown, from their documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from splitship.cli.console import (
    counted,
    emit,
    emit_json,
    emit_table,
    key_values,
    markdown_table,
    money,
    percent,
    plain_table,
)
from splitship.cli.options import ReportForm

if TYPE_CHECKING:
    from splitship.planning import Counterfactual, Explanation, RuleCost
    from splitship.planning.questions import Answer

Document = dict[str, Any]
_PACKAGE = ("node", "service", "ships", "arrives", "units x SKU", "cost")
_TAKEN = ("takes", "units", "price", "together")
_WAY = ("another way", "by itself", "takes", "difference", "why")
_OBSTACLE = ("node", "km", "reason", "why not all of it")
_MOVE = ("order", "before", "after", "change")
_MOST_NODES = 12
_MOST_MOVES = 12


def show_explanation(explanation: Explanation, form: ReportForm) -> None:
    """The whole account of an order."""
    from splitship.planning import explanation_document

    document = explanation_document(explanation)
    if form is ReportForm.JSON:
        emit_json(document)
        return
    words = explanation.prices_from.words
    currency = document["currency"]
    parts: list[tuple[str, Any]] = [
        ("facts", _facts(document)),
        ("table", (_PACKAGE, _packages(document["chosen"]), (5,))),
        ("table", (_TAKEN, _taken(document["chosen"]), (1, 2, 3))),
        ("text", f"other ways, in {currency}, at {words}"),
        ("table", (_WAY, _ways(document["alternatives"], document["chosen"]), (1, 2, 3))),
        ("text", "the best way that ships a line from each other node"),
        ("table", (("node", "km", "ships", *_WAY[1:]), _node_ways(document), (1, 3, 4, 5))),
        ("text", "not possible for the whole order"),
        ("table", (_OBSTACLE, _obstacles(document), (1,))),
    ]
    parts += [("text", f"{each['question']} {each['answer']}") for each in document["answers"]]
    parts += [("text", note) for note in document["notes"]]
    _put(f"order {document['order_id']} of {document['pack']} / {document['scenario']}", _without_empty(parts), form)


def show_answers(explanation: Explanation, asked: tuple[Answer, ...], form: ReportForm) -> None:
    """Only answers to questions."""
    from splitship.planning import explanation_document
    from splitship.planning.explanation_document import answer_document

    if form is ReportForm.JSON:
        emit_json(explanation_document(explanation, asked))
        return
    title = f"order {explanation.order_id}, at {explanation.prices_from.words}"
    documents = [answer_document(each) for each in asked]
    _put(title, [("text", f"{each['question']} {each['answer']}") for each in documents], form)


def show_counterfactual(found: Counterfactual, form: ReportForm) -> None:
    """What forcing an order changes."""
    from splitship.planning import counterfactual_document

    document = counterfactual_document(found)
    if form is ReportForm.JSON:
        emit_json(document)
        return
    title = f"order {found.order_id} {found.force.words}, in {document['pack']} / {document['scenario']}"
    currency = document["currency"]
    if not found.is_possible:
        rows = [(each["reason"], each["detail"]) for each in document["reasons"]]
        _put(title, [("text", "not possible:"), ("table", (("reason", "why not"), rows, ()))], form)
        return
    if found.is_already:
        _put(title, [("text", "It is served so already: nothing changes, no order moves.")], form)
        return
    if found.plan is None:
        text = (
            f"No plan was found that ships all of it: {counted(found.num_left, 'unit')} of the order stay in the "
            "nearest found. There may be one: search longer (--time-limit, --work-limit)."
        )
        _put(title, [("text", text)], form)
        return
    base, forced = document["base"], document["forced"]
    facts = [
        (
            "change",
            f"{_signed(document['change'])} {currency}: {money(base['objective'])} to {money(forced['objective'])}",
        ),
        (
            "proven",
            _interval(document["interval"], currency, "best plans" if found.is_found else "best that ship as much"),
        ),
        ("gap", f"{percent(base['gap'])} before, {percent(forced['gap'])} after"),
    ]
    own = next((move for move in document["moves"] if move["order_id"] == found.order_id), None)
    if own is not None:
        facts += _own(own)
    if document["units_left"]:
        units = f"{counted(document['units_left'], 'unit')} of the order"
        stay = f"{units} stay in the plan found; more may be possible"
        facts.append(("unfilled", f"{units} cannot ship this way" if found.is_found else stay))
    others = [move for move in document["moves"] if move["order_id"] != found.order_id]
    facts.append(("others", f"{counted(len(others), 'order')} moved" if others else "no other order moves"))
    parts: list[tuple[str, Any]] = [("facts", facts)]
    if document["becomes_base"]:
        parts.append(("text", "The forced plan is cheaper than the base: it is the better plan, and becomes the base."))
    parts.append(("table", (_MOVE, _moves(document["moves"]), (3,))))
    parts.append(("text", _rest(len(document["moves"]), _MOST_MOVES)))
    _put(title, _without_empty(parts), form)


def show_rule_cost(found: RuleCost, form: ReportForm) -> None:
    """What a rule cost."""
    from splitship.planning import rule_cost_document

    document = rule_cost_document(found)
    if form is ReportForm.JSON:
        emit_json(document)
        return
    currency, base, without = document["currency"], document["base"], document["without"]
    facts = [
        ("the rule costs", f"{money(document['cost'], currency)}: {money(without['objective'])} without it, "
                           f"{money(base['objective'])} with it"),
        ("proven", _interval(document["interval"], currency)),
        ("gap", f"{percent(base['gap'])} with it, {percent(without['gap'])} without"),
        ("orders", f"{counted(document['orders_moved'], 'order')} served or charged otherwise without it"),
    ]  # fmt: skip
    parts: list[tuple[str, Any]] = [
        ("facts", facts),
        ("table", (_MOVE, _moves(document["moves"]), (3,))),
        ("text", _rest(len(document["moves"]), _MOST_MOVES)),
    ]
    _put(f"rule {found.rule!r} of {document['pack']} / {document['scenario']}", _without_empty(parts), form)


def _facts(document: Document) -> list[tuple[str, str]]:
    chosen, currency = document["chosen"], document["currency"]
    terms = ", ".join(f"{term} {money(text)}" for term, text in chosen["costs"].items() if float(text))
    facts = [("cost", f"{money(chosen['direct_cost'], currency)}" + (f" ({terms})" if terms else ""))]
    if chosen["priced"]:
        at = f"{money(chosen['price_of_taken'], currency)}; with it {money(chosen['cost_at_prices'], currency)}"
        facts.append(("takes from others", at))
    if document["deliver_by"]:
        late = f", {counted(chosen['late_days'], 'day')} late" if chosen["late_days"] else ", in time"
        facts.append(("promised for", document["deliver_by"] + late))
    if float(document["regret"]):
        text = f"{money(document['regret'], currency)}: another way is cheaper at the prices; no saving that is known"
        facts.append(("regret", text))
    facts += [
        ("unfilled", f"line {each['line_id']}, {counted(each['quantity'], 'unit')}: {each['reason']}, {each['detail']}")
        for each in document["unfilled"]
    ]
    return facts


def _packages(way: Document) -> list[tuple[str, ...]]:
    return [
        (each["node_id"], each["service_id"], each["ship_on"], each["deliver_on"], _held(each), money(each["cost"]))
        for each in way["packages"]
    ]


def _held(package: Document) -> str:
    return ", ".join(f"{line['quantity']} x {line['sku_id']}" for line in package["lines"])


def _taken(way: Document) -> list[tuple[str, ...]]:
    return [(each["words"], str(each["units"]), money(each["price"]), money(each["amount"])) for each in way["taken"]]


def _way_words(way: Document) -> str:
    parts = [
        f"{each['node_id']} by {each['service_id']} {each['ship_on'][5:]}: {_held(each)}" for each in way["packages"]
    ]
    if way["units_left"]:
        parts.append(f"{way['units_left']} unfilled")
    return "; ".join(parts)


def _ways(ways: Sequence[Document], chosen: Document) -> list[tuple[str, ...]]:
    return [
        (
            _way_words(way),
            money(way["direct_cost"]),
            money(way["price_of_taken"]),
            _signed(way["difference"]),
            _short(way, chosen),
        )
        for way in ways
    ]


def _short(way: Document, chosen: Document) -> str:
    """Why it lost, in few words: the numbers stand beside it."""
    if not way["priced"] or not chosen["priced"]:
        return "not priced"
    own = {each["words"]: float(each["amount"]) for each in chosen["taken"]}
    more = [each for each in way["taken"] if float(each["amount"]) > own.get(each["words"], 0.0)]
    if float(way["price_of_taken"]) > float(chosen["price_of_taken"]) and more:
        dearest = max(more, key=lambda each: float(each["amount"]) - own.get(each["words"], 0.0))
        return f"takes {dearest['units']} x {dearest['words']}"
    return "dearer" if float(way["direct_difference"]) > 0 else ""


def _node_ways(document: Document) -> list[tuple[str, ...]]:
    views = [view for view in document["nodes"] if view["best"] is not None and not view["used"]]
    views.sort(key=lambda view: float(view["best"]["difference"]))
    return [
        (view["node_id"], _km(view), _from_node(view), *_ways([view["best"]], document["chosen"])[0][1:])
        for view in views[:_MOST_NODES]
    ]


def _from_node(view: Document) -> str:
    """What the node ships, and how many packages come from elsewhere."""
    mine = [each for each in view["best"]["packages"] if each["node_id"] == view["node_id"]]
    others = len(view["best"]["packages"]) - len(mine)
    return "; ".join(map(_held, mine)) + (f"; {counted(others, 'package')} from elsewhere" if others else "")


def _obstacles(document: Document) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        (view["node_id"], _km(view), each["reason"], each["detail"])
        for view in document["nodes"]
        if not view["used"]
        for each in view["obstacles"][:1]
    ]
    return rows[:_MOST_NODES]


def _km(view: Document) -> str:
    return "-" if view["distance_km"] is None else f"{view['distance_km']:,.0f}"


def _own(move: Document) -> list[tuple[str, str]]:
    def pair(first: Any, second: Any) -> str:
        return f"{first or 'none'} before, {second or 'none'} after"

    facts = [
        ("its own cost", _signed(move["change"])),
        ("packages", pair(*move["packages"])),
        ("delivered", pair(*move["delivered"])),
    ]
    if any(move["late_days"]):
        facts.append(("days late", f"{move['late_days'][0]} before, {move['late_days'][1]} after"))
    return facts


def _moves(moves: Sequence[Document]) -> list[tuple[str, ...]]:
    return [(move["order_id"], move["before"], move["after"], _signed(move["change"])) for move in moves[:_MOST_MOVES]]


def _signed(text: str) -> str:
    return money(text) if text.startswith("-") or not float(text) else f"+{money(text)}"


def _interval(interval: Document, currency: str, of: str = "best plans") -> str:
    low, high = (money(interval[side]) for side in ("low", "high"))
    if interval["high"] is None:
        return f"at least {low} {currency} for the {of}" if interval["low"] else "nothing: the base has no bound"
    return f"between the {of} the change is from {low} to {high} {currency}"


def _rest(count: int, most: int) -> str:
    return f"... and {count - most} more: -o json lists all" if count > most else ""


def _without_empty(parts: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Parts that say something: no table without rows, and not the text that announces it."""
    kept: list[tuple[str, Any]] = []
    for kind, part in parts:
        if kind == "table" and not part[1]:
            if kept and kept[-1][0] == "text":
                kept.pop()
        elif part:
            kept.append((kind, part))
    return kept


def _put(title: str, parts: list[tuple[str, Any]], form: ReportForm) -> None:
    """Print parts one below the other."""
    if form is ReportForm.MD:
        made = [f"## {title}\n"]
        for kind, part in parts:
            if kind == "text":
                made.append(part + "\n")
            else:
                headers, rows, right = (("", ""), part, ()) if kind == "facts" else part
                made.append(markdown_table(headers, rows, right))
        emit("\n".join(made))
        return
    page: list[Any] = [title]
    for kind, part in parts:
        page.append("")
        page.append(part if kind == "text" else key_values(part) if kind == "facts" else plain_table(*part))
    emit_table(*page)

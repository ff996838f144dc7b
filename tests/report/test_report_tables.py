"""The tables of the report against other accounts of the same answer: the plan document, the checker, the objective."""

import dataclasses
import math
from collections import Counter
from decimal import Decimal

import numpy as np
import pytest

from splitship.domain import Certificate, Leaf, Plan, SolveOptions
from splitship.packs import Pack, read_pack
from splitship.packs.documents import plan_body, plan_document
from splitship.planning.report import Report, costs, flow_map, report_workbook, service_level, utilisation
from splitship.planning.report.explorer import explorer_document
from splitship.planning.report.orders_sheet import orders_table, packages_table
from splitship.planning.report.tables import MINUS, SPACE, Typed, cell_text, money_text, share_text
from splitship.run import solve
from splitship.run.given import result_of_plan
from splitship.units import MICROS, day_number, parse_micros


def value(cell):
    return cell.value if isinstance(cell, Typed) else cell


@pytest.fixture(params=["certified", "retail", "everything"])
def answer(request):
    found = request.getfixturevalue(request.param)
    return found[0] if isinstance(found, list) else found


def test_terms_add_up_to_the_objective(answer):
    *terms, total = costs.build_up(answer).rows
    assert sum(row[1] for row in terms) == total[1] == answer.objective
    table = costs.build_up(answer)
    assert len(table.bars) == len(table.rows)
    ends = [bar.start + bar.length for bar in table.bars]
    assert all(abs(bar.start - end) < 3 for bar, end in zip(table.bars[1:-1], ends, strict=False))


def test_steps_of_the_waterfall_add_up_to_the_difference(retail):
    base, other = retail
    table = costs.waterfall(base, other, "a", "b")
    first, *steps, last = table.rows
    assert first[1] + sum(value(step[2]) for step in steps) == last[1] == other.objective
    assert len(table.bars) == len(table.rows)
    for row, bar in zip(steps, table.bars[1:-1], strict=True):
        assert bar.kind == ("up" if value(row[2]) > 0 else "down")


def test_an_answer_beside_itself_has_no_steps(retail):
    table = costs.waterfall(retail[0], retail[0], "a", "b")
    assert len(table.rows) == 2
    assert all(math.isfinite(bar.length) for bar in table.bars)


def test_flows_are_the_packages_of_the_plan_document(answer):
    """By node and by the first two characters of the postal code, counted from the document's ids."""
    of_order = dict(zip(answer.problem.orders.order_id, answer.problem.orders.postal_code, strict=True))
    carried = set(answer.problem.services.service_id[answer.problem.services.is_carried])
    counts, paid = Counter(), Counter()
    for package in plan_document(answer)["packages"]:
        if package["service_id"] in carried:
            key = package["node_id"], f"US {of_order[package['order_id']][:2]}"
            counts[key] += 1
            paid[key] += sum(parse_micros(text) for text in package["costs"].values())
    table = flow_map.flow_table(answer, flow_map.flows_of(answer))
    assert {row[:2]: row[2] for row in table.rows} == counts
    assert {row[:2]: row[4] for row in table.rows} == paid


def test_what_ships_from_where_is_all_that_ships(answer):
    rows = utilisation.node_totals(answer).rows
    packages = answer.report.packages
    assert sum(row[2] for row in rows) == len(answer.plan)
    assert sum(row[4] for row in rows) == int(answer.plan.content_quantity.sum())
    assert sum(row[5] for row in rows) == int(packages.total.sum())


def test_use_of_capacity_is_what_the_plan_document_ships(retail):
    result = retail[0]
    packages, units, by_service = Counter(), Counter(), Counter()
    for package in plan_document(result)["packages"]:
        place = package["node_id"], day_number(package["ship_on"])
        packages[place] += 1
        units[place] += sum(line["quantity"] for line in package["lines"])
        by_service[f"{package['node_id']}, {package['service_id']}", place[1]] += 1
    nodes = result.problem.nodes
    limits = {
        "packages": dict(zip(nodes.node_id, nodes.max_packages_per_day, strict=True)),
        "units": dict(zip(nodes.node_id, nodes.max_units_per_day, strict=True)),
    }
    rows = utilisation.utilisation(result).rows
    assert len(rows) > 20
    seen = set()
    for place, day, noun, used, most, share in rows:
        if ", " in place:
            assert used == by_service[place, day]
        else:
            assert used == (packages if noun == "packages" else units)[place, day]
            assert most == limits[noun][place]
        assert share == used / most <= 1
        seen.add((place, day, noun))
    assert {(place, day, "packages") for place, day in packages} <= seen


def test_a_feasible_plan_uses_no_more_than_there_is(everything):
    """What others use counts in: two of them are over by themselves in this pack's calendar."""
    rows = utilisation.utilisation(everything).rows
    own = {str(each) for each in everything.problem.nodes.node_id}
    assert {row[2] for row in rows} >= {"packages", "minutes"}
    by_others = {
        (str(everything.problem.nodes.node_id[node]), int(day))
        for node, day in zip(everything.problem.node_days.node_idx, everything.problem.node_days.day, strict=True)
    }
    for place, day, _, used, most, _ in rows:
        if place in own and (place, day) in by_others:
            continue
        assert used <= most, (place, day)


def test_use_by_others_and_what_another_node_receives_count_in(everything):
    """Packages that ship there, that are received there for pick-up, and those of node_days, and what left before."""
    problem = everything.problem
    target = dict(zip(problem.services.service_id, problem.services.pickup_node_idx.tolist(), strict=True))
    ids = problem.nodes.node_id.tolist()
    own, received = Counter(), Counter()
    for package in plan_document(everything)["packages"]:
        own[package["node_id"], day_number(package["ship_on"])] += 1
        at = target[package["service_id"]]
        if at >= 0 and ids[at] != package["node_id"]:
            received[ids[at], day_number(package["deliver_on"])] += 1
    days = problem.node_days
    others = {
        (ids[node], day): used
        for node, day, used in zip(days.node_idx.tolist(), days.day.tolist(), days.used_packages.tolist(), strict=True)
    }
    before, released = Counter(), problem.released
    for node, day, packages in zip(
        released.node_idx.tolist(), released.ship_day.tolist(), released.packages.tolist(), strict=True
    ):
        before[ids[node], day] += packages
    told = {row[:2]: row[3] for row in utilisation.utilisation(everything).rows if row[2] == "packages"}
    nouns, kinds = ("own", "received", "others", "left"), Counter()
    for (place, day), used in told.items():
        if ", " in place:
            continue
        parts = own[place, day], received[place, day], others.get((place, day), 0), before[place, day]
        assert used == sum(parts), (place, day)
        kinds += Counter(
            {noun: part > 0 for noun, part in zip(("own", "received", "others", "left"), parts, strict=True)}
        )
    assert set(kinds) == set(nouns)


def test_packages_per_order_count_every_order(answer):
    rows = service_level.packages_per_order(answer).rows
    assert sum(row[1] for row in rows) == len(answer.problem.orders)
    assert sum((0 if row[0] == "none" else int(row[0])) * row[1] for row in rows) == len(answer.plan)


def test_days_against_promise_agree_with_the_summary(answer):
    table = service_level.days_against_promise(answer)
    late = sum(row[1] for row in table.rows if str(row[0]).endswith("late"))
    assert late == plan_document(answer)["counts"]["late_packages"]
    promised = answer.problem.orders.deliver_by[answer.plan.order_idx] < 2**30
    assert sum(row[1] for row in table.rows) == int(promised.sum())
    if promised.any():
        assert sum(row[2] for row in table.rows) == pytest.approx(1)


def test_stock_outs_are_the_unfilled_rows_of_the_plan_document(answer):
    skus = answer.problem.skus.sku_id
    of_line = {}
    for line, order in enumerate(answer.problem.lines.order_idx):
        key = answer.problem.orders.order_id[order], answer.problem.lines.line_id[line]
        of_line.setdefault(key, set()).add(skus[answer.problem.lines.sku_idx[line]])
    counts, total = Counter(), 0
    for row in plan_document(answer)["unfilled"]:
        total += row["quantity"]
        found = of_line[row["order_id"], row["line_id"]]
        if len(found) == 1:
            counts[next(iter(found)), row["reason"]] += row["quantity"]
    table = service_level.stock_outs(answer)
    assert sum(row[1] for row in table.rows) == total
    told = {(row[0], row[3]): row[1] for row in table.rows}
    assert all(told[key] >= units for key, units in counts.items())
    assert [row[1] for row in table.rows] == sorted((row[1] for row in table.rows), reverse=True)


def test_every_reason_has_words():
    assert set(service_level.REASON_WORDS) == set(service_level.Reason)


def test_prices_are_those_of_the_certificate(certified):
    body = plan_body(certified)
    told = []
    for table in utilisation.binding_resources(certified, body["certificate"]):
        at = [column.header for column in table.columns].index("price") if table.rows else 0
        prices = [row[at] for row in table.rows]
        assert prices == sorted(prices, reverse=True)
        told += prices
    assert sorted(told) == sorted(price for price in certified.certificate.price.tolist() if price)
    assert told


def test_no_prices_are_told_where_there_are_none(retail, certified):
    capacity, stock = utilisation.binding_resources(retail[0], None)
    assert not capacity.rows
    assert not stock.rows
    assert "no certificate" in stock.note
    none = Certificate.without_prices(0)
    leaf = Leaf(np.zeros(1, np.int64), np.zeros(1, np.int64), np.ones(1, np.bool_), none)
    apart = dataclasses.replace(certified, certificate=dataclasses.replace(none, leaves=(leaf, leaf)))
    assert "2 parts" in utilisation.binding_resources(apart, plan_body(apart)["certificate"])[1].note


def test_own_prices_take_the_sentence_about_savings_away(certified):
    certificate = plan_body(certified)["certificate"]
    for own, is_said in (([], True), ([{"price": "1.00"}], False)):
        note = utilisation.binding_resources(certified, {**certificate, "own_prices": own})[1].note
        assert ("saves no more than" in note) is is_said
        assert "splitship prices" in note


def test_kits_and_what_was_released_count_as_ordered(everything):
    """Units and SKUs are those of the table of lines: a kit is one unit, and called by its own name."""
    given = everything.problem.as_given
    ordered = dict.fromkeys(given.orders.order_id.tolist(), 0)
    for order, units in zip(given.lines.order_idx.tolist(), given.lines.quantity.tolist(), strict=True):
        ordered[given.orders.order_id[order]] += units
    table = orders_table(everything)
    assert {row[0]: row[3] for row in table.rows} == ordered
    document = explorer_document([everything], ["a"], {})
    orders = document["results"][0]["orders"]
    ids, units = (document["columns"][orders[key]] for key in ("id", "units"))
    assert dict(zip(ids, units, strict=True)) == ordered
    missing = Counter()
    for row in everything.unfilled_frame().itertuples():
        missing[row.sku_id, row.reason] += row.quantity
    assert {(row[0], row[3]): row[1] for row in service_level.stock_outs(everything).rows} == missing
    unfilled = document["results"][0]["unfilled"]
    skus = document["columns"][document["results"][0]["skus"]]
    told = [skus[at] for at in document["columns"][unfilled["sku"]]]
    assert told == everything.unfilled_frame()["sku_id"].tolist()
    assert any(sku in told for sku in given.skus.sku_id[np.unique(given.kits.kit_sku_idx)].tolist())


def test_the_sheet_of_orders_adds_up(answer):
    table = orders_table(answer)
    columns = dict(zip((column.header for column in table.columns), zip(*table.rows, strict=True), strict=True))
    soft = answer.report.costs.soft
    assert sum(columns["cost"]) + soft == answer.objective
    assert sum(columns["packages"]) == len(answer.plan)
    assert sum(columns["units not shipped"]) == int(answer.unfilled.quantity.sum())
    assert len(packages_table(answer).rows) == sum(len(row["lines"]) for row in plan_document(answer)["packages"])


def test_figures_and_moves_are_those_of_the_comparison(retail):
    report = Report(retail)
    moves = {table.key: table for table in report.answers[1].moves}
    difference = retail[1].objective - retail[0].objective
    assert value(moves["differences"].rows[-1][2]) == difference
    assert sum(value(row[2]) for row in moves["differences"].rows[:-1]) == difference
    told = {row[0] for row in moves["moves"].rows}
    assert told == set(report.figures.moved[1])
    assert report.answers[0].moves == ()
    old, new = ({package["order_id"]: [] for package in plan_document(result)["packages"]} for result in retail)
    for result, packages in zip(retail, (old, new), strict=True):
        for package in plan_document(result)["packages"]:
            lines = tuple((line["line_id"], line["sku_id"], line["quantity"]) for line in package["lines"])
            packages[package["order_id"]].append((package["node_id"], package["service_id"], package["ship_on"], lines))
    assert told == {order for order in {*old, *new} if sorted(old.get(order, [])) != sorted(new.get(order, []))}


def test_nothing_to_ship_makes_tables_too(certified):
    problem = dataclasses.replace(certified.problem)
    nothing = result_of_plan(problem, Plan.empty())
    report = Report([nothing])
    assert report.answers[0].flows.rows == []
    assert report.answers[0].promise.rows == []
    assert report.answers[0].trust == "unproven"
    assert "</html>" in report.html()


def test_a_pack_without_orders_makes_a_report(repository):
    pack = read_pack(repository / "scenarios" / "hello")
    tables = {
        name: table.iloc[:0] if name in ("orders", "order_lines") else table for name, table in pack.tables.items()
    }
    settings = pack.settings.model_dump(by_alias=True, exclude_defaults=True)
    result = solve(Pack.from_tables(tables, settings, "empty").problem(), SolveOptions(time_limit_s=10))
    report = Report([result, result])
    assert report.answers[0].trust == "certified"
    assert "</html>" in report.html()
    assert report_workbook(report)


@pytest.mark.parametrize(
    ("micros", "text"),
    [
        (0, "0.00"),
        (-4_999, "0.00"),
        (5_000, "0.00"),
        (15_000, "0.02"),
        (-12_345_678_000, f"{MINUS}12,345.68"),
        (1, "0.00"),
    ],
)
def test_money_is_rounded_half_to_even(micros, text):
    assert money_text(micros) == text
    exact = Decimal(micros) / MICROS
    assert abs(Decimal(text.replace(",", "").replace(MINUS, "-")) - exact) <= Decimal("0.005")


def test_a_share_above_zero_never_reads_as_zero():
    assert share_text(0.0) == f"0.00{SPACE}%"
    assert share_text(0.00001) == f"under 0.01{SPACE}%"
    assert share_text(-0.25) == f"{MINUS}25.00{SPACE}%"
    assert cell_text(1234.5, "number") == "1,234.50"
    assert cell_text(-3, "count") == f"{MINUS}3"
    assert cell_text(None, "money") == "\N{EN DASH}"

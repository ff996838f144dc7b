import json
from pathlib import Path

import hello_plan
import pytest
from program import Run

CHECK_KEYS = [
    "schema",
    "pack",
    "scenario",
    "plan",
    "holds",
    "feasible",
    "cost",
    "certificate",
    "bound",
    "bound_source",
    "gap",
    "gap_money",
    "currency",
    "costs",
    "counts",
    "made_for_this_input",
    "violations",
    "seconds",
]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A file that a test fills."""
    return tmp_path / "plan.json"


def test_check_confirms_the_plan_worked_by_hand(run: Run, hello: Path, plan: Path) -> None:
    """Cost 87.50 and the two prices of the README prove the optimum: exit code 0."""
    plan.write_text(json.dumps(hello_plan.document()))
    ran = run("check", hello, plan, "-o", "json")
    assert ran.code == 0, ran.err
    document = ran.json
    assert list(document) == CHECK_KEYS
    assert document["schema"] == "splitship.check/1"
    assert document["holds"] is document["feasible"] is True
    assert document["cost"] == {"claimed": "87.50", "recomputed": "87.50", "holds": True}
    assert document["certificate"]["recomputed"] == document["bound"] == "87.50"
    assert (document["gap"], document["gap_money"], document["bound_source"]) == (0.0, "0.00", "certificate")
    assert document["violations"] == []


def test_check_prints_a_verdict_for_people(run: Run, hello: Path, plan: Path) -> None:
    """The table says the same as the document."""
    plan.write_text(json.dumps(hello_plan.document()))
    ran = run("check", hello, plan)
    assert ran.code == 0
    assert "87.50 USD, as claimed" in ran.out
    assert "all of it holds" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


def test_check_names_a_cost_that_is_not_so(run: Run, hello: Path, plan: Path) -> None:
    """A claim of 87.40 for a plan of 87.50 is a violation: exit code 1."""
    plan.write_text(json.dumps(hello_plan.document(objective="87.40")))
    ran = run("check", hello, plan)
    assert ran.code == 1
    assert "CLAIMED 87.40 USD" in ran.out
    assert "COST_MISMATCH objective cost claimed 87.40, recomputed 87.50" in ran.out
    assert "1 violation" in ran.out


def test_check_names_terms_and_packages_that_are_not_so(run: Run, hello: Path, plan: Path) -> None:
    """Each claimed part is held against the recomputed one, and what is not claimed is not."""
    packages = hello_plan.document()["packages"]
    packages[0] |= {"costs": {"shipping": "5.99", "handling": "2.50"}, "deliver_on": "2026-12-03"}
    packages[3] |= {"deliver_on": "2026-12-01"}
    plan.write_text(json.dumps(hello_plan.document(packages=packages, costs={"late": "4.00", "split": "0.00"})))
    ran = run("check", hello, plan, "-o", "json")
    assert ran.code == 1
    assert {(v["code"], v["where"]) for v in ran.json["violations"]} == {
        ("COST_MISMATCH", "costs.split"),
        ("COST_MISMATCH", "packages[0].shipping"),
        ("DELIVERY_DAY_MISMATCH", "packages[3].deliver_day"),
    }
    assert ran.json["cost"]["holds"] is False


def test_check_names_a_plan_that_cannot_be(run: Run, hello: Path, plan: Path) -> None:
    """Two kettles from the one in EAST: infeasible, whatever it costs."""
    packages = hello_plan.document()["packages"]
    packages[0] |= {"node_id": "EAST", "ship_on": "2026-11-30"}
    plan.write_text(json.dumps({"packages": packages}))
    ran = run("check", hello, plan, "-o", "json")
    assert ran.code == 1
    assert ran.json["feasible"] is False
    assert [violation["code"] for violation in ran.json["violations"]] == ["STOCK_EXCEEDED"]


def test_check_names_a_bound_that_its_prices_do_not_prove(run: Run, hello: Path, plan: Path) -> None:
    """A forged bound of 87.60 is caught, and then no gap is given."""
    plan.write_text(json.dumps(hello_plan.document(bound="87.60")))
    ran = run("check", hello, plan, "-o", "json")
    assert ran.code == 1
    assert ran.json["certificate"]["holds"] is False
    assert "BOUND_NOT_PROVEN" in [violation["code"] for violation in ran.json["violations"]]
    assert ran.json["bound"] is ran.json["gap"] is None


def test_check_names_unfilled_units_that_are_not_so(run: Run, hello: Path, plan: Path) -> None:
    """The packages leave one mug of O5; a list that says otherwise is wrong."""
    unfilled = [{"order_id": "O4", "line_id": "1", "quantity": 1}]
    plan.write_text(json.dumps(hello_plan.document(unfilled=unfilled)))
    ran = run("check", hello, plan, "-o", "md")
    assert ran.code == 1
    assert "| UNFILLED_MISMATCH | order O4 line 1 | 1 units said to be unfilled, the packages leave 0 |" in ran.out
    assert "| UNFILLED_MISMATCH | order O5 line 1 | 0 units said to be unfilled, the packages leave 1 |" in ran.out


def test_check_of_a_csv_plan_has_no_certificate(run: Run, hello: Path, tmp_path: Path) -> None:
    """A plan without a certificate can hold: exit code 0, and null where there is nothing to say."""
    rows = ["package_id,order_id,node_id,service_id,ship_on,line_id,quantity"]
    for number, (order_id, node_id, service_id, ship_on, lines) in enumerate(hello_plan.PACKAGES):
        rows += [f"{number},{order_id},{node_id},{service_id},{ship_on},{line},{units}" for line, units in lines]
    (tmp_path / "plan.csv").write_text("\n".join(rows) + "\n")
    ran = run("check", hello, tmp_path / "plan.csv", "-o", "json")
    assert ran.code == 0
    assert ran.json["certificate"] is ran.json["bound"] is ran.json["cost"]["claimed"] is None
    assert ran.json["cost"]["recomputed"] == "87.50"


def test_check_says_when_a_plan_was_made_for_another_input(run: Run, hello: Path, plan: Path) -> None:
    """A note, not a violation: the plan may still hold."""
    plan.write_text(json.dumps(hello_plan.document(hashes={"input": "sha256:0"})))
    ran = run("check", hello, plan)
    assert ran.code == 0
    assert "another state of this pack" in ran.out


def test_check_of_a_part_of_the_batch(run: Run, hello: Path, plan: Path) -> None:
    """With --orders the plan is held against those orders only: O2's package alone costs 10.90."""
    packages = [hello_plan.document()["packages"][1]]
    plan.write_text(json.dumps({"packages": packages, "objective": "10.90"}))
    assert run("check", hello, plan, "--orders", "O2").code == 0
    assert run("check", hello, plan).code == 1


def test_check_refuses_what_it_cannot_read(run: Run, hello: Path, plan: Path) -> None:
    """Invalid plan or pack: exit code 3 and every fault with its place."""
    plan.write_text('{"packages": [{"order_id": "O9", "lines": []}]}')
    ran = run("check", hello, plan)
    assert ran.code == 3
    assert "plan.json: packages[0]: error[E704] order_id: no order 'O9' in the pack" in ran.err
    assert "splitship: 4 faults; nothing was done" in ran.err
    assert ran.out == ""
    assert run("check", hello / "nowhere", plan).code == 3
    assert run("check", hello, plan, "--orders", "O1,O8").code == 3

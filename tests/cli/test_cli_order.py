import json
import shutil
from pathlib import Path

import pytest
from program import Run

TEST_KEYS = [
    "schema",
    "pack",
    "scenario",
    "currency",
    "objective",
    "bound",
    "gap",
    "gap_money",
    "bound_source",
    "costs",
    "order",
    "packages",
    "unfilled",
    "options",
]


@pytest.fixture
def order(tmp_path: Path) -> Path:
    """A file that a test fills."""
    return tmp_path / "order.json"


def test_an_order_of_the_pack_is_tested_alone(run: Run, hello: Path) -> None:
    """O1 alone takes the kettle of EAST: 6.00 + 1.20 + 2 x 0.25 = 7.70, as the README says."""
    ran = run("test", hello, "--order", "O1", "-o", "json")
    assert ran.code == 0, ran.err
    document = ran.json
    assert list(document) == TEST_KEYS
    assert document["schema"] == "splitship.test/1"
    assert (document["objective"], document["bound"]) == ("7.70", "7.70")
    assert [package["node_id"] for package in document["packages"]] == ["EAST"]
    possible = {
        (option["node_id"], option["service_id"]): option["cost"]
        for option in document["options"]
        if option["possible"]
    }
    # SHOP by ground is a day late, 13.25; by air in time, 17.00
    assert possible == {
        ("EAST", "ground"): "7.70",
        ("EAST", "air"): "15.45",
        ("SHOP", "ground"): "13.25",
        ("SHOP", "air"): "17.00",
    }
    west = [option for option in document["options"] if option["node_id"] == "WEST"]
    assert {obstacle["reason"] for option in west for obstacle in option["obstacles"]} == {"NOT_CARRIED"}


def test_a_split_order_says_why_no_node_has_it_all(run: Run, hello: Path) -> None:
    """O3 needs two packages, 23.40 in all; each obstacle stands once for all services."""
    ran = run("test", hello, "--order", "O3")
    assert ran.code == 0
    assert "23.40 USD" in ran.out
    assert ran.out.count("book is not carried") == 2
    assert "line 2: WEST: lamp is not carried" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


def test_an_order_from_a_file_needs_little(run: Run, hello: Path, order: Path) -> None:
    """Destination, SKUs and quantities are enough; ids and time have defaults."""
    order.write_text('{"country": "US", "postal_code": "10001", "lines": [{"sku_id": "kettle", "quantity": 1}]}')
    ran = run("test", hello, "--order", order, "-o", "json")
    assert ran.code == 0, ran.err
    assert ran.json["objective"] == "7.70"
    assert ran.json["order"] == {
        "order_id": "TEST",
        "country": "US",
        "postal_code": "10001",
        "deliver_by": None,
        "lines": [{"line_id": "1", "sku_id": "kettle", "quantity": 1}],
    }


def test_an_unfilled_unit_is_explained(run: Run, hello: Path) -> None:
    """O5 wants two mugs and one is there."""
    ran = run("test", hello, "--order", "O5", "-o", "md")
    assert ran.code == 0
    assert "| unfilled | line 1, 1 unit: NO_STOCK, SHOP" in ran.out
    assert "| SHOP | any | NO_STOCK | line 1: SHOP: 1 available, 2 needed |" in ran.out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "order.json: error[E101] not JSON"),
        ("[]", "expected one order as an object"),
        ('{"lines": []}', "lines: expected a list of one or more lines"),
        ('{"lines": [{"sku_id": "kettle", "quantity": 1}]}', "country: this required column is missing"),
        (
            '{"country": "US", "postal_code": "1", "lines": [{"sku_id": "ketle", "quantity": "two"}]}',
            "order.json: lines[0].quantity: error[E104]",
        ),
        (
            '{"country": "US", "postal_code": "1", "lines": [{"sku_id": "ketle", "quantity": "two"}]}',
            "did you mean kettle?",
        ),
        ('{"country": "US", "postal_code": {"a": 1}, "lines": [{"sku_id": "mug", "quantity": 1}]}', "cannot hold"),
        (
            '{"country": "US", "postal_code": "1", "deliver_by": "soon", "lines": [{"sku_id": "mug", "quantity": 1}]}',
            "order.json: deliver_by: error[E107]",
        ),
    ],
)
def test_faults_of_an_order_file_have_places(run: Run, hello: Path, order: Path, text: str, message: str) -> None:
    """Exit code 3, every fault at once."""
    order.write_text(text)
    ran = run("test", hello, "--order", order)
    assert ran.code == 3
    assert message in ran.err
    assert ran.out == ""


def test_an_order_that_is_not_there(run: Run, hello: Path, tmp_path: Path) -> None:
    """An unknown id, or a file that is not there, is a fault; an id is never a list of them."""
    assert "no order 'O9' in the batch" in run("test", hello, "--order", "O9").err
    assert run("test", hello, "--order", "O1,O2").code == 3
    ran = run("test", hello, "--order", tmp_path / "none.json")
    assert ran.code == 3
    assert "none.json: error[E101] cannot be read" in ran.err
    assert run("test", hello).code == 2


def test_an_order_that_cannot_ship_at_all(run: Run, hello: Path, tmp_path: Path) -> None:
    """No lane to its country: exit code 4, and the reasons are still printed."""
    pack = tmp_path / "pack"
    shutil.copytree(hello, pack)
    order = {"country": "FR", "postal_code": "75001", "lines": [{"sku_id": "mug", "quantity": 1}]}
    (tmp_path / "order.json").write_text(json.dumps(order))
    ran = run("test", pack, "--order", tmp_path / "order.json")
    assert ran.code == 4
    assert "SHOP" in ran.out
    assert "NO_SERVICE" in ran.out

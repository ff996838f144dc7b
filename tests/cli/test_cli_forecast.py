"""`splitship forecast-prices`: the table it writes is one that the pack can use."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from program import Run

FORECAST = "sku_id,country,postal_code,quantity,placed_on\n{sku},US,{place},{units},2026-12-01\n"


@pytest.fixture
def expecting(hello: Path, tmp_path: Path) -> Path:
    """hello with more lamps expected than there are."""
    folder = tmp_path / "pack"
    shutil.copytree(hello, folder)
    _, row = (folder / "order_lines.csv").read_text().splitlines()[:2]
    place = (folder / "orders.csv").read_text().splitlines()[1].split(",")[3]
    text = FORECAST.format(sku=row.split(",")[2], place=place, units=30)
    (folder / "forecast.csv").write_text(text)
    return folder


def test_prices_are_written_and_used(run: Run, expecting: Path) -> None:
    """Every position that more is expected of has a price; with the file in the pack, solve reads it."""
    ran = run("forecast-prices", expecting, "--out", expecting / "stock_prices.csv", "-o", "json")
    assert ran.code == 0, ran.err
    assert "saved in" in ran.err
    document = ran.json
    assert document["schema"] == "splitship.forecast-prices/1"
    assert document["expected_orders"] == 30
    assert document["prices"]
    head, *rows = (expecting / "stock_prices.csv").read_text().splitlines()
    assert head == "node_id,sku_id,price_per_unit"
    assert len(rows) == len(document["prices"])
    assert float(rows[0].split(",")[2]) == float(document["prices"][0]["price_per_unit"])
    solved = run("solve", expecting, "-o", "json")
    assert solved.code == 0, solved.err
    assert solved.json["costs"]["rules"] != "0.00" or solved.json["counts"]["unfilled_units"]


def test_solve_and_validate_say_what_uses_a_forecast(run: Run, expecting: Path) -> None:
    """It is in no plan, and nobody should think so."""
    words = "the forecast is used by splitship forecast-prices only"
    assert words in run("solve", expecting).err
    told = run("validate", expecting)
    assert told.code == 0
    assert words in " ".join((told.out + told.err).split())


@pytest.mark.parametrize("form", ["table", "csv", "md"])
def test_prices_come_in_other_forms(run: Run, expecting: Path, tmp_path: Path, form: str) -> None:
    """A table of 80 columns, the file itself, Markdown."""
    out = tmp_path / "prices.csv"
    ran = run("forecast-prices", expecting, "--out", out, "--horizon-days", 9, "-o", form)
    assert ran.code == 0, ran.err
    assert max(map(len, ran.out.splitlines())) <= 80
    if form == "csv":
        assert ran.out == out.read_text()
    else:
        assert "added" in ran.out


def test_forecast_prices_refuses_what_it_cannot_do(run: Run, hello: Path, expecting: Path, tmp_path: Path) -> None:
    """Exit code 2 and nothing written: no forecast, none in the horizon, no place for the file, no such limit."""
    out = tmp_path / "prices.csv"
    for arguments, message in (
        ((hello, "--out", out), "there is no forecast"),
        ((expecting, "--out", out, "--horizon-days", 0), "the forecast has nothing for the first 0 days"),
        ((expecting, "--out", tmp_path / "prices.parquet"), "a table of prices is a .csv file"),
        ((expecting, "--out", tmp_path / "no" / "prices.csv"), "there is no folder"),
        ((expecting, "--out", out, "--time-limit", "soon"), "--time-limit: expected a number"),
    ):
        ran = run("forecast-prices", *arguments)
        assert ran.code == 2, ran.err
        assert message in ran.err
    assert not out.exists()
    assert run("forecast-prices", expecting).code == 2

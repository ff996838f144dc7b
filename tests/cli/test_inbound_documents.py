"""Prices of stock until a day in plan files and warm starts."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import handmade_result
import numpy as np

from splitship.domain import Certificate, ResourceKind, Result
from splitship.packs.plans import read_plan, write_plan
from splitship.packs.warm_start import read_warm_start, warm_start_of

DAY = handmade_result.DAY


def priced() -> Result:
    """A price of stock until the day after, and one of all stock."""
    made = handmade_result.result()
    stock, none, empty = made.problem.stock, np.full(2, -1), np.zeros(0, np.int64)
    kind = np.array([ResourceKind.STOCK, ResourceKind.STOCK_UNTIL], np.int64)
    certificate = Certificate(
        kind, stock.node_idx[:1].repeat(2), stock.sku_idx[:1].repeat(2), none, np.array([-1, DAY + 1]),
        np.array([250_000, 1_500_000]), empty, empty, 40_000_000,
    )  # fmt: skip
    return dataclasses.replace(made, certificate=certificate)


def test_plan_files_and_warm_starts_keep_prices_of_stock_until_a_day(tmp_path: Path) -> None:
    """By node, SKU and date; stock has no date."""
    made, path = priced(), tmp_path / "plan.json"
    write_plan(path, made)
    node = str(made.problem.nodes.node_id[made.problem.stock.node_idx[0]])
    sku = str(made.problem.skus.sku_id[made.problem.stock.sku_idx[0]])
    assert json.loads(path.read_text())["prices"] == [
        {"kind": "stock", "node_id": node, "sku_id": sku, "price": "0.25"},
        {"kind": "stock_until", "node_id": node, "sku_id": sku, "date": "2026-11-28", "price": "1.50"},
    ]
    read = read_plan(path, made.problem).certificate
    starts = [warm_start_of(made, made.problem).certificate, read_warm_start(path, made.problem).certificate]
    for found in (read, *starts):
        assert found is not None
        assert found.kind.tolist() == [ResourceKind.STOCK, ResourceKind.STOCK_UNTIL]
        assert found.day.tolist() == [-1, DAY + 1]
        assert found.price.tolist() == [250_000, 1_500_000]
        assert found.node_idx.tolist() == made.problem.stock.node_idx[:1].repeat(2).tolist()
        assert found.sku_idx.tolist() == made.problem.stock.sku_idx[:1].repeat(2).tolist()

"""One order alone: what only a batch can meet is left out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd

from splitship.cli.one_order import order_problem
from splitship.domain import Steering
from splitship.packs import read_pack

HELLO = Path(__file__).parents[2] / "scenarios" / "hello"


def test_one_order_has_no_shares_and_volumes(tmp_path: Path) -> None:
    """A pack with a target share and a committed volume steers its batch, and not one order of it."""
    folder = tmp_path / "pack"
    shutil.copytree(HELLO, folder)
    nodes = pd.read_csv(folder / "nodes.csv", dtype=str)
    nodes["target_share"], nodes["share_price"] = ["0.5"] + [""] * (len(nodes) - 1), ["1"] + [""] * (len(nodes) - 1)
    nodes.to_csv(folder / "nodes.csv", index=False)
    quotas = "service_id,date,max_packages,min_packages,shortfall_price\nground,,9,2,3.00\n"
    (folder / "service_quotas.csv").write_text(quotas)
    pack = read_pack(folder)
    assert len(Steering.of(pack.problem())) > 1
    assert len(Steering.of(order_problem(pack, "O1"))) == 0

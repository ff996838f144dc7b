"""Services of the plan in force: those of the pack, and the ways by which lines are picked up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from splitship.domain import Transfers
from splitship.domain.modes_in_force import PICKUP, TRANSFER
from splitship.domain.stability import way_service
from splitship.packs.findings import suggest
from splitship.packs.view import Coded, TableView
from splitship.units import I64, Bools


def read_services(
    view: TableView, service_ids: Coded, node_ids: Coded, node_idx: I64, tables: Mapping[str, Any], is_sure: bool
) -> I64:
    """The service of each row, -1 where there is none (a fault).

    `pickup:NODE` and `transfer:FROM:NODE` are known where the units leave `node_idx` [rows], the node or FROM, and
    `tables` have such a transfer; they are what `way_service` says. Unless `is_sure` nothing is told of ways.
    """
    texts = view.text("service_id")
    found = view.find("service_id", service_ids)
    rows = np.flatnonzero((found < 0) & ~view.is_empty("service_id"))
    if not len(rows) or not service_ids.is_whole:
        return found
    ids = node_ids.texts().tolist()
    ways = _Ways(ids, tables.get("transfers", Transfers.empty()))
    known: dict[tuple[str, int], tuple[int, str, str]] = {}
    words: dict[int, tuple[str, str]] = {}
    target = np.full(view.num_rows, -1, np.int64)
    for row in rows.tolist():
        asked = str(texts[row]), int(node_idx[row])
        if asked not in known:
            known[asked] = ways.target(*asked)
        target[row], code, message = known[asked]
        if code:
            words[row] = code, message
    is_way = np.flatnonzero(target >= 0)
    found[is_way] = way_service(len(service_ids.codes), len(node_ids.codes), node_idx[is_way], target[is_way])
    services = service_ids.distinct.to_pylist()

    def marked(code: str, has_words: bool) -> Bools:
        bad = np.zeros(view.num_rows, np.bool_)
        bad[[row for row, (its, message) in words.items() if its == code and bool(message) == has_words]] = True
        return bad

    view.tell(
        "E301", "service_id", marked("E301", False), "no service of that name", lambda text: suggest(text, services)
    )
    for code in ("E301", "E421") if is_sure else ():
        view.tell_rows(code, "service_id", marked(code, True), lambda row: words[row][1])
    return found


class _Ways:
    """Ways by which lines may be picked up, whoever does."""

    def __init__(self, node_ids: list[str], transfers: Transfers) -> None:
        self._node_of = {node_id: node for node, node_id in enumerate(node_ids)}
        self._ids = node_ids
        self._transfers = set(zip(transfers.from_node_idx.tolist(), transfers.to_node_idx.tolist(), strict=True))

    def target(self, text: str, node: int) -> tuple[int, str, str]:
        """Where what leaves a node by a way is picked up; else -1, a code and why not ("": it is no way at all)."""
        if text.startswith(f"{PICKUP}:"):
            target = self._node_of.get(text.removeprefix(f"{PICKUP}:"), -1)
            if target < 0:
                return -1, "E301", f"no node to pick up at is of that name, got {text!r}"
            if node < 0:
                return -1, "", ""
            wrong = f"what is picked up by {text} leaves {self._ids[target]} itself, not {self._ids[node]}"
            return (target, "", "") if target == node else (-1, "E421", wrong)
        if not text.startswith(f"{TRANSFER}:"):
            return -1, "E301", ""
        if node < 0:
            return -1, "", ""
        beginning = f"{TRANSFER}:{self._ids[node]}:"
        if not text.startswith(beginning):
            return -1, "E421", f"a transfer from {self._ids[node]} begins with {beginning}, got {text!r}"
        target = self._node_of.get(text.removeprefix(beginning), -1)
        if (node, target) not in self._transfers:
            return -1, "E301", f"no such row in the table transfers, got {text!r}"
        return target, "", ""

"""Plans as files: `.json` is the whole plan document, `.csv` and `.parquet` are one row a package line.

Reading resolves every id against a problem and reports all faults at once. What the packages are worth is not
judged here: any plan that can be stated is read, and `check` says whether it is feasible.
"""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from pathlib import Path
from typing import NoReturn

import numpy as np

from splitship.domain import Problem, Result
from splitship.domain.parts import with_whole_lines
from splitship.errors import Finding, PlanError
from splitship.packs.content_skus import content_component_ids, content_sku_ids
from splitship.packs.documents import Document, day_texts, package_ids, plan_document
from splitship.packs.plan_claims import PlanFile
from splitship.packs.plan_json import read_plan_document
from splitship.packs.plan_rows import COMPONENT, ROW_COLUMNS, read_plan_csv, read_plan_parquet

PLAN_SUFFIXES = (".json", ".csv", ".parquet")


def write_plan(path: Path | str, result: Result) -> None:
    """Write a result's plan to `path`; the suffix chooses the form. A file is replaced whole or not at all.

    Raises:
        PlanError: the suffix is none of .json, .csv, .parquet.
        OSError: the file cannot be written.
    """
    write_whole(path, plan_bytes(result, plan_suffix(path)))


def write_whole(path: Path | str, data: bytes) -> None:
    """Replace a file by other bytes, whole or not at all; OSError when that cannot be done."""
    path = Path(path)
    # A plan half written must never be taken for a plan: write beside it, then rename.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def read_plan(path: Path | str, problem: Problem, is_for_another: bool = False) -> PlanFile:
    """Read a plan file against its problem: the plan, its certificate if it has one, and what else it claims.

    A `.csv` or `.parquet` plan has neither certificate nor claims. With `is_for_another` the plan was made for another
    problem: ids that this one does not have are -1 and no faults, and claims are left out.

    Raises:
        PlanError: the file cannot be read as a plan; `findings` holds every fault with its place.
    """
    path = Path(path)
    suffix = plan_suffix(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PlanError([Finding(path.name, "E701", f"cannot be read: {error.strerror or error}")]) from error
    if suffix == ".json":
        return read_plan_document(data, path.name, problem, is_for_another)
    if suffix == ".csv":
        return read_plan_csv(data, path.name, problem, is_for_another)
    return read_plan_parquet(data, path.name, problem, is_for_another)


def plan_suffix(path: Path | str) -> str:
    """The form a plan file's name asks for: `.json`, `.csv` or `.parquet`, else PlanError."""
    suffix = Path(path).suffix.lower()
    if suffix not in PLAN_SUFFIXES:
        _refuse_suffix(Path(path), suffix)
    return suffix


def plan_bytes(result: Result, suffix: str) -> bytes:
    """A result's plan in the form of a suffix (`.json`, `.csv`, `.parquet`), as the bytes of the file."""
    if suffix == ".json":
        return document_text(plan_document(result)).encode()
    columns = plan_rows(result)
    if suffix == ".csv":
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
        return text.getvalue().encode()
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = pa.BufferOutputStream()
    kinds = {name: pa.int64() if name == "quantity" else pa.string() for name in columns}
    pq.write_table(pa.table({name: pa.array(columns[name], kinds[name]) for name in columns}), buffer)
    written: bytes = buffer.getvalue().to_pybytes()
    return written


def plan_rows(result: Result) -> dict[str, list[str] | list[int]]:
    """The plan as columns, one row a package line: package_id, order_id, ..., quantity."""
    problem = result.problem
    plan = with_whole_lines(problem, result.plan)
    package, line = plan.content_package, plan.content_line
    package_id, ship_on = np.array(package_ids(result), object), np.array(day_texts(plan.ship_day), object)
    columns = (
        package_id[package].tolist(),
        problem.orders.order_id[plan.order_idx[package]].tolist(),
        problem.nodes.node_id[plan.node_idx[package]].tolist(),
        problem.services.service_id[plan.service_idx[package]].tolist(),
        ship_on[package].tolist(),
        problem.lines.line_id[line].tolist(),
        content_sku_ids(problem, plan),
        plan.content_quantity.tolist(),
    )
    rows: dict[str, list[str] | list[int]] = dict(zip(ROW_COLUMNS, columns, strict=True))
    components = content_component_ids(problem, plan)
    return rows if components is None else rows | {COMPONENT: components}


def document_text(document: Document) -> str:
    """A document as JSON with one line a key, and one line an element of each list: readable, and quick to write."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    parts = []
    for key, value in document.items():
        if isinstance(value, list) and value:
            text = "[\n" + ",\n".join(f"  {encode(element)}" for element in value) + "\n ]"
        else:
            text = encode(value)
        parts.append(f" {encode(key)}: {text}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _refuse_suffix(path: Path, suffix: str) -> NoReturn:
    message = f"a plan is a .json, .csv or .parquet file, got {suffix or 'no suffix'!r}"
    raise PlanError([Finding(path.name, "E701", message, "rename the file or choose another --plan")])

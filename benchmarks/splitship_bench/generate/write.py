"""From a specification to a pack's folder."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from splitship.errors import UsageError
from splitship_bench.generate.demand import draw_demand
from splitship_bench.generate.families import RECIPES
from splitship_bench.generate.geography import draw_network
from splitship_bench.generate.spec import InstanceSpec
from splitship_bench.generate.supply import draw_supply
from splitship_bench.generate.tables import Content, TableSource, table_sources
from splitship_bench.generate.tariff import LOCAL, SERVICES, make_lanes

FORM = 1
"""Goes up when the same name leads to other tables than before; records of different forms are not of one instance."""

MOST_ORDERS_CSV = 10_000
_STRETCH = 1_000_000
"""Rows made and written at once."""

_SETTINGS = """\
# Generated, form {form}: the name says all there is to say (docs/instances.md).
schema: splitship.pack/1
name: {name}
currency: USD
as_of: 2026-03-02T08:00:00+00:00
objective:
  delivery_day: 0
  late_day: 6.00
  split: 0
  unfilled_unit: 0
  unfilled_value: 0
limits: {{max_packages: null, max_distance_km: null, max_transit_days: null}}
rules: []
overlays: {{}}
scenarios: {{baseline: []}}
sweeps: {{}}
solve: {{time_limit_s: 60, gap: 0.001, seed: 1, threads: 2}}
"""


def generate_pack(spec: InstanceSpec, path: Path, on_progress: Callable[[str], None] | None = None) -> None:
    """Write the pack of a specification to the folder `path`: CSV up to 10,000 orders, Parquet beyond.

    The same specification gives the same tables, always (docs/instances.md says on what that rests). The folder
    appears whole or not at all: tables are written beside it and renamed. `on_progress` hears one line a step.

    Raises:
        UsageError: `path` is there and not an empty folder, or it cannot be written.
    """
    tell = on_progress or (lambda _: None)
    _refuse_taken(path)
    content = draw_content(spec, tell)
    try:
        with _whole_or_nothing(path) as folder:
            for source in table_sources(content):
                if spec.orders <= MOST_ORDERS_CSV:
                    _write_csv(source, folder / f"{source.name}.csv")
                else:
                    _write_parquet(source, folder / f"{source.name}.parquet")
                tell(f"{source.name}: {source.num_rows:,} rows written")
            text = _SETTINGS.format(form=FORM, name=spec.name)
            (folder / "scenario.yaml").write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error


def draw_content(spec: InstanceSpec, tell: Callable[[str], None]) -> Content:
    """Everything in a pack, from one stream of random numbers: network, demand, stock, capacity, promises, in turn."""
    rng = np.random.default_rng(spec.seed)
    recipe = RECIPES[spec.family]
    network = draw_network(recipe, spec.nodes, rng)
    demand = draw_demand(recipe, spec.orders, network.city_weight, "single" in spec.options, rng)
    tell(f"{spec.orders:,} orders, {len(demand.line_sku):,} lines, {demand.quantity.sum():,} units drawn")
    supply = draw_supply(recipe, network, demand, rng)
    tell(f"{len(supply.on_hand):,} stock rows, {supply.on_hand.sum():,} units drawn")
    promise = rng.choice(4, spec.orders, p=[0.2, 0.3, 0.3, 0.2])
    services = (*SERVICES, LOCAL) if recipe.network == "layers" else SERVICES
    lanes = make_lanes(network, services)
    return Content(recipe, network, demand, supply, promise, services, lanes, "brackets" in spec.options)


def _refuse_taken(path: Path) -> None:
    try:
        taken = path.exists() and (not path.is_dir() or any(path.iterdir()))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error
    if taken:
        raise UsageError(f"{path} is there already; choose another folder, or remove it to generate it again")


@contextlib.contextmanager
def _whole_or_nothing(path: Path) -> Iterator[Path]:
    """A folder beside `path` that takes its name when all went well, and is removed otherwise."""
    path = path.absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.parent / f".{path.name}.{os.getpid()}.part"
    shutil.rmtree(beside, ignore_errors=True)  # of a process that was killed and had our number
    beside.mkdir()
    try:
        yield beside
        os.replace(beside, path)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _stretches(source: TableSource) -> Iterator[pa.Table]:
    for start in range(0, source.num_rows, _STRETCH):
        yield pa.table(source.make(start, min(start + _STRETCH, source.num_rows)))


def _write_csv(source: TableSource, path: Path) -> None:
    """No cell that we make has a comma, a quote or an end of line, so the text is the cells with commas between."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(",".join(source.make(0, 0)) + "\n")
        for table in _stretches(source):
            cells = [pc.cast(column.combine_chunks(), pa.string()) for column in table.columns]
            file.write("\n".join(pc.binary_join_element_wise(*cells, ",").to_pylist()) + "\n")


def _write_parquet(source: TableSource, path: Path) -> None:
    schema = pa.table(source.make(0, 0)).schema
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for table in _stretches(source):
            writer.write_table(table)

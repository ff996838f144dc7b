"""The one model of an instance as a file for any solver, with a map of its names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from splitship.errors import UsageError
from splitship.instance import Instance
from splitship.mip.model import MixedModel, build_model
from splitship.mip.names import name_table
from splitship.mip.wide import SLOT_CAP
from splitship.mip.write import write_lp, write_mps
from splitship.solvers import LinearModel

WRITERS: dict[str, Callable[[LinearModel, Path, Sequence[str]], None]] = {".mps": write_mps, ".lp": write_lp}
"""File formats by suffix."""


def export_model(instance: Instance, path: Path | str) -> tuple[Path, Path]:
    """Write the model of an instance to a `.mps` or `.lp` file, and the meaning of its names to `FILE.names.csv`.

    The file's minimum is the objective of the best plan in units of currency (to a micro per package for wide
    orders); there is no constant to add. Returns both paths.

    Raises:
        UsageError: another suffix, an instance without orders, or a file that cannot be written.
    """
    path = Path(path)
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise UsageError(f"{path}: a model file's name ends in {' or '.join(WRITERS)}")
    if not len(instance.line_sku):
        raise UsageError("there are no order lines, so there is no model to export")
    model = build_model(instance)
    names = path.with_name(f"{path.name}.names.csv")
    try:
        writer(model.linear, path, _notes(model))
        name_table(model).to_csv(names, index=False, lineterminator="\n")
    except OSError as error:
        raise UsageError(f"{error.filename or path}: cannot be written: {error.strerror or error}") from error
    return path, names


def _notes(model: MixedModel) -> list[str]:
    """What a reader of the file should know; ids are left out, since a format may not bear their characters."""
    notes = ["Minimum cost of shipping a batch of orders, in units of currency; no constant to add"]
    if model.wide.rounding_micros:
        notes.append(
            f"Costs are rounded to a millionth after the fact: up to {model.wide.rounding_micros} millionths off"
        )
    if not model.wide.is_exact:
        notes.append(f"A wide order gets at most {SLOT_CAP} packages of one kind: the optimum could be lower")
    return notes

"""The CBC that comes with PuLP on the one model, by its own command line.

PuLP makes a Python object of every entry before it writes the file that CBC reads, which takes longer than all the
rest of handing over. The model is written from its arrays instead, and CBC's log is read as it is printed.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

import numpy as np

from splitship.domain import SolveOptions
from splitship.errors import SolverError
from splitship.mip.write import write_mps
from splitship.solvers import LinearModel, SolverAnswer, SolverStatus
from splitship.solvers.model import Progress
from splitship.solvers.progress import LogListener, read_cbc
from splitship.units import MICROS, Floats

_LEAST_LIMIT_S = 0.001  # CBC takes 0 for no limit
_INFINITY = Decimal(10) ** 30
_BOUND = re.compile(r"^Lower bound:\s+(\S+)")
_NO_VALUES = "no integer solution"


def cbc_path() -> str:
    """The CBC program bundled with PuLP.

    Raises:
        SolverError: PuLP has none for this machine.
    """
    import pulp

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PuLP's own, about its next version
        engine = pulp.PULP_CBC_CMD(msg=False)
        if not engine.available():
            raise SolverError("PuLP has no CBC bundled for this machine")
    return str(engine.path)


def cbc_version() -> str:
    """CBC's version as it prints it, and PuLP's."""
    import pulp

    try:
        done = subprocess.run([cbc_path(), "-quit"], capture_output=True, text=True, timeout=10, check=False)
        found = re.search(r"^Version:\s*(\S+)", done.stdout, re.MULTILINE)
    except (OSError, subprocess.SubprocessError, SolverError):
        found = None
    return f"CBC {found[1] if found else '?'} (PuLP {pulp.__version__})"


def solve_cbc(model: LinearModel, options: SolveOptions, on_progress: Progress) -> SolverAnswer:
    """Solve a model with CBC; time limit, gap, seed and threads of `options` are passed on.

    Writing the model counts against the time limit.

    Raises:
        SolverError: there is no CBC, or it fails.
    """
    began = time.perf_counter()
    program = cbc_path()
    listener = LogListener(read_cbc, float(MICROS), on_progress)
    with tempfile.TemporaryDirectory(prefix="splitship-") as folder:
        mps, solution = Path(folder) / "model.mps", Path(folder) / "model.sol"
        write_mps(model, mps)
        spent = time.perf_counter() - began
        arguments = [program, str(mps), *_settings(options, spent), "-solve"]
        log = _run([*arguments, "-printingOptions", "all", "-solution", str(solution)], folder, listener)
        if listener.fault is not None:
            raise listener.fault
        if not solution.exists():
            raise SolverError(f"CBC left no answer; the end of its log: {' / '.join(log[-3:])}")
        status, values = read_solution(solution, model)
    objective = None if values is None else float(model.objective @ values)
    return SolverAnswer(
        status=status,
        objective=objective,
        bound=cbc_bound(log, status, objective),
        values=values,
        seconds=time.perf_counter() - began,
        solver="cbc",
        version=cbc_version(),
        detail=next((line.partition(" - ")[2] for line in log if line.startswith("Result - ")), ""),
    )


def _settings(options: SolveOptions, spent_s: float) -> list[str]:
    settings = ["-ratio", f"{options.gap:g}", "-timeMode", "elapsed"]
    settings += ["-randomSeed", str(options.seed), "-randomCbcSeed", str(options.seed)]
    if options.threads > 1:
        settings += ["-threads", str(options.threads)]
    if options.time_limit_s is not None:
        settings += ["-sec", f"{max(options.time_limit_s - spent_s, _LEAST_LIMIT_S):.3f}"]
    return settings


def _run(arguments: list[str], folder: str, listener: LogListener) -> list[str]:
    """Run CBC to its end and return its lines, handed over as they come; whatever happens, it is not left running.

    It writes to a terminal of its own: to a pipe it would write in blocks, and solutions would seem to come late.
    """
    log: list[str] = []
    ours, its = os.openpty()
    process = None
    try:
        try:
            process = subprocess.Popen(arguments, cwd=folder, stdin=subprocess.DEVNULL, stdout=its, stderr=its)
        finally:
            os.close(its)
        for lines in _lines_of(ours):
            log += lines
            listener(lines)
        code = process.wait()
    except OSError as error:
        raise SolverError(f"CBC cannot be started: {error}") from error
    finally:
        os.close(ours)
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()
    if code:
        raise SolverError(f"CBC ended with exit code {code}; the end of its log: {' / '.join(log[-3:])}")
    return log


def _lines_of(terminal: int) -> Iterator[list[str]]:
    """Whole lines as they are printed, until nobody has the terminal open any more."""
    rest = b""
    while True:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:  # how Linux tells that the other end is closed
            chunk = b""
        if not chunk:
            break
        *lines, rest = (rest + chunk).split(b"\n")
        if lines:
            yield [line.decode("utf-8", "replace").rstrip() for line in lines]
    if rest:
        yield [rest.decode("utf-8", "replace").rstrip()]


def read_solution(path: Path, model: LinearModel) -> tuple[SolverStatus, Floats | None]:
    """Status and values [columns] of CBC's solution file.

    Its first line says how it ended; the others are number, name, value, reduced cost of every row, then of every
    column. A run stopped before a solution leaves the values of a relaxation: they are no solution.
    """
    with path.open(encoding="ascii", errors="replace") as file:
        head = file.readline().strip()
        rows = [line.replace("**", " ").split() for line in file]
    statuses = {
        "Optimal": SolverStatus.OPTIMAL,
        "Infeasible": SolverStatus.INFEASIBLE,
        "Integer": SolverStatus.INFEASIBLE,  # `Integer infeasible`
        "Unbounded": SolverStatus.UNBOUNDED,
    }
    status = statuses.get(head.partition(" ")[0], SolverStatus.FEASIBLE)
    if status in (SolverStatus.INFEASIBLE, SolverStatus.UNBOUNDED):
        return status, None
    if status is SolverStatus.FEASIBLE and (_NO_VALUES in head or " - objective value" not in head):
        return SolverStatus.NO_SOLUTION, None
    told = {row[1]: float(row[2]) for row in rows if len(row) > 2}
    # a column in no row and without cost may be left out: any value within its bounds will do
    free = np.clip(0.0, model.lower, model.upper)
    names = model.column_names.tolist()
    return status, np.array([told.get(name, own) for name, own in zip(names, free.tolist(), strict=True)])


def cbc_bound(log: Sequence[str], status: SolverStatus, objective: float | None) -> float | None:
    """The lower bound in micros that CBC claims at its end.

    It prints one where a gap is left, rounded to a few decimals, of which half of the last is taken off; an optimum
    without one is its own bound. Where it prints none at all (a limit at the root), the best of its messages counts.
    """
    for line in log:
        if (found := _BOUND.match(line)) is not None:
            try:
                bound = Decimal(found[1])
            except InvalidOperation:
                return None
            places = bound.as_tuple().exponent
            if isinstance(places, int) and abs(bound) < _INFINITY:
                return float((bound - Decimal((0, (5,), places - 1))) * MICROS)
            break
    if status is SolverStatus.OPTIMAL:
        return objective
    bounds = [told[1] for line in log if (told := read_cbc(line)) is not None and told[1] is not None]
    return max(bounds) * MICROS if bounds else None

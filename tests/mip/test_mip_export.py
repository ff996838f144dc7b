"""Exported models: other programs read them and find our optimum; the map of names leads back to the problem."""

from __future__ import annotations

import subprocess
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from mip_world import as_wide, random_instance
from ortools.linear_solver.python import model_builder
from scipy.sparse import csr_array

from splitship.domain import SolveOptions
from splitship.errors import UsageError
from splitship.instance import Instance, compile_problem
from splitship.mip import build_model, export_model, name_table, solve_model
from splitship.mip.names import NAME_COLUMNS
from splitship.mip.write import write_lp, write_mps
from splitship.packs import read_pack
from splitship.solvers import LinearModel, silence_stdout
from splitship.units import MICROS, strings

FORMATS = (".mps", ".lp")


def cbc_optimum(path: Path) -> float:
    """The optimum according to the CBC program, which reads the file itself."""
    import pulp

    program = pulp.PULP_CBC_CMD(_skip_v4_deprecation=True).path
    solution = path.with_suffix(".solution")
    command = [program, str(path), "-ratio", "0", "-solve", "-solution", str(solution)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert solution.exists(), done.stdout
    head = solution.read_text().splitlines()[0]
    assert head.startswith("Optimal"), head
    return float(head.split()[-1])


def pulp_optimum(path: Path) -> float:
    """The optimum after PuLP read the file by itself."""
    import pulp

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, problem = pulp.LpProblem.fromMPS(str(path))
        problem.solve(pulp.PULP_CBC_CMD(msg=False))
    assert problem.sol_status == pulp.LpSolutionOptimal
    return float(pulp.value(problem.objective))


def ortools_optimum(path: Path) -> float:
    """The optimum after OR-Tools read the file (its LP reader is of another dialect)."""
    model, solver = model_builder.Model(), model_builder.Solver("scip")
    with silence_stdout():
        assert model.import_from_mps_file(str(path))
        assert solver.solve(model) == model_builder.SolveStatus.OPTIMAL
    return float(solver.objective_value)


def highs_optimum(path: Path) -> float:
    """The optimum after HiGHS, the one inside SciPy, read the file by its own readers."""
    core = pytest.importorskip("scipy.optimize._highspy._core")
    highs = core._Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("mip_rel_gap", 0.0)
    assert highs.readModel(str(path)) == core.HighsStatus.kOk
    highs.run()
    assert highs.getModelStatus() == core.HighsModelStatus.kOptimal
    return float(highs.getObjectiveValue())


def optima(path: Path) -> dict[str, float]:
    """Every outside program's optimum of a file, in units of currency."""
    found = {"cbc": cbc_optimum(path), "highs": highs_optimum(path)}
    if path.suffix == ".mps":
        found |= {"pulp": pulp_optimum(path), "ortools": ortools_optimum(path)}
    return found


def optimum(instance: Instance) -> float:
    """Ours, in units of currency."""
    objective = solve_model(instance, SolveOptions(gap=0)).objective
    assert objective is not None
    return objective / MICROS


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("make", [lambda instance: instance, as_wide], ids=["narrow", "wide"])
@pytest.mark.parametrize("seed", [11, 14, 16, 23])
def test_outside_programs_find_our_optimum_in_the_file(seed, make, suffix, tmp_path):
    """Four readers and solvers, narrow and wide orders, both formats: one optimum, to two micros."""
    instance = make(random_instance(seed))
    ours = optimum(instance)
    path, _ = export_model(instance, tmp_path / f"model{suffix}")
    theirs = optima(path)
    assert theirs == pytest.approx(dict.fromkeys(theirs, ours), abs=2e-6)


def test_calibration_pack_exports_to_its_known_optimum(shared_packs, tmp_path):
    """calm-300: 4,360.32 for CBC and HiGHS, each by its own reader; lines of LP files stay under 255 characters."""
    instance = compile_problem(read_pack(shared_packs / "calm-300").problem())
    path, names = export_model(instance, tmp_path / "calm.mps")
    assert cbc_optimum(path) == pytest.approx(4360.32, abs=0.005)
    path, _ = export_model(instance, tmp_path / "calm.lp")
    assert highs_optimum(path) == pytest.approx(4360.32, abs=0.005)
    assert max(len(line) for line in path.read_text().splitlines()) <= 255
    linear = build_model(instance).linear
    table = pd.read_csv(names, dtype=str, keep_default_na=False)
    assert table["name"].tolist() == [*linear.column_names, *linear.row_names]


def awkward() -> LinearModel:
    """Every kind of bound, row and column: free, fixed, ranged, continuous between integers, empty rows and columns."""
    rows = [
        [1.0, 1, 0, 0, 0, 0],
        [1, 0, 0, 0, 0, 0],
        [0, 1, 1, 1, 0, 0],
        [0, 0, 0, 0, 0, 0],
        [0, 2, 0, 0, 0, -1],
    ]
    return LinearModel(
        name="awkward",
        objective=np.array([1.5e6, -1e6, 0.000001, 2e6, 0.0, 1e6]),
        lower=np.array([-np.inf, 0, -4, 2, 0, -3]),
        upper=np.array([np.inf, 7.5, np.inf, 2, 1, -1]),
        is_integer=np.array([False, True, True, False, True, True]),
        column_names=strings(["a0", "b0", "c0", "d0", "f0", "g0"]),
        matrix=csr_array(np.array(rows)),
        row_lower=np.array([3.0, -2.5, -np.inf, -np.inf, 1.0]),
        row_upper=np.array([9.25, np.inf, 8.0, 5.0, 12.0]),
        row_names=strings(["ranged0", "low0", "high0", "empty0", "ranged1"]),
    )


@pytest.mark.parametrize(("suffix", "write"), [(".mps", write_mps), (".lp", write_lp)])
def test_every_kind_of_bound_and_row_survives_the_file(suffix, write, tmp_path):
    """a >= -2.5, 3 <= a + b, 1 <= 2 b - g <= 12, g in -3..-1, b whole <= 7, d = 2, b + c + d <= 8, c >= -4.

    Cost 1.5 a - b + 2 x 2 + g (c counts next to nothing). g = -3: 2 b <= 9, so b <= 4; a >= 3 - b.
    b = 4: a = -1: -1.5 - 4 + 4 - 3 = -4.5. g = -2: b <= 5, a = -2: -3 - 5 + 4 - 2 = -6. g = -1: b <= 5, a = -2:
    -3 - 5 + 4 - 1 = -5. So -6, and c = -4 takes 4e-12 off. PuLP's reader knows no RANGES; our models have none.
    """
    path = tmp_path / f"awkward{suffix}"
    write(awkward(), path, ["a note"])
    assert "a note" in path.read_text().splitlines()[0]
    assert cbc_optimum(path) == pytest.approx(-6, abs=1e-6)
    assert highs_optimum(path) == pytest.approx(-6, abs=1e-6)
    if suffix == ".mps":
        assert ortools_optimum(path) == pytest.approx(-6, abs=1e-6)


def test_numbers_in_files_read_back_as_the_same_floats(tmp_path):
    """Shortest decimals: a cost of 0.1 + 0.2 micros-exact money is not cut."""
    model = build_model(random_instance(11)).linear
    path = tmp_path / "model.mps"
    write_mps(model, path)
    costs = {}
    for line in path.read_text().splitlines():
        parts = line.split()
        if len(parts) == 3 and parts[1] == "cost":
            costs[parts[0]] = float(parts[2])
    told = [costs.get(name, 0.0) for name in model.column_names.tolist()]
    assert told == (model.objective / MICROS).tolist()


def test_names_lead_back_to_the_packages_of_a_plan():
    """The columns at 1 or more in an optimum, looked up in the map, are the plan's packages."""
    instance = random_instance(11)
    problem, model = instance.problem, build_model(instance)
    table = name_table(model).set_index("name")
    assert list(name_table(model).columns) == list(NAME_COLUMNS)
    packages = table[table["kind"] == "package"]
    assert len(packages) == len(model.contents)
    for row, name in enumerate(packages.index.tolist()):
        content, option = int(model.contents.content[row]), int(model.contents.option[row])
        entry = packages.loc[name]
        choice = int(instance.choice_ptr[option] + instance.content_choice[content])
        assert entry["node_id"] == problem.nodes.node_id[instance.option_node[option]]
        assert entry["service_id"] == problem.services.service_id[instance.choice_service[choice]]
        units = dict(part.rsplit(":", 1) for part in entry["contents"].split(";"))
        number = content - int(instance.content_ptr[option])
        for slot in range(
            *instance.option_line_ptr[option : option + 2]
        ):  # the content number taken apart, first line fastest
            number, steps = divmod(number, int(instance.option_line_radix[slot]))
            line = int(instance.option_line[slot])
            held = units.get(problem.lines.line_id[line], "0")
            assert int(held) == steps * instance.line_step[line]
            assert entry["order_id"] == problem.orders.order_id[problem.lines.order_idx[line]]


def test_names_of_every_row_and_column_are_there_and_distinct():
    """Wide and narrow: no name twice, none that a reader could take for a number, kinds for all."""
    for seed in (11, 14):
        for instance in (random_instance(seed), as_wide(random_instance(seed))):
            model = build_model(instance)
            table = name_table(model)
            assert table["name"].is_unique
            assert table["name"].str.fullmatch(r"[a-df-z][a-z]*\d+").all()
            assert (table["kind"] != "").all()
            slots = table[table["kind"].str.startswith("slot_")]
            assert (slots[["order_id", "node_id", "service_id", "ship_on"]] != "").all().all()
            assert (table.loc[table["kind"] == "slot_content", ["line_id", "sku_id"]] != "").all().all()
            supply = table[table["name"].str.startswith("supply")]
            assert (supply["node_id"] != "").all()
            assert set(supply["kind"]) <= {"stock", "node_packages", "node_units", "service_packages"}


def test_other_suffix_is_refused_with_the_two_that_work(tmp_path):
    """And nothing is written."""
    with pytest.raises(UsageError, match=r"\.mps or \.lp"):
        export_model(random_instance(11), tmp_path / "model.txt")
    assert list(tmp_path.iterdir()) == []


def test_file_that_cannot_be_written_is_an_error_with_its_place(tmp_path):
    """A folder that is not there is named."""
    with pytest.raises(UsageError, match="missing"):
        export_model(random_instance(11), tmp_path / "missing" / "model.mps")

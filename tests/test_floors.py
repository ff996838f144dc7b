"""Who may import whom. A module imports only from floors strictly below its own.

`python tests/test_floors.py` writes the list of public names anew, after a deliberate change of them.
"""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
PUBLIC_NAMES = Path(__file__).with_name("public_names.json")

FLOORS = {
    "errors": 0,
    "spans": 0,
    "units": 0,
    "domain": 1,
    "packs": 2,
    "instance": 2,
    "check": 2,
    "solvers": 2,
    "engine": 3,
    "mip": 3,
    "policies": 4,
    "run": 5,
    "planning": 6,
    "store": 6,
    "v1": 6,  # generated; imported by the service only
    "service": 7,
    "web": 7,
    "cli": 8,
    "library": 9,
    "__init__": 10,
    "__main__": 10,
}
ONLY_BELOW_CHECK = {"check", "domain", "errors", "units"}
MAY_TALK_GRPC = {"v1", "service"}
GRPC = {"grpc", "grpc_health", "grpc_reflection", "grpc_status", "google"}


def imported_modules(tree: ast.Module, package: list[str]) -> Iterator[tuple[int, str]]:
    """(line, absolute dotted name) of everything imported anywhere in a module, also inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield node.lineno, f"{module}.{alias.name}"


def faults(source: Path) -> list[str]:
    """Every import in `source`/splitship that the floors do not allow."""
    found = []
    for path in sorted(source.rglob("*.py")):
        parts = path.relative_to(source).with_suffix("").parts
        room = parts[1]
        if room not in FLOORS:
            found.append(f"{path.name}: {room} has no floor; give it one in FLOORS")
            continue
        for line, name in imported_modules(ast.parse(path.read_text()), list(parts[:-1])):
            where = f"{'/'.join(parts)}.py:{line}"
            words = name.split(".")
            if words[0] in GRPC and room not in MAY_TALK_GRPC:
                found.append(f"{where}: only the service imports {words[0]}")
            if words[0] != "splitship":
                continue
            target = words[1] if len(words) > 1 else "__init__"
            # `from splitship import __version__` and the like reach the package's own file
            target = target if target in FLOORS else "__init__"
            if target == "v1" and room not in MAY_TALK_GRPC:
                found.append(f"{where}: only the service imports generated code")
            if room == "check" and target not in ONLY_BELOW_CHECK:
                found.append(f"{where}: check stands alone, and imports {target}")
            if target != room and FLOORS[target] >= FLOORS[room]:
                found.append(f"{where}: {room} (floor {FLOORS[room]}) imports {target} (floor {FLOORS[target]})")
    return found


def public_names(source: Path) -> dict[str, list[str]]:
    """`__all__` of every package, by the package's name."""
    names = {}
    for path in sorted(source.glob("splitship/*/__init__.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                names[path.parent.name] = sorted(ast.literal_eval(node.value))
    return names


def test_imports_go_down_only() -> None:
    """Nothing in the source imports from its own floor or from above."""
    assert faults(SOURCE) == []


def test_floors_notice_planted_faults(tmp_path: Path) -> None:
    """Upward, sideways, relative, hidden in a function, grpc outside the service: each is caught."""
    planted = {
        "domain/up.py": "from splitship.engine import solve",
        "packs/sideways.py": "import splitship.check",
        "check/relative.py": "from ..instance import compile_problem",
        "engine/hidden.py": "def run():\n    from splitship.run import solve\n",
        "run/talks.py": "import grpc",
        "cli/generated.py": "from splitship.v1 import plan_pb2",
        "units.py": "from splitship import errors",
        "attic/new.py": "",
        "mip/good.py": "from splitship.solvers import solve_milp\nfrom splitship.mip import model\nimport numpy",
    }
    for name, text in planted.items():
        path = tmp_path / "splitship" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    found = "\n".join(faults(tmp_path))
    assert "domain/up.py:1: domain (floor 1) imports engine (floor 3)" in found
    assert "packs/sideways.py:1: packs (floor 2) imports check (floor 2)" in found
    assert "check/relative.py:1: check stands alone, and imports instance" in found
    assert "engine/hidden.py:2: engine (floor 3) imports run (floor 5)" in found
    assert "run/talks.py:1: only the service imports grpc" in found
    assert "cli/generated.py:1: only the service imports generated code" in found
    assert "units.py:1: units (floor 0) imports errors (floor 0)" in found
    assert "attic has no floor" in found
    assert "good.py" not in found


def test_packages_only_re_export() -> None:
    """An `__init__.py` of a package holds a docstring, imports `X as X`, and `__all__` with exactly these names."""
    wrong = []
    for path in sorted(SOURCE.glob("splitship/*/__init__.py")):
        room = path.parent.name
        if room == "v1":
            continue
        imported = []
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ImportFrom):
                imported += [alias.asname for alias in node.names]
                wrong += [f"{room}: {alias.name} without `as`" for alias in node.names if alias.asname != alias.name]
            elif not isinstance(node, ast.Assign | ast.Expr):
                wrong.append(f"{room}: line {node.lineno} does something else")
        if sorted(filter(None, imported)) != public_names(SOURCE).get(room, []):
            wrong.append(f"{room}: __all__ is not what is imported")
    assert wrong == []


def test_public_names_are_the_frozen_ones() -> None:
    """A public name appears or goes only on purpose: run this file to accept the change."""
    changed = "public names changed: python tests/test_floors.py writes the list anew, if that is meant"
    assert public_names(SOURCE) == json.loads(PUBLIC_NAMES.read_text()), changed


if __name__ == "__main__":
    PUBLIC_NAMES.write_text(json.dumps(public_names(SOURCE), indent=1) + "\n")

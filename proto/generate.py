"""Generates the Python code of the API from proto/ into src/ (or into a folder given as the argument).

python proto/generate.py [FOLDER]
"""

from __future__ import annotations

import sys
from importlib import resources
from pathlib import Path

from grpc_tools import protoc

ROOT = Path(__file__).resolve().parent


def main(target: Path) -> int:
    """Generate messages, stubs and type stubs; the path of a .proto file is its Python module's path."""
    files = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("splitship/v1/*.proto"))
    well_known = str(resources.files("grpc_tools") / "_proto")
    services = [file for file in files if file.endswith("_service.proto")]
    include = ["protoc", f"-I{ROOT}", f"-I{well_known}"]
    failed = protoc.main([*include, f"--python_out={target}", f"--pyi_out={target}", *files])
    return int(failed or protoc.main([*include, f"--grpc_python_out={target}", *services]))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "src"))

"""A server with the stub solver as a program of its own: prints its port, then serves until a signal."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import stub_solver

from splitship.service.entry import ServerSettings
from splitship.service.server import run_server

if __name__ == "__main__":
    run_server(
        ServerSettings(port=0, solve=stub_solver.solve, workers=1, spares=0), lambda port: print(port, flush=True)
    )

"""`splitship doctor`: versions, solvers, machine; everything a report of a problem should say."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from splitship.cli.console import emit, emit_json, emit_table, key_values, markdown_table
from splitship.cli.options import ReportForm, ReportFormOption

_LIBRARIES = ("numpy", "scipy", "numba", "pandas", "pyarrow", "ortools", "pulp", "grpcio", "protobuf", "typer")


def doctor(
    server: Annotated[
        str | None,
        typer.Option("--server", metavar="HOST:PORT", help="Ask only whether this server is well.", show_default=False),
    ] = None,
    is_compile: Annotated[
        bool, typer.Option("--compile", help="Compile the kernels now, so that the first solve does not wait.")
    ] = False,
    output: ReportFormOption = ReportForm.TABLE,
) -> None:
    """Show versions, the solvers found, cores, memory, and whether the kernels are compiled.

    Nothing is fetched: Splitship works without a network. With --server the exit code is 0 when it is serving, else 1.

    [bold]Examples[/bold]

    splitship doctor -o json

    splitship doctor --server 127.0.0.1:50051
    """
    if server is not None:
        _ask(server, output)
        return
    if is_compile:
        from splitship.cli.kernels import compile_kernels
        from splitship.cli.progress import Progress

        with Progress("starting") as progress:
            compile_kernels(progress)
    document = doctor_document()
    if output is ReportForm.JSON:
        emit_json(document)
        return
    rows = _rows(document)
    if output is ReportForm.MD:
        emit(markdown_table(("", ""), rows))
    else:
        emit_table(key_values(rows))


def doctor_document() -> dict[str, Any]:
    """What `doctor` shows, schema `splitship.doctor/1`."""
    import os
    import platform
    import sys
    from importlib.metadata import version

    from splitship.solvers import available_solvers

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    kernels = _kernels()
    return {
        "schema": "splitship.doctor/1",
        "splitship": version("splitship"),
        "python": platform.python_version(),
        "executable": sys.executable,
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cores": cores,
        "memory_mb": _memory_mb(),
        "libraries": {name: version(name) for name in _LIBRARIES},
        "solvers": [
            {"name": info.name, "version": info.version, "through": info.through} for info in available_solvers()
        ],
        "kernels": kernels,
        "network": "not needed",
    }


def _ask(server: str, output: ReportForm) -> None:
    """Print a server's state; exit code 1 when it is anything but SERVING."""
    from splitship.service.probe import probe

    state = probe(server)
    if output is ReportForm.JSON:
        emit_json({"schema": "splitship.health/1", "server": server, "state": state})
    else:
        emit(f"{server}: {state}\n")
    raise typer.Exit(0 if state == "SERVING" else 1)


def _memory_mb() -> int | None:
    """Physical memory, None where the system does not say."""
    import os

    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    except (ValueError, OSError, AttributeError):
        return None


def _kernels() -> dict[str, Any]:
    """Where compiled kernels are cached, and how many are."""
    import os

    from splitship.cli.kernels import are_compiled, cache_folder, count_kernels

    folder = cache_folder()
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return {
        "compiled": are_compiled(),
        "cached": count_kernels(),
        "folder": str(folder),
        "writable": os.access(existing, os.W_OK),
    }


def _rows(document: dict[str, Any]) -> list[tuple[str, str]]:
    kernels = document["kernels"]
    state = "compiled" if kernels["compiled"] else "not yet compiled: the first solve does that, about six minutes"
    if not kernels["writable"]:
        state += "; the cache cannot be written: set NUMBA_CACHE_DIR"
    memory = "unknown" if document["memory_mb"] is None else f"{document['memory_mb']:,} MB"
    rows = [
        ("splitship", document["splitship"]),
        ("python", f"{document['python']} ({document['executable']})"),
        ("system", document["system"]),
        ("cores", str(document["cores"])),
        ("memory", memory),
        ("kernels", state),
        ("network", document["network"]),
        ("libraries", ", ".join(f"{name} {number}" for name, number in document["libraries"].items())),
    ]
    for info in document["solvers"]:
        rows.append(("solver", f"{info['name']} {info['version']} (through {info['through']})"))
    if not document["solvers"]:
        rows.append(("solver", "none found"))
    return rows

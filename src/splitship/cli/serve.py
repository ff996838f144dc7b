"""`splitship serve`: the gRPC server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from splitship.errors import UsageError

if TYPE_CHECKING:
    from splitship.service.entry import ServerSettings


def serve_command(
    host: Annotated[str, typer.Option(metavar="HOST", help="Address to listen on; loopback: this machine only.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, metavar="N", help="0 takes a free port.")] = 50051,
    pack: Annotated[
        list[str] | None,
        typer.Option(
            "--pack", metavar="NAME=DIR", help="A pack that requests may name; may be repeated.", show_default=False
        ),
    ] = None,
    packs: Annotated[
        Path | None,
        typer.Option("--packs", metavar="DIR", help="Every pack in this folder, by folder name.", show_default=False),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Calls solved at once.", show_default="cores - 1")
    ] = None,
    threads: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Threads of one solve.", show_default="cores / workers")
    ] = None,
    max_queue: Annotated[int, typer.Option(min=0, metavar="N", help="Calls that may wait.")] = 64,
    max_message_mb: Annotated[int, typer.Option(min=1, max=500, metavar="MB", help="Largest message, in MiB.")] = 64,
    time_limit: Annotated[
        float, typer.Option(min=0, metavar="S", help="Time limit when a request does not say one.")
    ] = 60.0,
    max_time_limit: Annotated[float, typer.Option(min=0, metavar="S", help="Longest time limit.")] = 3600.0,
    reflection: Annotated[bool, typer.Option(help="Let grpcurl and the like see the API.")] = True,
    until_stdin_closes: Annotated[bool, typer.Option("--until-stdin-closes", hidden=True)] = False,
) -> None:
    """Serve allocations over gRPC until SIGTERM or Ctrl-C; a second one stops at once.

    There is no encryption and no authentication yet: keep it on loopback or inside a trusted network.

    [bold]Examples[/bold]

    splitship serve --packs scenarios

    splitship serve --port 0 --pack retail=scenarios/us-retail
    """
    from splitship.service.entry import MIB, ServerSettings

    settings = ServerSettings(
        host=host,
        port=port,
        packs=pack_folders(pack or [], packs),
        workers=workers,
        threads=threads,
        max_queue=max_queue,
        max_message_bytes=max_message_mb * MIB,
        max_stream_bytes=max(1024, max_message_mb) * MIB,
        default_time_limit_s=time_limit,
        max_time_limit_s=max_time_limit,
        has_reflection=reflection,
    )
    serve(settings, until_stdin_closes)


def serve(settings: ServerSettings, until_stdin_closes: bool = False) -> None:
    """Run a server until a signal (or, if wished, the end of standard input), and say where it listens.

    Raises:
        UsageError: the address cannot be used.
        InputError: a pack cannot be used.
        WorkerError: no solver process can be started.
    """
    from splitship.cli.console import emit, say
    from splitship.cli.kernels import compile_apart
    from splitship.service.server import run_server

    compile_apart()  # once, and not in every worker at the same time
    if settings.host not in ("127.0.0.1", "localhost", "::1", "[::1]"):
        say(f"splitship: {settings.host} can be reached by others, and there is no authentication yet")

    def on_ready(port: int) -> None:
        if until_stdin_closes:
            _stop_with_stdin()
        emit(how_to_call(settings, port))

    run_server(settings, on_ready)


def how_to_call(settings: ServerSettings, port: int) -> str:
    """Where the server listens, and two ways to call it."""
    host = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(settings.host, settings.host)
    names = sorted(settings.packs)
    packs = f"packs: {', '.join(names)}\n" if names else ""
    source = repr(names[0]) if names else 'read_pack("scenarios/us-retail")'
    body = f'{{"pack": {{"name": "{names[0]}"}}}}' if names else "@ < request.json"
    grpcurl = (
        f"  grpcurl -plaintext -d '{body}' {host}:{port} splitship.v1.AllocationService/Allocate\n"
        if settings.has_reflection
        else ""
    )
    imports = "" if names else "  from splitship.packs import read_pack\n"
    return (
        f"listening on {settings.host}:{port}\n"
        f"{packs}"
        "call it:\n"
        f"{grpcurl}"
        f"{imports}"
        "  from splitship.service import Client\n"
        f'  with Client("{host}:{port}") as client:\n'
        f"      print(client.allocate({source}, time_limit_s=10))\n"
    )


def pack_folders(named: list[str], folder: Path | None) -> dict[str, str]:
    """Packs by name, from NAME=DIR texts and from every pack in a folder.

    Raises:
        UsageError: a text that is no NAME=DIR, a name given twice, a folder that is none.
    """
    found: dict[str, str] = {}
    if folder is not None:
        if not folder.is_dir():
            raise UsageError(f"--packs: there is no folder {folder}")
        for path in sorted(folder.iterdir()):
            if (path / "scenario.yaml").is_file():
                found[path.name] = str(path)
        if not found:
            raise UsageError(f"--packs: no folder in {folder} has a scenario.yaml")
    for text in named:
        name, equals, path_text = text.partition("=")
        if not (name and equals and path_text):
            raise UsageError(f"--pack: expected NAME=DIR, got {text!r}")
        if name in found:
            raise UsageError(f"--pack: two packs are named {name!r}")
        if not Path(path_text).is_dir():
            raise UsageError(f"--pack {name}: there is no folder {path_text}")
        found[name] = path_text
    return found


def _stop_with_stdin() -> None:
    """Stop in order when whoever started this server is gone: standard input ends."""
    import os
    import signal
    import sys
    import threading

    def wait() -> None:
        while sys.stdin.buffer.read(4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()

"""The `splitship` program: its commands, and the one place where an exception becomes an exit code.

This module and those of the commands import nothing heavy: `splitship --help` must be quick, so the bodies of the
commands import what they need.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from splitship.errors import InputError, SplitshipError

OUR_FAULT = 70
INTERRUPTED = 130


class _Commands(TyperGroup):
    """Runs a command; what it raises becomes words on standard error and the documented exit code."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except InputError as error:
            from splitship.cli.console import say
            from splitship.cli.findings import say_input_error

            say_input_error(error)
            if _wants_traceback():
                say(_traceback())
            raise typer.Exit(error.exit_code) from error
        except SplitshipError as error:
            from splitship.cli.console import say

            say(f"splitship: {error}")
            if _wants_traceback():
                say(_traceback())
            raise typer.Exit(error.exit_code) from error
        except KeyboardInterrupt as error:
            from splitship.cli.console import say

            say("splitship: interrupted")
            raise typer.Exit(INTERRUPTED) from error
        except BrokenPipeError:
            raise
        except OSError as error:
            from splitship.cli.console import say

            place = f"{error.filename}: " if error.filename else ""
            say(f"splitship: {place}{error.strerror or error}")
            if _wants_traceback():
                say(_traceback())
            raise typer.Exit(OUR_FAULT if error.filename is None else 2) from error
        except Exception as error:
            if type(error).__module__.startswith("typer"):
                raise
            from splitship.cli.console import say

            say(f"splitship: our fault: {type(error).__name__}: {_first_line(error)} (--debug shows where)")
            if _wants_traceback():
                say(_traceback())
            raise typer.Exit(OUR_FAULT) from error


app = typer.Typer(
    name="splitship",
    cls=_Commands,
    help="Decides which node ships what, by which service, on which day, for a whole batch of orders at once: "
    "at the least total cost, with a lower bound that anyone can check.",
    epilog="Exit codes: 0 ok · 1 findings · 2 usage · 3 invalid pack or plan · 4 no possible package at all · "
    "5 a limit came before the first plan · 70 our fault · 130 interrupted, best plan saved.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)


def main() -> None:
    """Run the program with the arguments of the process."""
    for stream in (sys.stdout, sys.stderr):
        # Ids and places are UTF-8, whatever the locale says.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    app(prog_name="splitship")


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"splitship {version('splitship')}")
        raise typer.Exit


@app.callback()
def _global_options(
    debug: Annotated[
        bool, typer.Option("--debug", help="Show where an error was raised (or SPLITSHIP_DEBUG=1).")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    if debug:
        os.environ["SPLITSHIP_DEBUG"] = "1"


def _register() -> None:
    from splitship.cli.allocate import allocate_command
    from splitship.cli.bench import bench
    from splitship.cli.check import check
    from splitship.cli.compare import compare
    from splitship.cli.demo import demo_command
    from splitship.cli.doctor import doctor
    from splitship.cli.explain import explain
    from splitship.cli.export import export
    from splitship.cli.forecast_prices import forecast_prices
    from splitship.cli.frontier import frontier
    from splitship.cli.init import init
    from splitship.cli.order_test import one_order
    from splitship.cli.policy import policy
    from splitship.cli.prices import prices
    from splitship.cli.profile import profile
    from splitship.cli.replay import replay
    from splitship.cli.report import report
    from splitship.cli.scenarios import scenarios
    from splitship.cli.schema import schema
    from splitship.cli.serve import serve_command
    from splitship.cli.solve import solve
    from splitship.cli.sweep import sweep
    from splitship.cli.validate import validate

    packs, answers, server, speed = "Packs", "Answers", "Server and machine", "Speed and quality"
    app.command(rich_help_panel=packs)(init)
    app.command(rich_help_panel=packs)(schema)
    app.command(rich_help_panel=packs)(validate)
    app.command(rich_help_panel=packs)(scenarios)
    app.command(rich_help_panel=answers)(solve)
    app.command(rich_help_panel=answers)(sweep)
    app.command(rich_help_panel=answers)(replay)
    app.command(rich_help_panel=answers)(check)
    app.command(rich_help_panel=answers)(compare)
    app.command("test", rich_help_panel=answers)(one_order)
    app.command(rich_help_panel=answers)(report)
    app.command(rich_help_panel=answers)(explain)
    app.command(rich_help_panel=answers)(policy)
    app.command(rich_help_panel=answers)(export)
    app.command("forecast-prices", rich_help_panel=answers)(forecast_prices)
    app.command(rich_help_panel=answers)(prices)
    app.command(rich_help_panel=answers)(frontier)
    app.command("serve", rich_help_panel=server)(serve_command)
    app.command("allocate", rich_help_panel=server)(allocate_command)
    app.command("demo", rich_help_panel=server)(demo_command)
    app.command(rich_help_panel=server)(doctor)
    app.command(rich_help_panel=speed)(profile)
    app.add_typer(bench, rich_help_panel=speed)


def _wants_traceback() -> bool:
    return os.environ.get("SPLITSHIP_DEBUG", "") not in ("", "0")


def _traceback() -> str:
    import traceback

    return traceback.format_exc().rstrip()


def _first_line(error: BaseException) -> str:
    lines = str(error).splitlines()
    return lines[0] if lines else "no message"


_register()

"""``ebmbench view``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ebmbench.commands.options import FINE, RunName, Runs

if TYPE_CHECKING:
    from ebmbench.commands.viewing.server import Server, Shown

NICE = 10  # a run that goes on has the machine first


def view(
    run: RunName,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Of the address; any that is free if left out")
    ] = 0,
    browser: Annotated[
        bool | None,
        typer.Option(
            "--browser/--no-browser",
            help="Open a browser; if left out, in a terminal where there is a display",
            show_default=False,
        ),
    ] = None,
    runs: Runs = Path("runs"),
) -> None:
    """Show a run's page in a browser of this machine, and follow the run while it goes on."""
    from ebmbench.api.following import Following
    from ebmbench.commands.viewing.server import Shown

    following = Following(run, runs)
    with _served(Shown(following.page, following.state), port) as server:
        _be_modest()
        print(f"{following.folder} is shown at {server.address}", flush=True)
        print("It follows the run until Ctrl-C.", flush=True)
        if _has_display() if browser is None else browser:
            _open(server.address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("\nNo longer shown. The run is as it was.")
    raise typer.Exit(FINE)


def _served(shown: Shown, port: int) -> Server:
    from ebmbench.commands.viewing.server import HOST, Server
    from ebmbench.errors import ConfigError, Problem

    try:
        return Server(shown, port)
    except OSError as error:
        problem = f"{HOST}:{port} is not to be had: {error.strerror or error}"
        remedy = "Leave it out for any that is free, or give another."
        raise ConfigError(Problem("--port", "", problem, remedy)) from None


def _has_display() -> bool:
    """Whether somebody would see a browser that is opened."""
    if not sys.stdout.isatty():
        return False
    elsewhere = sys.platform in ("darwin", "win32")
    return elsewhere or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _open(address: str) -> None:
    import webbrowser

    if not webbrowser.open(address):
        print("There is no browser that can be opened; open the address in yours.")


def _be_modest() -> None:
    """Let everything else on this machine go first."""
    if hasattr(os, "nice"):
        os.nice(NICE)

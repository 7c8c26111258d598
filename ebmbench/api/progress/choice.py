"""Which way of showing progress suits a console."""

from __future__ import annotations

import sys

from rich.console import Console

from ebmbench.api.progress.live import LiveWatcher
from ebmbench.api.progress.plain import PlainWatcher
from ebmbench.api.progress.scene import FINAL, Scene
from ebmbench.running.progress import Watcher


def watcher_for(console: Console | None = None, scene: Scene = FINAL) -> Watcher:
    """Lines that move where there is a terminal that can, or a notebook; else plain ones.

    A terminal cannot where ``TERM`` is dumb, or where ``TTY_INTERACTIVE=0`` asks for it.
    """
    console = console or Console(file=sys.stdout)  # this one, wherever components print to
    moves = console.is_interactive or console.is_jupyter
    return LiveWatcher(console, scene) if moves else PlainWatcher(console, scene)

"""What a run shows while it goes: a line per method in a terminal, plain lines elsewhere.

``tally`` knows how far all is, ``screen`` makes lines of it that fit a terminal, and ``live`` and
``plain`` show them.
"""

from ebmbench.api.progress.choice import watcher_for
from ebmbench.api.progress.scene import FINAL, Scene

__all__ = ["FINAL", "Scene", "watcher_for"]

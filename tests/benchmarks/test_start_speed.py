"""How soon a command is there, beside what importing torch alone takes.

pytest tests/benchmarks/test_start_speed.py -o addopts= --benchmark-only
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

SUITE = Path(__file__).parents[2] / "suites/smoke.yaml"
ROUNDS = 5


def start(*arguments):
    subprocess.run([sys.executable, *map(str, arguments)], capture_output=True, check=True)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["run", "--help"],
        ["list"],
        ["info", "sampler", "cd"],
        ["validate", SUITE],
        ["run", SUITE, "--dry-run"],
    ],
    ids=lambda arguments: " ".join(each for each in arguments if each != SUITE),
)
def test_a_command(arguments, race):
    race(
        lambda: start("-m", "ebmbench", *arguments),
        {"import torch": lambda: start("-c", "import torch")},
        rounds=ROUNDS,
    )

"""Kept machine code is compiled anew when a file that it is made of changes."""

import os
import subprocess
import sys

CALLED = "from numba import njit\n@njit\ndef inner(x):\n    return x + {number}\n"
KEPT = """\
from numba import njit
from ebmbench.numerics import kept
from called import inner
@kept
@njit
def outer(x):
    return inner(x)
print(outer(1), sum(outer.stats.cache_hits.values()))
"""


def test_a_change_in_a_called_file_is_noticed(tmp_path):
    (tmp_path / "keeps.py").write_text(KEPT)
    outputs = []
    for number in (1, 1, 10):
        (tmp_path / "called.py").write_text(CALLED.format(number=number))
        os.utime(tmp_path / "called.py", (number, number))
        outputs.append(run(tmp_path))
    assert outputs == ["2 0", "2 1", "11 0"]


def run(folder):
    return subprocess.run(
        [sys.executable, folder / "keeps.py"],
        env={
            **os.environ,
            "NUMBA_CACHE_DIR": str(folder / "cache"),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()

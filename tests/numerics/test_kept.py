"""Kept machine code is compiled anew when a file that it is made of changes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ebmbench import numerics
from ebmbench.numerics.spin_functions import to_tanh
from ebmbench_cpu.sweep import sweep_tiles

CALLED = "from {home} import njit\n@njit\ndef inner(x):\n    return x + {number}\n"
KEPT = """\
from {home} import njit
from ebmbench.numerics import kept
from called import inner
@kept
@njit
def outer(x):
    return inner(x)
print(outer(1), sum(outer.stats.cache_hits.values()))
"""


@pytest.mark.parametrize("home", ["ebmbench.numerics", "numba"])
def test_a_change_in_a_called_file_is_noticed(home, tmp_path):
    (tmp_path / "keeps.py").write_text(KEPT.format(home=home))
    outputs = []
    for number in (1, 1, 10):
        (tmp_path / "called.py").write_text(CALLED.format(home=home, number=number))
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


def test_kept_code_is_stamped_with_all_files_of_numerics():
    files = {file.name for file in Path(numerics.__file__).parent.glob("*.py")}
    for function in (sweep_tiles, to_tanh):
        stamped = {name for name, _, _ in function._cache._cache_file._source_stamp}
        assert files <= stamped

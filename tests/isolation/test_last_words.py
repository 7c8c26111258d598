"""What a worker leaves word of, should it die."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from ebmbench.isolation.last_words import LastWords

WORKER = """
import sys
from pathlib import Path
from ebmbench.isolation.last_words import LastWords
words = LastWords(Path(sys.argv[1]))
alive = words.begin(0)
large = b"x" * 300_000_000
alive._last -= 10
alive()
del large
words.begin(1)
"""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="not on Linux")
def test_memory_is_that_of_the_attempt_and_not_of_one_before_it(tmp_path):
    subprocess.run([sys.executable, "-c", WORKER, str(tmp_path)], check=True)
    words = LastWords(tmp_path)
    first, second = words.spent(0), words.spent(1)
    assert first.memory > 300e6
    assert second.memory < first.memory - 200e6


def test_time_goes_on_after_the_last_sign_of_life(tmp_path):
    subprocess.run([sys.executable, "-c", WORKER, str(tmp_path)], check=True)
    words = LastWords(tmp_path)
    before = words.spent(1).seconds
    time.sleep(0.05)
    assert words.spent(1).seconds >= before + 0.04
    assert words.spent(2) is None

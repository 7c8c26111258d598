"""All races of tests/benchmarks, each in a process of its own, and their table.

python reports/speed/measure.py [PART OF A RACE'S NAME]

In one process the threads that several libraries leave behind disturb whoever comes after.
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from table import table

BENCHMARKS = Path(__file__).parents[2] / "tests" / "benchmarks"
PYTEST = [sys.executable, "-m", "pytest", "-o", "addopts=", "-q"]


def races(part=""):
    """The tests that race something and have ``part`` in their name, but for those on a GPU."""
    asked = [*PYTEST, "--collect-only", "-m", "not gpu", str(BENCHMARKS)]
    listed = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if "::" in line and part in line]


def measured(race, folder):
    """What pytest-benchmark found; nothing where the race was skipped."""
    file = Path(folder) / "race.json"
    file.unlink(missing_ok=True)
    run = [*PYTEST, "--benchmark-only", "--benchmark-json", str(file), race]
    subprocess.run(run, capture_output=True, check=True, cwd=BENCHMARKS.parents[1])
    return json.loads(file.read_text(encoding="utf-8"))["benchmarks"] if file.exists() else []


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        found = [each for race in races(*sys.argv[1:]) for each in measured(race, folder)]
    print("\n".join(table(found)))

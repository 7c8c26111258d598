"""All races of tests/benchmarks, each library in a process of its own, and their table.

python reports/speed/measure.py [PART OF A RACE'S NAME]

In one process the threads that several libraries leave behind disturb whoever comes after. So each
side runs alone, in turn with the others, twice; what is told are medians and the least of all.
"""

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from table import table

BENCHMARKS = Path(__file__).parents[2] / "tests" / "benchmarks"
PYTEST = [sys.executable, "-m", "pytest", "-o", "addopts=", "-q"]
TURNS = 2
OURS = "ebmbench"


def races(part=""):
    """The tests that race something and have ``part`` in their name, but for those on a GPU."""
    racing = [str(file) for file in BENCHMARKS.glob("test_*.py") if "race(" in file.read_text()]
    asked = [*PYTEST, "--collect-only", "-m", "not gpu", *sorted(racing)]
    listed = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if "::" in line and part in line]


def measured(race, folder):
    """The race with both sides' seconds; nothing where it was skipped, or has no rival."""
    found = alone(race, OURS, folder)
    if found is None or not (rivals := found["extra_info"].get("rivals")):
        return []
    sides = (OURS, *rivals)
    turns = [OURS, *rivals, *(TURNS - 1) * sides]
    seconds = {side: [] for side in sides}
    seconds[OURS] += found["stats"]["data"]
    for side in turns[1:]:
        seconds[side] += alone(race, side, folder)["stats"]["data"]
    ours = seconds.pop(OURS)
    info = found["extra_info"]
    info["rivals"] = {name: statistics.median(times) for name, times in seconds.items()}
    info["least"] = {name: min(times) for name, times in seconds.items()}
    return [{**found, "stats": {"median": statistics.median(ours), "min": min(ours)}}]


def alone(race, side, folder):
    """What pytest-benchmark found of one side; None where the race was skipped."""
    file = Path(folder) / "race.json"
    file.unlink(missing_ok=True)
    run = [*PYTEST, "--benchmark-only", "--benchmark-json", str(file), race]
    environment = {**os.environ, "RACE_SIDE": side}
    ended = subprocess.run(
        run, capture_output=True, text=True, cwd=BENCHMARKS.parents[1], env=environment, check=False
    )
    if ended.returncode:
        sys.exit(f"{race} failed for {side}:\n{ended.stdout[-2000:]}")
    found = json.loads(file.read_text(encoding="utf-8"))["benchmarks"] if file.exists() else []
    return found[0] if found else None


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        found = [each for race in races(*sys.argv[1:]) for each in measured(race, folder)]
    print("\n".join(table(found)))

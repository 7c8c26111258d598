"""Races: rounds in turn, their median and its interval, and the gate on it."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
import yaml
from scipy import stats

from ebmbench.compare.speed import decide_speed, median, paces
from ebmbench.compare.speed_outputs import as_json, junit, markdown
from ebmbench.errors import ConfigError
from ebmbench.speed.contender import contender
from ebmbench.speed.race import _measured, without_gates
from ebmbench.suite.gates import GateSpec
from support.command_line import ebmbench
from support.suites import SMALL, write

GATE = GateSpec(fail="10%")
NAMES = ("bars", "CD")


def raced(factor, noise=0.02, rounds=20, seed=1):
    """The pace of a method whose head takes ``factor`` times as long, on a drifting machine."""
    rng = np.random.default_rng(seed)
    drift = np.linspace(1, 3, rounds)[:, None]
    seconds = drift * np.array([1e-3, factor * 1e-3]) * np.exp(noise * rng.normal(size=(rounds, 2)))
    return paces({NAMES: seconds})[0]


@pytest.mark.parametrize(
    ("factor", "outcome"), [(1.0, "passed"), (0.5, "passed"), (1.05, "passed"), (1.2, "failed")]
)
def test_a_slow_down_beyond_the_level_fails_on_a_drifting_machine(factor, outcome):
    (decision,) = decide_speed([raced(factor)], GATE)
    assert decision.outcome == outcome
    assert decision.percent == pytest.approx(100 * (factor - 1), abs=3)


def test_a_race_is_told_in_json_markdown_and_junit():
    found = [raced(1.2), raced(1.0, rounds=5)]  # of five rounds no interval is known
    decisions = decide_speed(found, GATE)
    content = json.loads(as_json("head against base", found, decisions, 1))
    assert content["methods"][0]["ratio"]["mean"] == pytest.approx(1.2, abs=0.03)
    assert content["methods"][1]["ratio"]["low"] is None
    assert [gate["outcome"] for gate in content["gates"]] == ["failed", "inconclusive"]
    told = " ".join(markdown("head against base", found, decisions).split())
    assert "| bars | CD | 2.0" in told
    assert 'failures="1"' in junit("toy", found, decisions, strict=False)


def test_noise_leaves_it_open():
    assert decide_speed([raced(1.0, noise=1.0, rounds=7)], GATE)[0].outcome == "inconclusive"


def test_the_interval_holds_the_median_19_times_in_20():
    samples = np.random.default_rng(2).normal(size=(400, 20))
    covered = np.mean([m.low <= 0 <= m.high for m in map(median, samples)])
    assert covered >= 0.95 - 4 * np.sqrt(0.05 * 0.95 / 400)


def test_the_interval_is_that_of_a_table_of_order_statistics():
    found = median(np.arange(1.0, 21))  # n = 20: the 6th and the 15th
    assert (found.mean, found.low, found.high) == (10.5, 6, 15)


def test_p_is_scipys_sign_test_after_holm():
    seconds = np.ones((11, 2))
    seconds[:9, 1] = 2.0
    seconds[9:, 1] = 0.5
    expected = stats.binomtest(9, 11, alternative="greater").pvalue
    assert paces({NAMES: seconds})[0].p == pytest.approx(expected)
    twice = paces({NAMES: seconds, ("bars", "PCD"): np.ones((11, 2))})
    assert twice[0].p == pytest.approx(2 * expected)


class Turns:
    """A side that remembers when it was asked."""

    def __init__(self, name, asked):
        self.name, self.asked, self.methods = name, asked, [NAMES]

    def round(self, names):
        self.asked.append(self.name)
        return 1.0


def test_sides_measure_in_turn_and_who_begins_changes():
    asked = []
    _measured([Turns("base", asked), Turns("head", asked)], 3, lambda text: None)
    assert asked == ["base", "head", "head", "base", "base", "head"]


def test_an_older_side_sees_no_gates(tmp_path):
    suite = write(tmp_path, SMALL + "gates: {hamming.test: 5%}\n")
    (tmp_path / "other").mkdir()
    stripped = yaml.safe_load(without_gates(suite, tmp_path / "other").read_text())
    assert stripped == yaml.safe_load(SMALL)
    assert without_gates(write(tmp_path), tmp_path) == tmp_path / "small.yaml"


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository of a plugin with one commit, the working folder."""
    monkeypatch.chdir(tmp_path)
    points = '[project.entry-points.ebmbench]\nmine = "mine"\n'
    (tmp_path / "pyproject.toml").write_text(f'[project]\nname = "my-plugin"\n{points}')
    (tmp_path / "src").mkdir()
    (tmp_path / "src/mine.py").write_text("PLACE = __file__\n")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        subprocess.run([*git, *command], check=True)
    return tmp_path


def test_a_revision_is_unpacked_and_described_and_git_is_none_the_wiser(
    repository, tmp_path_factory
):
    folder = tmp_path_factory.mktemp("side")
    look = (
        "import mine, importlib.metadata as m; print(mine.PLACE); "
        "print([p.value for p in m.entry_points(group='ebmbench') if p.name == 'mine'])"
    )
    with contender("HEAD", folder) as side:
        path = ":".join(map(str, side.path))
        out = subprocess.run([side.python, "-c", look], env={"PYTHONPATH": path},
                             capture_output=True, text=True, check=True).stdout  # fmt: skip
        place, points = out.splitlines()
        assert place == str(folder / "tree/src/mine.py")
        assert points == "['mine']"
    listed = subprocess.run(["git", "worktree", "list"], capture_output=True, text=True, check=True)
    assert len(listed.stdout.splitlines()) == 1


def test_what_is_neither_a_revision_nor_a_python_is_refused(repository):
    with pytest.raises(ConfigError, match="no such revision and no such executable"):
        contender("nowhere", repository).__enter__()


def test_a_race_needs_a_suite_and_gates_on_seconds_only(tmp_path):
    assert "needs a suite" in ebmbench("compare", "--speed", "a", "b").err
    ended = ebmbench("compare", "--speed", "a", "b", write(tmp_path), "--fail-on", "nll.train: 5%")
    assert (ended.code, "gate 'nll.train'" in ended.err) == (2, True)


@pytest.mark.soak
def test_two_environments_race(tmp_path):
    options = ("--rounds", 6, "--format", "markdown", "--fail-on", "seconds: 900%")
    both = (sys.executable, sys.executable)
    ended = ebmbench("compare", "--speed", *both, write(tmp_path), *options)
    assert ended.code == 0, ended.err
    assert "| bars3 | RAPID" in " ".join(ended.out.split())
    assert "No gate failed." in ended.out

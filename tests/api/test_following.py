"""A run as a reader of its folder sees it."""

from __future__ import annotations

import json
import os
import re

import pytest

import ebmbench as front
from ebmbench.api.following import Following
from ebmbench.errors import ConfigError
from ebmbench.journal.claims import Claims
from ebmbench.journal.journal import Journal
from support.suites import SMALL


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    front.run(SMALL, runs=folder, jobs=0, progress=False)
    return folder / "small"


@pytest.fixture
def run(made, tmp_path):
    """A copy of a run that has ended, less its report."""
    import shutil

    return shutil.copytree(made, tmp_path / "runs" / "small", ignore=lambda *_: ["report"])


def following(run):
    return Following(run, run.parent)


def text_of(page):
    bare = re.sub(r"<(style|script).*?</\1>", "", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", bare).split())


def without(run, count):
    for file in sorted((run / "cells").glob("*.json"))[:count]:
        file.unlink()


def test_a_run_that_has_ended_says_so(run):
    state = following(run).state()
    assert (state["state"], state["share"], state["blocks"]) == ("ended", 1.0, [])
    assert state["sentence"] == "Ended: 6 cells have a result."
    assert state["target"] == "hamming.test"


def test_without_a_target_it_shows_what_will_be_judged(run):
    told = json.loads((run / "run.json").read_text())
    told["report"] |= {"target": None, "columns": ["nll.test", "hamming.test"]}
    (run / "run.json").write_text(json.dumps(told))
    assert following(run).state()["target"] == "nll.test"


def test_what_is_missing_and_nobody_is_at_was_stopped(run):
    without(run, 2)
    state = following(run).state()
    assert (state["state"], state["share"]) == ("stopped", pytest.approx(4 / 6))
    assert state["sentence"].startswith("Stopped: 4 of 6 cells have ended, and no command is at")
    assert "The same command goes on from here." in state["sentence"]


def test_a_command_that_is_gone_was_killed(run):
    without(run, 2)
    claims = run / "claims"
    claims.mkdir(exist_ok=True)
    gone = {"host": "elsewhere", "process": 1, "blocks": []}
    (claims / f"{'a' * 32}.owner").write_text(json.dumps(gone))
    os.utime(claims / f"{'a' * 32}.owner", (1e9, 1e9))
    assert following(run).state()["state"] == "killed"


def test_what_is_at_work_is_told_with_how_far_it_is(run):
    without(run, 3)
    ids = Journal.open(run, run.parent).read_run().cells
    missing = tuple(id_ for id_ in ids if not (run / "cells" / f"{id_}.json").exists())
    claims = Claims(run)
    claims.take(missing, epochs=3)
    with claims.alive():
        assert following(run).state()["blocks"] == []  # it waits
        claims.begin(missing)
        for epoch, value in enumerate((0.5, 0.5, 0.25)):
            claims.tell(missing, epoch, value, "nll" if epoch == 2 else None)
        claims._beat()
        state = following(run).state()
    assert state["state"] == "going on"
    assert state["sentence"] == "Going on: 3 of 6 cells have ended."
    assert state["share"] == pytest.approx((3 + 3 * 2 / 3) / 6)
    (block,) = state["blocks"]
    assert block["name"] in ("CD-2", "RAPID")
    assert (block["seeds"], block["epoch"], block["epochs"]) == ("seeds 0-2", 2, 3)
    assert (block["value"], block["trend"]) == (0.25, [[0, 0.5], [2, 0.25]])
    assert (block["measuring"], block["unit"]) == ("nll", "epoch")


def test_a_page_of_a_run_of_which_nothing_is_measured_yet(run):
    without(run, 6)
    page = following(run).page()
    assert "Nothing to compare yet on bars3: no seed has finished." in text_of(page)
    assert following(run).state()["state"] == "not begun"


def test_the_page_is_made_anew_when_there_is_more(run):
    found = following(run)
    kept = sorted((run / "cells").glob("*.json"))[0]
    content = kept.read_bytes()
    kept.unlink()
    first = found.page()
    version = found.state()["page"]
    assert f'data-page="{version}"' in first
    assert found.page() is first
    kept.write_bytes(content)
    assert found.state()["page"] != version
    assert f'data-page="{found.state()["page"]}"' in found.page()


def test_nothing_in_the_folder_is_changed(run):
    def files():
        return {
            str(file.relative_to(run)): file.stat().st_mtime_ns
            for file in run.rglob("*")
            if file.is_file()
        }

    before = files()
    found = following(run)
    found.page()
    found.state()
    assert files() == before


def test_the_page_may_ask_its_own_server_and_nobody_else(run):
    page = following(run).page()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert "connect-src 'self'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy


def test_of_a_search_no_value_is_guessed(run, tmp_path):
    told = json.loads((run / "run.json").read_text())
    told["report"] |= {"target": None, "columns": ["nll.test"]}
    (run / "run.json").write_text(json.dumps(told))
    stage = tmp_path / "runs" / "tuned" / "tuning" / "trials"
    stage.parent.mkdir(parents=True)
    run.rename(stage)
    assert Following(tmp_path / "runs" / "tuned", tmp_path / "runs").state()["target"] is None


def test_a_search_is_shown_before_there_is_a_run(run, tmp_path):
    stage = tmp_path / "runs" / "tuned" / "tuning" / "trials"
    stage.parent.mkdir(parents=True)
    run.rename(stage)
    state = Following(tmp_path / "runs" / "tuned", tmp_path / "runs").state()
    assert state["sentence"] == "Search (trials): ended: 6 cells have a result."


def test_a_run_that_is_not_there(tmp_path):
    with pytest.raises(ConfigError, match="no such run"):
        Following(tmp_path / "nothing", tmp_path)

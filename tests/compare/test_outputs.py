"""What a comparison looks like in a terminal, as Markdown, JSON and JUnit XML."""

from __future__ import annotations

import io
import json
from xml.etree import ElementTree

import pytest
from rich.console import Console

from ebmbench.commands.screens.compare import show_compared
from ebmbench.compare import compare_sides
from ebmbench.compare.document import as_text
from ebmbench.compare.junit import junit
from ebmbench.compare.markdown import markdown
from ebmbench.suite.gates import GateSpec
from support.compare_example import side, without

FAST = ("bars", "Fast")
GATES = {"error.test": GateSpec(warn="2%", fail="5%")}


@pytest.fixture(scope="module")
def worse():
    """Fast is 10 % worse on bars, and lost a seed on bas; Slow on bas is noisy."""
    head = side("head", stream=2, worse={FAST: 1.1})
    head = without(head, ("bas", "Fast", 3), status="failed", reason="out | of memory", values={})
    return compare_sides(side(), head, GATES)


def shown(compared, width=80):
    screen = Console(file=io.StringIO(), width=width)
    show_compared(compared, screen)
    return screen.file.getvalue()


def test_a_terminal_of_80_columns_shows_every_number_whole(worse):
    text = shown(worse)
    assert "…" not in text
    for part in ("toy: head against base", "worse", "1 gate of 4 failed.", "+9.", "30 -> 33"):
        assert part in text
    assert "bars: Fast: error.test failed its gate (warn 2%, fail 5%): worse by +0.0" in text
    assert "lost: bas: Fast: seed 3 failed: out | of memory" in text


def test_markdown_has_gates_first_and_tables_whose_rows_are_whole(worse):
    text = markdown(worse)
    assert text.index("### Gates") < text.index("### Values") < text.index("### Over all datasets")
    assert "❌ failed" in text
    for line in text.splitlines():
        if line.startswith("| "):
            assert line.endswith("|")
    assert "### Lost" in text


def test_json_holds_everything_and_no_nan(worse):
    content = json.loads(as_text(worse, strict=False), parse_constant=pytest.fail)
    assert content["exit_code"] == 1
    outcomes = {(g["dataset"], g["method"]): g["outcome"] for g in content["gates"]}
    assert outcomes[FAST] == "failed"
    value = next(v for v in content["values"] if (v["dataset"], v["method"]) == FAST)
    assert value["verdict"] == "worse"
    assert value["probability"] == 0
    assert len(value["base"]["values"]) == 7
    assert content["across_datasets"]
    assert content["profiles"][0]["factors"][0] == 1


def test_junit_has_a_case_per_gate_and_per_lost_cell(worse):
    suite = ElementTree.fromstring(junit(worse, strict=False)).find("testsuite")
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("5", "1", "1")
    (failed,) = (case for case in suite if case.find("failure") is not None)
    assert (failed.get("classname"), failed.get("name")) == ("toy.bars", "Fast: error.test")
    assert "one-sided p" in failed.find("failure").get("message")


def test_an_open_gate_is_skipped_in_junit_and_fails_with_strict():
    c = compare_sides(side(noise=0.5), side("head", stream=2, noise=0.5), GATES)
    counts = [
        ElementTree.fromstring(junit(c, strict)).find("testsuite").get(kind)
        for strict, kind in ((False, "skipped"), (True, "skipped"), (False, "failures"))
    ]
    assert int(counts[0]) > 0
    assert counts[1:] == ["0", "0"]


def test_without_gates_junit_says_how_the_comparison_went():
    suite = ElementTree.fromstring(junit(compare_sides(side(), side("head"), {}), False))
    assert "8 equivalent" in suite.find(".//system-out").text

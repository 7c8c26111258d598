"""Baselines: sorted lines that a comparison reads back as they were."""

from __future__ import annotations

import json
from dataclasses import replace
from math import nan
from pathlib import Path

import pytest

from ebmbench.compare import compare_sides, read_baseline, write_baseline
from ebmbench.errors import ConfigError
from ebmbench.suite.gates import GateSpec
from support.compare_example import side, without

COMMITTED = sorted((Path(__file__).parents[2] / "baselines").glob("*.jsonl"))


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "baselines/toy.jsonl"
    write_baseline(side(), file)
    return file


def test_a_baseline_is_read_back_as_it_was_but_for_seconds(file):
    found, original = read_baseline(file), side()
    for key, end in original.ends.items():
        again = found.ends[key]
        assert (again.values, again.updates, again.status) == (end.values, 110, "done")
        assert again.passage[:2] == end.passage[:2]
        assert str(again.passage[2]) == str(nan)
    assert found.head.components == original.head.components
    assert found.better("score") == "higher"


def test_a_run_equals_its_own_baseline(file):
    c = compare_sides(read_baseline(file), side("head"), {"error.test": GateSpec(fail="5%")})
    assert c.exit_code(strict=True) == 0
    assert {m.comparison.verdict for m in c.matched} == {"equivalent"}
    assert len(c.reached) == 4


def test_one_changed_cell_changes_one_line(file):
    before = file.read_text().splitlines()
    write_baseline(without(side(), ("bas", "Fast", 3), updates=7), file)
    after = file.read_text().splitlines()
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1


def test_the_order_of_the_cells_does_not_matter(file):
    before, there = file.read_text(), side()
    write_baseline(replace(there, ends=dict(reversed(there.ends.items()))), file)
    assert file.read_text() == before


def test_lines_say_what_they_are_and_the_first_where_they_were_made(file):
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["kind"] for line in lines] == (
        ["run"] + 2 * ["dataset"] + 3 * ["metric"] + 2 * ["method"] + 28 * ["cell"]
    )
    assert lines[0]["environment"]["machine"] == "abacus"
    assert lines[1]["component"]["version"] == "1"


def test_a_cell_that_failed_is_in_it_without_values(file):
    write_baseline(without(side(), ("bas", "Fast", 3), status="failed", values={}), file)
    assert read_baseline(file).ends["bas", "Fast", 3].status == "failed"


@pytest.mark.parametrize(
    "text", ["", "{}", "not json", '{"kind": "run", "format": 99}', "[1, 2]", '{"kind": "cell"}']
)
def test_what_is_no_baseline_is_refused(text, file):
    file.write_text(text)
    with pytest.raises(ConfigError, match="not a baseline"):
        read_baseline(file)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("seed", "three", "cell.seed: Input should be a valid integer"),
        ("status", "fine", "cell.status: Input should be 'done', 'diverged' or 'failed'"),
        ("values", {"error.test": None}, "cell.values.error.test: Input should be a valid number"),
        ("kind", "cello", "'cello'"),
    ],
)
def test_an_edited_line_is_named_by_its_number(key, value, says, file):
    *lines, last = file.read_text().splitlines()
    lines.append(json.dumps({**json.loads(last), key: value}))
    file.write_text("\n".join(lines))
    with pytest.raises(ConfigError) as error:
        read_baseline(file)
    assert str(error.value).startswith(f"{file}:{len(lines)}: not a baseline: ")
    assert says in str(error.value)
    assert "ebmbench baseline" in str(error.value)


@pytest.mark.parametrize("committed", COMMITTED, ids=lambda file: file.name)
def test_a_baseline_of_the_repository_is_written_as_it_was_read(committed, tmp_path):
    again = tmp_path / "again.jsonl"
    write_baseline(read_baseline(committed), again)
    assert again.read_text() == committed.read_text()

"""A terminal's table of many methods: a line or two each, at every width."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from ebmbench.report import print_report
from ebmbench.report.terminal import tables
from ebmbench.report.terminal.brief import MOST_IN_FULL
from ebmbench.summary import summarise
from support import journal_example as example


def many(number):
    """The example with Fast, Slow, and as many like Twin as there are left, all ended well."""
    names = ["Fast", "Slow", *(f"Twin {n}" for n in range(number - 2))]
    run = example.changed(example.run(), methods=tuple(names), skips=())
    records = [
        example.changed(record, method=name, id=f"{record.id}-{name}")
        for record in example.all_well()
        for name in names
        if name.startswith(record.method)
    ]
    cells = [record.id for record in records]
    return example.changed(run, cells=cells), records


def printed(width, run, records):
    console = Console(file=StringIO(), width=width)
    print_report(summarise(run, records), console)
    return console.file.getvalue()


def lines_of_table(width, run, records):
    """The lines of all tables, below their headings."""
    text = printed(width, run, records).split("toy: bars")[1].partition("More in the")[0]
    below = [part.partition("\n\n")[0] for part in text.split("\u2500\n")[2:]]
    return [line for part in below for line in part.splitlines() if line.strip("\u2500 ")]


@pytest.mark.parametrize(("width", "most"), [(80, 2), (100, 2), (120, 1), (200, 1)])
def test_each_of_many_methods_takes_few_lines(width, most):
    run, records = many(23)
    asked = example.run(columns=["hamming.test", "nll.train", "nll.test"]).report
    run = example.changed(run, report=asked)
    lines = lines_of_table(width, run, records)
    assert 23 <= len(lines) <= 23 * most
    assert max(map(len, lines)) <= width
    assert sum(line.startswith("Twin 7 ") for line in lines) == 1
    summary = summarise(run, records)
    assert len(tables(summary, summary.boards[0], width)) == 1


def test_percentages_go_before_a_line_becomes_two():
    run, records = many(12)
    asked = example.run(columns=["hamming.test", "nll.test"]).report
    run = example.changed(run, report=asked)
    found = [lines_of_table(width, run, records) for width in range(70, 121, 2)]
    numbers = [len(lines) for lines in found]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[-1] == 12
    forms = [(len(lines), any("%" in line for line in lines)) for lines in found]
    assert list(dict.fromkeys(forms))[-3:] == [(24, True), (12, False), (12, True)]


@pytest.mark.parametrize("width", [80, 120])
def test_what_matters_most_is_still_there(width):
    text = " ".join(printed(width, *many(12)).split())
    for said in ("better", "equivalent", "baseline", "1320", "0.00984", "0/6", "never"):
        assert said in text.partition("seeds each.")[2]
    assert "needs ~" not in text
    assert "MACs" not in text


def test_what_is_left_out_is_told_and_where_it_is():
    text = printed(200, *many(12))
    assert (
        "More in the Markdown report and on the page: differences, p, seeds needed, updates to the "
        "target, counted costs." in text
    )
    run, records = many(12)
    bare = example.changed(run, report=example.run(baseline=None, target=None).report)
    assert "on the page: counted costs." in printed(200, bare, records)


def test_equal_numbers_of_seeds_are_said_once_and_others_have_a_column():
    run, records = many(12)
    assert printed(120, run, records).count("6 seeds each.") == 1
    short = [r for r in records if (r.method, r.seed) != ("Twin 3", 5)]
    text = printed(160, run, short)
    assert "seeds each" not in text
    (line,) = [line for line in text.splitlines() if line.startswith("Twin 3 ")]
    assert line.split()[2:5] == ["5", "1", "missing"]


def test_seeds_that_all_methods_lack_are_said_once():
    run, records = many(12)
    assert "5 seeds, 1 missing each." in printed(120, run, [r for r in records if r.seed])


def test_few_methods_are_told_in_full():
    few, more = (printed(80, *many(n)) for n in (MOST_IN_FULL, MOST_IN_FULL + 1))
    assert "MACs" in few
    assert "More in the Markdown" not in few
    assert "MACs" not in more


def test_a_verdict_has_its_colour():
    for number in (3, 12):
        summary = summarise(*many(number))
        (table,) = tables(summary, summary.boards[0], 200)
        fast = next(iter(table.columns[1].cells))
        assert fast.plain.startswith("better")
        assert fast.style == "bold green"

"""The report in a terminal, at several widths."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from ebmbench.plan.plan import Skip
from ebmbench.report import print_report
from ebmbench.report.terminal import tables
from ebmbench.summary import summarise
from support import journal_example as example


def printed(width: int, run=None, records=None) -> str:
    records = example.records() if records is None else records
    console = Console(file=StringIO(), width=width)
    print_report(summarise(run or example.run(), records), console)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [80, 100, 120])
def test_no_line_is_wider_than_the_terminal_and_no_number_is_broken(width):
    text = printed(width)
    assert max(map(len, text.splitlines())) <= width
    for number in ("0.00984", "±0.00017", "-0.1607 ± 0.0060", "2.59 M MACs", "6/6 seeds"):
        assert number in text


def test_one_table_where_it_fits_and_two_where_not():
    summary = summarise(example.run(), example.records())
    counts = [len(tables(summary, summary.boards[0], width)) for width in (80, 120)]
    assert counts == [2, 1]


@pytest.mark.parametrize(
    "said",
    [
        "Fast wins on bars: its hamming.test is 0.00984",
        "place",
        "better (-94.2 %)",
        "inconclusive",
        "p < 0.001, n = 5",
        "1 seed lost",
        "1 dropped",
        "1 diverged",
        "1 failed",
        "median never",
        "150 updates",
        "= 0.20+1.00+0.10",
        "Fast 0.05x and 0.1x; Twin 1x and 1.2x.",
        "Ghost on bars: needs a body",
        "Twin on bars, seed 5 failed: out of memory",
        "Slow on bars: 1 seed without a result",
    ],
)
def test_the_terminal_says(said):
    assert said in printed(120)


def test_a_quick_run_says_so_first():
    first = printed(100, example.changed(example.run(), quick=True)).splitlines()[0]
    assert first == "--quick: a smaller version of the experiment; not the paper's numbers."


def test_a_quick_run_of_a_suite_without_a_paper_speaks_of_none():
    run = example.changed(example.run(deviations=[]), quick=True)
    assert printed(100, run).startswith(
        "--quick: a smaller version of the experiment; not the suite's numbers."
    )
    cited = example.changed(example.run(deviations=[], cites=["hinton2002"]), quick=True)
    assert "not the paper's numbers" in printed(100, cited)


def test_square_brackets_in_names_and_reasons_are_not_markup():
    skips = (Skip("bars", "Ghost", "method", "no [bold]body[/bold]"),)
    run = example.changed(example.run(), skips=skips)
    assert "no [bold]body[/bold]" in printed(100, run)


def test_a_run_without_records_or_baseline_can_be_shown():
    assert "Nothing to compare yet" in printed(80, records=[])
    assert "vs None" not in printed(80, example.run(baseline=None))


def test_names_are_broken_only_where_they_must_be():
    name = "Fast and Furious"
    run = example.changed(example.run(), methods=(name, "Slow", "Twin"), skips=())
    records = [
        example.changed(record, method=record.method.replace("Fast", name))
        for record in example.records()
    ]
    assert f"{name} " in printed(100, run, records).split("Method")[1]


def test_a_suite_named_like_its_dataset_is_named_once():
    run = example.changed(example.run(), suite="bars")
    assert "bars: bars" not in printed(80, run)


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_every_table_fits_with_all_its_words_whole(width):
    """Eight values, in columns whose numbers are long: many tables, none of them squeezed."""
    values = [
        f"a_{kind}.{part}" for kind in ("first", "second", "third") for part in ("left", "right")
    ]
    records = [
        example.changed(record, curves={**record.curves, **dict.fromkeys(values, curve)})
        for record in example.records()
        for curve in [next(iter(record.curves.values()), None)]
        if curve is not None
    ]
    run = example.run()
    report = run.report.model_copy(update={"columns": ["hamming.test", *values]})
    summary = summarise(example.changed(run, report=report), records)
    made = tables(summary, summary.boards[0], width)
    console = Console(file=StringIO(), width=width)
    for table in made:
        console.print(table)
    text = console.file.getvalue()
    assert max(map(len, text.splitlines())) <= width
    assert "\u2026" not in text
    assert text.count("inconclusive") + text.count("better (") >= 1
    headings = [str(column.header) for table in made for column in table.columns]
    assert headings.count("Method") == len(made)
    others = [heading for heading in headings if heading != "Method"]
    assert len(others) == len(set(others))
    assert {f"{value.split('.')[0]}\n{value.split('.')[1]}" for value in values} <= set(others)

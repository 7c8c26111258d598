"""What a report says and draws of sweeps."""

from __future__ import annotations

from io import StringIO

import pytest
from matplotlib.image import imread
from rich.console import Console

from ebmbench.report import print_report
from ebmbench.report.figures.axes import draw_curves
from ebmbench.report.figures.canvas import canvas
from ebmbench.report.figures.draw import draw
from ebmbench.report.figures.other_panels import sweep_panel
from ebmbench.report.figures.styles import styles_of
from ebmbench.report.markdown import document
from ebmbench.report.sweep_table import points_over
from ebmbench.summary import summarise
from support import sweep_example as example

SIZES = ("bars[size=7]", "bars[size=3]", "bars[size=5]")


def summed_up(*arguments, **report):
    run = example.run(*arguments, **report)
    return summarise(run, example.records(run))


@pytest.fixture
def summary():
    return summed_up()


@pytest.fixture
def sweep(summary):
    return summary.sweeps(summary.boards[0])[0]


def printed(summary):
    console = Console(file=StringIO(), width=100)
    print_report(summary, console)
    return console.file.getvalue()


def test_a_curve_per_line_over_a_logarithmic_option(summary, sweep):
    part = sweep_panel(summary, sweep, "score")
    assert list(part.curves) == ["Wide", "Narrow"]
    assert (part.x.label, part.x.logarithmic) == (example.AXIS, True)
    assert part.title == "score (higher is better)"


def test_an_option_within_a_decade_stays_linear():
    summary = summed_up((1.0, 2.0, 3.0))
    (sweep,) = summary.sweeps(summary.boards[0])
    assert not sweep_panel(summary, sweep, "score").x.logarithmic


def test_marks_are_drawn_with_their_labels(summary, sweep):
    figure, (ax,) = canvas(1)
    draw_curves(ax, sweep_panel(summary, sweep, "score"), styles_of(summary.lines))
    assert "Here" in [text.get_text() for text in ax.texts]
    assert any(list(line.get_xdata()) == [0.5, 0.5] for line in ax.lines)
    assert ax.get_xscale() == "log"
    assert figure.axes == [ax]


def test_many_variants_have_a_sweep_and_no_learning_curves(summary, tmp_path):
    sweep, learning = draw(summary, tmp_path)
    assert sweep.file.startswith("bars-score-over-size-of-things-")
    assert "against size of things: mean and 95 % interval" in sweep.caption
    assert learning.caption.endswith("; swept methods are left out")
    assert imread(tmp_path / sweep.file).std() > 0.01


def test_swept_datasets_are_drawn_where_they_are_told(tmp_path):
    summary = summed_up(example.POINTS[:3], SIZES)
    pictures = draw(summary, tmp_path)
    assert pictures[-1].file == "bars-score-over-size.png"
    assert f"]({pictures[-1].file})" in document(summary, pictures).split("## bars over size")[1]


def test_a_table_has_a_row_per_point_and_says_what_is_settled(summary, sweep):
    rows = dict(points_over(summary, sweep, "score"))
    wide, narrow = rows["1"]
    assert (wide.best, wide.verdict) == (True, "better")
    assert (narrow.best, narrow.verdict) == (False, "")
    assert narrow.text.startswith("0.251")


def test_the_page_gives_many_variants_a_table_of_their_own(summary):
    page = document(summary, [])
    assert "### score over size of things" in page
    assert "**0.5010 ± 0.0025**, better" in page
    rows = [line.split("|")[1].strip() for line in page.splitlines() if line.startswith("| ")]
    assert "Plain" in rows
    assert not any(row.startswith(("Wide", "Narrow")) for row in rows)
    assert "verdict against Narrow there" in page


def test_the_headline_tells_at_how_many_values_a_line_is_better(summary):
    page = document(summary, [])
    assert "Wide is better than Narrow at 6 of 7 values, undecided at 1." in page
    assert "Wide[width=1000.0] has the best mean of score, 1.0000" in page
    assert "no verdict" in page


def test_an_update_of_every_variant_has_its_cost(summary):
    table = document(summary, []).split("### Cost of an update over size of things")[1]
    rows = [line for line in table.split("\n\n")[1].splitlines() if line.startswith("| ")]
    assert len(rows) == 1 + len(example.POINTS)
    assert rows[1].count("50.0 ms, 30") == 2  # of Wide and Narrow


def test_variants_share_a_line_where_the_same_happened_to_them(summary):
    page = document(summary, [])
    assert "- Wide (7 variants), Narrow (7 variants) and Plain on bars: metric other: no" in page
    assert "Replicas side by side: 3 each" in page


def test_troubles_and_missing_cells_of_variants_share_a_line():
    run = example.run()
    failed = {"status": "failed", "reason": "no luck"}
    records = [
        record.model_copy(update=failed) if record.method.startswith("Wide") else record
        for record in example.records(run)
        if record.seed != 2
    ]
    page = document(summarise(run, records), [])
    assert "- Wide (7 variants) on bars, 14 cells failed: no luck" in page
    assert "- Narrow (7 variants) on bars: 7 cells without a result" in page
    assert "- Plain on bars: 1 seed without a result" in page


def test_the_terminal_has_a_row_per_point(summary):
    text = printed(summary)
    assert max(map(len, text.splitlines())) <= 100
    assert "size of things" in text
    assert "Wide[width=0.01]" not in text
    assert len(text.splitlines()) < 60


def test_the_terminal_has_a_table_for_swept_datasets_instead_of_one_for_each():
    text = printed(summed_up(example.POINTS[:1], SIZES))
    assert text.count("score on bars") == 1
    assert "bars[size=3]: " in text
    assert "cost per update" not in text

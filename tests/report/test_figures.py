"""The report's pictures: what is drawn, and that it is drawn."""

from __future__ import annotations

from math import isnan

import pytest
from matplotlib import rc_context, rcParams
from matplotlib.collections import PolyCollection
from matplotlib.image import imread
from matplotlib.text import Text

from ebmbench.journal.documents import Curve
from ebmbench.plan.file_names import file_name
from ebmbench.report.figures import draw as drawing
from ebmbench.report.figures.canvas import CURVE
from ebmbench.report.figures.contents.of_a_run import cost_contents
from ebmbench.report.figures.draw import draw
from ebmbench.report.figures.layout import REPORT
from ebmbench.report.figures.literal import literal_texts
from ebmbench.report.figures.panels import panels, spectrum
from ebmbench.report.figures.styles import styles_of
from ebmbench.summary import summarise
from support import journal_example as example
from support import many_methods


@pytest.fixture
def summary():
    return summarise(example.run(), example.records())


def test_a_metric_has_a_panel_per_part(summary):
    titles = [panel.title for panel in panels(summary, summary.boards[0], "hamming")]
    assert titles == ["hamming.train (lower is better)", "hamming.test (lower is better)"]


def test_epoch_zero_is_left_out_of_a_logarithmic_axis(summary):
    panel = panels(summary, summary.boards[0], "hamming")[0]
    assert panel.curves["Fast"].epochs == example.EPOCHS[1:]


def test_a_method_without_the_value_has_no_curve(summary):
    (panel,) = panels(summary, summary.boards[0], "gradient_error")
    assert list(panel.curves) == ["Slow", "Twin"]


def test_the_axis_is_logarithmic_when_values_span_more_than_two_decades(summary):
    nll, hamming = (panels(summary, summary.boards[0], m)[0] for m in ("nll", "hamming"))
    assert nll.logarithmic
    assert not hamming.logarithmic


def test_values_that_are_not_positive_stay_on_a_linear_axis():
    record = example.record("Fast", 0)
    values = [-x for x in record.curves["nll.train"].value]
    summary = summarise(example.run(), [example.with_values(record, "nll.train", values)])
    assert not panels(summary, summary.boards[0], "nll")[0].logarithmic


def test_the_target_is_drawn_where_it_belongs(summary):
    found = [panel.target for panel in panels(summary, summary.boards[0], "hamming")]
    assert found == [None, 0.05]


def test_a_value_measured_once_has_no_learning_curve():
    record = example.record("Fast", 0)
    curves = {
        name: Curve(**{part: of_part[-1:] for part, of_part in curve})
        for name, curve in record.curves.items()
    }
    summary = summarise(example.run(), [example.changed(record, curves=curves)])
    assert panels(summary, summary.boards[0], "hamming") == []


def test_a_spectrum_goes_by_index(summary):
    panel = spectrum(summary, summary.boards[0], "spectrum")
    assert panel.curves["Slow"].epochs == (1, 2, 3, 4)
    assert panel.logarithmic


def test_a_picture_per_metric_is_drawn(summary, tmp_path):
    pictures = draw(summary, tmp_path)
    names = [p.file for p in pictures]
    assert names == [f"bars-{m}.png" for m in ("hamming", "nll", "gradient_error", "spectrum")]
    for name in names:
        pixels = imread(tmp_path / name)
        assert pixels.shape[1] > 600
        assert pixels.std() > 0.01


def test_a_method_keeps_its_colour_from_picture_to_picture(summary, tmp_path):
    draw(summary, tmp_path)
    blue = (0x00 / 255, 0x72 / 255, 0xB2 / 255)  # the first method's
    assert _has(imread(tmp_path / "bars-hamming.png"), blue)
    assert not _has(imread(tmp_path / "bars-gradient_error.png"), blue)  # Fast has none


def _has(pixels, colour) -> bool:
    return bool((abs(pixels[..., :3] - colour).max(axis=-1) < 1e-3).any())


def test_names_that_are_no_file_names_are_mended(tmp_path):
    name = "a/b c"
    run = example.changed(example.run(), datasets=(name,), skips=())
    records = [example.changed(record, dataset=name) for record in example.records()]
    pictures = draw(summarise(run, records), tmp_path)
    assert pictures[0].file == file_name(name, "hamming") + ".png"
    assert pictures[0].file.startswith("a-b-c-hamming-")


NAMES = {"Fast": "_CD", "Slow": "CD $\\foo{$", "Twin": "$x^2$"}
DATASET = "d $_x$"


@pytest.fixture
def renamed():
    """The example with names that matplotlib would take for markup."""
    named = {"datasets": (DATASET,), "methods": tuple(NAMES.values()), "skips": ()}
    run = example.changed(example.run(baseline=NAMES["Slow"]), **named)
    records = [
        example.changed(each, dataset=DATASET, method=NAMES[each.method])
        for each in example.records()
    ]
    return summarise(run, records)


@pytest.fixture
def sketched(renamed, tmp_path, monkeypatch):
    """Draws the pictures, and gives their figures."""
    found, save = [], drawing.save

    def look(figure, file):
        save(figure, file)
        found.append(figure)

    monkeypatch.setattr(drawing, "save", look)

    def drawn():
        assert draw(renamed, tmp_path)
        return found

    return drawn


def test_the_legend_names_every_curve_whatever_it_is_called(sketched):
    for figure in sketched():
        curves = {line.get_label() for ax in figure.axes for line in ax.lines if line.get_gid()}
        (legend,) = figure.legends
        lost = {NAMES["Slow"]: "1 missing of 6", NAMES["Twin"]: "1 diverged, 1 failed of 6"}
        said = {name: f"{name} ({lost[name]})" if name in lost else name for name in curves}
        assert {text.get_text() for text in legend.get_texts()} == set(said.values())
    assert curves == set(NAMES.values())


@pytest.mark.parametrize("theirs", [{}, {"text.usetex": True}], ids=["ours", "LaTeX"])
def test_no_text_is_taken_for_a_formula(theirs, sketched):
    with rc_context(theirs):
        texts = [text for figure in sketched() for text in figure.findobj(Text)]
        assert rcParams["text.usetex"] == bool(theirs)
    assert not any(text.get_usetex() or text.get_parse_math() for text in texts)


def test_values_that_only_some_seeds_have_can_be_drawn(tmp_path):
    """A gap where one seed has none; no curve where some seed has none at every moment."""
    records = [_without_nll(r) if r.seed == 1 else r for r in example.records()]
    board = summarise(example.run(), records).boards[0]
    assert all(isnan(i.mean) for i in board.row("Fast").curves["nll.test"].values)
    assert draw(summarise(example.run(), records), tmp_path)
    ends = [example.without_end(r, "nll.test") if r.seed == 1 else r for r in example.records()]
    assert draw(summarise(example.run(), ends), tmp_path)


def _without_nll(record):
    if "nll.test" not in record.curves:
        return record
    nothing = [None] * len(record.curves["nll.test"].value)
    return example.with_values(record, "nll.test", nothing)


def test_one_seed_and_no_seed_can_be_drawn(tmp_path):
    one = summarise(example.run(), [example.record("Fast", 0)])
    assert next(p.file for p in draw(one, tmp_path)) == "bars-hamming.png"
    assert draw(summarise(example.run(), []), tmp_path) == []


def test_a_caption_says_what_is_not_shown(tmp_path):
    records = [example.with_values(r, "spectrum.4", [1e-18]) for r in example.records()]
    *others, spectrum_ = draw(summarise(example.run(), records), tmp_path)
    assert "not shown" in spectrum_.caption
    assert not any("not shown" in picture.caption for picture in others)


def test_a_panel_says_which_way_is_better_and_a_value_without_one_says_nothing():
    summary = summarise(example.run_with_nll(better={"test": "lower"}), example.records())
    titles = [panel.title for panel in panels(summary, summary.boards[0], "nll")]
    assert titles == ["nll.train", "nll.test (lower is better)"]


def many(n):
    """The example with so many methods, all like Slow."""
    names = [f"M{i}" for i in range(n)]
    slow = [record for record in example.records() if record.method == "Slow"]
    records = [
        example.changed(each, method=name, id=f"{name}{each.seed}")
        for name in names
        for each in slow
    ]
    said = {"methods": names, "skips": (), "cells": [record.id for record in records]}
    return summarise(example.changed(example.run(baseline="M0"), **said), records), records


@pytest.fixture
def figures_of(tmp_path, monkeypatch):
    """Draws the pictures of a summary: name -> figure."""

    def drawn(summary, records=()):
        found = {}
        monkeypatch.setattr(drawing, "save", lambda figure, file: found.update({file.stem: figure}))
        draw(summary, tmp_path, records=records)
        return found

    return drawn


def bands_in(ax):
    return sum(isinstance(each, PolyCollection) for each in ax.collections)


def test_up_to_six_methods_share_a_picture(figures_of):
    found = figures_of(*many(6))
    assert [bands_in(ax) for ax in found["bars-hamming"].axes] == [6, 6]


def test_beyond_six_each_method_has_a_small_picture_and_each_value_a_figure(figures_of):
    found = figures_of(*many(7))
    assert {"bars-hamming-train", "bars-hamming-test"} < set(found)
    axes = found["bars-hamming-test"].axes
    assert [ax.get_title().split("\n")[0] for ax in axes] == [f"M{i}" for i in range(7)]
    assert all(ax.get_title().endswith("\n1 missing of 6") for ax in axes)
    assert [bands_in(ax) for ax in axes] == [1] * 7
    assert len({(*ax.get_xlim(), *ax.get_ylim()) for ax in axes}) == 1
    assert not found["bars-hamming-test"].legends


def gids(ax):
    return [line.get_gid() for line in ax.lines]


def test_few_seeds_are_drawn_one_by_one_in_place_of_a_band(figures_of):
    records = [record for record in example.records() if record.seed < 3]
    summary = summarise(example.run(), records)
    ax = figures_of(summary, records)["bars-hamming"].axes[1]
    assert bands_in(ax) == 0
    assert gids(ax).count("seed") == 9
    assert bands_in(figures_of(summary)["bars-hamming"].axes[1]) == 3  # seeds are not known


def test_a_seed_that_diverged_is_marked_where_it_was_last(figures_of):
    records = example.records()
    ax = figures_of(summarise(example.run(), records), records)["bars-hamming"].axes[1]
    (cross,) = [line for line in ax.lines if line.get_gid() == "diverged"]
    twin = next(r for r in records if r.status == "diverged").curves["hamming.test"]
    assert cross.get_xydata().tolist() == [[twin.epoch[-2], twin.value[-2]]]
    assert gids(ax).count("seed") == 0


def test_a_curve_that_leaves_says_how_far_it_goes(figures_of):
    far, near = [0.5, 0.6, 9.0, 8.0, 8.0, 8.0], [0.5, 0.5, 0.4, 0.3, 0.3, 0.2]
    records = [
        example.with_values(r, "hamming.test", far if r.method == "Twin" else near)
        for r in example.records()
    ]
    ax = figures_of(summarise(example.run(), records), records)["bars-hamming"].axes[1]
    assert "\u25b2 Twin: 9" in [text.get_text() for text in ax.texts]
    assert ax.get_ylim()[1] < 0.6


def test_an_axis_names_no_value_beyond_the_range(figures_of):
    run = example.run()
    metrics = {**run.metrics, "hamming": example.metric(range=(0.0, 0.5))}
    records = [
        example.with_values(r, "hamming.train", [0.5, 0.5, 0.49, 0.49, 0.3, 0.0])
        for r in example.records()
    ]
    summary = summarise(example.changed(run, metrics=metrics), records)
    ax = figures_of(summary)["bars-hamming"].axes[0]
    low, high = ax.get_ylim()
    assert low < 0 < 0.5 < high
    assert {line.get_ydata()[0] for line in ax.lines if line.get_gid() == "end"} == {0.0, 0.5}
    assert 0 <= min(ax.get_yticks()) < max(ax.get_yticks()) <= 0.5


def test_a_method_whose_seeds_all_diverged_is_in_the_legend_and_its_seeds_are_drawn(figures_of):
    records = [
        example.changed(each, status="diverged") if each.method == "Twin" else each
        for each in example.records()
    ]
    figure = figures_of(summarise(example.run(), records), records)["bars-hamming"]
    (legend,) = figure.legends
    assert "Twin (6 diverged of 6)" in [text.get_text() for text in legend.get_texts()]
    assert gids(figure.axes[1]).count("diverged") == 5  # the sixth has no value
    assert gids(figure.axes[1]).count("seed") == 5


def test_23_methods_look_unlike_each_other_where_they_share_a_picture():
    run, records = many_methods.many(23)
    summary = summarise(run, records)
    content = next(iter(cost_contents(summary, summary.boards[0], "seconds")))
    with literal_texts(**REPORT.looks):
        figure = drawing.drawn(content, styles_of(summary.lines), REPORT)
    looks = [
        (line.get_color(), line.get_marker(), line.get_markerfacecolor())
        for line in figure.axes[0].lines
        if line.get_gid() == CURVE
    ]
    assert len(set(looks)) == len(looks) == 22  # but the one whose seeds all diverged
    (legend,) = figure.legends
    shown = {
        (h.get_color(), h.get_marker(), h.get_markerfacecolor()) for h in legend.legend_handles
    }
    assert shown == set(looks)

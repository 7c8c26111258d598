"""The numbers beside a figure are those that it draws."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from math import isnan

import numpy as np
import pytest

from ebmbench.report.figures.axes import DIVERGED, SEED
from ebmbench.report.figures.canvas import CURVE
from ebmbench.report.figures.draw import drawn
from ebmbench.report.figures.literal import literal_texts
from ebmbench.report.figures.price.drawing import BEYOND, ON_FRONT
from ebmbench.report.figures.styles import styles_of
from ebmbench.report.paper.catalogue import figures
from ebmbench.report.paper.data import lines_of
from ebmbench.report.paper.layout import layout_of
from ebmbench.report.paper.options import Asked, as_asked
from ebmbench.report.phrases import phase as told
from support import journal_example as example


def rows_of(content):
    return list(csv.DictReader(io.StringIO("".join(lines_of(content, "csv")))))


def figure_of(source, content):
    layout = layout_of(178)
    with literal_texts(**layout.looks):
        return drawn(content, styles_of(source.summary.lines), layout)


def points(rows):
    return [(float(row["x"]), float(row["value"])) for row in rows]


def drawn_points(ax, mark, label=None):
    lines = [a for a in ax.lines if a.get_gid() == mark and label in (None, a.get_label())]
    found = [tuple(map(float, point)) for line in lines for point in line.get_xydata()]
    return [(x, y) for x, y in found if not isnan(y)]  # gaps between curves are no numbers


def test_means_and_bands_are_those_of_the_picture(source):
    (content,) = figures(source)["hamming"]
    figure, rows = figure_of(source, content), rows_of(content)
    for ax, panel in zip(figure.axes, content.panels, strict=True):
        for line in panel.curves:
            mine = [
                row
                for row in rows
                if (row["value_of"], row["line"], row["seed"]) == (panel.value, line, "mean")
            ]
            assert points(mine) == drawn_points(ax, CURVE, line)
        corners = np.concatenate([each.get_paths()[0].vertices for each in ax.collections])
        ends = {float(row[end]) for row in rows for end in ("low", "high") if row[end]}
        assert len(ends) > 20
        of_panel = {
            float(row[end])
            for row in rows
            if row["value_of"] == panel.value
            for end in ("low", "high")
            if row[end]
        }
        assert of_panel <= set(corners[:, 1].tolist())


def test_single_seeds_and_crosses_are_those_of_the_picture(source):
    (content,) = figures(source)["hamming"]
    content = as_asked(content, Asked("hamming.test", one_by_one=True))
    rows, (ax,) = rows_of(content), figure_of(source, content).axes
    seeds = [row for row in rows if row["seed"] != "mean"]
    assert points([row for row in seeds if not row["mark"]]) == drawn_points(ax, SEED)
    crosses = [row for row in seeds if row["mark"]]
    assert [(row["line"], row["seed"]) for row in crosses] == [("Twin", "4")]
    assert points(crosses) == drawn_points(ax, DIVERGED)
    assert not any(row["low"] for row in rows)


def test_prices_are_those_of_the_picture(source):
    (content,) = figures(source)["pareto"]
    figure, rows = figure_of(source, content), rows_of(content)
    for ax, part in zip(figure.axes, content.parts, strict=True):
        mine = [row for row in rows if row["value_of"] == part.value]
        assert points(mine) == drawn_points(ax, CURVE)
        assert [row["line"] for row in mine if row["on_front"] == "True"] == [
            price.method for price in part.points if price.method in part.front
        ]


def test_phases_are_those_of_the_picture(source_from):
    source = source_from(floor=lambda cost: 1e-9 * cost.macs)
    (content,) = figures(source)["cost"]
    rows, (ax,) = rows_of(content), figure_of(source, content).axes
    for phase in ("data", "negative", "optimizer"):
        seconds = [float(row["seconds"]) for row in rows if row["phase"] == phase]
        assert seconds == [x for x, _ in drawn_points(ax, CURVE, told(phase))]
    floors = [x for x, _ in drawn_points(ax, CURVE, "machine's floor")]
    of_fast = [float(row["floor_seconds"]) for row in rows if row["line"] == "Fast"]
    assert floors[0] == pytest.approx(sum(of_fast)) == pytest.approx(160e-6)


def test_lines_of_json_say_the_same(source):
    (content,) = figures(source)["spectrum"]
    lines = [json.loads(line) for line in lines_of(content, "jsonl")]
    table = rows_of(content)
    assert [line["value"] for line in lines] == [float(row["value"]) for row in table]
    assert {line["along"] for line in lines} == {"index"}


def test_a_crowded_figure_has_the_numbers_of_all_its_small_pictures(source):
    (content,) = figures(source)["hamming"]
    panel = content.panels[1]
    many = {f"{line} {i}": curve for line, curve in panel.curves.items() for i in range(3)}
    content = replace(content, parts=[replace(panel, curves=many, seeds={})], lost={})
    assert content.is_crowded
    layout = layout_of(86)
    with literal_texts(**layout.looks):
        figure = drawn(content, styles_of(list(many)), layout)
    rows = rows_of(content)
    assert len(figure.axes) == len(many) == 9
    for ax, line in zip(figure.axes, many, strict=True):
        assert ax.get_title() == line
        assert drawn_points(ax, CURVE) == points([row for row in rows if row["line"] == line])
        assert len(drawn_points(ax, "others")) == 8 * len(example.EPOCHS[1:])


def test_a_caption_says_what_is_drawn_of_seeds(source):
    (content,) = figures(source)["hamming"]
    assert "hamming over training on bars: mean and 95 % interval" in content.caption
    assert "a cross at the last value of a seed that diverged after it" in content.caption
    asked = as_asked(content, Asked("hamming.test", one_by_one=True)).caption
    assert asked.startswith("hamming.test over training on bars: single seeds as thin lines")
    assert "interval" not in asked


def test_rings_are_around_the_front_and_all_points_are_full(source):
    (content,) = figures(source)["pareto"]
    turned = [replace(part, better="higher") for part in content.parts]
    content = replace(content, parts=[*content.parts, *turned])
    for ax, part in zip(figure_of(source, content).axes, content.parts, strict=True):
        where = {price.method: price.cost("seconds") for price in part.points}
        rings = {x for x, _ in drawn_points(ax, ON_FRONT)}
        assert rings == {where[method] for method in part.front}
        faces = [a.get_markerfacecolor() for a in ax.lines if a.get_gid() == CURVE]
        assert "white" not in faces
    assert any(len(part.front) < len(part.points) for part in content.parts)
    assert "ringed points" in content.caption


def test_an_interval_beyond_the_axis_of_costs_has_an_arrow(source):
    (content,) = figures(source)["pareto"]
    part = content.parts[0]
    wide = part.points[0].final
    wide = replace(wide, low=wide.mean - 1e6, high=wide.mean + 1e6)
    points = [part.points[0]._replace(final=wide), *part.points[1:]]
    changed = replace(content, parts=[replace(part, points=points)])
    ax = figure_of(source, changed).axes[0]
    assert {y for _, y in drawn_points(ax, BEYOND)} == set(ax.get_ylim())
    assert drawn_points(figure_of(source, content).axes[0], BEYOND) == []

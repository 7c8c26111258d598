"""Names of what lies beyond the axes of quality against cost: no arrow and no point is hidden."""

from __future__ import annotations

from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.transforms import Bbox

from ebmbench.report.figures.axes import LEAVES
from ebmbench.report.figures.contents.content import Content
from ebmbench.report.figures.draw import drawn
from ebmbench.report.figures.layout import REPORT
from ebmbench.report.figures.literal import literal_texts
from ebmbench.report.figures.price.drawing import BEYOND
from ebmbench.report.figures.price.prices import Price, Prices
from ebmbench.report.figures.styles import styles_of
from ebmbench.report.paper.layout import layout_of
from ebmbench.summary.statistics import Interval

LAYOUTS = {"report": REPORT, "single": layout_of(86)}


def price(method, mean, seconds, half=0.02):
    return Price(method, Interval(mean, mean - half, mean + half, 5), seconds, 1e6)


def priced(better, *far):
    """Six close together, one of which has an interval beyond the axis; and some far off."""
    close = [price(f"M{i}", 2.0 + 0.1 * i, 0.1 * 2**i) for i in range(6)]
    points = [*close, price("wide", 2.4, 0.5, half=3.0), *far]
    if better == "higher":
        points = [p._replace(final=p.final.mirrored) for p in points]
    return Prices("nll", "nats", better, "seconds", points, logarithmic=False)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("better", ["lower", "higher"])
def test_names_of_what_leaves_hide_no_arrow_and_not_each_other(layout, better):
    far = [price("first", 9e4, 0.45), price("second", 80.0, 0.55)]
    part = priced(better, *far)
    with literal_texts(**LAYOUTS[layout].looks):
        content = Content("bars", ("pareto",), "", [part])
        styles = styles_of([p.method for p in part.points])
        figure = drawn(content, styles, LAYOUTS[layout])
        renderer = FigureCanvasAgg(figure).get_renderer()
        figure.draw(renderer)
        ax = figure.axes[0]
        names = [text for text in ax.texts if text.get_gid() == LEAVES]
        boxes = [name.get_window_extent(renderer) for name in names]
        marks = [
            ax.transData.transform(point)
            for line in ax.lines
            if line.get_gid() == BEYOND
            for point in line.get_xydata()
        ]
    assert {name.get_text().strip("▲▼ ").split(":")[0] for name in names} == {"first", "second"}
    assert len(marks) == 2
    assert not [m for m in marks for box in boxes if box.overlaps(_around(m))]
    assert not [1 for one, other in combinations(boxes, 2) if one.overlaps(other)]
    assert not any(name.get_bbox_patch() for name in names)


def _around(point, dots=3):
    return Bbox([point - dots, point + dots])


def test_an_arrow_stands_at_its_cost():
    part = priced("lower", price("dear", 9e4, 5.0), price("cheap", 80.0, 0.08))
    with literal_texts(**REPORT.looks):
        styles = styles_of([p.method for p in part.points])
        ax = drawn(Content("bars", ("pareto",), "", [part]), styles, REPORT).axes[0]
    said = {text.get_text(): text.get_ha() for text in ax.texts if text.get_gid() == LEAVES}
    assert said == {"dear: 90000 ▲": "right", "▲ cheap: 80": "left"}

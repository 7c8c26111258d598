"""Small multiples: where they stand, and that nothing of them is cut off or covered."""

from __future__ import annotations

from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from ebmbench.report.figures.axes import TARGET, draw_curves
from ebmbench.report.figures.canvas import canvas
from ebmbench.report.figures.contents.learning import learning
from ebmbench.report.figures.draw import drawn
from ebmbench.report.figures.layout import REPORT
from ebmbench.report.figures.literal import literal_texts
from ebmbench.report.figures.panels import INDEX, Panel
from ebmbench.report.figures.styles import styles_of
from ebmbench.report.paper.layout import WIDTHS, layout_of
from ebmbench.summary import Curve, summarise
from ebmbench.summary.statistics import Interval
from support import journal_example as example
from support import many_methods

LAYOUTS = {"report": REPORT, **{name: layout_of(width) for name, width in WIDTHS.items()}}


def contents(n, rename=str):
    """The learning curves of so many methods, page by page."""
    run, records = many_methods.many(n)
    names = {name: rename(name) for name in run.methods}
    records = [example.changed(r, method=names[r.method]) for r in records]
    run = example.changed(run, methods=tuple(names.values()), baseline=names["M0"])
    summary = summarise(run, records)
    styles = styles_of(summary.lines)
    found = list(learning(summary, summary.boards[0], records))
    return [(page, styles) for whole in found for page in whole.in_pages()]


def texts_of(figure):
    """All that is written and seen, with where it stands."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    found = [*figure.texts, *(text for ax in figure.axes for text in texts_in(ax))]
    return {text: text.get_window_extent(renderer) for text in found if text.get_text()}


def texts_in(ax):
    yield from (ax.title, *ax.texts)
    for axis, (low, high) in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
        yield from (tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high)


@pytest.mark.parametrize("n", [7, 13])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ["{}", "{} with a name that goes on and on"])
def test_no_text_is_cut_off_and_none_covers_another(n, layout, name):
    with literal_texts(**LAYOUTS[layout].looks):
        for content, styles in contents(n, name.format):
            figure = drawn(content, styles, LAYOUTS[layout])
            texts, whole = texts_of(figure), figure.bbox
            assert len(texts) > n
            for text, box in texts.items():
                assert whole.x0 - 1 < box.x0 < box.x1 < whole.x1 + 1, text
                assert whole.y0 - 1 < box.y0 < box.y1 < whole.y1 + 1, text
            for (a, one), (b, other) in combinations(texts.items(), 2):
                assert not one.shrunk(0.9, 0.8).overlaps(other.shrunk(0.9, 0.8)), (a, b)
            for axes in figure.axes:
                outside = [text for text in texts if text not in axes.texts]
                assert not [t for t in outside if texts[t].shrunk(0.9, 0.8).overlaps(axes.bbox)]


def test_numbers_stand_at_the_outer_axes_alone_and_all_have_the_same_size():
    content, styles = contents(8)[0]
    with literal_texts(**REPORT.looks):
        figure = drawn(content, styles, REPORT)
    assert [len(ax.get_yticks()) > 0 for ax in figure.axes] == [True, *[False] * 5, True, False]
    assert [len(ax.get_xticks()) > 0 for ax in figure.axes] == [False] * 2 + [True] * 6
    sizes = {(round(ax.bbox.width, 6), round(ax.bbox.height, 6)) for ax in figure.axes}
    assert len(sizes) == 1


def test_the_target_is_named_once_where_no_curve_is():
    (content, styles), *_ = [each for each in contents(8) if each[0].panels[0].target is not None]
    with literal_texts(**REPORT.looks):
        figure = drawn(content, styles, REPORT)
        names = {
            name: name.get_window_extent(FigureCanvasAgg(figure).get_renderer())
            for ax in figure.axes
            for name in ax.texts
            if name.get_gid() == TARGET
        }
    (name,) = names
    assert name.get_text() == "target"
    assert name.axes is figure.axes[0]


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("above", [True, False])
def test_the_targets_name_stands_where_no_curve_is(side, above):
    """Points lie close to the line on one side of it, and on the other only at one end."""
    near, far = (1.02, 0.98) if above else (0.98, 1.02)
    means = [near] * 20 + [far] * 20 if side == "left" else [far] * 20 + [near] * 20
    curve = Curve(tuple(map(float, range(40))), tuple(Interval(y, y, y, 1) for y in means))
    ends = Curve((0.0, 39.0), (Interval(0.8, 0.8, 0.8, 1), Interval(1.2, 1.2, 1.2, 1)))
    panel = Panel("y", "", {"a": curve, "b": ends}, False, target=1.0, x=INDEX)
    with literal_texts(**REPORT.looks):
        figure, (ax,) = canvas(1)
        draw_curves(ax, panel, styles_of("ab"))
        (name,) = (text for text in ax.texts if text.get_gid() == TARGET)
        box = name.get_window_extent(FigureCanvasAgg(figure).get_renderer())
    points = [(x, i.mean) for x, i in zip(curve.epochs, curve.values, strict=True)]
    assert box.count_contains(ax.transData.transform(points)) == 0
    assert (name.get_ha(), name.get_va()) in FREE[side, above]


FREE = {  # where the curve is -> where it is not
    ("left", True): {("right", "bottom"), ("left", "top")},
    ("right", True): {("left", "bottom"), ("right", "top")},
    ("left", False): {("left", "bottom"), ("right", "top")},
    ("right", False): {("right", "bottom"), ("left", "top")},
}

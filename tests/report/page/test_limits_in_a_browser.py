"""The page's rule for the range of an axis against the Markdown report's, on the same curves."""

from __future__ import annotations

import re
from importlib.resources import files
from math import isnan, nan

import numpy as np
import pytest

from ebmbench.report.figures.axes import told_of_starts
from ebmbench.report.figures.limits import has_band, leaving, limits, starting
from ebmbench.report.figures.panels import EPOCHS, FEWEST_FOR_BAND, Panel
from ebmbench.report.figures.seeds import Trace
from ebmbench.report.page.carried import LIMITS
from ebmbench.summary import Curve
from ebmbench.summary.statistics import Interval
from support.browser import IN_A_BROWSER

pytestmark = IN_A_BROWSER
SCRIPTS = ("numbers", "looks", "limits")
ASK = """
  const [curves, log, better, target, rule] = arguments;
  const axis = counted(curves, log, better, rule);
  const range = limits(axis, log, better, target, rule);
  return [range, leaversOf(axis, log, better, range, rule).map((each) => each.text)];
"""
NEAR = [[3.0, 2.5, 2.0, 1.9, 1.8, 1.8], [3.0, 2.6, 2.1, 2.0, 1.9, 1.9], [3.0, 2.4, 2.2, 2.1, 2, 2]]
STARTS = [[500.0, 120.0, 60.0, 4.3, 4.2, 4.1], [520.0, 130.0, 70.0, 4.6, 4.5, 4.4]]
CASES = {
    "near": (NEAR, False),
    "one explodes": ([*NEAR, [3.0, 2.5, 2.0, 40.0, 90.0, 95.0]], False),
    "two explode": ([*NEAR, *NEAR, [3.0, 80.0, 90.0], [3.0, 85.0, 70.0]], False),
    "one is better by far": ([*NEAR, [3.0, -40.0, -90.0, -90.0, -90.0, -95.0]], False),
    "a pair": (NEAR[:2], False),
    "a pair far apart": ([NEAR[0], [3.0, 300.0, 900.0, 900.0, 900.0, 900.0]], False),
    "a pair on decades": ([[1e-2, 1e-3, 1.1e-3], [1e-2, 1e4, 1e5]], True),
    "a pair on fewer decades": ([[1e-2, 1e-2, 1.1e-2], [1e-2, 1.0, 5.0]], True),
    "a pair, one over five decades": ([[1e-2, 1.05e-2, 1.02e-2], [1e-2, 1.0, 1e3]], True),
    "a pair, one over three": ([[1e-2, 1.05e-2, 1.02e-2], [1e-2, 1.0, 10.0]], True),
    "rounding errors": ([[1.0, 0.5, 0.4], [1.0, 1e-12, 1e-17], [1e-15, 1e-16, 1e-16]], True),
    "rounding errors alone": ([[1e-15, 1e-16], [2e-15, 1e-17]], True),
    "small, but no rounding errors": ([[1.0, 0.5], [1.0, 1e-6], [1e-5, 1e-7]], True),
    "bad starts": (STARTS, False),
    "bad starts, and one that stays": ([*STARTS, [505.0, 90.0, 80.0, 90.0, 95.0, 99.0]], False),
    "bad starts on decades": ([[1e6, 1e5, 4.2, 4.1], [1e6, 1e5, 4.4, 4.3]], True),
    "a gap": ([[3.0, nan, 2.0, 1.9], [3.0, 2.5, nan, 2.0]], False),
    "constant": ([[2.0, 2.0], [2.0, 2.0]], False),
    "nothing": ([[0.0, 0.0], [0.0, 0.0]], False),
    "points": ([[2.28], [2.26], [2.27]], False),
    "points, one far": ([[2.28], [2.26], [2.27], [5.4]], False),
    "one alone": ([[500.0, 100.0, 50.0, 4.0, 3.9, 3.8]], False),
}


def panel_of(curves, log, better, target, n, half, seeds=()):
    """The curves as the Markdown report has them, with intervals of a width."""
    made = {
        f"M{i}": Curve(
            tuple(range(1, len(means) + 1)),
            tuple(Interval(m, m - half, m + half, 0 if isnan(m) else n) for m in means),
        )
        for i, means in enumerate(curves)
    }
    traces = {f"M{i}": tuple(of_line) for i, of_line in enumerate(seeds)}
    return Panel("nll.test", "", made, log, target, EPOCHS, better=better, seeds=traces)


def in_page(panel):
    """The same as the page has it."""

    def ends(curve, end):
        return [
            getattr(i, end) if has_band(i) and i.n >= FEWEST_FOR_BAND else None
            for i in curve.values
        ]

    return [
        {
            "line": {"name": name},
            "mean": [None if isnan(i.mean) else i.mean for i in curve.values],
            "low": ends(curve, "low"),
            "high": ends(curve, "high"),
            "seeds": [{"y": [*trace.y]} for trace in panel.drawn_seeds(name)],
        }
        for name, curve in panel.curves.items()
    ]


def told(panel):
    """What leaves and comes in, by its beginning."""
    middle = sum(limits(panel)) / 2
    found = [f"{'▲' if far > middle else '▼'} {m}" for m, far in leaving(panel).items()]
    if starts := starting(panel):
        found.append(" ".join(told_of_starts(panel, starts)).split(" from ")[0])
    return found


def agree(browser, panel):
    script = "".join(
        (files("ebmbench.report.page") / f"assets/script/{name}.js").read_text("utf-8")
        for name in SCRIPTS
    )
    ends, texts = browser.execute_script(
        script + ASK, in_page(panel), panel.logarithmic, panel.better, panel.target, LIMITS
    )
    assert ends == pytest.approx(limits(panel), rel=1e-9, abs=1e-12)
    assert [re.split(":| from ", text)[0] for text in texts] == told(panel)


@pytest.mark.parametrize("better", ["lower", "higher", None])
@pytest.mark.parametrize("case", CASES)
def test_the_page_has_the_same_range_and_the_same_leave_it(browser, case, better):
    curves, log = CASES[case]
    for half in (0.0, 0.3):
        for target in (None, 1.0):
            agree(browser, panel_of(curves, log, better, target, 6, half))


@pytest.mark.parametrize("better", ["lower", "higher", None])
def test_the_same_with_seeds_in_place_of_bands(browser, better):
    for curves in (NEAR, STARTS, [*NEAR, [3.0, 2.5, 2.0, 40.0, 90.0, 95.0]]):
        seeds = [
            [
                Trace(s, tuple(range(1, 7)), tuple(y * (0.8 + 0.2 * s) for y in means))
                for s in range(3)
            ]
            for means in curves
        ]
        agree(browser, panel_of(curves, False, better, None, 3, 0.1, seeds))


@pytest.mark.parametrize("seed", range(12))
def test_the_same_on_curves_drawn_at_random(browser, seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 9))
    ends = 10.0 ** rng.uniform(-3 if seed % 2 else 0, 3 if seed % 3 else 1, size=(n, 1))
    fall = 10.0 ** (rng.uniform(0, 3, size=(n, 1)) * np.linspace(1, 0, 8) ** 3)
    curves = (ends * fall * rng.uniform(0.9, 1.1, size=(n, 8))).tolist()
    for better in ("lower", "higher", None):
        for log in (False, True):
            agree(browser, panel_of(curves, log, better, None, 6, 0.01))

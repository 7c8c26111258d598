"""Pages of more methods than one picture holds, in a real browser."""

from __future__ import annotations

import pytest

from ebmbench.report.figures.panels import MOST_BANDS
from support.accessibility import serious_faults
from support.browser import (
    IN_A_BROWSER,
    complaints,
    photograph,
    settle,
    show,
    walk_through,
)
from support.many_methods import DIVERGED, DIVERGED_ONCE, many
from support.page_controls import all_of, chart, choose, names, one
from support.page_example import page_of

pytestmark = IN_A_BROWSER
METHODS = 23
NAMES = [f"M{i}" for i in range(METHODS)]
OWN = "each in a picture of its own"
PANELS = """
  const figure = document.querySelectorAll(".desk ~ .charts figure")[arguments[0]];
  return [...figure.querySelectorAll(".panel")].map((panel) => {
    const { data, layout } = panel.querySelector(".chart");
    return [panel.querySelector(".name").textContent, data, layout.xaxis.range, layout.yaxis.range];
  });
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return page_of(tmp_path_factory.mktemp("many"), *many(METHODS))


@pytest.fixture
def at(browser, page):
    show(browser, page)
    walk_through(browser)
    return browser


def panels(browser, number=0):
    """Of a figure: name as it is told -> traces, and the ranges of x and of y."""
    figure = all_of(browser, ".desk ~ .charts figure")[number]
    browser.execute_script("arguments[0].scrollIntoView()", figure)
    settle(browser)
    return {told: rest for told, *rest in browser.execute_script(PANELS, number)}


def note(browser, number=0):
    return all_of(browser, ".desk ~ .charts figure > .note")[number].text


def test_it_opens_with_a_small_picture_of_each_method_and_the_others_in_grey(at):
    found = panels(at)
    assert [name.split("1 missing")[0] for name in found][3:] == NAMES[3:]
    traces, *ranges = found["M51 missing of 6"]
    assert [each.get("name") for each in traces if "name" in each] == ["M5"]
    assert any(each.get("fill") for each in traces)
    grey = traces[0]
    assert len([y for y in grey["y"] if y is None]) == METHODS - 1
    assert all(list(each[1:]) == ranges for each in found.values())  # one range for all
    assert complaints(at) == []


def test_all_can_be_had_in_one_picture_which_starts_with_the_best(at):
    choose(at, "Methods", "all in one picture")
    assert len(names(at)) == MOST_BANDS
    assert len([each for each in chart(at)["data"] if each.get("fill")]) == MOST_BANDS
    choose(at, "Methods", OWN)
    assert len(panels(at)) == METHODS


def test_methods_that_were_chosen_stay_chosen(at):
    one(at, ".chips button", "None").click()
    for name in ("M3", "M4"):
        one(at, ".chips button", name).click()
    choose(at, "Methods", "all in one picture")
    assert names(at) == ["M3", "M4"]
    choose(at, "Methods", OWN)
    assert [*panels(at)] == ["M31 missing of 6", "M41 missing of 6"]


@pytest.mark.parametrize("way", [OWN, "all in one picture"])
def test_where_seeds_diverged_is_a_cross_and_who_has_no_curve_is_named(at, way):
    choose(at, "Methods", way)
    one(at, ".chips button", "All").click()
    if way == OWN:
        found = panels(at)
        crosses = {
            name: [t for t in traces if t.get("marker", {}).get("symbol") == "x-thin"]
            for name, (traces, *_) in found.items()
        }
        told = [
            f"{DIVERGED_ONCE}1 diverged, 1 missing of 6",
            f"{DIVERGED}5 diverged, 1 missing of 6",
        ]
        assert [name for name, those in crosses.items() if those] == told
        once, every = (crosses[name][0] for name in told)
        assert (once["x"], every["x"]) == ([10], [10] * 5)
    else:
        crosses = [t for t in chart(at)["data"] if t.get("marker", {}).get("symbol") == "x-thin"]
        assert [each["x"] for each in crosses] == [[10], [10] * 5]
        assert DIVERGED not in names(at)
    assert f"No curve of {DIVERGED} (5 diverged, 1 missing of 6)." in note(at)
    assert "A cross is the last value of a seed that diverged" in note(at)


def test_every_method_looks_unlike_every_other(at):
    choose(at, "Methods", "all in one picture")
    one(at, ".chips button", "All").click()
    looks = {
        (each["line"]["color"], each["line"]["dash"], each["marker"]["symbol"])
        for each in chart(at)["data"]
        if "name" in each
    }
    assert len(looks) == METHODS - 1  # but the one that has no curve
    drawn = at.execute_script(
        "return [...document.querySelectorAll('symbol')].map((e) => e.innerHTML)"
    )
    assert len(set(drawn)) == len(drawn) == METHODS
    used = at.execute_script(
        "return [...document.querySelectorAll('.chips use')].map((e) => e.getAttribute('href'))"
    )
    assert used == [f"#look-{i}" for i in range(METHODS)]


@pytest.mark.parametrize(
    "dark", [False, pytest.param(True, marks=[pytest.mark.soak, pytest.mark.long])], ids=str
)
def test_nothing_serious_keeps_anyone_out(browser, page, dark):
    show(browser, page, dark)
    walk_through(browser)
    assert serious_faults(browser) == []


def test_a_phone_is_wide_enough(browser, page):
    show(browser, page, width=360)
    walk_through(browser)
    assert browser.execute_script("return document.documentElement.scrollWidth") == 360


def test_two_pictures_fit_on_a_sheet_of_paper(browser, page):
    centimetre = 96 / 2.54
    show(browser, page, width=int(19 * centimetre))
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        heights = browser.execute_async_script("""
          const figures = [...document.querySelectorAll(".stills figure")];
          const images = figures.map((each) => each.querySelector("img"));
          for (const image of images) image.loading = "eager";
          Promise.all(images.map((image) => image.decode()))
            .then(() => arguments[0](figures.map((each) => each.offsetHeight)));
        """)
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert len(heights) >= 4
    assert 8 * centimetre < max(heights) < (29.7 - 2) / 2 * centimetre


@pytest.mark.soak
@pytest.mark.long
def test_screens_can_be_looked_at(browser, page, tmp_path):
    for name, dark, width in (("light", False, 1280), ("dark", True, 1280), ("phone", False, 390)):
        show(browser, page, dark, width)
        walk_through(browser)
        photograph(browser, tmp_path / f"{name}.png")
    assert all(file.stat().st_size > 50_000 for file in tmp_path.iterdir())

"""The page in a real browser, from a file, with no network: what its controls do."""

from __future__ import annotations

import json
import re

import pytest

from ebmbench.report.figures.limits import leaving, limits
from ebmbench.report.figures.panels import panels
from ebmbench.summary import summarise
from support import journal_example as example
from support.accessibility import serious_faults
from support.browser import (
    IN_A_BROWSER,
    complaints,
    photograph,
    printed,
    settle,
    show,
    walk_through,
)
from support.page_controls import all_of, chart, choose, names, one
from support.page_example import page_of

pytestmark = IN_A_BROWSER


@pytest.fixture
def at(browser, page):
    """The page, opened and drawn."""
    show(browser, page)
    walk_through(browser)
    return browser


def test_it_opens_without_a_complaint_and_asks_for_nothing(browser, page):
    browser.get_log("performance")
    show(browser, page)
    walk_through(browser)
    assert complaints(browser) == []
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [
        e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"
    ]
    others = {url for url in asked if not url.startswith(("data:", "chrome:"))}
    assert others == {page.as_uri()}  # chrome: is the empty page before it
    assert len(all_of(browser, ".chart svg.main-svg")) >= 6


def test_a_method_goes_and_comes_back_in_every_picture(at):
    assert names(at) == ["Fast", "Slow", "Twin"]
    button = one(at, ".chips button", "Slow")
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    assert names(at) == names(at, 1) == ["Fast", "Twin"]
    assert "2 of 3 methods are shown" in one(at, ".desk .note").text
    button.click()
    assert names(at) == ["Fast", "Slow", "Twin"]


def test_a_target_is_named_below_its_picture(at):
    said = [each.text for each in all_of(at, ".desk ~ .charts figure > .note")]
    titles = [each.text for each in all_of(at, ".desk ~ .charts figcaption")]
    named = [title for title, note in zip(titles, said, strict=True) if "target" in note]
    assert [title.split(" ")[0] for title in named] == ["hamming.test"]
    assert any("The dotted line is the target, 0.05." in note for note in said)


def test_all_and_none(at):
    one(at, ".chips button", "None").click()
    assert names(at) == []
    one(at, ".chips button", "All").click()
    assert names(at) == ["Fast", "Slow", "Twin"]


@pytest.mark.parametrize(
    ("axis", "last"),
    [
        ("epochs", 100),
        ("updates", 500),
        ("multiply-adds", 500 * 2_592_000),
        ("seconds of training", 0.65),
    ],
)
def test_curves_run_along_what_is_asked_for(at, axis, last):
    choose(at, "Over", axis)
    slow = next(trace for trace in chart(at)["data"] if trace.get("name") == "Slow")
    assert slow["x"][-1] == pytest.approx(last)
    assert chart(at)["x"]["title"]["text"] == axis


def test_a_logarithmic_axis_leaves_out_the_start_and_a_linear_one_has_it(at):
    assert chart(at)["x"]["type"] == "log"
    assert chart(at)["data"][-1]["x"][0] == 1
    assert chart(at)["x"]["ticktext"] == ["1", "3", "10", "30", "100"]
    choose(at, "Horizontal axis", "linear")
    assert chart(at)["x"]["type"] == "linear"
    assert chart(at)["data"][-1]["x"][0] == 0
    choose(at, "Vertical axis", "logarithmic")
    assert chart(at)["y"]["type"] == "log"


def test_axes_span_what_those_of_the_markdown_report_do(at):
    summary = summarise(example.run(), example.records())
    found = [
        panel
        for metric in ("hamming", "nll")
        for panel in panels(summary, summary.boards[0], metric)
    ]
    for number, panel in enumerate(found):
        y = chart(at, number)["y"]
        assert y["type"] == ("log" if panel.logarithmic else "linear")
        ends = [10**end for end in y["range"]] if panel.logarithmic else y["range"]
        assert ends == pytest.approx(limits(panel), rel=2e-3), panel.title


def test_a_curve_that_would_flatten_the_others_leaves_and_says_how_far(browser, tmp_path):
    far, near = [0.5, 0.6, 9.0, 8.0, 8.0, 8.0], [0.5, 0.5, 0.4, 0.3, 0.3, 0.2]
    records = [
        example.with_values(r, "hamming.test", far if r.method == "Twin" else near)
        for r in example.records()
    ]
    summary = summarise(example.run(), records)
    show(browser, page_of(tmp_path, records=records))
    walk_through(browser)
    panel = panels(summary, summary.boards[0], "hamming")[1]
    assert leaving(panel) == {"Twin": 9.0}
    assert chart(browser, 1)["y"]["range"] == pytest.approx(limits(panel), rel=2e-3)
    script = "return document.querySelectorAll('.desk ~ .charts .chart')[1].layout.annotations"
    assert [each["text"] for each in browser.execute_script(script)] == ["\u25b2 Twin: 9"]


def test_bands_or_single_seeds_or_neither(at):
    filled = [trace for trace in chart(at)["data"] if trace.get("fill")]
    assert len(filled) == 3
    choose(at, "Spread", "single seeds")
    thin = [trace for trace in chart(at)["data"] if trace.get("opacity")]
    assert {text for trace in thin for text in trace["text"] if text} == {
        f"seed {s}" for s in range(6)
    }
    choose(at, "Spread", "none")
    assert [trace["mode"] for trace in chart(at)["data"]] == ["markers", *["lines+markers"] * 3]


def rows(browser):
    table = all_of(browser, "table[data-sortable]")[0]
    return [row.text for row in table.find_elements("css selector", "tbody th")]


def test_a_table_is_sorted_by_a_head_and_says_how(at):
    head = one(at, "table[data-sortable] thead th", "nll.test")
    button = head.find_element("css selector", "button")
    assert rows(at) == ["Fast", "Slow", "Twin"]
    assert not all_of(at, "th[aria-sort]")  # as the suite has them, and sorted by nothing
    board = summarise(example.run(), example.records()).boards[0]
    ranked = sorted(rows(at), key=lambda method: board.row(method).final["nll.test"].mean)
    button.click()
    assert (rows(at), head.get_attribute("aria-sort")) == (ranked, "ascending")
    button.click()
    assert (rows(at), head.get_attribute("aria-sort")) == (ranked[::-1], "descending")
    one(at, "table[data-sortable] thead th", "Method").find_element(
        "css selector", "button"
    ).click()
    assert rows(at) == ["Fast", "Slow", "Twin"]


def test_everything_can_be_reached_and_done_by_keyboard(at):
    from selenium.webdriver.common.keys import Keys

    reached = []
    for _ in range(80):
        at.switch_to.active_element.send_keys(Keys.TAB)
        element = at.switch_to.active_element
        reached.append((element.tag_name, element.text.split("\n")[0]))
        if reached[-1][1] == "Slow" and element.tag_name == "button":
            break
    assert reached[0] == ("a", "Skip to the results")
    assert ("button", "hamming.train") in reached
    assert {"select"} <= {tag for tag, _ in reached}
    at.switch_to.active_element.send_keys(Keys.SPACE)
    assert names(at) == ["Fast", "Twin"]
    outline = at.execute_script("return getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_images_play_and_stand_where_the_slider_is(at):
    slider, told = one(at, ".player input"), one(at, ".player output")
    assert told.text == "epoch 100"
    one(at, ".player button").click()  # plays from the start
    assert told.text == "epoch 0"
    one(at, ".player button").click()
    at.execute_script(
        "arguments[0].value = 1; arguments[0].dispatchEvent(new Event('input'))", slider
    )
    assert told.text == "epoch 10"
    canvas = all_of(at, ".reels canvas")[0]
    assert "epoch 10" in canvas.get_attribute("aria-label")
    pixels = at.execute_script(
        "return [...arguments[0].getContext('2d').getImageData(0, 0, 1, 1).data]", canvas
    )
    assert pixels == [0x00, 0x72, 0xB2, 255]  # the colour of the first mark


def test_the_numbers_behind_a_picture_are_a_file(at):
    caught = at.execute_async_script(
        """
        const done = arguments[0];
        const real = URL.createObjectURL;
        URL.createObjectURL = (blob) => { blob.text().then(done); return real.call(URL, blob); };
        document.querySelector(".charts figure button").click();
        URL.createObjectURL = real;
        """
    )
    head, *lines = caught.splitlines()
    assert head.startswith("dataset,value,method,seed,epoch")
    assert any(line.startswith("bars,hamming.train,Slow,mean,100,500,") for line in lines)
    assert len(lines) == (3 + 15) * len(
        example.EPOCHS
    )  # means, and 6 + 5 + 4 seeds that ended well


def test_quality_and_updates_are_drawn_by_what_is_asked_for(at):
    script = """
      const { data, layout } = document.querySelector(arguments[0]);
      return JSON.stringify([data, layout.xaxis.type]);
    """
    data, kind = json.loads(at.execute_script(script, "[data-quality] .chart"))
    assert [trace["name"] for trace in data if "name" in trace] == ["Fast", "Slow", "Twin"]
    assert kind == "log"
    bars, _ = json.loads(at.execute_script(script, "[data-updates] .chart"))
    assert [trace["name"] for trace in bars] == ["data phase", "negative phase", "optimiser"]
    assert bars[1]["x"] == [0.0012, 0.001, 0.0001]  # Twin, Slow, Fast, from below


def test_quality_opens_on_the_value_that_verdicts_go_by(at):
    select = all_of(at, "[data-quality] select")[0]
    options = [each.text for each in select.find_elements("css selector", "option")]
    assert options[:2] == ["hamming.train", "hamming.test"]  # not the first of them
    chosen = "return arguments[0].selectedOptions[0].textContent"
    assert at.execute_script(chosen, select) == "hamming.test"
    label = all_of(at, "[data-quality] .chart")[0].get_attribute("aria-label")
    assert label.startswith("hamming.test (lower is better)")


def test_updates_stand_against_the_machines_floor_where_it_is_known(browser, tmp_path):
    show(browser, page_of(tmp_path, floor=lambda cost: cost.macs / 1e12))
    walk_through(browser)
    script = "return JSON.stringify(document.querySelector('[data-updates] .chart').data)"
    *bars, floor = json.loads(browser.execute_script(script))
    assert [trace["type"] for trace in bars] == ["bar"] * 3
    macs = {"Fast": 128_000, "Slow": 2_560_000, "Twin": 2_560_000}
    assert floor["hovertext"] == ["Twin", "Slow", "Fast"]  # from below
    assert floor["x"] == pytest.approx([(macs[m] + 32_000) / 1e12 for m in floor["hovertext"]])
    assert floor["text"][0] == "2.59 µs, 0.17 % of what it takes"
    label = all_of(browser, "[data-updates] .chart")[0].get_attribute("aria-label")
    assert "Slow 1.3 ms, at the machine's floor 2.59 µs" in label
    choose_in(browser, "[data-updates]", "multiply-adds, counted")
    assert "floor" not in browser.execute_script(script)


def choose_in(browser, home, text):
    from selenium.webdriver.support.select import Select

    select = all_of(browser, f"{home} select")[0]
    Select(select).select_by_visible_text(text)
    settle(browser)


def test_names_do_nothing(browser, evil):
    show(browser, evil)
    walk_through(browser)
    assert complaints(browser) == []
    assert not browser.find_elements("css selector", ".chart b, .chart a, .chart img")
    assert [text for text in names(browser) if text.startswith("</script>")]
    shown = [each.text for each in all_of(browser, ".chips button span")]
    assert "<b>Slow</b>" in shown


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_serious_keeps_anyone_out(browser, page, dark):
    show(browser, page, dark)
    walk_through(browser)
    assert serious_faults(browser) == []


def test_a_phone_is_wide_enough(browser, page):
    show(browser, page, width=360)
    walk_through(browser)
    assert browser.execute_script("return document.documentElement.scrollWidth") == 360


def test_on_a_phone_nothing_lies_over_the_titles_of_quality_and_cost(browser, page):
    show(browser, page, width=390)
    walk_through(browser)
    script = """
      const within = document.querySelector("[data-quality]");
      const ends = (selector) => {
        const { top, bottom } = within.querySelector(selector).getBoundingClientRect();
        return [top, bottom];
      };
      return [".chart", ".ytitle", ".xtitle", ".key"].map(ends);
    """
    chart, up, along, key = browser.execute_script(script)
    assert chart[0] <= up[0] < up[1] <= chart[1]
    assert along[1] <= key[0] < key[1]
    assert not all_of(browser, "[data-quality] .legend")
    named = [each.text for each in all_of(browser, "[data-quality] .key span")]
    assert named == ["Fast", "Slow", "Twin"]


def test_without_scripts_pictures_take_the_place_of_charts(browser, page):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        show(browser, page)
        assert all(each.is_displayed() for each in all_of(browser, ".stills img"))
        assert not any(each.is_displayed() for each in all_of(browser, ".live"))
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_screens_and_paper_can_be_looked_at(browser, page, tmp_path):
    for name, dark, width in (("light", False, 1280), ("dark", True, 1280), ("phone", False, 390)):
        show(browser, page, dark, width)
        walk_through(browser)
        photograph(browser, tmp_path / f"{name}.png")
    printed(browser, tmp_path / "paper.pdf")
    assert all(file.stat().st_size > 50_000 for file in tmp_path.iterdir())
    paper = (tmp_path / "paper.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) > 1

"""The site in a real browser, from files, with no network: search, colours, and who can read it."""

from __future__ import annotations

import pytest

from support.accessibility import serious_faults
from support.browser import IN_A_BROWSER, complaints, show

pytestmark = IN_A_BROWSER
PAGES = [
    *("index", "theory", "likelihood", "questions", "results", "suites"),
    *("leaderboards/index", "leaderboards/debd", "leaderboards/bars", "methods/index"),
    *("methods/cd", "reports/modes/index", "reports/paper/index", "reference/samplers"),
    "reports/walkers/bias.py",
]
LOOKED_AT = ["index", "theory", "results", "suites", "leaderboards/debd", "methods/cd"]


def one(browser, selector):
    return browser.find_element("css selector", selector)


def wait(browser, condition):
    from selenium.webdriver.support.ui import WebDriverWait

    return WebDriverWait(browser, 30).until(condition)


def search(browser, words):
    """Open the search by its key, ask, and give the texts of what is found."""
    from selenium.webdriver.common.keys import Keys

    one(browser, "body").send_keys("/")
    field = one(browser, "dialog.search input")
    wait(browser, lambda _: field.is_displayed())
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys(words)
    told = one(browser, ".told")
    wait(browser, lambda _: told.text)
    return [hit.text for hit in browser.find_elements("css selector", "#hits li")]


@pytest.mark.parametrize("page", ["index", "reports/modes/index"])
def test_the_search_finds_a_page_and_leads_there(site, browser, page):
    from selenium.webdriver.common.keys import Keys

    show(browser, site / f"{page}.html")
    found = search(browser, "mass check")
    assert found[0].startswith("The mass check")
    assert browser.find_elements("css selector", "#hits mark")
    one(browser, "dialog.search input").send_keys(Keys.ENTER)
    wait(browser, lambda b: b.current_url.endswith("/likelihood.html#the-mass-check"))
    assert complaints(browser) == []


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("jarz", "jarzynski"),
        ("dask cluster", "A Dask cluster"),
        ("energy free", "Energy and free"),
    ],
)
def test_words_may_be_begun_and_stand_in_any_order(site, browser, words, first):
    show(browser, site / "index.html")
    assert any(hit.startswith(first) for hit in search(browser, words)[:4])


def test_what_is_nowhere_is_not_found_and_markup_is_text(site, browser):
    show(browser, site / "index.html")
    assert search(browser, "<img src=x onerror=alert(1)>") == []
    assert one(browser, ".told").text == "Nothing found."


def test_arrows_choose_and_escape_closes(site, browser):
    from selenium.webdriver.common.keys import Keys

    show(browser, site / "index.html")
    search(browser, "gibbs")
    field = one(browser, "dialog.search input")
    field.send_keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_UP)
    items = browser.find_elements("css selector", "#hits li")
    assert [item.get_attribute("class") for item in items[:3]] == ["", "chosen", ""]
    field.send_keys(Keys.ESCAPE)
    assert not one(browser, "dialog.search").is_displayed()


def lightness(browser):
    """Of the paper, 0 to 255."""
    color = one(browser, "html").value_of_css_property("background-color")
    return int(color.partition("(")[2].partition(",")[0])


def test_colours_follow_the_system_until_a_reader_chooses(site, browser):
    for dark in (False, True):
        show(browser, site / "index.html", dark=dark)
        assert (lightness(browser) < 60) == dark
    one(browser, "button.colours").click()
    assert lightness(browser) > 200
    show(browser, site / "theory.html", dark=True)
    assert lightness(browser) > 200  # it is remembered
    one(browser, "button.colours").click()
    assert lightness(browser) < 60
    browser.execute_script("localStorage.clear()")


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_is_wider_than_its_window(site, browser, width):
    for page in PAGES:
        show(browser, site / f"{page}.html", width=width)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width, page


def test_no_table_of_places_is_cut_off_in_a_common_window(site, browser):
    script = """
      const all = [...document.querySelectorAll(".scroll")];
      const tables = all.filter((each) => each.querySelector(".bar"));
      return [tables.length, tables.filter((each) => each.scrollWidth > each.clientWidth).length];
    """
    tables = 0
    for page in sorted([*site.glob("leaderboards/*.html"), *site.glob("methods/*.html")]):
        show(browser, page, width=1280)
        found, cut = browser.execute_script(script)
        assert not cut, page.name
        tables += found
    assert tables > 10


def test_no_line_of_a_command_is_cut_off_on_the_start_page(site, browser):
    script = """
      const blocks = [...document.querySelectorAll("pre")];
      return [blocks.length, blocks.filter((each) => each.scrollWidth > each.clientWidth).length];
    """
    show(browser, site / "index.html", width=1280)
    blocks, cut = browser.execute_script(script)
    assert blocks > 4
    assert cut == 0


def test_the_menu_of_a_narrow_window_opens(site, browser):
    show(browser, site / "theory.html", width=360)
    link = one(browser, ".side [aria-current]")
    assert not link.is_displayed()
    one(browser, "button.menu").click()
    assert link.is_displayed()
    assert one(browser, "button.menu").get_attribute("aria-expanded") == "true"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("page", LOOKED_AT)
def test_nothing_keeps_anybody_out(site, browser, page, dark):
    show(browser, site / f"{page}.html", dark=dark)
    assert serious_faults(browser) == []


def test_nothing_keeps_anybody_out_of_the_search(site, browser):
    show(browser, site / "index.html")
    search(browser, "gibbs steps")
    assert serious_faults(browser, "dialog.search") == []


def test_a_formula_is_laid_out_as_one(site, browser):
    show(browser, site / "theory.html")
    fraction = one(browser, ".formula mfrac")
    above, below = fraction.find_elements("css selector", ":scope > *")
    assert above.location["y"] < below.location["y"]


def test_without_a_script_all_pages_can_be_reached(site, browser):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        show(browser, site / "theory.html", width=360)
        assert one(browser, ".side [aria-current]").is_displayed()
        assert not one(browser, "button.find").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})

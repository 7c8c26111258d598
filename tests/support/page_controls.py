"""The page's controls and pictures, as a reader has them in a browser."""

from __future__ import annotations

import json

from support.browser import settle


def all_of(browser, selector):
    return browser.find_elements("css selector", selector)


def one(browser, selector, text=""):
    return next(e for e in all_of(browser, selector) if text in e.text)


def choose(browser, label, text):
    from selenium.webdriver.support.select import Select

    Select(
        one(browser, ".desk label", label).find_element("css selector", "select")
    ).select_by_visible_text(text)


def chart(browser, number=0):
    """A picture's traces and axes, as the library has them."""
    settle(browser)
    script = """
      const { data, layout } = document.querySelectorAll(".desk ~ .charts .chart")[arguments[0]];
      return JSON.stringify({ data, x: layout.xaxis, y: layout.yaxis });
    """
    return json.loads(browser.execute_script(script, number))


def names(browser, number=0):
    return [trace["name"] for trace in chart(browser, number)["data"] if "name" in trace]

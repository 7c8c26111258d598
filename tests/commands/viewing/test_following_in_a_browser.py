"""A run that goes on, followed in a real browser: what comes, what stays, and how it ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time

import pytest

from support.accessibility import serious_faults
from support.browser import (
    IN_A_BROWSER,
    complaints,
    opened,
    photograph,
    prepare,
    walk_through,
)
from support.runs import heed_ctrl_c
from support.suites import SMALL, write

pytestmark = IN_A_BROWSER
PATIENCE = 200  # seconds

PLUGIN = '''
import os, time
from ebmbench import Particles, Sampler, hookimpl

class Waiting(Sampler):
    """Trains for a few epochs, and then waits for a file."""
    name = "waiting"
    made = 0
    def particles(self, model, batch, state, noise):
        Waiting.made += 1
        while Waiting.made > 20 and not os.path.exists(os.environ["GO"]):
            time.sleep(0.05)
        return Particles(batch.v), state

@hookimpl
def ebmbench_samplers():
    return [Waiting]
'''
SUITE = SMALL.replace("train:", "  Last: {extends: CD-2, sampler: {name: waiting}}\ntrain:", 1)
SUITE = SUITE.replace("epochs: 3", "epochs: 40", 1)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder of packages with a plugin of a sampler that waits."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "waiting.py").write_text(PLUGIN)
    info = folder / "waiting-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: waiting\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[ebmbench]\nwaiting = waiting\n")
    return folder


@pytest.fixture
def browser():
    """One that reaches the server here, too."""
    with opened(proxy=False) as found:
        prepare(found)
        yield found


def start(site, *arguments, **environment):
    return subprocess.Popen(
        [sys.executable, "-m", "ebmbench", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(site), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=heed_ctrl_c,
    )


def wait_until(condition):
    """What the condition gives, once it is something."""
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    return found


def asked(browser, script, *arguments):
    """What a script gives; None while a page is loaded anew under it."""
    from selenium.common.exceptions import WebDriverException

    try:
        return browser.execute_script(script, *arguments)
    except WebDriverException:
        return None


def said(browser):
    script = "return document.querySelector('#following [role=status]')?.textContent"
    return asked(browser, script) or ""


def chips(browser):
    """The methods with a curve that can be shown -> whether it is."""
    script = """
      const found = [...document.querySelectorAll(".chips [aria-pressed]")];
      const told = (b) => [b.querySelector("span").textContent, b.getAttribute("aria-pressed")];
      return Object.fromEntries(found.map(told));
    """
    return asked(browser, script) or {}


def curves(browser):
    """The methods that have values on the page."""
    script = """
      const { boards, lines } = JSON.parse(document.getElementById("carried").textContent);
      const all = boards[0].values.flatMap((value) => value.curves.filter((curve) => curve.n));
      return [...new Set(all.map((curve) => lines[curve.m].name))].sort();
    """
    return asked(browser, script)


def chosen(browser, label):
    script = """
      const all = [...document.querySelectorAll(".desk label")];
      const found = all.find((each) => each.textContent.startsWith(arguments[0]));
      return found?.querySelector("select").value;
    """
    return asked(browser, script, label)


def test_a_run_is_followed_to_its_end_without_a_hand(site, tmp_path, browser):
    suite = write(tmp_path, SUITE)
    options = ["--runs", tmp_path / "runs", "--jobs", 2, "--seeds", 1]
    run = start(site, "run", suite, *options, GO=str(tmp_path / "go"))
    view = None
    try:
        wait_until((tmp_path / "runs/small/run.json").exists)
        view = start(site, "view", tmp_path / "runs/small", "--no-browser")
        address = view.stdout.readline().split()[-1]
        browser.get(address)

        wait_until(lambda: said(browser).startswith("Going on: "))
        assert asked(browser, "return document.title") == "small - ebmbench report"
        wait_until(lambda: curves(browser) == ["CD-2", "RAPID"])
        at_work = "return document.querySelector('#following table tbody')?.innerText ?? ''"
        wait_until(lambda: re.search(r"Last\s+seed 0\s+epoch [1-9] of 40", asked(browser, at_work)))
        assert said(browser) == "Going on: 2 of 3 cells have ended."

        for dark in (False, True):
            prepare(browser, dark)
            walk_through(browser)
            assert serious_faults(browser) == []
        prepare(browser)

        from selenium.webdriver.support.select import Select

        shown = wait_until(lambda: chips(browser))
        assert shown == {"CD-2": "true", "RAPID": "true", "Last": "true"}
        buttons = browser.find_elements("css selector", ".chips [aria-pressed]")
        next(button for button in buttons if button.text == "CD-2").click()
        over = browser.find_element("css selector", ".desk label select")
        Select(over).select_by_value("update")
        browser.execute_script("document.querySelector('details').open = false")
        details = browser.find_element("css selector", "details")
        browser.execute_script("arguments[0].open = true", details)
        curves_at = "document.querySelector('[data-curves] h3')"
        browser.execute_script(f"{curves_at}.scrollIntoView({{ behavior: 'instant' }})")
        heading = f"return {curves_at}.getBoundingClientRect().top"
        read_at = browser.execute_script(heading)
        browser.execute_script("window.marked = true")

        (tmp_path / "go").touch()
        wait_until(lambda: said(browser).startswith("Ended: 3 cells have a result."))
        wait_until(lambda: curves(browser) == ["CD-2", "Last", "RAPID"])
        assert browser.execute_script("return window.marked") is None  # it is another page
        assert chips(browser) == {"CD-2": "false", "RAPID": "true", "Last": "true"}
        assert chosen(browser, "Over") == "update"
        assert browser.execute_script("return document.querySelector('details').open")
        wait_until(lambda: abs(asked(browser, heading) - read_at) < 2)
        assert browser.execute_script("return scrollY") > 100
        assert complaints(browser) == []
        photograph(browser, tmp_path / "followed.png")

        view.send_signal(signal.SIGINT)
        assert view.wait(timeout=PATIENCE) == 0
        assert run.wait(timeout=PATIENCE) == 0
    finally:
        for process in (run, view):
            if process is not None:
                process.kill()
                process.communicate()


def test_a_page_that_is_no_longer_served_says_so_and_stays(site, tmp_path, browser):
    suite = write(tmp_path, SMALL)
    run = start(site, "run", suite, "--runs", tmp_path / "runs", "--jobs", 0, "--seeds", 1)
    run.communicate()
    view = start(site, "view", tmp_path / "runs/small", "--no-browser")
    try:
        browser.get(view.stdout.readline().split()[-1])
        wait_until(lambda: said(browser) == "Ended: 2 cells have a result.")
    finally:
        view.send_signal(signal.SIGINT)
        view.communicate()
    wait_until(lambda: "no longer served" in said(browser))
    assert curves(browser) == ["CD-2", "RAPID"]

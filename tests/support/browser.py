"""A real browser without a window, that reaches no other computer: the system's Chromium."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
ARGUMENTS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
    *("--no-first-run", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--disable-default-apps", "--disable-extensions", "--hide-scrollbars"),
    "--proxy-server=127.0.0.1:9",  # nobody is there: no address but a file's can be reached
)
THIS_MACHINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"  # and no other


IN_A_BROWSER = [  # the marks of tests that need one
    pytest.mark.browser,
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER and find_spec("selenium")),
        reason="selenium, chromium or chromium-driver is not installed",
    ),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # selenium's connections
]
PATIENCE = 120  # seconds for a script


@contextmanager
def opened(proxy: bool = True) -> Iterator[Any]:
    """A browser with a profile of its own; the fixture ``browser`` is one for a file of tests.

    Args:
        proxy: whether it reaches nothing but files; else this machine, too.
    """
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = _started(Path(profile), proxy)
        try:
            browser.set_script_timeout(PATIENCE)
            yield browser
        finally:
            browser.quit()


def _started(profile: Path, proxy: bool) -> Any:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    reach = ARGUMENTS if proxy else (*ARGUMENTS[:-1], "--no-proxy-server", THIS_MACHINE)
    for argument in (*reach, f"--user-data-dir={profile}", "--window-size=1280,900"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=Service(str(DRIVER)))


def show(browser: Any, page: Path, dark: bool = False, width: int = 1280) -> None:
    """Open a page, light or dark, in a window so wide."""
    prepare(browser, dark, width)
    browser.get(page.as_uri())


def prepare(browser: Any, dark: bool = False, width: int = 1280) -> None:
    """Let pages be light or dark, and so wide, and let nothing move."""
    wishes = {
        "prefers-color-scheme": "dark" if dark else "light",
        "prefers-reduced-motion": "reduce",
    }
    features = [{"name": name, "value": value} for name, value in wishes.items()]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def walk_through(browser: Any) -> None:
    """Scroll from the top to the end, so that all is drawn that is drawn when it is seen."""
    browser.execute_async_script(
        """
        const done = arguments[0];
        const calm = (next, ms) => setTimeout(function look() {
          document.querySelector("[aria-busy=true]") ? setTimeout(look, 10) : next();
        }, ms);
        const step = () => {
          const before = scrollY;
          scrollBy({ top: innerHeight, behavior: "instant" });
          if (scrollY > before) return calm(step, 150);
          scrollTo({ top: 0, behavior: "instant" });
          calm(done, 300);
        };
        step();
        """
    )


def settle(browser: Any) -> None:
    """Wait until all that is in sight has been drawn.

    What has just come into sight is known to be there a frame later: until then it looks drawn.
    """
    browser.execute_async_script(
        """
        const done = arguments[0];
        const isBusy = () => document.querySelector("[aria-busy=true]");
        const look = () => isBusy() ? setTimeout(look, 5) : done();
        requestAnimationFrame(() => requestAnimationFrame(look));
        """
    )


def photograph(browser: Any, file: Path) -> None:
    """All of the page as a PNG."""
    shot = browser.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True})
    file.write_bytes(base64.b64decode(shot["data"]))


def printed(browser: Any, file: Path) -> None:
    """The page on paper, a PDF."""
    sheets = browser.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    file.write_bytes(base64.b64decode(sheets["data"]))


def complaints(browser: Any) -> list[str]:
    """What the browser's console says that is no mere information."""
    said = browser.get_log("browser")
    return [entry["message"] for entry in said if entry["level"] in ("SEVERE", "WARNING")]

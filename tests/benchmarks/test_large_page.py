"""The page of 20 methods on 5 datasets at 100 seeds: how large it is, and that it answers at once.

What is measured are ratios within one browser, so that a slow machine fails nothing: were all drawn
at one stretch, nothing would be answered until all is drawn.
"""

from __future__ import annotations

import pytest

from support.browser import IN_A_BROWSER, opened, prepare, settle
from support.command_line import ebmbench
from support.many_cells import METHODS, write_run

pytestmark = [pytest.mark.long, *IN_A_BROWSER]
DATASETS, SEEDS, EPOCHS = 5, 100, 60
MOST_BYTES = 6_000_000
MOST_SHARE = 0.4  # of the time until all is drawn: so long the page answers nothing, at most
CLICK = """
  const [selector, text, done] = arguments;
  const real = Plotly.react;
  let [drawn, longest, last, whole] = [0, 0, 0, 0];
  Plotly.react = (...all) => {
    drawn += 1;
    return real.apply(Plotly, all);
  };
  const channel = new MessageChannel();
  let quiet = 0;
  channel.port1.onmessage = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    quiet = document.querySelector("[aria-busy=true]") ? 0 : quiet + 1;
    if (!quiet) whole = now - clicked;
    if (quiet < 50) return channel.port2.postMessage(0);
    Plotly.react = real;
    done({ drawn, longest, whole });
  };
  const all = [...document.querySelectorAll(selector)];
  const element = all.find((each) => each.textContent.startsWith(text));
  const clicked = last = performance.now();
  element.click();
  channel.port2.postMessage(0);
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    file = write_run(folder, METHODS * DATASETS * SEEDS, DATASETS, swept=False, epochs=EPOCHS)
    assert ebmbench("run", file, "--runs", folder / "runs").code == 0
    return folder / "runs/many/report/index.html"


@pytest.fixture(scope="module")
def browser(page):
    with opened() as found:
        found.set_script_timeout(300)
        prepare(found)
        found.get(page.as_uri())
        found.execute_script("document.querySelector('.desk').scrollIntoView()")
        settle(found)
        yield found


def test_it_is_small(page):
    assert page.stat().st_size < MOST_BYTES


@pytest.mark.parametrize(
    ("selector", "text"),
    [
        (".chips [aria-pressed]", "CD-0.05"),
        (".chips .all", "None"),
        (".chips .all", "All"),
        (".chips .all", "The first"),
    ],
)
def test_between_two_pictures_it_answers(browser, selector, text):
    found = browser.execute_async_script(CLICK, selector, text)
    if text != "None":
        assert found["drawn"] > 6  # more than a window's first pictures are drawn anew
        assert found["longest"] < MOST_SHARE * found["whole"]

"""What keeps people out of a page that is open in a browser, as axe finds it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

AXE = Path(__file__).parents[1] / "report" / "page" / "axe" / "axe.min.js"
SERIOUS = {"serious", "critical"}


def serious_faults(browser: Any, within: str = "html") -> list[tuple[str, str, str]]:
    """Each by its rule, with the element; contrast is among what is looked at."""
    browser.execute_script(
        "for (const each of document.querySelectorAll('details')) each.open = true"
    )
    browser.execute_script(AXE.read_text("utf-8"))
    found = browser.execute_async_script("axe.run(arguments[0]).then(arguments[1])", within)
    looked_at = {each["id"] for key in ("passes", "violations") for each in found[key]}
    assert "color-contrast" in looked_at
    return [
        (each["id"], each["nodes"][0]["html"][:200], each["nodes"][0].get("failureSummary"))
        for each in found["violations"]
        if each["impact"] in SERIOUS
    ]

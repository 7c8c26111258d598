"""Two pages: of the made-up run, and of one whose every name would like to be more than that."""

from __future__ import annotations

import pytest

from support.page_example import EVIL, page_of, renamed


@pytest.fixture(scope="session")
def page(tmp_path_factory):
    """The example's page."""
    return page_of(tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="session")
def evil(tmp_path_factory):
    """A page of which every text would like to be more than that."""
    run, records = renamed({"Fast": EVIL, "Slow": "<b>Slow</b>", "Twin": "__proto__"})
    return page_of(tmp_path_factory.mktemp("evil"), run, records)

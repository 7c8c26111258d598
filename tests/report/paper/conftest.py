"""The made-up run as a source of figures for papers."""

from __future__ import annotations

import pytest

from ebmbench.report.gallery import Gallery
from ebmbench.report.paper.catalogue import Source
from ebmbench.summary import summarise
from support import journal_example as example


def source_of(run=None, records=None, floor=None):
    records = example.records() if records is None else records
    return Source(summarise(run or example.run(), records), records, Gallery(), floor)


@pytest.fixture
def source():
    return source_of()


@pytest.fixture
def source_from():
    """Makes a source of a run and records."""
    return source_of

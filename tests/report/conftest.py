"""The made-up run summed up; see journal_example.py for what it holds."""

from __future__ import annotations

import pytest

from ebmbench.summary import summarise
from support import journal_example as example


@pytest.fixture
def summary():
    return summarise(example.run(), example.records())


@pytest.fixture
def board(summary):
    return summary.boards[0]

"""What all tests of a suite have in common: a failure is a message, not a traceback."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ebmbench.errors import EbmbenchError

if TYPE_CHECKING:
    from pytest_ebmbench.suite_file import SuiteFile


class SuiteTestError(Exception):
    """A suite's test failed; the message says all."""


class SuiteTest(pytest.Item):
    """A test about a method on a dataset."""

    def __init__(self, *, dataset: str, method: str, **others: Any) -> None:
        super().__init__(**others)
        self.dataset = dataset
        self.method = method

    @property
    def suite(self) -> SuiteFile:
        """The file it stands in."""
        return self.parent  # type: ignore[return-value]

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """The message alone where we know what is wrong."""
        if isinstance(excinfo.value, SuiteTestError | EbmbenchError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it stands."""
        return self.path, 0, self.name

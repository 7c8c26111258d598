"""A check: one thing that a component must hold, and what came of looking."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import cleandoc
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, NamedTuple
from unittest import SkipTest

from ebmbench.checks.examples import Example, examples_of
from ebmbench.checks.failure import Failed, NotApplicable
from ebmbench.errors import ComponentError
from ebmbench.interfaces.component import Component
from ebmbench.interfaces.installed.registry import Registry
from ebmbench.isolation.contained import contained, doing
from ebmbench.numerics.threads import at_most

Examine = Callable[[Example], str | None]
"""Looks at a component with some options; raises Failed, or NotApplicable; may say what it saw."""

FINDINGS = (Failed, NotApplicable)

Status = Literal["passed", "failed", "known", "mended", "skipped"]


class Outcome(NamedTuple):
    """What came of a check.

    Attributes:
        check: its name.
        status: ``known`` is a failure that the component declares; ``mended`` is one that it
            declares and that does not happen.
        sentence: what, where, how far off, and what it usually means; where it passed, what was
            seen, "" if there is nothing to tell.
    """

    check: str
    status: Status
    sentence: str = ""


@dataclass(frozen=True)
class Check:
    """A check of a component. Called by pytest, it raises; ``outcome`` says what came of it.

    Attributes:
        name: as in ``known_failures``.
        component: what is checked.
        examine: does the looking; its docstring says what is verified.
        given: options to check with; where None, the component's examples, or a guess.
        registry: where to look for models and kernels that go with the component.
    """

    name: str
    component: type[Component]
    examine: Examine = field(repr=False)
    given: Sequence[Mapping[str, Any]] | None = None
    registry: Registry = field(default_factory=Registry.discover, repr=False)

    def __str__(self) -> str:
        return self.name

    @property
    def about(self) -> str:
        """What it verifies, in one line."""
        examine = getattr(self.examine, "func", self.examine)  # one is a partial
        return cleandoc(examine.__doc__ or "").split("\n", 1)[0]

    def __call__(self) -> None:
        """For pytest.

        Raises:
            Failed: it does not hold.
            SkipTest: it does not apply, or fails as the component declares.
        """
        _, status, sentence = self.outcome()
        if status == "failed":
            raise Failed(sentence)
        if status in ("known", "skipped"):
            raise SkipTest(sentence)
        if status == "mended":
            warnings.warn(sentence, stacklevel=2)

    def outcome(self) -> Outcome:
        """What came of it; a component may fail in any way."""
        status, sentence = self._looked()
        declared = self.component.known_failures.get(self.name)
        if declared is None or status == "skipped":
            return Outcome(self.name, status, sentence)
        if status == "failed":
            return Outcome(self.name, "known", declared)
        told = f"it is declared as a known failure ({declared}) and passes: declare it no longer."
        return Outcome(self.name, "mended", told)

    def _looked(self) -> tuple[Status, str]:
        try:
            with (
                TemporaryDirectory(ignore_cleanup_errors=True) as folder,
                at_most(1),
                doing(f"check {self.name}"),
                contained(f"'{self.component.name}'", FINDINGS),
            ):
                return "passed", self._look_at_all(Path(folder))
        except NotApplicable as why:
            return "skipped", str(why)
        except Failed as failure:
            return "failed", str(failure)
        except ComponentError as error:
            return "failed", f"it raised {error.why}"

    def _look_at_all(self, folder: Path) -> str:
        """What was seen, of all options in turn; it applies where it applies to some of them."""
        seen, reasons = [], []
        for example in examples_of(self.component, self.registry, folder, self.given):
            try:
                seen.append(self._look_at(example))
            except NotApplicable as why:
                reasons.append(why)
        if not seen:
            raise reasons[0]
        return next(filter(None, seen), "")

    def _look_at(self, example: Example) -> str:
        """What was seen, and with which options; "" if there is nothing to tell."""
        try:
            with contained(f"'{self.component.name}'", FINDINGS):
                seen = self.examine(example)
        except Failed as failure:
            raise Failed(f"{example.place}{failure}") from None
        except ComponentError as error:
            raise Failed(f"{example.place}it raised {error.why}") from None
        return f"{example.place}{seen}" if seen else ""


def outcomes(checks: Iterable[Check]) -> list[Outcome]:
    """What came of all of them, in order."""
    return [check.outcome() for check in checks]

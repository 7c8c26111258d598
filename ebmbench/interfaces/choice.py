"""A component that a suite chose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ebmbench.interfaces.component import Component, Options

C = TypeVar("C", bound=Component, covariant=True)


@dataclass(frozen=True)
class Choice(Generic[C]):
    """A component with its checked options, not yet built. Frozen and picklable."""

    component: type[C]
    options: Options

    @property
    def name(self) -> str:
        """The component's name."""
        return self.component.name

    def build(self, *arguments: Any) -> C:
        """The component, from its options and what else its constructor takes."""
        return self.component(self.options, *arguments)

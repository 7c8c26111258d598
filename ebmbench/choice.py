"""A component that a suite chose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ebmbench.component import Component, Options


@dataclass(frozen=True)
class Choice:
    """A component with its checked options, not yet built. Frozen and picklable."""

    component: type[Component]
    options: Options

    @property
    def name(self) -> str:
        """The component's name."""
        return self.component.name

    def build(self, *arguments: Any) -> Any:
        """The component, from its options and what else its constructor takes."""
        return self.component(self.options, *arguments)

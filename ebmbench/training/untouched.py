"""Whether tensors that components may look at were changed in place.

torch counts the changes of each tensor, so that looking costs nothing. What writes to a tensor's
memory by other means, such as numpy, is not seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from torch import Tensor

from ebmbench.interfaces.dataset import Splits
from ebmbench.numerics.trees import leaves


class Untouched:
    """Remembers how often each tensor was changed until now.

    Args:
        trees: what people call it -> tensors, in any tree.
    """

    def __init__(self, trees: Mapping[str, Any]) -> None:
        self._known = {name: [*_counted(tree)] for name, tree in trees.items()}

    def changed(self) -> list[str]:
        """The names of what has changed since."""
        return [
            name
            for name, known in self._known.items()
            if any(_changes(tensor) != count for tensor, count in known)
        ]


class Kept:
    """Parameters as they are now, to be put back however often they are changed."""

    def __init__(self, parameters: Iterable[Tensor]) -> None:
        self._parameters = tuple(parameters)
        self._numbers = [each.detach().clone() for each in self._parameters]

    @contextmanager
    def put_back(self) -> Iterator[None]:
        """Put them back where they are changed within.

        Raises:
            RuntimeError: they were.
        """
        untouched = Untouched({"parameters": self._parameters})
        try:
            yield
            if untouched.changed():
                raise RuntimeError("measure() changes the model's parameters: they are put back")
        finally:
            if untouched.changed():
                for parameter, numbers in zip(self._parameters, self._numbers, strict=True):
                    parameter.detach().copy_(numbers)


def parts_of(data: Splits) -> dict[str, Any]:
    """The data's tensors by what people call them."""
    return {f"data.{name}": part for name, part in data._asdict().items() if part is not None}


def _counted(tree: Any) -> list[tuple[Tensor, int]]:
    return [(tensor, _changes(tensor)) for tensor in leaves(tree)]


def _changes(tensor: Tensor) -> int:
    return 0 if tensor.is_inference() else tensor._version

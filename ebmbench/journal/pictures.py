"""The pictures of a cell as they are stored: arrays in a file of their own, the rest in its record.

An array is called ``name@epoch/part``: ``samples.grid@300/pixels``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from torch import Tensor

from ebmbench.interfaces.depiction import Depiction
from ebmbench.journal.documents import PictureAbout


class Pictures(NamedTuple):
    """A replica's pictures.

    Attributes:
        arrays: ``name@epoch/part`` -> an array.
        about: name -> what is stored of it beside its arrays.
    """

    arrays: dict[str, Tensor]
    about: dict[str, PictureAbout]

    @classmethod
    def of(cls, taken: Mapping[str, Mapping[int, Depiction]], replica: int) -> Pictures:
        """Those of a replica, from name -> epoch -> what was seen of all of them."""
        arrays = {
            f"{key(name, epoch)}/{part}": array.contiguous()
            for name, moments in taken.items()
            for epoch, depiction in moments.items()
            for part, array in depiction.arrays(replica).items()
        }
        about = {
            name: PictureAbout(**next(iter(moments.values())).about(), epochs=tuple(moments))
            for name, moments in taken.items()
        }
        return cls(arrays, about)


def key(name: str, epoch: int) -> str:
    """What the arrays of a picture taken at an epoch are called, up to the part."""
    return f"{name}@{epoch}"

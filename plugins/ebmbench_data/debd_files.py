"""Where the files of a set of the density-estimation collection lie."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from ebmbench import DataError
from ebmbench_data.data_folder import VARIABLE, data_folders
from ebmbench_data.own_path import check_the_path, own_path
from ebmbench_data.packed import packed_or_plain

Side = Literal["train", "valid", "test"]

NAMES: dict[Side, tuple[str, ...]] = {
    "train": ("train", "ts"),  # an older release calls its training sets so
    "valid": ("valid",),
    "test": ("test",),
}
COLLECTION = "UCLA-StarAI/Density-Estimation-Datasets"
GET_IT = (
    f"Get the collection ({COLLECTION}) and name its folder: 'folder: ...', or ${VARIABLE}. "
    "Nothing is fetched: it comes without a licence."
)


def locate(name: str, side: Side, folder: str | None) -> Path:
    """The file of one side of a set: in the folder that is named, or in the user's data folder.

    The latter is ``$EBMBENCH_DATA``, and before it the folder ``debd`` in it. In either a set may
    have a folder of its own name, as in the collection (``datasets/nltcs``). All sides come from
    the first place that has any of them.

    Raises:
        DataError: there is no such folder or file.
    """
    place = _place_of(name, _bases(folder))
    found = _find(place, name, side)
    if found is None:
        wanted = " nor ".join(f"{name}.{word}.data" for word in NAMES[side])
        problem = f"there is no {wanted} in it, gzip or plain"
        raise DataError(str(place), problem, "Put the file there, or name another folder.")
    return found


def _bases(folder: str | None) -> tuple[Path, ...]:
    """Where to look."""
    if folder is None:
        bases = data_folders("debd")
        if not bases:
            raise DataError("debd", "nobody says where its files are", GET_IT)
        return bases
    base = own_path(folder)
    if not base.is_dir():
        raise DataError(str(base), "no such folder", check_the_path(base))
    return (base,)


def _place_of(name: str, bases: tuple[Path, ...]) -> Path:
    """The first folder that has a file of the set."""
    for base in bases:
        for place in _places_in(base, name):
            if any(_find(place, name, side) for side in NAMES):
                return place
    there = sorted({each for base in bases for each in _sets_in(base)})
    remedy = f"There are: {', '.join(there)}." if there else GET_IT
    raise DataError(" and ".join(map(str, bases)), f"there is no set '{name}' in it", remedy)


def _places_in(base: Path, name: str) -> tuple[Path, ...]:
    return base / name, base, base / "datasets" / name


def _find(place: Path, name: str, side: Side) -> Path | None:
    found = (packed_or_plain(place, f"{name}.{word}.data") for word in NAMES[side])
    return next(filter(None, found), None)


def _sets_in(base: Path) -> Iterator[str]:
    """The names of the sets that lie there."""
    for place in (base, base / "datasets"):
        for word in NAMES["train"]:
            for file in (*place.glob(f"*.{word}.data*"), *place.glob(f"*/*.{word}.data*")):
                yield file.name.partition(".")[0]

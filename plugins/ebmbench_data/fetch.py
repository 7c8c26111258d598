"""Files that are fetched once, checked and cached."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ebmbench import DataError

REMEDY = (
    "Try again, name another mirror (url: ...), or get the files and name their folder "
    "(folder: ..., or $EBMBENCH_DATA)."
)


class Mirror(NamedTuple):
    """Where files can be had.

    Attributes:
        name: of the folder in the cache that they go to.
        url: of the folder that holds them.
        digests: file name -> SHA-256.
    """

    name: str
    url: str
    digests: Mapping[str, str]


def fetch(mirror: Mirror, name: str) -> Path:
    """A file, from the cache or else from the mirror.

    It stands in the cache only once it is whole and its SHA-256 is right; one that went bad there
    is fetched anew.

    Raises:
        DataError: it cannot be fetched, or is another than published.
    """
    import pooch  # these two import what speaks HTTP, which takes a tenth of a second
    from requests import RequestException

    url, folder = f"{mirror.url.rstrip('/')}/{name}", pooch.os_cache("ebmbench") / mirror.name
    digest = f"sha256:{mirror.digests[name]}"
    try:
        return Path(pooch.retrieve(url, digest, fname=name, path=folder, progressbar=True))
    except RequestException as error:
        raise DataError(url, f"cannot be fetched: {_reason(error)}", REMEDY) from error
    except OSError as error:
        problem = f"cannot be written to ({error.strerror})"
        raise DataError(str(folder), problem, "Make room, or get the files yourself.") from error
    except ValueError as error:
        raise DataError(url, "not the published file: its SHA-256 differs", REMEDY) from error


def _reason(error: Exception) -> str:
    """What it comes down to: a status, or the innermost of the errors that stand in each other."""
    if (response := getattr(error, "response", None)) is not None:
        return f"{response.status_code} {response.reason}"
    inner = next((x for x in (getattr(error, "reason", None), *error.args[:1]) if x), None)
    return _reason(inner) if isinstance(inner, Exception) else str(error).rsplit("): ", 1)[-1]

"""Streams of random numbers are derived from names, never from order or from each other."""

from __future__ import annotations

from hashlib import blake2b


def derive(seed: int, *names: str | int) -> int:
    """The 64-bit key of the stream that belongs to ``seed`` and ``names``.

    Two streams with different seeds or names are independent for all purposes; the same names
    give the same key on every machine and in every release. ``derive(seed, "data", dataset)`` is
    the same for all methods, so that comparisons are paired; ``derive(seed, "init", method)`` is
    not.
    """
    text = "\x1f".join(str(part) for part in (seed, *names))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")

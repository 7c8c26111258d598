"""Progress in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ebmbench.training.evaluator import Progress
from ebmbench.training.recipe import Recipe

MOST_REASONS = 5  # why cells run again, or why they are not done
SEPARATORS = " -._[]=,/"


def counted(count: int, what: str) -> str:
    """``1 seed``, ``5 seeds``."""
    return f"{count:,} {what}" + ("" if count == 1 else "s")


def seeds_of(seeds: Sequence[int]) -> str:
    """``seed 3``, ``seeds 0-4`` where they follow on one another, else a list."""
    if len(seeds) == 1:
        return f"seed {seeds[0]}"
    if list(seeds) == list(range(seeds[0], seeds[-1] + 1)):
        return f"seeds {seeds[0]}-{seeds[-1]}"
    return f"seeds {', '.join(map(str, seeds))}"


def news(recipe: Recipe, at: Progress) -> str:
    """``epoch 2/3, hamming.test 0.123``."""
    extent, unit = recipe.extent
    text = f"{unit} {at.epoch}/{extent}" if extent else "measured"
    if at.measuring is not None:
        text = f"{unit} {at.epoch}/{extent}, " if extent else ""
        text += f"measuring {at.measuring}"
    elif recipe.target and at.value is not None:
        text += f", {recipe.target} {at.value:.3g}"
    return text


def of_fates(fates: Sequence[str], reasons: Sequence[str] = ()) -> str:
    """``2 done, 1 failed: why``."""
    if not fates:
        return "done by another command"
    said = ", ".join(f"{fates.count(each)} {each}" for each in sorted(set(fates)))
    more = ("; ".join(reasons[:MOST_REASONS])) + ("; ..." if len(reasons) > MOST_REASONS else "")
    return f"{said}: {more}" if more else said


def why_again(reasons: Mapping[str, int]) -> list[str]:
    """Why cells run again that have a result: the most common reasons."""
    shown = list(reasons.items())[:MOST_REASONS]
    rest = sum(reasons.values()) - sum(count for _, count in shown)
    lines = [f"{count} of them again: {reason}" for reason, count in shown]
    return [*lines, f"{rest} of them again, for other reasons"] if rest else lines


def left_to_others(cells: int) -> str:
    """What is waited for."""
    those = "A cell is" if cells == 1 else f"{cells} cells are"
    return f"{those} left to another command that is at work in this folder; waiting for it"


def shortened(text: str, width: int, end: str = "") -> str:
    """The text within a width: cut where a word ends, if its first word has room.

    ``end``, how the text ends, stays whole if half of the width holds it.
    """
    if len(text) <= width:
        return text
    if end and 2 * len(end) <= width:
        return shortened(text.removesuffix(end), width - len(end)) + end
    kept = text[: width - 1]
    if text[width - 1] not in SEPARATORS:
        stop = max(kept.rfind(each) for each in SEPARATORS)
        kept = kept[: stop + 1] or kept
    return f"{kept.rstrip()}\u2026"


def that_fit(pieces: Iterable[str], width: int, between: str = ", ") -> str:
    """As many pieces as a line has room for, each whole."""
    line = ""
    for piece in pieces:
        longer = f"{line}{between}{piece}" if line else piece
        if len(longer) <= width:
            line = longer
    return line

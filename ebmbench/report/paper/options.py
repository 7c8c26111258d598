"""A figure as somebody asks for it: some of its values, another scale, seeds one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isnan

from ebmbench.errors import ConfigError, Problem, did_you_mean
from ebmbench.report.figures.contents.content import Content, Part
from ebmbench.report.figures.contents.learning import shown_in
from ebmbench.report.figures.panels import TRAINING, Panel
from ebmbench.report.figures.price.prices import LABELS, Prices


@dataclass(frozen=True)
class Asked:
    """What is asked of a figure.

    Attributes:
        value: the one that is drawn, ``nll.test``; "" for all.
        logarithmic: whether y is; None for as it fits.
        one_by_one: whether seeds are drawn in place of bands.
    """

    value: str = ""
    logarithmic: bool | None = None
    one_by_one: bool = False


def as_asked(content: Content, asked: Asked) -> Content:
    """The figure, changed.

    Raises:
        ConfigError: it cannot be had so.
    """
    parts = [part for part in content.parts if _is_asked(part, asked.value)]
    if not parts:
        known = [part.value for part in content.parts if isinstance(part, Panel | Prices)]
        raise _wrong(content, f"it has no value '{asked.value}'", did_you_mean(asked.value, known))
    if asked.one_by_one and not any(
        panel.seeds.get(line) for panel in content.panels for line in panel.curves
    ):
        raise _wrong(content, "its seeds are not known one by one", "Leave out --seeds.")
    changed = [_changed(content, part, asked) for part in parts]
    panels = [part for part in changed if isinstance(part, Panel)]
    before = shown_in(content.panels) if content.panels else ""
    caption = content.caption
    if before and before in caption:
        caption = caption.replace(before, shown_in(panels))
    if asked.value and len(panels) == 1:
        caption = replace(content, caption=caption).caption_of(panels[0])
    return replace(content, parts=changed, caption=caption)


def require_along(contents: Sequence[Content], along: str | None) -> None:
    """Check that what somebody asks a figure to run along is what it can run along.

    Raises:
        ConfigError: it runs along something else.
    """
    for content in contents:
        for part in content.parts if along else ():
            if isinstance(part, Panel) and part.x in TRAINING:
                continue
            if not (isinstance(part, Prices) and along in LABELS):
                remedy = "Leave out --x: it is for learning curves, and for quality against cost."
                problem = f"it does not run along {along}"
                raise _wrong(content, problem, remedy)


def _is_asked(part: Part, value: str) -> bool:
    if not value:
        return True
    return isinstance(part, Panel | Prices) and value in (part.value, part.value.split(".")[-1])


def _changed(content: Content, part: Part, asked: Asked) -> Part:
    if isinstance(part, Panel):
        if asked.logarithmic:
            _require_positive(content, [i.mean for i in part.intervals])
        scale = part.logarithmic if asked.logarithmic is None else asked.logarithmic
        return replace(part, logarithmic=scale, one_by_one=asked.one_by_one)
    if isinstance(part, Prices) and asked.logarithmic is not None:
        if asked.logarithmic:
            _require_positive(content, [price.final.mean for price in part.points])
        return replace(part, logarithmic=asked.logarithmic)
    if asked.logarithmic is not None:
        raise _wrong(content, "its scale is fixed", "Leave out --log and --linear.")
    return part


def _require_positive(content: Content, means: list[float]) -> None:
    if not all(mean > 0 for mean in means if not isnan(mean)):
        problem = "it has values that are not above 0, which a logarithmic axis cannot show"
        raise _wrong(content, problem, "Leave out --log.")


def _wrong(content: Content, problem: str, remedy: str) -> ConfigError:
    return ConfigError(Problem("-".join(content.name), "", problem, remedy))

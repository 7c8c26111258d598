"""What was compared: what each method is made of, and where methods differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ebmbench.journal.documents import MethodParts, RunDocument
from ebmbench.report.numbers import NOTHING
from ebmbench.report.parts import Part, Table
from ebmbench.summary import Summary, variant_of
from ebmbench.summary.variants import listed_methods

Settings = Mapping[str, Any]
"""Option, such as ``sampler.k`` -> its value."""

ALWAYS = {"Model": "model.name", "Sampler": "sampler.name"}
WHERE_THEY_DIFFER = {
    "Hidden units": "model.hidden",
    "k": "sampler.k",
    "Chains": "sampler.chains",
    "Batch": "batch.size",
    "Optimiser": "optimizer.name",
    "Learning rate": "optimizer.lr",
}
ORDER = ("Model", "Hidden units", "Sampler", "k", "Chains", "Batch", "Optimiser", "Learning rate")
GROUPED_BY = {"model": "model.name", "sampler": "sampler.name"}  # only the same have like options


def compared(summary: Summary) -> list[Part]:
    """A row per method, a column per common option that differs; nothing where none is known."""
    methods = {m: s for m in _told(summary.run) if (s := _settings(summary.run, m))}
    if not methods:
        return []
    differ = [head for head, key in WHERE_THEY_DIFFER.items() if _differ(methods.values(), key)]
    shown = {**ALWAYS, **{head: WHERE_THEY_DIFFER[head] for head in differ}}
    heads = [head for head in ORDER if head in shown]
    rows = [[m, *(_text(s.get(shown[head])) for head in heads)] for m, s in methods.items()]
    also = [[m, text] for m in methods if (text := _also(methods, m))]
    return [
        Table(["Method", *heads], rows),
        _in_common(methods, set(shown.values())),
        *([Table(["Method", "Unlike most others"], also)] if also else []),
    ]


def _told(run: RunDocument) -> list[str]:
    """The methods that tables list, and one variant of each that is swept."""
    listed = listed_methods(run, run.methods)
    firsts = {variant_of(run, "methods", m).origin: m for m in reversed(run.methods)}
    return [m for m in run.methods if m in listed or m in firsts.values()]


def _settings(run: RunDocument, method: str) -> Settings:
    """All its options by name; what was tuned or is swept says so in place of a value."""
    parts = run.components.methods.get(method)
    if parts is None:
        return {}
    found = dict(_flat("", _nested(parts)))
    tuned = run.tuning.methods if run.tuning else ()
    for each in tuned:
        if each.method == method:
            found.update(dict.fromkeys(each.best.settings, "tuned"))
    if method not in listed_methods(run, run.methods):
        found.update(dict.fromkeys(variant_of(run, "methods", method).swept, "swept"))
    return found


def _nested(parts: MethodParts) -> Mapping[str, Any]:
    return {
        "model": {"name": parts.model.name, **parts.model.options},
        "sampler": {"name": parts.sampler.name, **parts.sampler.options},
        "optimizer": parts.optimizer,
        "batch": parts.batch,
    }


def _flat(lead: str, options: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in options.items():
        if isinstance(value, Mapping):
            yield from _flat(f"{lead}{name}.", value)
        else:
            yield f"{lead}{name}", value


def _differ(methods: Sequence[Settings] | Any, key: str) -> bool:
    return len({_text(s.get(key)) for s in methods}) > 1


def _also(methods: Mapping[str, Settings], method: str) -> str:
    """What no column tells: options in which it differs from most of its kind."""
    mine, told = methods[method], {*ALWAYS.values(), *WHERE_THEY_DIFFER.values()}
    return ", ".join(
        f"{_short(key)} {_text(value)}"
        for key, value in mine.items()
        if key not in told and _text(value) != _usual(methods, method, key)
    )


def _usual(methods: Mapping[str, Settings], method: str, key: str) -> str:
    """What most methods of its kind have there; a part that some lack is unusual where it is."""
    kind = GROUPED_BY.get(key.partition(".")[0])
    of_kind = [s for s in methods.values() if not kind or s[kind] == methods[method][kind]]
    known = [s.get(key) for s in of_kind if key in s or key.endswith(".name")]
    return Counter(map(_text, known)).most_common(1)[0][0]


def _in_common(methods: Mapping[str, Settings], shown: set[str]) -> str:
    """The options without a column, as all methods have them."""
    first = next(iter(methods.values()))
    same = {h: _text(first.get(k)) for h, k in WHERE_THEY_DIFFER.items() if k not in shown}
    said = ", ".join(f"{head.lower()} {value}" for head, value in same.items() if value != NOTHING)
    return f"The same for all: {said}." if said and len(methods) > 1 else ""


def _short(key: str) -> str:
    """Without the part that it belongs to: ``acp.threshold``, ``gradient``."""
    return key.partition(".")[2].removesuffix(".name")


def _text(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)

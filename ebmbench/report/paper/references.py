"""What a paper about a run cites: ebmbench, the suite's paper, methods, data sets and metrics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Any, NamedTuple

from ebmbench.errors import ConfigError, Problem, leave_out
from ebmbench.interfaces.citations import Entry, cited_by, resolved
from ebmbench.interfaces.installed.registry import Registry
from ebmbench.journal.documents import CellRecord, Named, RunDocument
from ebmbench.training.optimizer import OPTIMIZERS
from ebmbench.training.steps.centred import Centred

AUTHORS = "{The ebmbench developers}"
TITLE = "{ebmbench}: a benchmark of training methods for energy-based models"
OURSELVES = "ebmbench itself"


class Reference(NamedTuple):
    """An entry, and what of the run cites it."""

    entry: Entry
    by: Sequence[str]


class References(NamedTuple):
    """What a run cites.

    Attributes:
        works: each once, in the order of ebmbench, suite, data sets, methods and metrics.
        silent: what cites nothing.
        missing: what is not installed here.
    """

    works: Sequence[Reference]
    silent: Sequence[str]
    missing: Sequence[str]


def references(run: RunDocument, records: Sequence[CellRecord], registry: Registry) -> References:
    """What a run cites, by what its components declare where they are installed.

    Warns:
        LeftOutWarning: what a component cites cannot be read.
    """
    found: list[tuple[str, Entry]] = [(OURSELVES, ourselves(run, records))]
    found += [("the suite", entry) for entry in resolved(run.report.cites, place=run.suite)]
    silent, missing = [], []
    for who, entries in _of_parts(run, registry):
        if entries is None:
            missing.append(who)
        elif entries:
            found += [(who, entry) for entry in entries]
        else:
            silent.append(who)
    return References(_each_once(found), silent, missing)


def as_bibtex(found: References) -> str:
    """The whole as a file for BibTeX; what stands between entries is a comment there."""
    parts = [f"% {'; '.join(each.by)}\n{each.entry}" for each in found.works]
    if found.silent:
        parts.append(f"% These cite nothing: {'; '.join(found.silent)}\n")
    if found.missing:
        parts.append(f"% Not installed here: {'; '.join(found.missing)}\n")
    return "\n".join(parts)


def ourselves(run: RunDocument, records: Sequence[CellRecord]) -> Entry:
    """Ebmbench in the versions that made the run, with the digest that tells its suite."""
    made = dict.fromkeys(str(r.environment["ebmbench"]) for r in records if _has_version(r))
    versions = " and ".join(made) or version("ebmbench")
    years = [r.finished[:4] for r in records if r.finished]
    fields = {
        "author": AUTHORS,
        "title": TITLE,
        "year": max(years, default="n.d."),
        "version": versions,
        "note": f"Version {versions}; suite \\texttt{{{_escaped(run.suite)}}}, digest {run.digest}",
    }
    return Entry("misc", "ebmbench", fields)


def _has_version(record: CellRecord) -> bool:
    return "ebmbench" in record.environment


def _escaped(suite: str) -> str:
    """A suite's name has letters, digits, dots, dashes and underscores alone."""
    return suite.replace("_", r"\_")


def _of_parts(run: RunDocument, registry: Registry) -> Iterator[tuple[str, list[Entry] | None]]:
    """Each component and optimiser of a run once: what it cites, None where it is not installed."""
    parts: dict[str, list[Entry] | None] = {}
    for family, part in _named_parts(run):
        who = f"{family.removesuffix('s')} {part.name}"
        if parts.get(who, []) is not None:
            cited = _cited(registry, family, part, who)
            parts[who] = None if cited is None else [*(parts.get(who) or []), *cited]
    for method in run.components.methods.values():
        for who, keys in _of_optimizer(method.optimizer).items():
            parts[who] = resolved(keys, place=who)
    yield from parts.items()


def _of_optimizer(options: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    """What an optimiser of ours and a gradient other than the plain one cite; torch's, nothing."""
    name, gradient = options.get("name"), options.get("gradient")
    found = {f"optimiser {name}": getattr(OPTIMIZERS.get(str(name)), "cites", ())}
    if gradient:
        found[f"gradient {gradient['name']}"] = Centred.cites
    return {who: keys for who, keys in found.items() if keys}


def _named_parts(run: RunDocument) -> Iterator[tuple[str, Named]]:
    parts = run.components
    yield from (("datasets", part) for part in parts.datasets.values())
    for method in parts.methods.values():
        yield from (("models", method.model), ("samplers", method.sampler))
    yield from (("metrics", part) for part in parts.metrics.values())


def _cited(registry: Registry, family: str, part: Named, who: str) -> list[Entry] | None:
    entry = registry.get(family, part.name)
    if entry is None:
        return None
    try:
        return cited_by(entry.component, part.options)
    except ConfigError as error:
        leave_out(Problem(who, "cites", f"cannot be read: {error}"))
        return []


def _each_once(found: Iterable[tuple[str, Entry]]) -> list[Reference]:
    """The works in order, with all that cite each; a key that two works share is told apart."""
    works: dict[tuple[str, str], tuple[Entry, list[str]]] = {}
    keys: set[str] = set()
    for who, entry in found:
        if entry.work not in works:
            key = next(key for key in _keys(entry.key) if key not in keys)
            keys.add(key)
            works[entry.work] = (entry._replace(key=key), [])
        by = works[entry.work][1]
        if who not in by:
            by.append(who)
    return [Reference(entry, by) for entry, by in works.values()]


def _keys(key: str) -> Iterator[str]:
    yield key
    number = 2
    while True:
        yield f"{key}-{number}"
        number += 1

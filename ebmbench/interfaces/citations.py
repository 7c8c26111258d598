"""What whoever uses a component should cite: BibTeX entries, and where they are kept.

A component names them in ``cites``: keys of ``references.bib`` in its own package or in ebmbench's,
or whole entries. Only what BibTeX, biber and others read alike is read here: entries with a key and
fields, whose values are in braces, in quotes, or numbers. Text between entries is a comment.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from pydantic import BaseModel

from ebmbench.errors import ConfigError, Problem, did_you_mean
from ebmbench.interfaces.component import Component

FILE = "references.bib"
OURS = "ebmbench"  # the package with the papers that many cite
HEAD = re.compile(r"@\s*([A-Za-z]+)\s*\{\s*([^\s,{}\"#%~\\=]+)\s*,")
FIELD = re.compile(r"\s*([A-Za-z][\w-]*)\s*=\s*")
FOR_AN_OPTION = re.compile(r"(\w+):\s+")
NUMBER = re.compile(r"\d+")
MUST = ("author", "title", "year")
MUST_NOT = {"comment", "preamble", "string"}  # BibTeX's own words: they are no entries


class Entry(NamedTuple):
    """A BibTeX entry.

    Attributes:
        kind: ``article`` and so on, in small letters.
        key: what texts cite it by.
        fields: name in small letters -> value, without its braces or quotes.
    """

    kind: str
    key: str
    fields: Mapping[str, str]

    def __str__(self) -> str:
        """As BibTeX, a line per field, ended by a newline."""
        fields = (f"  {name} = {{{value}}},\n" for name, value in self.fields.items())
        return f"@{self.kind}{{{self.key},\n{''.join(fields)}}}\n"

    @property
    def work(self) -> tuple[str, str]:
        """What it is an entry of, whatever its key: title and year, without layout."""
        title = re.sub(r"[^a-z0-9]+", " ", self.fields["title"].lower()).strip()
        return title, self.fields.get("year", "")


def cited_by(component: type[Component], options: Mapping[str, Any] | None = None) -> list[Entry]:
    """The entries that a component cites, in its order.

    Args:
        component: any.
        options: as they are stored; what is cited for an option only is left out where that is at
            its default. None for all entries.

    Raises:
        ConfigError: one is not BibTeX, a key is in neither file, or there is no such option.
    """
    keys = [key for option, key in _told(component) if _is_used(component, option, options)]
    return resolved(keys, _package_of(component), component.__qualname__)


def _told(component: type[Component]) -> Iterator[tuple[str, str]]:
    """The option that each key or entry is for, "" for none, and the key or entry."""
    for each in component.cites:
        option = FOR_AN_OPTION.match(each)
        if option and option[1] not in component.Options.model_fields:
            remedy = did_you_mean(option[1], list(component.Options.model_fields))
            place = component.__qualname__
            raise ConfigError(Problem(place, "cites", f"no such option: '{option[1]}'", remedy))
        yield (option[1], each[option.end() :]) if option else ("", each)


def _is_used(component: type[Component], option: str, options: Mapping[str, Any] | None) -> bool:
    if not option or options is None:
        return True
    default = component.Options.model_fields[option].get_default(call_default_factory=True)
    plain = default.model_dump(mode="json") if isinstance(default, BaseModel) else default
    return bool(options.get(option, plain) != plain)


def resolved(cites: Iterable[str], package: str = OURS, place: str = "cites") -> list[Entry]:
    """The entries of keys, or of whole entries.

    Args:
        cites: some of each.
        package: whose file is looked in first.
        place: what errors call it.

    Raises:
        ConfigError: as of ``cited_by``.
    """
    known = {**bibliography(OURS), **bibliography(package)}
    found = []
    for each in cites:
        if each.lstrip().startswith("@"):
            found += read(each, place)
        elif each in known:
            found.append(known[each])
        else:
            remedy = f"{did_you_mean(each, list(known))} Or write the entry out: '@article{{...}}'."
            problem = f"'{each}' is no key in {FILE} of {package} or of {OURS}"
            raise ConfigError(Problem(place, "cites", problem, remedy))
    return found


@cache
def bibliography(package: str) -> Mapping[str, Entry]:
    """Key -> entry of a package's file; empty where it has none.

    Raises:
        ConfigError: it cannot be read.
    """
    if not hasattr(sys.modules.get(package), "__path__"):  # a module by itself has no files
        return {}
    file = files(package) / FILE
    if not file.is_file():
        return {}
    return {entry.key: entry for entry in read(file.read_text(encoding="utf-8"), str(file))}


def read(text: str, place: str) -> list[Entry]:
    """All entries of a text.

    Raises:
        ConfigError: something that begins with ``@`` is no entry, lacks author, title or year, or
            two have one key.
    """
    entries: dict[str, Entry] = {}
    at = 0
    while (at := text.find("@", at)) >= 0:
        entry, end = _entry(text, at, place)
        if entry.key in entries:
            raise _wrong(text, at, place, f"a second entry '{entry.key}'")
        entries[entry.key] = entry
        at = end
    return list(entries.values())


def _entry(text: str, at: int, place: str) -> tuple[Entry, int]:
    """The entry that begins there, and where it ends."""
    head = HEAD.match(text, at)
    if head is None:
        raise _wrong(text, at, place, "no entry: it begins otherwise than '@article{key,'")
    kind, key = head[1].lower(), head[2]
    if kind in MUST_NOT:
        raise _wrong(text, at, place, f"@{kind} is not read here")
    fields: dict[str, str] = {}
    here = head.end()
    while field := FIELD.match(text, here):
        name = field[1].lower()
        if name in fields:
            raise _wrong(text, here, place, f"'{key}' has two fields '{name}'")
        fields[name], here = _value(text, field.end(), place, f"{key}.{name}")
        comma = re.compile(r"\s*,?").match(text, here)
        here = comma.end() if comma else here
    end = re.compile(r"\s*\}").match(text, here)
    if end is None:
        raise _wrong(text, here, place, f"'{key}' goes on with neither a field nor its end")
    missing = [name for name in MUST if not fields.get(name)]
    if missing:
        raise _wrong(text, at, place, f"'{key}' has no {' and no '.join(missing)}")
    return Entry(kind, key, fields), end.end()


def _value(text: str, at: int, place: str, name: str) -> tuple[str, int]:
    """A field's value, on one line, and where it ends."""
    if number := NUMBER.match(text, at):
        return number[0], number.end()
    opening = text[at : at + 1]
    if opening not in ("{", '"'):
        raise _wrong(text, at, place, f"the value of '{name}' is in neither braces nor quotes")
    depth = 0
    for here in range(at + 1, len(text)):
        letter = text[here]
        if depth == 0 and letter == {"{": "}", '"': '"'}[opening]:
            return " ".join(text[at + 1 : here].split()), here + 1
        depth += (letter == "{") - (letter == "}")
        if depth < 0:
            break
    raise _wrong(text, at, place, f"the value of '{name}' has no end")


def _wrong(text: str, at: int, place: str, problem: str) -> ConfigError:
    line = text.count("\n", 0, at) + 1
    return ConfigError(Problem(f"{place}:{line}", "", problem, "See references.bib of ebmbench."))


def _package_of(component: type[Component]) -> str:
    """That of the class which says what is cited: the component, or one that it is made from."""
    owner = next(each for each in component.__mro__ if "cites" in vars(each))
    return owner.__module__.split(".")[0]

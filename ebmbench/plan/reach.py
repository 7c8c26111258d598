"""How far imports are followed from a component: to code that may change without its version.

An installed library is told by its version, which records keep; what lies elsewhere (a package
installed in editable mode, a module beside the plugin's, a folder of ``PYTHONPATH``) changes at any
time, and so do the packages of plugins.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points, requires
from re import match

from ebmbench.interfaces.component import Component
from ebmbench.interfaces.installed.registry import GROUP
from ebmbench.plan.modules import places_of

ROOMS = ("ebmbench.numerics", "ebmbench.interfaces", "ebmbench.training")
INSTALLED = {"site-packages", "dist-packages"}  # folders of installed libraries


@dataclass(frozen=True)
class Reach:
    """Which modules are followed.

    Attributes:
        packages: dotted names; they and all within.
        beside: whether also whatever is no installed library.
    """

    packages: tuple[str, ...]
    beside: bool = False

    def holds(self, module: str) -> bool:
        """Whether a module is followed."""
        within = any(module == each or module.startswith(f"{each}.") for each in self.packages)
        return within or (self.beside and _lies_beside(module.split(".")[0]))

    def may_hold(self, module: str) -> bool:
        """Whether something in the module's outermost package is followed."""
        outermost = module.split(".")[0]
        return outermost in {each.split(".")[0] for each in self.packages} or self.holds(outermost)


HARNESS = Reach(ROOMS)


def reach_of(component: type[Component]) -> Reach:
    """From a component: its package and its bases', those of plugins, and what is no library."""
    own = (module.split(".")[0] for module in origins(component))
    packages = dict.fromkeys([*(each for each in own if each != "ebmbench"), *_plugins(), *ROOMS])
    return Reach(tuple(packages), beside=True)


def origins(component: type[Component]) -> list[str]:
    """The modules of a component and of the classes that it is made from, libraries' left out."""
    modules = dict.fromkeys(each.__module__ for each in component.__mro__)
    return [each for each in modules if each.split(".")[0] not in _libraries()]


@cache
def _plugins() -> tuple[str, ...]:
    """The outermost packages and modules of the distributions that bring plugins."""
    found = set()
    for point in entry_points(group=GROUP):
        files = (point.dist.files if point.dist else None) or ()
        found |= {point.module.split(".")[0], *filter(None, map(_outermost, map(str, files)))}
    return tuple(sorted(found - {"ebmbench"}))


def _outermost(file: str) -> str:
    """The outermost package or module of an installed file; "" where it is no code."""
    named = match(r"(\w+)(/.*)?\.(py|so|pyd)$", file) or match(r"(\w+)\.[\w-]+\.(so|pyd)$", file)
    return named[1] if named else ""


@cache
def _libraries() -> frozenset[str]:
    """What is never followed: Python's own modules, and the libraries that the harness needs."""
    needed = (match(r"[\w.-]+", each) for each in requires("ebmbench") or ())
    names = {each[0].replace("-", "_").lower() for each in needed if each}
    return frozenset(sys.stdlib_module_names | names)


@cache
def _lies_beside(package: str) -> bool:
    if package == "ebmbench" or package in _libraries():
        return False
    places = list(places_of(package))
    return bool(places) and not any(INSTALLED & set(place.parts) for place in places)

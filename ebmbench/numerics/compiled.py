"""Functions compiled by numba: when they are first called, and kept until their sources change.

Importing numba and letting it look at a function takes time that most commands have no use for,
so :func:`njit` and :func:`intrinsic` stand in the place of numba's: they hand the function over
when it is first called, or when another is that calls it.

numba's own cache looks at the file of the cached function alone: code that it calls from another
file may change and the old machine code would go on being used. Hence :func:`kept`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from threading import RLock
from types import CodeType, ModuleType
from typing import Any

from ebmbench.numerics.code_cache import package_cache

_compiling = RLock()


class Deferred:
    """A function that is given to numba once it is needed; until then as it was written.

    Attributes:
        py_func: the function.
        kept: whether its machine code is kept between runs, see :func:`kept`.
    """

    def __init__(self, function: Any, compile_it: Callable[[], Any]) -> None:
        self.py_func = function
        self.kept = False
        self._compile_it = compile_it
        self._made: Any = None  # of numba, though what it calls may not be yet
        self._ready: Any = None

    @property
    def compiled(self) -> Any:
        """What numba makes of it; those that it calls are given to numba first."""
        if self._ready is None:
            with _compiling:
                if self._made is not None:  # it is called by one that it calls
                    return self._made
                self._made = self._compile_it()
                _hand_over(self.py_func)
                if self.kept:
                    self._made._cache = package_cache(self.py_func)
                self._ready = self._made
        return self._ready

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self.compiled(*arguments, **named)

    def __reduce__(self) -> tuple[Any, ...]:
        return _found, (self.py_func.__module__, self.py_func.__name__)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.compiled, name)


def njit(*function: Callable[..., Any], **options: Any) -> Any:
    """``numba.njit``, deferred; bare or with options. ``cache=True`` is :func:`kept`."""
    if not all(map(callable, function)):
        raise TypeError("njit takes no signatures: types are found when a function is called")
    if function:
        return _deferred(function[0], options)
    return lambda function: _deferred(function, options)


def intrinsic(function: Callable[..., Any]) -> Any:
    """``numba.extending.intrinsic``, deferred: for compiled functions to call."""

    def compile_it() -> Any:
        from numba.extending import intrinsic as of_numba

        return of_numba(function)

    return Deferred(function, compile_it)


def kept(function: Any) -> Any:
    """Keep a compiled function until a source of its package changes.

    Args:
        function: what :func:`njit` returns, or numba's own.
    """
    if isinstance(function, Deferred):
        function.kept = True
    else:
        function._cache = package_cache(function.py_func)
    return function


def _found(module: str, name: str) -> Any:
    """What a module calls so."""
    return getattr(import_module(module), name)


def _deferred(function: Callable[..., Any], options: dict[str, Any]) -> Deferred:
    for_numba = {name: value for name, value in options.items() if name != "cache"}

    def compile_it() -> Any:
        from numba import njit as of_numba

        return of_numba(**for_numba)(function)

    deferred = Deferred(function, compile_it)
    deferred.kept = bool(options.get("cache"))
    return deferred


def _hand_over(function: Any) -> None:
    """Put what numba makes of them in the place of all deferred functions that this one names.

    numba looks names up where the function was written, and knows nothing of us.
    """
    names = set(_names(function.__code__))
    homes = [function.__globals__]
    homes += [vars(each) for each in map(homes[0].get, names) if isinstance(each, ModuleType)]
    for home in homes:
        for name in names & home.keys():
            if isinstance(home[name], Deferred) and home[name].py_func is not function:
                home[name] = home[name].compiled


def _names(code: CodeType) -> Iterator[str]:
    """All names that code looks up, functions within it included."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)

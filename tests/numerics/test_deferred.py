"""Functions are given to numba when they are first called, and not before."""

from __future__ import annotations

import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from ebmbench.numerics import njit
from ebmbench.numerics.compiled import Deferred
from support import deferred_example


def test_numba_is_not_imported_before_a_function_is_called():
    look = (
        "import sys\n"
        "from support import deferred_example as example\n"
        "print('numba' in sys.modules, example.outer(2.0), 'numba' in sys.modules)"
    )
    path = deferred_example.__file__.rsplit("/", 2)[0]
    ended = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {path!r})\n{look}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.split() == ["False", "17.0", "True"]


def test_what_a_function_calls_is_compiled_with_it_however_it_is_named():
    """By name, through a module, within a nested function, and an intrinsic."""
    assert deferred_example.outer(2.0) == 17.0
    assert deferred_example.outer.signatures


def test_a_function_may_call_itself():
    assert deferred_example.factorial(5) == 120


def test_functions_may_call_each_other():
    assert deferred_example.is_even(10)
    assert not deferred_example.is_even(7)


def test_it_goes_through_pickle_by_its_name():
    assert pickle.loads(pickle.dumps(deferred_example.outer)) is deferred_example.outer


def test_arguments_may_be_named_and_signatures_are_refused():
    assert deferred_example.factorial(n=3) == 6
    with pytest.raises(TypeError, match="takes no signatures"):
        njit("float64(float64)")
    assert njit(lambda x: x, nogil=True).targetoptions["nogil"]


def test_many_threads_may_call_it_first():
    @njit
    def twice(x):
        return 2 * x

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(twice, range(8))) == [2 * x for x in range(8)]
    assert len(twice.signatures) == 1


def test_options_are_handed_on():
    @njit(fastmath=True, nogil=True)
    def total(x):
        return x.sum()

    assert total(np.ones(7)) == 7
    assert total.targetoptions["nogil"]
    assert isinstance(total, Deferred)

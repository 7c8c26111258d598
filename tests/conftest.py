"""Before any test, or list of tests, looks at it: how Triton kernels run, and torch's threads."""

import pytest
import torch

from support.browser import opened
from support.interpreted import import_kernels

# Triton would import the first at the first launch.
import_kernels("triton.experimental.gluon", "ebmbench_cuda.enumeration", "ebmbench_cuda.graph")

# As in every training. Threads that wait for each other spin: those of two test processes would
# starve each other, and small models would take ten times as long on busy cores.
torch.set_num_threads(1)


@pytest.fixture(scope="module")
def browser():
    """A real one, which reaches nothing but files; tests that use it are ``IN_A_BROWSER``."""
    with opened() as found:
        yield found

"""Runs on several machines, or on one, by dask.distributed.

Imports nothing of Dask's: that is imported when somebody asks for it.
"""

from ebmbench import hookimpl
from ebmbench.executors import Executor
from ebmbench_dask.executor import Dask


@hookimpl
def ebmbench_executors() -> list[type[Executor]]:
    """Dask."""
    return [Dask]

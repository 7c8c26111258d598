"""Where a run's tasks are worked at: worker processes here, or whatever a plugin brings.

For those who bring an executor.
"""

from ebmbench.errors import Problem
from ebmbench.executors.local_pool import LocalPool
from ebmbench.interfaces.executor import (
    Ended,
    Executor,
    Needs,
    News,
    PackedTask,
    Place,
    Printed,
    StopSign,
    Task,
    Told,
)

__all__ = [
    "Ended",
    "Executor",
    "LocalPool",
    "Needs",
    "News",
    "PackedTask",
    "Place",
    "Printed",
    "Problem",
    "StopSign",
    "Task",
    "Told",
]

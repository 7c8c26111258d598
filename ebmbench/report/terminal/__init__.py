"""The report in a terminal: the answer, one table per dataset, and what went wrong."""

from ebmbench.report.terminal.show import show
from ebmbench.report.terminal.tables import tables

__all__ = ["show", "tables"]

"""Datasets: bars, and bars and stripes."""

from ebmbench import Dataset, hookimpl
from ebmbench_data.bars import Bars
from ebmbench_data.bas import BarsAndStripes


@hookimpl
def ebmbench_datasets() -> list[type[Dataset]]:
    return [Bars, BarsAndStripes]

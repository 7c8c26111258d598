"""The answer that a report opens with: who won on what, by how much, how surely, at what cost."""

from __future__ import annotations

from ebmbench.report.headline import headline
from ebmbench.report.sentences.datasets import over_datasets
from ebmbench.report.sentences.remarks import UNTRAINED
from ebmbench.report.sentences.swept import along
from ebmbench.summary import Summary


def answer(summary: Summary) -> list[str]:
    """A few sentences over all datasets; the first is the most important.

    With one dataset they are its headline. With several, each dataset's headline says more of it.
    """
    if is_of_one_dataset(summary):
        return headline(summary, summary.boards[0])
    swept = [said for sweep in summary.dataset_sweeps() for said in along(summary, sweep)]
    untrained = "" if summary.trained else UNTRAINED
    return [each for each in (*over_datasets(summary), *swept, untrained) if each]


def is_of_one_dataset(summary: Summary) -> bool:
    """Whether the answer is a dataset's headline."""
    return len(summary.boards) == 1

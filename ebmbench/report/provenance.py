"""How a run was made: seeds, length, tuning, machine, versions."""

from __future__ import annotations

from ebmbench.report.phrases import block_sizes
from ebmbench.summary import Summary

UNTUNED = "Not tuned: every method has the settings that the suite gives it"


def provenance(summary: Summary) -> list[tuple[str, str]]:
    """(name, text), line by line; a name is "" where the text speaks for itself."""
    run, seeds = summary.run, summary.run.seeds
    length = ("Epochs", f"{run.epochs}") if run.until is None else ("Trained until", f"{run.train}")
    return [
        ("Seeds", f"{len(seeds)} ({', '.join(map(str, seeds))})"),
        length,
        *([] if run.tuning or not summary.trained else [("", UNTUNED)]),
        *((key, "; ".join(found)) for key, found in summary.environment.items()),
        ("Replicas side by side", block_sizes(summary)),
    ]

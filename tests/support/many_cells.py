"""A run of thousands of cells, as its folder would look: one record, written again and again."""

import json
from pathlib import Path

from ebmbench.api.planning import planned
from ebmbench.journal.journal import Journal
from ebmbench.suite.overrides import Overrides
from support.command_line import ebmbench

METHODS = 20
SUITE = """\
suite: many
seeds: {seeds}
datasets:
{datasets}
methods:
{methods}
train: {{epochs: {epochs}}}
metrics: [{{name: hamming}}, {{name: nll}}]
report: {{baseline: "{baseline}", target: {{metric: nll.test, below: 7}}}}
"""
FIRST = """\
  CD:
    model: {name: rbm, hidden: 5}
    sampler: {name: cd}
    batch: {size: 3}
    optimizer: {name: sgd, lr: 0.01}"""
RATES = [f"{(index + 1) / 100:g}" for index in range(METHODS)]


def suite_of(cells: int, datasets: int = 1, swept: bool = True, epochs: int = 4) -> str:
    """A suite of so many cells, at least one seed of each of 20 methods.

    Args:
        datasets: how many it has.
        swept: whether its methods are variants of one; reports draw curves of those that are not.
        epochs: of each training.
    """
    names = [f"  bars{index}: {{name: bars, size: 3}}" for index in range(3, 3 + datasets)]
    sweep = f"{FIRST}\n    sweep: {{optimizer.lr: [{', '.join(RATES)}]}}"
    others = [f"  CD-{rate}: {{extends: CD, optimizer: {{lr: {rate}}}}}" for rate in RATES[1:]]
    return SUITE.format(
        seeds=max(1, cells // METHODS // datasets),
        datasets="\n".join(names),
        methods=sweep if swept else "\n".join([FIRST, *others]),
        baseline="CD[lr=0.01]" if swept else "CD",
        epochs=epochs,
    )


def write_run(
    folder: Path, cells: int, datasets: int = 1, swept: bool = True, epochs: int = 4
) -> Path:
    """The suite's file, beside ``runs/many`` with a record for each of its cells."""
    file = folder / "many.yaml"
    file.write_text(suite_of(METHODS, 1, swept, epochs))
    assert ebmbench("run", file, "--jobs", 0, "--runs", folder / "runs").code == 0
    (journal,) = [Journal(folder / "runs/many")]
    records = {}
    for stored in journal.cells.glob("*.json"):
        record = json.loads(stored.read_text())
        records[record["method"]] = record
    file.write_text(suite_of(cells, datasets, swept, epochs))
    for cell in planned(file, Overrides()).cells:
        record = {**records[cell.recipe.method_name], "id": cell.id, "seed": cell.seed}
        record["dataset"] = cell.recipe.dataset_name
        record["curves"] = {
            name: {**curve, "value": [each + cell.seed % 7 / 100 for each in curve["value"]]}
            for name, curve in record["curves"].items()
        }
        (journal.cells / f"{cell.id}.json").write_text(json.dumps(record))
    return file

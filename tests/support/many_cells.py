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
  bars3: {{name: bars, size: 3}}
methods:
  CD:
    model: {{name: rbm, hidden: 5}}
    sampler: {{name: cd}}
    batch: {{size: 3}}
    optimizer: {{name: sgd, lr: 0.1}}
    sweep: {{optimizer.lr: [{rates}]}}
train: {{epochs: 4}}
metrics: [{{name: hamming}}, {{name: nll}}]
report: {{baseline: "CD[lr=0.01]", target: {{metric: nll.test, below: 7}}}}
"""


def suite_of(cells: int) -> str:
    """A suite of so many cells, at least one seed of each of 20 methods."""
    rates = ", ".join(f"{(index + 1) / 100:g}" for index in range(METHODS))
    return SUITE.format(seeds=max(1, cells // METHODS), rates=rates)


def write_run(folder: Path, cells: int) -> Path:
    """The suite's file, beside ``runs/many`` with a record for each of its cells."""
    file = folder / "many.yaml"
    file.write_text(suite_of(METHODS))
    assert ebmbench("run", file, "--jobs", 0, "--runs", folder / "runs").code == 0
    (journal,) = [Journal(folder / "runs/many")]
    records = {}
    for stored in journal.cells.glob("*.json"):
        record = json.loads(stored.read_text())
        records[record["method"]] = record
    file.write_text(suite_of(cells))
    for cell in planned(file, Overrides()).cells:
        method = cell.recipe.method_name
        record = {**records[method], "id": cell.id, "seed": cell.seed}
        record["curves"] = {
            name: {**curve, "value": [each + cell.seed % 7 / 100 for each in curve["value"]]}
            for name, curve in record["curves"].items()
        }
        (journal.cells / f"{cell.id}.json").write_text(json.dumps(record))
    return file

"""Our curves beside those of the paper's published code, as a Markdown table.

    ebmbench run suites/bars4.yaml --seeds 30 --only RAPID --only CD-10 --runs runs/published
    ebmbench export runs/published/bars4 --format csv -o values.csv
    python reports/bars4/published.py values.csv

The published code (github.com/apozas/rapid) was run by us: 30 seeds of RAPID, 10 of CD-10; mean
Hamming distance of reconstructions, train and test.
"""

import csv
import sys
from collections import defaultdict
from pathlib import Path
from statistics import mean, stdev

EPOCHS = (1, 2, 5, 10, 20, 30, 50, 100, 300)
PUBLISHED = {
    ("RAPID", "train"): (0.204, 0.195, 0.162, 0.141, 0.111, 0.044, 0.013, 0.013, 0.013),
    ("RAPID", "test"): (0.255, 0.225, 0.185, 0.188, 0.142, 0.047, 0.009, 0.009, 0.009),
    ("CD-10", "train"): (0.448, 0.407, 0.364, 0.316, 0.281, 0.263, 0.245, 0.214, 0.162),
    ("CD-10", "test"): (0.467, 0.447, 0.379, 0.324, 0.288, 0.265, 0.244, 0.207, 0.169),
}


def values_of(file: Path) -> dict[tuple[str, str, int], list[float]]:
    """(method, part, epoch) -> one Hamming distance per seed."""
    values = defaultdict(list)
    with file.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            metric, _, part = row["metric"].partition(".")
            if metric == "hamming":
                values[row["method"], part, int(row["epoch"])].append(float(row["value"]))
    return values


def main(file: Path) -> None:
    """Print the table."""
    values = values_of(file)
    print("| epoch | " + " | ".join(f"{m} {p}: published | ours (sd)" for m, p in PUBLISHED) + " |")
    print("|---|" + "---|" * 2 * len(PUBLISHED))
    for index, epoch in enumerate(EPOCHS):
        cells = []
        for (method, part), published in PUBLISHED.items():
            ours = values[method, part, epoch]
            cells += [f"{published[index]:.3f}", f"{mean(ours):.3f} ({stdev(ours):.3f})"]
        print(f"| {epoch} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

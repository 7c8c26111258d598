"""Cost of an update against V, H, K, k and the batch, counted and measured, beside the formulas.

    ebmbench run suites/paper/appendix-d.yaml --jobs 1
    ebmbench export runs/appendix-d --what cost --format csv -o cost.csv
    python reports/paper/appendix_d.py cost.csv cost.png

Multiply-adds of the negative phase and its time per update. PID's is the phase
of K particles, by itself without a chain (k = 0), or after k steps by factors: the patterns are
brought back to spins at each update (of others, a sweep forms W first: K V H + 2 k K V H). CD's is
k steps of B chains and their phase:

    PID   K (2 K (V + H) + K H + 2 k K (V + H))     thin products: overlaps, field, gradients, steps
    CD    B V H (2 + 2 k)                            the field and v t', two products per step
"""

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

V, H, K, STEPS, BATCH = 144, 1000, 40, 10, 100
OPTIONS = {"visible": "V", "hidden": "H", "patterns": "K", "k": "k", "size": "batch"}
COLOURS = {"PID": "#0072B2", "CD": "#D55E00"}


class Point(NamedTuple):
    """One measured update.

    Attributes:
        method: PID or CD.
        at: V, H, K, k and batch.
        macs: multiply-adds of the negative phase.
        seconds: that it took.
    """

    method: str
    at: dict[str, int]
    macs: float
    seconds: float


def points(file: Path) -> Iterator[Point]:
    """The points of an export of costs."""
    with file.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            method = row["method"].split("[")[0].split(" ")[0]
            at = {"V": V, "H": H, "K": K, "k": STEPS if method == "CD" else 0, "batch": BATCH}
            for option, value in re.findall(r"(\w+)=(\d+)", row["dataset"] + " " + row["method"]):
                at[OPTIONS.get(option, option)] = int(value)
            yield Point(method, at, float(row["negative_macs"]), float(row["negative_seconds"]))


def formula(method: str, at: dict[str, int]) -> float:
    """The multiply-adds that the module's docstring says; chains from the patterns where k > 0."""
    if method == "CD":
        return at["batch"] * at["V"] * at["H"] * (2 * at["k"] + 2)
    thin = at["K"] * (at["V"] + at["H"])
    return at["K"] * (2 * thin + at["K"] * at["H"] + 2 * at["k"] * thin)


def along(found: list[Point], method: str, symbol: str) -> list[Point]:
    """The points of a method at which only ``symbol`` differs from the standard."""
    standard = {"V": V, "H": H, "K": K, "k": STEPS if method == "CD" else 0, "batch": BATCH}
    return sorted(
        (p for p in found if p.method == method
         and all(p.at[s] == standard[s] for s in standard if s != symbol)),
        key=lambda p: p.at[symbol],
    )  # fmt: skip


def draw(found: list[Point], file: Path) -> None:
    """Counted operations above, measured time below, against each symbol."""
    figure = Figure(figsize=(14, 5.6), dpi=160, layout="constrained")
    axes = figure.subplots(2, len(OPTIONS), sharey="row")
    for column, symbol in enumerate(OPTIONS.values()):
        counted, measured = axes[0][column], axes[1][column]
        for method, colour in COLOURS.items():
            chosen = [p for p in along(found, method, symbol) if p.at[symbol]]
            x = [p.at[symbol] for p in chosen]
            if len(set(x)) < 2:
                continue
            counted.plot(x, [formula(method, p.at) for p in chosen], "-", color=colour, lw=1)
            counted.plot(x, [p.macs for p in chosen], "o", color=colour, label=method)
            measured.plot(x, [1e3 * p.seconds for p in chosen], "o-", color=colour, lw=1)
        for ax in (counted, measured):
            ax.set_xscale("log")
            ax.set_yscale("log")
            ax.xaxis.set_minor_formatter(NullFormatter())
            ax.grid(True, color="#E3E3E3")
        measured.set_xlabel(symbol)
    axes[0][0].set_ylabel("multiply-adds (line: formula)")
    axes[1][0].set_ylabel("ms, measured")
    axes[0][0].legend(frameon=False)
    figure.savefig(file, metadata={"Software": None})


def table(found: list[Point]) -> Iterator[str]:
    """In Markdown."""
    yield "| method | V | H | K | k | batch | multiply-adds | formula | ms |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for p in found:
        at = " | ".join(str(p.at[s]) for s in ("V", "H", "K", "k", "batch"))
        yield (
            f"| {p.method} | {at} | {p.macs:.3g} | {formula(p.method, p.at):.3g} "
            f"| {1e3 * p.seconds:.3g} |"
        )


if __name__ == "__main__":
    everything = list(points(Path(sys.argv[1])))
    draw(everything, Path(sys.argv[2]))
    print("\n".join(table(everything)))

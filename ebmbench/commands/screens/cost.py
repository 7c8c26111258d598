"""What `cost` shows in a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ebmbench.report import phrases
from ebmbench.report.numbers import count, duration
from ebmbench.speed.cost import Measured, MethodCost, SuiteCost
from ebmbench.speed.roofline import Roofline
from ebmbench.training.stopwatch import PHASES

LEGEND = """\
R replicas side by side; times are one replica's share of the median round. The roofline is the \
time that the scarcest resource, the limit, would take alone at the rates above; then its share \
of the update's time, the efficiency. A roofline below 20 % explains nothing: overhead. One above \
100 %: operands stay in the cache, or a kernel draws faster than the plain one."""


def show_cost(content: SuiteCost, console: Console) -> None:
    """The roofline, then for each dataset what is measured and what is counted."""
    threads = f"{content.threads} thread{'s' if content.threads > 1 else ''}"
    macs, randoms, moved = map(count, content.roofline)
    console.print(
        f"{content.suite} on {content.device}, {threads}. Roofline: {macs}MAC/s, "
        f"{randoms} randoms/s, {moved}B/s",
        highlight=False,
    )
    for dataset in dict.fromkeys(method.dataset for method in content.methods):
        methods = [method for method in content.methods if method.dataset == dataset]
        console.print(_measured_table(dataset, methods))
        console.print(_counted_table(dataset, methods, content.roofline))
    console.print(LEGEND, highlight=False)
    for method in content.methods:
        if method.problem:
            line = f"not measured: {method.method} on {method.dataset}: {method.problem}"
            console.print(escape(line), highlight=False, soft_wrap=True)


def _measured_table(dataset: str, methods: Iterable[MethodCost]) -> Table:
    table = _table(f"{dataset}: measured, one update of one replica")
    for column in ("R", *map(phrases.phase, PHASES), "update", "roofline", "eff."):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("limit", no_wrap=True)
    for method in methods:
        for measured in method.measured:
            table.add_row(escape(method.method), *_measured_cells(measured))
        if method.problem:
            table.add_row(escape(method.method), "", "failed")
    return table


def _counted_table(dataset: str, methods: Iterable[MethodCost], roofline: Roofline) -> Table:
    """Counted operations, and the time that each kind would take at the roofline."""
    table = _table(f"{dataset}: counted, one update of one replica, and its time at the roofline")
    for column in ("MACs", "randoms", "bytes"):
        table.add_column(column, justify="right", no_wrap=True)
        table.add_column("time", justify="right", no_wrap=True)
    for method in methods:
        pairs = zip(method.total.operations, roofline.seconds(method.total), strict=True)
        cells = (cell for amount, time in pairs for cell in (count(amount), duration(time)))
        table.add_row(escape(method.method), *cells)
    return table


def _table(title: str) -> Table:
    return Table(
        "method", title=f"\n{escape(title)}", title_justify="left", box=None, pad_edge=False
    )


def _measured_cells(measured: Measured) -> list[str]:
    return [
        str(measured.replicas),
        *(duration(measured.seconds[phase]) for phase in PHASES),
        duration(measured.total_seconds),
        duration(max(measured.limit.seconds)),
        f"{measured.limit.efficiency:.0%}",
        measured.limit.by,
    ]

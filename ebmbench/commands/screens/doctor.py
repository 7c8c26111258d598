"""What `doctor` shows in a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table


def show_doctor(content: dict[str, Any], console: Console) -> None:
    """The machine, the installation, then the kernels and which one is taken."""
    machine = Table.grid(padding=(0, 2))
    for name, value in (*_machine(content), *_installation(content)):
        machine.add_row(f"[bold]{name}[/bold]", escape(value))
    console.print(machine)
    for plugin, problem in content["broken"].items():
        console.print(f"broken plugin {escape(plugin)}: {escape(problem)}", highlight=False)
    console.print()
    console.print(_kernels(content))


def _machine(content: dict[str, Any]) -> Iterable[tuple[str, str]]:
    for device in content["devices"]:
        yield device["device"], _device(device)
    sets = content["instruction_sets"]
    vectors = ", ".join(sets["numba"]) or "none of those that matter"
    yield "instructions", f"{vectors} (torch uses {sets['torch']})"
    threads = content["threads"]
    yield (
        "threads",
        f"{threads['cores']} cores allowed, {threads['kernels']} for kernels, "
        f"{threads['torch']} for torch (1 in a worker)",
    )


def _device(device: dict[str, Any]) -> str:
    facts = [device["model"]]
    if device["memory"]:
        facts.append(f"{device['memory'] / 2**30:.1f} GiB")
    if device["capability"]:
        facts.append(f"compute capability {device['capability']}")
    if device["problem"]:
        facts.append(f"not usable: {device['problem']}")
    return ", ".join(fact for fact in facts if fact)


def _installation(content: dict[str, Any]) -> Iterable[tuple[str, str]]:
    versions = content["versions"].items()
    yield (
        "versions",
        ", ".join(f"{name} {version or 'not installed'}" for name, version in versions),
    )
    cache = content["numba_cache"]
    state = "writable" if cache["writable"] else "NOT writable: every process compiles again"
    yield "numba cache", f"{cache['folder'] or 'no folder'}, {state}"


def _kernels(content: dict[str, Any]) -> Table:
    """A kernel per row; on each device: taken by auto, usable, or why not."""
    devices = [device["device"] for device in content["devices"]]
    table = Table("kernel", "plugin", *devices, box=None, pad_edge=False)
    for kernel in content["kernels"]:
        verdicts = (_verdict(kernel, device, content["auto"]) for device in devices)
        table.add_row(escape(kernel["name"]), escape(kernel["plugin"]), *verdicts)
    return table


def _verdict(kernel: dict[str, Any], device: str, auto: dict[str, str | None]) -> str:
    problem = kernel["problems"][device]
    if problem:
        return escape(problem)
    return "usable, taken by auto" if auto[device] == kernel["name"] else "usable"

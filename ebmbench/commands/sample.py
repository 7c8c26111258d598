"""``ebmbench sample``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ebmbench.commands.options import RunName, Runs


def sample(
    run: RunName,
    method: Annotated[str, typer.Option(help="Whose model, as the suite calls it")],
    output: Annotated[Path, typer.Option("--output", "-o", help="A file, samples.npz")],
    seed: Annotated[int, typer.Option(help="The training's seed")] = 0,
    dataset: Annotated[
        str | None, typer.Option(help="May be left out where the run has only one")
    ] = None,
    n: Annotated[int, typer.Option("-n", min=1, help="How many configurations")] = 1000,
    steps: Annotated[int, typer.Option(min=1, help="Gibbs steps from random spins")] = 1000,
    draw: Annotated[int, typer.Option(min=0, help="Seed of the random numbers")] = 0,
    runs: Runs = Path("runs"),
) -> None:
    """Draw from a trained model: v (n, V) and h (n, H), as numpy's npz. Needs --keep parameters."""
    from ebmbench.errors import ComponentError
    from ebmbench.interfaces.installed.registry import Registry
    from ebmbench.isolation.apart import ENDLESS, Lost, apart

    wanted = run, runs, method, seed, dataset, n, steps, draw, output
    try:
        if Registry.discover().third_party:  # it may crash
            units = apart(_write_samples, *wanted, limit=ENDLESS)
        else:
            units = _write_samples(*wanted)
    except Lost as lost:
        raise ComponentError(f"method '{method}'", lost.how) from None
    print(f"{output}: {n} configurations of {units} visible units")


def _write_samples(
    run: Path, runs: Path, method: str, seed: int, dataset: str | None, n: int, steps: int,
    draw: int, output: Path,
) -> int:  # fmt: skip
    """Draw and write; the number of visible units."""
    from ebmbench.api.finished import open_run
    from ebmbench.api.trained import sample as drawn
    from ebmbench.api.trained import write_samples

    chains = drawn(open_run(run, runs).model(method, seed, dataset), n, steps, draw)
    write_samples(chains, output)
    return chains.v.shape[-1]

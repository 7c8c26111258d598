"""How far log Z is off by the walkers that the gradient is taken over, and by others.

    python reports/walkers/bias.py

Both are carried along by the same weights (Jarzynski's identity): those of the gradient push the
model away from where they stand themselves, the others are not asked. Exact log Z by enumeration of
the 256 states. Writes bias.png beside this file, and the table of README.md to stdout.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import matplotlib
import numpy as np
import torch
from torch import Tensor

from ebmbench import Model, Noise, Particles
from ebmbench.report.markdown.table import table
from ebmbench_cpu import NumbaKernel
from ebmbench_data.modes import Modes
from ebmbench_gibbs import RBM
from ebmbench_jarzynski.jarzynski import Jarzynski, Populations

RUNS, HIDDEN = 30, 12
UPDATES = (100, 400, 1600)
LEARNING_RATES, WALKERS = (0.02, 0.05, 0.1), (50, 200, 800)
HEAD = ("Learning rate", "Walkers", "Updates", "Bias of the gradient's own", "Bias of others", "z")


def trained(lr: float, walkers: int) -> Iterator[tuple[Model, Jarzynski, Populations]]:
    """The model and its walkers at each of the ``UPDATES``, in all runs side by side.

    Plain gradient descent on four modes, over all rows at once.
    """
    data = Modes(Modes.Options(rows=300)).load(Noise(range(RUNS), "data"))
    model = RBM(
        RBM.Options(hidden=HIDDEN, init_std=0.01, bias=True),
        data.visible,
        Noise(range(RUNS), "model"),
    )
    options = Jarzynski.Options(chains=walkers, evaluation=walkers)
    sampler = Jarzynski(options, NumbaKernel(NumbaKernel.Options()))
    noise, batch = Noise(range(RUNS), "train"), Particles(data.train)
    state = sampler.start(model, data, noise)
    for update in range(1, max(UPDATES) + 1):
        found = sampler.negative_phase(model, batch, state, noise)
        with torch.no_grad():
            slopes = zip(model.parameters(), model.phase(batch), found.phase, strict=True)
            for parameter, of_data, of_model in slopes:
                parameter -= lr * (of_data - of_model)
        state = found.state
        if update in UPDATES:
            yield model, sampler, state


@torch.no_grad()
def exact_log_z(model: Model) -> Tensor:
    """By the sum over all visible states, (R,) float64."""
    every = torch.tensor(list(product((-1.0, 1.0), repeat=model.visible)))
    F = model.free_energy(every.expand(model.replicas, -1, -1)).double()
    return torch.logsumexp(-F, 1)


def errors(model: Model, sampler: Jarzynski, state: Populations) -> tuple[Tensor, Tensor, Tensor]:
    """log Z less the exact one: by the gradient's walkers, by others, and in errors of these."""
    exact = exact_log_z(model)
    known, error = sampler.log_z(model, state)
    own = state.gradient.at(model).log_z_reached - exact
    return own, known - exact, (known - exact) / error


def mean(x: Tensor) -> str:
    """Mean and its standard error over runs, in nats."""
    return f"{x.mean():+.3f} ± {x.std() / np.sqrt(len(x)):.3f}"


def draw(biases: dict[tuple[float, int], tuple[Tensor, Tensor]], file: Path) -> None:
    """Bias after the last update against the number of walkers."""
    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6.4, 3.2), layout="constrained")
    for lr in LEARNING_RATES:
        for which, style in enumerate(("o-", "s--")):
            found = [biases[lr, N][which] for N in WALKERS]
            at = [float(x.mean()) for x in found]
            error = [2 * float(x.std()) / np.sqrt(RUNS) for x in found]
            whose = ("the gradient's own", "others")[which]
            color = f"C{LEARNING_RATES.index(lr)}"
            label = f"{whose}, learning rate {lr:g}"
            axes.errorbar(WALKERS, at, error, fmt=style, color=color, label=label)
    axes.set(xscale="log", xlabel="walkers", ylabel="log Z, estimated less exact (nats)")
    axes.set_xticks(WALKERS, map(str, WALKERS))
    axes.minorticks_off()
    axes.set_yscale("symlog", linthresh=0.1)
    axes.axhline(0, color="black", linewidth=0.5)
    figure.legend(fontsize=8, loc="outside right center")
    figure.savefig(file, dpi=150)


def main() -> None:
    """Print the table of README.md and draw its figure."""
    rows, biases = [], {}
    for lr, N in product(LEARNING_RATES, WALKERS):
        for updates, known in zip(UPDATES, trained(lr, N), strict=True):
            own, others, z = errors(*known)
            biases[lr, N] = own, others
            of_z = f"{z.mean():+.2f} ± {z.std():.2f}"
            rows.append([f"{lr:g}", str(N), str(updates), mean(own), mean(others), of_z])
    print(table(HEAD, rows))
    draw(biases, Path(__file__).with_name("bias.png"))


if __name__ == "__main__":
    main()

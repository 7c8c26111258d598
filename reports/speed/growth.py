"""How costs grow: of an update per seed; of a Gibbs step per spin with chains, and with units per
multiply-add, as each of V visible spins has H neighbours.

python reports/speed/growth.py

One thread, the least of some rounds. Writes growth.png beside this file, and the numbers to stdout.
"""

import time
from pathlib import Path

import matplotlib
import torch

from ebmbench import Chains, Moment, Noise, Particles, Splits
from ebmbench.numerics.threads import use_threads
from ebmbench.running.memory import keep_freed_memory
from ebmbench.training.learner import Learner
from ebmbench.training.optimizer import Optimizer, OptimizerOptions
from ebmbench.training.replay import whole_update
from ebmbench.training.stopwatch import Stopwatch
from ebmbench.training.streams import Streams
from ebmbench_cpu import NumbaKernel
from ebmbench_gibbs import CD, RBM
from ebmbench_rapid import PID, RARBM

KERNEL, CPU, ROUNDS = NumbaKernel(NumbaKernel.Options()), torch.device("cpu"), 9
SEEDS = (1, 10, 100)
METHODS = {
    "RAPID, 16 x 1000, batch 3": (RARBM, {"hidden": 1000, "patterns": 8}, PID, {}, 16, 3),
    "CD-1, 16 x 16, batch 16": (RBM, {"hidden": 16}, CD, {"k": 1}, 16, 16),
    "CD-10, 16 x 1000, batch 1": (RBM, {"hidden": 1000}, CD, {"k": 10}, 16, 1),
    "CD-1, 64 x 128, batch 16": (RBM, {"hidden": 128}, CD, {"k": 1}, 64, 16),
}
SIZES = {"V=16, H=1000": (16, 1000), "V=784, H=500": (784, 500)}
CHAINS = (16, 64, 256, 1024, 4096)
HIDDEN = (64, 256, 1000, 3000)


def least(work):
    """Seconds of the fastest of some calls, the processor's own."""
    work()
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def per_seed(name, seeds):
    """Microseconds of an update, a seed's share."""
    model_of, options, sampler_of, sampler_options, V, rows = METHODS[name]
    model = model_of(model_of.Options(**options), V, Noise(range(seeds), "init"))
    sampler = sampler_of(sampler_of.Options(**sampler_options), KERNEL)
    optimizer = Optimizer(model, OptimizerOptions(name="sgd", lr=1e-4))
    v = Noise(range(seeds), "data").coins(rows, V)
    data = Splits(v, v, (1, V), torch.zeros(V).bool())
    streams = Streams.of(range(seeds), "data", "method", CPU)
    whole = whole_update(model, sampler, optimizer)
    learner = Learner(model, sampler, optimizer, data, streams, whole=whole)
    watch, updates = Stopwatch(CPU), max(1, 100 // seeds)

    def work():
        for _ in range(updates):
            learner.take(Particles(v), 1)
            learner.make(watch, Moment(1, 1, False))

    return least(work) / updates / seeds * 1e6


def per_spin(V, H, chains):
    """Nanoseconds per spin of a Gibbs step of so many chains from random v."""
    model, noise = RBM(RBM.Options(hidden=H, init_std=0.1), V, Noise([0], "init")), Noise([0], "x")
    start = Chains(noise.coins(chains, V))
    seconds = least(lambda: KERNEL.run_chains(model, start, 1, 1.0, noise))
    return seconds / chains / (V + H) * 1e9


def per_mac(V, H, chains):
    """Picoseconds per multiply-add of the same."""
    return 1e3 * per_spin(V, H, chains) * (V + H) / (2 * V * H)


def panels():
    """(title, x axis, y axis, {label: {x: y}}) of the three."""
    yield (
        "an update per seed",
        "seeds side by side",
        "microseconds per seed",
        {name: {seeds: per_seed(name, seeds) for seeds in SEEDS} for name in METHODS},
    )
    yield (
        "a Gibbs step, chains",
        "chains",
        "nanoseconds per spin",
        {
            name: {chains: per_spin(*size, chains) for chains in CHAINS}
            for name, size in SIZES.items()
        },
    )
    yield (
        "a Gibbs step of 256 chains, units",
        "hidden units",
        "picoseconds per multiply-add",
        {f"V={V}": {H: per_mac(V, H, 256) for H in HIDDEN} for V in (16, 784)},
    )


def main():
    """Measure, draw, and tell."""
    matplotlib.use("Agg")
    from matplotlib import pyplot

    keep_freed_memory()
    torch.set_num_threads(1)
    use_threads(1)
    figure, axes = pyplot.subplots(1, 3, figsize=(12, 3.6), layout="constrained")
    for axis, (title, x, y, lines) in zip(axes, panels(), strict=True):
        print(f"{title} ({y})")
        for label, points in lines.items():
            axis.loglog(points.keys(), points.values(), marker="o", label=label)
            print(f"  {label}: " + ", ".join(f"{at}: {cost:.3g}" for at, cost in points.items()))
        axis.set(title=title, xlabel=x, ylabel=y)
        axis.legend(fontsize=8)
        axis.grid(alpha=0.3)
    figure.savefig(Path(__file__).with_name("growth.png"), dpi=120)


if __name__ == "__main__":
    main()

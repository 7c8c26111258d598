"""Models, datasets and metrics with one mistake each."""

import numpy as np
import torch
from pydantic import Field

from ebmbench import Dataset, Metric, Splits
from ebmbench.checks.oracle.reference import ReferenceTwoLayer
from ebmbench.numerics import OneHot


class HalfPhase(ReferenceTwoLayer):
    """F(v) = -a'v - sum log 2cosh(v W + b), with half its derivative as the phase."""

    name = "half-phase"

    def phase(self, particles):
        return tuple(part / 2 for part in super().phase(particles))


class OtherEnergy(ReferenceTwoLayer):
    """F(v) = -sum log 2cosh(2 (v W + b)), which is not that of the energy."""

    name = "other-energy"

    def free_energy(self, v):
        return super().free_energy(v) * 2

    def phase(self, particles):
        return tuple(2 * part for part in super().phase(particles))


class CitesAnUnknownPaper(ReferenceTwoLayer):
    """F(v) = -a'v - sum log 2cosh(v W + b), of a paper that nobody has."""

    name = "cites-an-unknown-paper"
    cites = ("nobody1900",)


class CitesTwice(ReferenceTwoLayer):
    """F(v) = -a'v - sum log 2cosh(v W + b), of a paper that is told twice."""

    name = "cites-twice"
    cites = ("smolensky1986", "smolensky1986")


class NewParameters(ReferenceTwoLayer):
    """F(v) = -a'v - sum log 2cosh(v W + b); projected by making the parameters anew."""

    name = "new-parameters"

    def project(self, when, noise):
        self.W = torch.nn.Parameter(self.W.detach().clamp(-1, 1))


class MixedReplicas(ReferenceTwoLayer):
    """F(v) = -a'v - sum log 2cosh(v W + b), less its mean over all replicas."""

    name = "mixed-replicas"

    def free_energy(self, v):
        energy = super().free_energy(v)
        return energy - energy.mean()


class StartsFromAll(ReferenceTwoLayer):
    """F(v) = -a'v - sum log 2cosh(v W + b); W starts from the mean over all replicas' rows."""

    name = "starts-from-all"

    def start_from(self, train):
        self.W.add_(train.mean())


class Rows(Dataset):
    """v = random spins, each replica its own: right."""

    name = "rows"

    class Options(Dataset.Options):
        rows: int = Field(17, ge=2, description="Rows")

    def load(self, noise):
        train, test = noise.coins(self.options.rows, 20), noise.coins(7, 20)
        return Splits(train, test, (4, 5), torch.arange(20) < 5)


class Bits(Rows):
    """v = random bits where spins are asked for."""

    name = "bits"

    def load(self, noise):
        splits = super().load(noise)
        return splits._replace(train=(splits.train + 1) / 2)


class TwoStates(Rows):
    """v = random sites of four states, one of them in two."""

    name = "two-states"

    def load(self, noise):
        units = OneHot(4)
        train, test = units.random(17, 20, noise), units.random(7, 20, noise)
        train[:, :, 4:6] = 1.0
        train[:, :, 6:8] = 0.0
        return Splits(train, test, (4, 5), torch.arange(20) < 5, units=units)


class SameRows(Rows):
    """v = random spins, tested on what was trained on."""

    name = "same-rows"

    def load(self, noise):
        splits = super().load(noise)
        return splits._replace(test=splits.train)


class FortyPercent(Rows):
    """v = random spins, of whose test rows two in five were trained on."""

    name = "forty-percent"

    def load(self, noise):
        splits = super().load(noise)
        return splits._replace(test=torch.cat([splits.train[:, :2], splits.test[:, :3]], 1))


class Negatives(Rows):
    """v = random spins, of whose test rows one is a training row with all spins turned."""

    name = "negatives"

    def load(self, noise):
        splits = super().load(noise)
        return splits._replace(test=torch.cat([-splits.train[:, :1], splits.test[:, :3]], 1))


class Declared(FortyPercent):
    """v = random spins, of whose test rows two in five were trained on, which it says: right."""

    name = "declared"
    shared_rows = 0.4  # a test's


class FixedDraw(Rows):
    """v = random spins from a generator that knows of no seeds."""

    name = "fixed-draw"

    def load(self, noise):
        rng = np.random.default_rng(len(noise.keys))
        train = torch.from_numpy(rng.choice([-1.0, 1.0], (noise.replicas, 17, 20))).float()
        return super().load(noise)._replace(train=train)


class DrawnAnew(Rows):
    """v = random spins, of which those of an epoch are drawn from all that are trained on."""

    name = "drawn-anew"

    def load(self, noise):
        splits = super().load(noise)
        train = splits.train

        def redraw(streams):
            chosen = streams.words(1, train.shape[1]).squeeze(1) % train.shape[1]
            return train[: len(chosen)].gather(1, chosen.unsqueeze(2).expand(-1, -1, 20))

        return splits._replace(redraw=redraw)


class CutFromTest(Rows):
    """v = random spins, of which those to test on are cut out to validate with."""

    name = "cut-from-test"

    def load(self, noise):
        splits = super().load(noise)
        return splits._replace(cut=lambda share, once: splits)


class CutByBlock(Rows):
    """v = random spins, of which as many are cut out as there are replicas."""

    name = "cut-by-block"

    def load(self, noise):
        splits, R = super().load(noise), noise.replicas
        parts = {"train": splits.train[:, R:], "test": splits.train[:, :R]}
        return splits._replace(cut=lambda share, once: splits._replace(**parts))


class Gap(Metric):
    """<F>_test - <F>_train in nats: right."""

    name = "gap"

    @torch.no_grad()
    def measure(self, view):
        F = view.model.free_energy
        return {"": F(view.data.test).mean(1) - F(view.data.train).mean(1)}


class OverReplicas(Gap):
    """<F>_test - <F>_train less its mean over the replicas."""

    name = "over-replicas"

    def measure(self, view):
        gap = super().measure(view)[""]
        return {"": gap - gap.mean()}


class Meddles(Gap):
    """<F>_test - <F>_train, after it has moved the parameters."""

    name = "meddles"

    @torch.no_grad()
    def measure(self, view):
        next(view.model.parameters()).mul_(0.9)
        return super().measure(view)


class Silent(Gap):
    """The negative phase's largest entry, without saying that it looks at it."""

    name = "silent"

    def measure(self, view):
        return {"": view.negative().phase[0].flatten(1).amax(1)}


class OutOfRange(Gap):
    """<F>_test - <F>_train, said to be at least 1000."""

    name = "out-of-range"
    range = (1000.0, None)


class Writes(Gap):
    """<F>_test - <F>_train, written to a file of its own."""

    name = "writes"

    def measure(self, view):
        with open("gap.txt", "w") as file:  # noqa: PTH123
            file.write("here")
        return super().measure(view)


RIGHT = [ReferenceTwoLayer, Rows, Declared, Gap]
WRONG = [
    (HalfPhase, "phase", "0.5 times the derivative: a sign or a factor"),
    (OtherEnergy, "free-energy", "a field that is off by a factor of 2"),
    (NewParameters, "project", "use parameter.copy_"),
    (CitesAnUnknownPaper, "citations", "'nobody1900' is no key in references.bib"),
    (CitesTwice, "citations", "it cites something twice"),
    (MixedReplicas, "parameters-matter", "summed over the replica axis"),
    (StartsFromAll, "start-from", "something is summed over the replica axis"),
    (TwoStates, "units", "train has a site 1 in 2 states, where it is in one"),
    (Bits, "units", "Bits? 2 v - 1"),
    (SameRows, "held-out", "17 of 17 test rows (100.0%) are training rows too"),
    (FortyPercent, "held-out", "2 of 5 test rows (40.0%) are training rows too"),
    (Negatives, "held-out", "0 of 4 test rows (0.0%) are training rows too, and 1 more are so"),
    (DrawnAnew, "validation", "give Splits a 'cut' that keeps"),
    (CutFromTest, "validation", "7 of 7 test rows (100.0%) are training rows too"),
    (CutByBlock, "cut", "neither how many replicas there are nor what the others hold"),
    (FixedDraw, "replicas", "draw from 'noise' only"),
    (OverReplicas, "replicas", "a mean over the replica axis"),
    (Meddles, "looking-changes-nothing", "a metric only looks"),
    (Silent, "needs-negative", "needs_negative = True"),
    (OutOfRange, "values", "outside of what 'range' says"),
    (Writes, "files", "gap.txt"),
]

"""Components that misbehave as their options say: where, and how."""

import torch
from misbehaviour import WAYS
from pydantic import Field

from ebmbench import Cost, Dataset, Metric, Particles, Sampler, Splits, hookimpl

torch.set_default_dtype(torch.float64)  # for everybody

COSTS = {
    "text": "a lot",
    "text in it": Cost(macs="a lot"),
    "huge": Cost(macs=10**400),
    "nan": Cost(bytes=float("nan")),
    "infinite": Cost(randoms=float("inf")),
    "negative": Cost(macs=-1.0),
}


class Misbehaving:
    """Does at ``place`` what ``by`` says."""

    class Options(Sampler.Options):
        place: str = Field("never", description="Where it misbehaves")
        by: str = Field("raise", description="How")
        hidden: int = Field(0, description="Only with so many hidden units; 0 for always")

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.come_to("constructor")

    def come_to(self, place):
        if self.options.place == place and self.options.by in WAYS:
            WAYS[self.options.by]()


class MisbehavingSampler(Misbehaving, Sampler):
    """<dF>_model from the batch itself, and misbehaves."""

    name = "misbehaving-sampler"

    def supports(self, model, data):
        self.come_to("supports")
        return 7 if self.options.place == "answer" else None

    def start(self, model, data, noise):
        self.come_to("start")

    def particles(self, model, batch, state, noise):
        self.come_to("particles")
        return Particles(batch.v), state

    def cost(self, model, batch):
        self.come_to("cost")
        return COSTS.get(self.options.by) or super().cost(model, batch)


class MisbehavingMetric(Misbehaving, Metric):
    """Ones for all replicas, and misbehaves."""

    name = "misbehaving-metric"

    def supports(self, model, data, kernel):
        self.come_to("supports")

    def measure(self, view):
        if self.options.hidden in (0, view.model.hidden):
            self.come_to("measure")
        return {"": torch.ones(view.model.replicas)}


class MisbehavingDataset(Misbehaving, Dataset):
    """Eight random rows of nine spins, and misbehaves."""

    name = "misbehaving-dataset"

    def load(self, noise):
        self.come_to("load")
        rows = noise.coins(8, 9)
        return Splits(rows, rows, (3, 3), torch.ones(9, dtype=torch.bool))

    def files(self):
        self.come_to("files")
        return ()


@hookimpl
def ebmbench_samplers():
    return [MisbehavingSampler]


@hookimpl
def ebmbench_metrics():
    return [MisbehavingMetric]


@hookimpl
def ebmbench_datasets():
    return [MisbehavingDataset]

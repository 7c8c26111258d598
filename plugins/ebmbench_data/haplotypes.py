"""Genomes of populations that split: clustered rows of bits, as many as are asked for."""

from __future__ import annotations

from pydantic import Field, model_validator
from torch import Tensor

from ebmbench import Dataset, Noise, Splits
from ebmbench_data.copying import Copying
from ebmbench_data.image_shape import kept
from ebmbench_data.populations import founders_of


class Haplotypes(Dataset):
    """p(v) = sum over populations of p(v copied, piece by piece, from the population's founders).

    The copying model of Li and Stephens 2003 (Genetics 165, 2213): from site to site a copy goes on
    from another founder with probability ``switch``, and each site is miscopied with probability
    ``mutation``. The founders are the last generation of populations that split one after another
    and, between two splits, are copied in the same way ``generations`` times (Wright 1931, Fisher
    1930; haploid, as many as ``founders``); alleles of the first have the frequencies of neutral
    ones, p(i) ~ 1 / i (Fu 1995). So rows are correlated along a chromosome and cluster by
    populations, in a tree, as human haplotypes do.

    A spin is up where a row has the derived allele (1 in files of haplotypes), down where it has
    the ancestral one (0). Founders are the same for all seeds; each seed draws rows of its own.
    Labels are populations. ``log_p`` is the law itself.
    """

    name = "haplotypes"
    cites = ("li2003", "wright1931", "fisher1930", "fu1995")
    shared_rows = 0.05  # a row may be a founder as it stands, and so may another

    class Options(Dataset.Options):
        populations: int = Field(3, ge=1, le=100, description="Populations, of equal shares")
        sites: int = Field(100, ge=2, le=100_000, description="V, sites of a haplotype")
        founders: int = Field(
            10,
            ge=2,
            le=1000,
            description="Haplotypes that a population's rows are copied from",
        )
        mutation: float = Field(
            0.01, ge=0, le=0.5, description="Probability that a site is miscopied"
        )
        switch: float = Field(
            0.05, ge=0, le=1, description="Probability that a copy goes on from another founder"
        )
        generations: int = Field(
            5, ge=0, le=10_000, description="Times that founders are copied between two splits"
        )
        rows: int = Field(1000, ge=1, le=1_000_000, description="Rows to train on")
        test: int | None = Field(
            None, ge=1, le=1_000_000, description="Rows to test on; by default as many"
        )
        ancestry: int = Field(
            0, ge=0, le=1_000_000, description="Which founders: the seed that they come from"
        )

        @model_validator(mode="after")
        def _populations_differ(self) -> Haplotypes.Options:
            if self.populations > 1 and not self.generations:
                raise ValueError("without generations all populations are one: generations: 5")
            return self

    def load(self, noise: Noise) -> Splits:
        o = self.options
        (train, from_train), (test, from_test) = (
            self.copying().draw(rows, noise) for rows in (o.rows, o.test or o.rows)
        )
        shape = (1, o.sites)
        keep = kept("left-half", shape, noise.device)
        return Splits(train, test, shape, keep, from_train, from_test)

    def copying(self) -> Copying:
        """The law of a row."""
        o = self.options
        founders = founders_of(
            o.populations,
            o.founders,
            o.sites,
            o.generations,
            Noise([o.ancestry], "haplotypes"),
            switch=o.switch,
            mutation=o.mutation,
        )
        return Copying(founders, o.switch, o.mutation)

    def log_p(self, v: Tensor) -> Tensor:
        """log p(v) in nats, exactly, (N, V) spins -> (N,) float64."""
        return self.copying().log_p(v)

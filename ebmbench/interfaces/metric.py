"""The metrics family: numbers from a run at a moment."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal, TypeVar, cast

from torch import Tensor

from ebmbench.interfaces.component import Component
from ebmbench.interfaces.dataset import Splits
from ebmbench.interfaces.depiction import Depiction
from ebmbench.interfaces.kernel import GibbsKernel, Sweeper
from ebmbench.interfaces.model import Model
from ebmbench.interfaces.sampler import NegativePhase, Sampler, State
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.particles import Chains, Particles

T = TypeVar("T")
Direction = Literal["lower", "higher"]
Range = tuple[float | None, float | None]
"""The smallest and the largest value that there can be; None for no such end."""
NEGATIVE_ROWS = 1000  # rows of training data that ``View.negative`` starts from, at most


@dataclass(frozen=True)
class View:
    """What a metric sees of R replicas at a moment. Looking changes nothing.

    Attributes:
        model: with the parameters of this moment.
        data: train and test.
        sampler: the method's sampler, and its ``state`` at this moment.
        kernel: sweeps the model; None where no installed kernel can.
        epoch: epochs trained so far.
        noise: this metric's own streams, new for every moment.
        negative_noise: the streams that ``negative`` draws from, new for every moment.
    """

    model: Model
    data: Splits
    sampler: Sampler
    state: State
    kernel: GibbsKernel | None
    epoch: int
    noise: Noise
    negative_noise: Noise
    memo: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    def once(self, function: Callable[[Model], T]) -> T:
        """``function(model)``, computed once per moment however many metrics ask for it."""
        if function not in self.memo:
            self.memo[function] = function(self.model)
        return cast(T, self.memo[function])

    def negative(self) -> NegativePhase:
        """The sampler's negative phase at this moment, started from the training data.

        The batch is the training set (its first 1000 rows), so that the noise of a small batch
        is not mistaken for the sampler's error. Metrics of one moment share it.
        """
        if "negative" not in self.memo:
            batch = Particles(self.data.train[:, :NEGATIVE_ROWS])
            self.memo["negative"] = self.sampler.negative_phase(
                self.model, batch, self.state, self.negative_noise
            )
        return cast(NegativePhase, self.memo["negative"])

    @property
    def sweeper(self) -> Sweeper:
        """Does Gibbs sweeps with the kernel."""
        return Sweeper(self.kernel)

    def sweep(self, chains: Chains, k: int, beta: float | Tensor = 1.0) -> Chains:
        """k block-Gibbs steps of ``chains``, drawn from the view's noise: v, and its h."""
        return self.sweeper.sweep(self.model, chains, k, beta, self.noise)

    def run_chains(self, chains: Chains, k: int, beta: float | Tensor = 1.0) -> Chains:
        """As ``sweep``, but with h only where the kernel's chains go on from it, or else None."""
        return self.sweeper.run_chains(self.model, chains, k, beta, self.noise)

    def with_noise(self, noise: Noise) -> View:
        """The same view with other streams."""
        return replace(self, noise=noise)


class Metric(Component, ABC):
    """Interface: values of R replicas at a moment.

    A value is exported as ``metric.part`` (dashes become underscores), or as ``metric`` where the
    part is ``""``. ``parts`` names all that there may be, pictures apart, so that a suite that asks
    for another is told at once; None where they are not known before. ``better`` says which way is
    better, for all parts or by part; a part without a direction is shown and not judged. ``unit``
    is one for all parts, or by part. ``range`` says between which values they lie, for all parts or
    by part, None for an open end: intervals stay inside it, and what unseen and lost seeds may have
    is reckoned by it. ``needs_negative`` says that it looks at the negative phase: it is then
    skipped where a model is not trained and has no sampler. ``missing`` says why a metric that
    gives NaN on purpose does so, for all parts or by part; the report tells the reader.
    ``any_units`` says that visible units need not be spins; by default it is skipped where they are
    something else.
    """

    any_units: ClassVar[bool] = False
    parts: ClassVar[Collection[str] | None] = None
    unit: ClassVar[str | Mapping[str, str]] = ""
    needs_negative: ClassVar[bool] = False
    missing: ClassVar[str | Mapping[str, str]] = ""
    better: ClassVar[Direction | Mapping[str, Direction] | None] = None
    range: ClassVar[Range | Mapping[str, Range] | None] = None

    @classmethod
    def parts_with(cls, options: Any) -> Collection[str] | None:
        """The parts under these options; ``parts`` unless options make a difference."""
        return cls.parts

    @classmethod
    def why_missing(cls, part: str) -> str:
        """Why a part may have no value; "" where ``missing`` says nothing of it."""
        return cls.missing if isinstance(cls.missing, str) else cls.missing.get(part, "")

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        """Why this cannot be measured on ``model`` and ``data``; None if it can."""
        return None

    def supports_sampler(self, sampler: Sampler) -> str | None:
        """Why there is nothing to measure where ``sampler`` trains; None if there is."""
        return None

    @abstractmethod
    def measure(self, view: View) -> Mapping[str, Tensor | Depiction]:
        """Part -> (R,) values, or a picture; nothing where the metric does not apply."""

"""Models of real-valued and one-hot units, and samplers on them, with one mistake each."""

import torch

from ebmbench.numerics import REALS, SPINS, log_2cosh
from ebmbench_gibbs import CD, PCD
from ebmbench_units import GaussianRBM, HiddenSpinsKernel, PottsRBM


class Widened(GaussianRBM):
    """E(v, h) = sum_i (v_i - a_i)^2 / 2 sigma_i^2 - ..., drawn with sigma^2 for sigma."""

    name = "widened"

    def draw_visible(self, h, beta, noise):
        mean = (h @ self.W.mT + self.a.unsqueeze(1)).expand(-1, h.shape[1], -1)
        return mean + noise.normal(h.shape[1], self.visible) / self.precision.unsqueeze(1)


class Unmoved(GaussianRBM):
    """E(v, h) = sum_i (v_i - a_i)^2 / 2 sigma_i^2 - ..., drawn around 0 and not around a."""

    name = "unmoved"

    def draw_visible(self, h, beta, noise):
        return super().draw_visible(h, beta, noise) - self.a.unsqueeze(1)


class LostHiddenBias(GaussianRBM):
    """E(v, h) = sum_i (v_i - a_i)^2 / 2 sigma_i^2 - ..., whose h is drawn without b."""

    name = "lost-hidden-bias"

    def hidden_field(self, v):
        return super().hidden_field(v) - self.b.unsqueeze(1)

    def energy(self, v, h):
        return super().energy(v, h) - (h * self.b.unsqueeze(1)).sum(-1)

    def free_energy(self, v):
        x = super().hidden_field(v)
        return self.visible_energy(v) - log_2cosh(x).sum(-1)


class NoRoot(GaussianRBM):
    """E(v, h) = sum_i (v_i - a_i)^2 / 2 sigma_i^2 - ..., whose log Z lacks sqrt(2 pi)."""

    name = "no-root"

    def log_z(self):
        return super().log_z() - self.visible * 0.5 * torch.log(torch.tensor(2 * torch.pi))


class NoSigma(GaussianRBM):
    """E(v, h) = sum_i (v_i - a_i)^2 / 2 sigma_i^2 - ..., whose log Z lacks log sigma."""

    name = "no-sigma"

    def log_z(self):
        return super().log_z() + self.precision.log().sum(1) / 2


class Endless(GaussianRBM):
    """E(v, h) = -sum_i (v_i - a_i)^2 / 2 sigma_i^2 - ..., which no Z makes a density."""

    name = "endless"

    def visible_energy(self, v):
        return -super().visible_energy(v)


class LostBias(PottsRBM):
    """E(v, h) = -v'W h - a'v - b'h; what is taken off W is not given to b."""

    name = "lost-bias"

    def project(self, when, noise):
        b = self.b.detach().clone()
        super().project(when, noise)
        with torch.no_grad():
            self.b.copy_(b)


class SeparateColumns(PottsRBM):
    """E(v, h) = -v'W h - a'v - b'h; columns are drawn as if they were bits."""

    name = "separate-columns"

    def draw_visible(self, h, beta, noise):
        p = torch.sigmoid(h @ self.W.mT + self.a.unsqueeze(1))
        return (noise.uniform(h.shape[1], self.visible) < p).float()


class HalfLogits(PottsRBM):
    """E(v, h) = -v'W h - a'v - b'h; sites are drawn by half of their logits."""

    name = "half-logits"

    def draw_visible(self, h, beta, noise):
        return super().draw_visible(h, beta / 2, noise)


class OneStateLess(PottsRBM):
    """E(v, h) = -v'W h - a'v - b'h, whose log Z lacks half of the hidden states."""

    name = "one-state-less"

    def log_z(self):
        return super().log_z() - self.hidden * torch.log(torch.tensor(2.0))


class OneTemperature(HiddenSpinsKernel):
    """h ~ sigmoid(2 x(v)), then v ~ p(v | h), of real-valued units at any beta."""

    name = "one-temperature"

    def supports(self, model, device):
        return super().supports(model, device) if model.units == REALS else "no real numbers"

    def sweep(self, model, chains, k, beta, noise):
        return super().sweep(model, chains, k, 1.0, noise)


class SignsOnly(CD):
    """<dF>_model over chains; takes all units for spins."""

    name = "signs-only"

    def particles(self, model, batch, state, noise):
        found, state = super().particles(model, batch, state, noise)
        return (found if model.units == SPINS else found._replace(v=found.v.sign())), state


class OfRealsOnly(PCD):
    """<dF>_model over chains that go on, of real-valued units only; nothing is wrong."""

    name = "of-reals-only"

    def supports(self, model, data):
        return super().supports(model, data) if model.units == REALS else "no real numbers"


class HalfTheData(OfRealsOnly):
    """<dF>_model over chains that go on, every other of which is a row of the batch."""

    name = "half-the-data"

    def particles(self, model, batch, state, noise):
        found, state = super().particles(model, batch, state, noise)
        mixed = torch.cat([found.v, batch.v], 1)
        return found._replace(v=mixed, h=None, log_weight=None), state


WRONG = [
    (SignsOnly, "no-drift", "where quadrature gives"),
    (HalfTheData, "forgets-the-data", "rows of the data are among the particles"),
    (Widened, "no-drift", "usually sigma^2 stands for sigma"),
    (Unmoved, "no-drift", "the mean of v given h lacks the bias"),
    (LostHiddenBias, "no-drift", "the field x lacks a term"),
    (OneTemperature, "beta", "hidden spins are no longer distributed as p(h)"),
    (NoRoot, "log-z", "It is sqrt(2 pi) of each visible unit that is left out."),
    (NoSigma, "log-z", "log sigma of each unit"),
    (Endless, "log-z", "exp(-F(v)) has no finite integral"),
    (LostBias, "gauge", "is not given to the biases of the hidden units"),
    (SeparateColumns, "no-drift", "has a site"),
    (HalfLogits, "no-drift", "of the probability is elsewhere"),
    (OneStateLess, "log-z", "It is a factor of 2 of each hidden spin that is left out."),
]

"""What models must hold of their visible units: log Z, chains that stay, and a gauge."""

from __future__ import annotations

import math

from torch import Tensor

from ebmbench.checks.cases import KernelCase
from ebmbench.checks.examples import Example
from ebmbench.checks.failure import NotApplicable, require
from ebmbench.checks.families import kernel_statistics
from ebmbench.checks.families.model_bench import (
    CLOSE,
    END,
    SEEDS,
    free_energy,
    made,
    rows,
    units_of,
)
from ebmbench.checks.model_cases import CPU, ModelCase, V
from ebmbench.checks.oracle import quadrature
from ebmbench.checks.oracle.enumeration import Array, device_of, hidden_units
from ebmbench.interfaces.kernel_choice import kernel_for
from ebmbench.interfaces.model import Model
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.units.one_hot import OneHot
from ebmbench.numerics.units.reals import REALS


def log_z(example: Example) -> None:
    """exp(-F) sums to Z over all states, of real numbers by quadrature: ``log_z`` where given."""
    real = units_of(example) == REALS
    model = made(example, visible=quadrature.V if real else V)
    given = getattr(model, "log_z", None)
    if not real and given is None:
        raise NotApplicable("it has no log_z of its own")
    Z = _log_integral(model) if real else _log_sum(model)
    if given is None:
        return
    off = given().detach().cpu().double().numpy() - Z
    worst = int(abs(off).argmax())
    require(
        abs(off[worst]) < CLOSE * (1 + abs(Z[worst])),
        f"log_z() of replica {worst} is {off[worst] + Z[worst]:.4f} where "
        f"{'quadrature' if real else 'the sum over all states'} of exp(-F(v)) gives "
        f"{Z[worst]:.4f}. {_cause_of_log_z(float(off[worst]), model)}",
    )


def no_drift(example: Example) -> None:
    """Chains drawn exactly from p stay so under the kernel that a suite would choose for it."""
    chosen = kernel_for(example.registry.kernels(), made(example), CPU)
    if chosen is None:
        raise NotApplicable("no installed kernel sweeps it")
    component = example.component
    assert issubclass(component, Model)
    kernel = chosen(chosen.Options())
    case = ModelCase(f"'{component.name}' by '{kernel.name}'", component, example.options, kernel)
    kernel_statistics.stays(KernelCase(kernel, case, CPU), 1.0)


def gauge(example: Example) -> None:
    """Of one-hot units: ``project`` may move numbers along a gauge, and leaves p as it is."""
    if not isinstance(units_of(example), OneHot):
        raise NotApplicable("its visible units are no sites of several states, which have a gauge")
    model = made(example)
    v = _every_state(model)
    before = free_energy(model, v).detach()
    model.project(END, Noise(SEEDS, "project"))
    change = free_energy(model, v).detach() - before
    off = float((change - change.mean(dim=1, keepdim=True)).abs().max())
    require(
        off < CLOSE * (1 + float(before.abs().max())),
        f"project() changes the log-probability of a state by {off:.3g} nats against others'. "
        "Usually what is taken off the weights of a site to bring them to a gauge, the same for "
        "all its states, is not given to the biases of the hidden units; or the mean is taken over "
        "another axis than a site's states. If it is to change p, declare it in known_failures.",
    )


def _every_state(model: Model) -> Tensor:
    """(R, S, V)."""
    every = model.units.states(model.visible)
    if every is None:
        raise NotApplicable(f"its visible units are {model.units}: no states")
    return every.to(device_of(model)).expand(model.replicas, -1, -1)


def _log_sum(model: Model) -> Array:
    minus_free = -free_energy(model, _every_state(model)).detach().double()
    total: Array = minus_free.logsumexp(1).cpu().numpy()
    return total


def _log_integral(model: Model) -> Array:
    free_energy(model, rows(model))
    return quadrature.log_integral(model, quadrature.grid_of(model))


def _cause_of_log_z(off: float, model: Model) -> str:
    """A sentence: constants that are usually left out, and else terms."""
    root = 0.5 * math.log(2 * math.pi)
    constants = {
        "sqrt(2 pi) of each visible unit": model.visible * root,
        "a factor of 2 of each hidden spin": hidden_units(model) * math.log(2),
    }
    for what, constant in constants.items():
        if constant and abs(abs(off) - constant) < CLOSE * (1 + constant):
            return f"It is {what} that is {'too much' if off > 0 else 'left out'}."
    return (
        "Usually a term that depends on the parameters is left out: a bias, log sigma of each "
        "unit, or the square of its mean."
    )

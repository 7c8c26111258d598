"""Claims of fig. 6: the NLL on MNIST over training.

EBMBENCH_DATA=folder ebmbench run suites/paper/fig6.yaml
"""

from math import inf

from claims import Claim, Values, difference

DATA, METHOD = "mnist", "RAPID"


def claims(values: Values) -> list[Claim]:
    """The NLL falls over training, as far as it can be known."""
    return [_falls(values, metric) for metric in ("nll_ais.train", "nll_ais.test")] + [
        _falls(values, metric, sign=-1.0)
        for metric in ("pseudo_likelihood.train", "pseudo_likelihood.test")
    ]


def _falls(values: Values, metric: str, sign: float = 1.0) -> Claim:
    epochs = values.epochs(DATA, METHOD, metric)
    first, last = (values.of(DATA, METHOD, metric, epoch) for epoch in (epochs[0], epochs[-1]))
    change = difference(first, last) if sign > 0 else difference(last, first)
    return Claim(
        "the NLL falls over training",
        f"{metric} at epoch {epochs[0]} less that at epoch {epochs[-1]}, in nats"
        if sign > 0
        else f"{metric} at epoch {epochs[-1]} less that at epoch {epochs[0]}, in nats",
        change,
        0.0,
        inf,
    )

"""Claims of fig. 6: the NLL on MNIST over training.

EBMBENCH_DATA=folder ebmbench run suites/paper/fig6.yaml
"""

from claims import Claim, Values, difference

from ebmbench.summary.statistics import Interval

DATA, METHODS = "mnist", ("RAPID", "Notebook")
NLLS = ("nll_ais.train", "nll_ais.test", "nll_ais.best.train", "nll_ais.best.test")


def claims(values: Values) -> list[Claim]:
    """The NLL falls over training, as far as it can be known, by the text and by the code."""
    return [
        claim
        for method in METHODS
        for claim in (*(_falls(values, method, nll) for nll in NLLS), _rises(values, method))
    ]


def _falls(values: Values, method: str, metric: str) -> Claim:
    first, last, change = _change(values, method, metric)
    number = f"{method}: {metric} at epoch {first} less that at epoch {last}, in nats"
    return Claim("the NLL falls over training", number, change)


def _rises(values: Values, method: str) -> Claim:
    metric = "pseudo_likelihood.test"
    first, last, change = _change(values, method, metric)
    number = f"{method}: {metric} at epoch {last} less that at epoch {first}, in nats"
    minus = Interval(-change.mean, -change.high, -change.low, change.n)
    return Claim("the likelihood rises over training", number, minus)


def _change(values: Values, method: str, metric: str) -> tuple[int, int, Interval]:
    """The first and the last epoch, and by how much it fell between them."""
    epochs = values.epochs(DATA, method, metric)
    start, end = (values.of(DATA, method, metric, epoch) for epoch in (epochs[0], epochs[-1]))
    return epochs[0], epochs[-1], difference(start, end)

"""The likelihood of the kept models of a run of fig. 6, by more chains than the suite's own.

EBMBENCH_DATA=folder ebmbench run suites/paper/fig6.yaml --keep parameters
EBMBENCH_DATA=folder python reports/paper/fig6_likelihood.py runs/fig6 RAPID 0
"""

import json
import sys

import ebmbench
from ebmbench import Noise, View
from ebmbench_cpu import NumbaKernel
from ebmbench_data import MNIST
from ebmbench_gibbs import CD
from ebmbench_likelihood import AISNLL

BINARIZE = {"rule": "threshold", "at": 0.3}


def likelihood(folder: str, method: str, seed: int, chains: int, ladder: int) -> dict[str, float]:
    """What nll-ais says of a kept model."""
    model = ebmbench.open_run(folder).model(method, seed=seed)
    model.frozen = True
    data = MNIST(MNIST.Options(binarize=BINARIZE)).load(Noise([seed], "data"))
    kernel = NumbaKernel(NumbaKernel.Options())
    noise = Noise([seed], "likelihood afterwards")
    view = View(model, data, CD(CD.Options(k=1), kernel), None, kernel, 0, noise, noise)
    metric = AISNLL(AISNLL.Options(base="uniform", chains=chains, ladder=ladder))
    return {part: value.item() for part, value in metric.measure(view).items()}


if __name__ == "__main__":
    folder, method, seed, *more = sys.argv[1:]
    chains, ladder = map(int, more or (100, 20000))
    print(json.dumps(likelihood(folder, method, int(seed), chains, ladder), indent=1))

"""A comparison from Python: from a suite to a table, a curve, and samples of a trained model."""

from collections import defaultdict
from statistics import fmean

import matplotlib.pyplot as plt

import ebmbench

run = ebmbench.run("suites/smoke.yaml", seeds=6, only=["RAPID", "CD-5"], keep="parameters")
print(run.report())

columns = run.values()  # pandas.DataFrame(columns) and polars.DataFrame(columns) take it as it is
curves = defaultdict(lambda: defaultdict(list))
rows = zip(*(columns[name] for name in ("method", "metric", "epoch", "value")), strict=True)
for method, metric, epoch, value in rows:
    if metric == "hamming.test":
        curves[method][epoch].append(value)
for method, curve in curves.items():
    plt.plot(list(curve), [fmean(values) for values in curve.values()], label=method)
plt.legend()
plt.savefig("hamming.png")

model = run.model("CD-5", seed=0)  # a torch.nn.Module of one replica
v = ebmbench.sample(model, n=100, steps=1000).v  # (1, 100, V)
print(f"mean free energy of {v.shape[1]} samples: {model.free_energy(v).mean():.2f} nats")

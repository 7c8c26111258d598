"""Multinomial logistic regression, one replica after another."""

from __future__ import annotations

import warnings
from typing import NamedTuple

import torch
from threadpoolctl import threadpool_limits
from torch import Tensor


class Labelled(NamedTuple):
    """Features x (R, N, D) of any kind of number, and their labels y (R, N)."""

    x: Tensor
    y: Tensor


class Regression(NamedTuple):
    """How a regression is regularised, and how long it may take.

    Attributes:
        C: inverse strength of the L2 penalty.
        max_iter: iterations of L-BFGS at the most.
    """

    C: float
    max_iter: int

    def accuracies(self, train: Labelled, test: Labelled) -> tuple[Tensor, Tensor]:
        """Shares of labels told right in train and test, each (R,), by what train teaches.

        A loop over replicas: scikit-learn fits one at a time, in compiled code.
        """
        both = [
            self._of_replica(*(part[r].cpu() for part in (*train, *test)))
            for r in range(len(train.y))
        ]
        scores = torch.tensor(both, dtype=torch.float64, device=train.y.device)  # (R, 2)
        return scores[:, 0], scores[:, 1]

    def _of_replica(self, x: Tensor, y: Tensor, x_test: Tensor, y_test: Tensor) -> list[float]:
        """Accuracy on (x, y) and on (x_test, y_test)."""
        if (y == y[0]).all():  # nothing to tell apart, which scikit-learn refuses
            return [1.0, (y_test == y[0]).double().mean().item()]
        # Two seconds that commands which only list this metric need not wait.
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import LogisticRegression

        fitted = LogisticRegression(C=self.C, max_iter=self.max_iter)
        with threadpool_limits(1), warnings.catch_warnings():  # a worker computes with one thread
            warnings.simplefilter("ignore", ConvergenceWarning)  # ``max_iter`` is the reader's
            fitted.fit(x.float().numpy(), y.numpy())
            pairs = ((x, y), (x_test, y_test))
            return [float(fitted.score(a.float().numpy(), b.numpy())) for a, b in pairs]

"""How the trajectory of parallel trajectory tempering went."""

from __future__ import annotations

from torch import Tensor

from ebmbench import Metric, Sampler, View
from ebmbench_ptt.ptt import PTT
from ebmbench_ptt.trajectory import Trajectory


class TrajectoryMetric(Metric):
    """Models frozen and updates rejected so far, and the acceptance of exchanges, of sampler ptt.

    Parts ``frozen``, ``rejected`` and ``acceptance``: of the last update's exchanges between chains
    and samples of the last checkpoint. Other samplers have none of it. Each rejection is an update
    lost and half the learning rate: a replica with many of them has all but stopped to learn.

    Source: Bereux, Decelle, Furtlehner and Seoane 2026.
    """

    name = "trajectory"
    cites = ("bereux2026",)
    parts = ("frozen", "rejected", "acceptance")
    range = {"frozen": (0.0, None), "rejected": (0.0, None), "acceptance": (0.0, 1.0)}

    def supports_sampler(self, sampler: Sampler) -> str | None:
        return None if isinstance(sampler, PTT) else "it is of sampler 'ptt' alone"

    def measure(self, view: View) -> dict[str, Tensor]:
        if not isinstance(view.sampler, PTT):
            return {}
        state: Trajectory = view.sampler.plain_state(view.state)
        return {
            "frozen": state.frozen.double(),
            "rejected": state.rejected.double(),
            "acceptance": state.acceptance,
        }

"""How well walkers travel along the ladder of parallel tempering."""

from __future__ import annotations

from torch import Tensor

from ebmbench import Metric, Sampler, View
from ebmbench_pt.ladder import round_trip_rate
from ebmbench_pt.pt import PT
from ebmbench_pt.state import Tempering


class RoundTrips(Metric):
    """Round trips per update and ladder of sampler pt, tau = trips / (N updates).

    A walker that has come from the hot end to the cold one and back has forgotten where it was:
    modes are visited about as often as walkers come by. Parts ``rate``, of all updates so far;
    ``possible``, 1 / (2 + 2 sum r / (1 - r)) of the rejections r of late, which is what even-odd
    swaps come to where Gibbs steps mix well at each rung; ``rejection`` and ``most``, the mean and
    the largest of r over the ladder. Other samplers have none of it.

    Source: Syed, Bouchard-Cote, Deligiannidis and Doucet 2022.
    """

    name = "round-trips"
    cites = ("syed2022",)
    parts = ("rate", "possible", "rejection", "most")
    unit = dict.fromkeys(("rate", "possible"), "per update")
    range = dict.fromkeys(("rate", "possible", "rejection", "most"), (0.0, 1.0))

    def supports_sampler(self, sampler: Sampler) -> str | None:
        return None if isinstance(sampler, PT) else "it is of sampler 'pt' alone"

    def measure(self, view: View) -> dict[str, Tensor]:
        if not isinstance(view.sampler, PT):
            return {}
        state: Tempering = view.sampler.plain_state(view.state)
        ladders = state.v.shape[1] // state.betas.shape[1]
        updates = state.updates.clamp(min=1)
        return {
            "rate": state.travel.trips.double() / (ladders * updates),
            "possible": round_trip_rate(state.rejection),
            "rejection": state.rejection.mean(1),
            "most": state.rejection.amax(1),
        }

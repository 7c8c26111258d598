"""Another library's chains or gradients in the place of ours: for those who wrap a library."""

from ebmbench.interfaces.library_chains.chains import LibraryChains
from ebmbench.interfaces.library_chains.gradients import LibraryGradient
from ebmbench.interfaces.library_chains.single_replica import (
    Floats,
    SingleReplica,
    single_replicas,
    to_spins,
    to_zero_one,
)

__all__ = [
    "Floats",
    "LibraryChains",
    "LibraryGradient",
    "SingleReplica",
    "single_replicas",
    "to_spins",
    "to_zero_one",
]

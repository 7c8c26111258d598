"""Chains that are penalised for remembering: for those who write samplers with chains."""

from ebmbench.interfaces.penalised_chains.account import Account
from ebmbench.interfaces.penalised_chains.chain_sampler import ChainSampler, Penalised, Traced
from ebmbench.interfaces.penalised_chains.penalty import Penalty, adapted, penalised

__all__ = [
    "Account",
    "ChainSampler",
    "Penalised",
    "Penalty",
    "Traced",
    "adapted",
    "penalised",
]

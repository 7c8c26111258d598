"""ebmbench: which training method for energy-based models is better, by how much, how surely.

What a plugin author imports::

    from ebmbench import Particles, Sampler, hookimpl

The harness in this package knows no concrete model, sampler, dataset, metric or kernel.
"""

import os

# Before torch loads MKL: products whose bits depend on no memory alignment, hence not on which
# replicas share a block. Measured: no slower, where without it odd shapes differ in the last bit.
os.environ.setdefault("MKL_CBWR", "AUTO,STRICT")

from ebmbench import philox, philox_tensor
from ebmbench.binarize import Binarize, spin_sign
from ebmbench.compiled import kept
from ebmbench.component import Component, Options
from ebmbench.cost import Cost, product_cost
from ebmbench.dataset import Dataset, Splits
from ebmbench.depiction import Curves, Depiction, Images
from ebmbench.errors import DataError
from ebmbench.hookspecs import hookimpl
from ebmbench.kernel import Couplings, Factored, Factors, GibbsKernel, TwoLayer, cannot_sweep
from ebmbench.lattice import Lattice, on_lattice, real_couplings, units_per_one
from ebmbench.library_chains import LibraryChains
from ebmbench.log_cosh import log_2cosh
from ebmbench.mean_spin import mean_spin, mean_spin_, tanh
from ebmbench.metric import Metric, View
from ebmbench.model import Model, Phase
from ebmbench.noise import Noise
from ebmbench.particles import Particles
from ebmbench.phases import phase_in_parts, rows_of_part
from ebmbench.sampler import NegativePhase, Sampler, State
from ebmbench.schedule import Moment
from ebmbench.threads import cut, in_parallel, threads
from ebmbench.zero_one import OneModel, to_spins, to_zero_one

__all__ = [
    "Binarize",
    "Component",
    "Cost",
    "Couplings",
    "Curves",
    "DataError",
    "Dataset",
    "Depiction",
    "Factored",
    "Factors",
    "GibbsKernel",
    "Images",
    "Lattice",
    "LibraryChains",
    "Metric",
    "Model",
    "Moment",
    "NegativePhase",
    "Noise",
    "OneModel",
    "Options",
    "Particles",
    "Phase",
    "Sampler",
    "Splits",
    "State",
    "TwoLayer",
    "View",
    "cannot_sweep",
    "cut",
    "hookimpl",
    "in_parallel",
    "kept",
    "log_2cosh",
    "mean_spin",
    "mean_spin_",
    "on_lattice",
    "phase_in_parts",
    "philox",
    "philox_tensor",
    "product_cost",
    "real_couplings",
    "rows_of_part",
    "spin_sign",
    "tanh",
    "threads",
    "to_spins",
    "to_zero_one",
    "units_per_one",
]

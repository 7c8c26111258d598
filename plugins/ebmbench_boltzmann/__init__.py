"""General Boltzmann machines of any coupling mask, deep ones too, swept by coloured blocks."""

from ebmbench import GibbsKernel, Model, hookimpl
from ebmbench_boltzmann.boltzmann import Boltzmann
from ebmbench_boltzmann.coloured import ColouredKernel
from ebmbench_boltzmann.ra_boltzmann import RABoltzmann


@hookimpl
def ebmbench_models() -> list[type[Model]]:
    return [Boltzmann, RABoltzmann]


@hookimpl
def ebmbench_kernels() -> list[type[GibbsKernel]]:
    return [ColouredKernel]

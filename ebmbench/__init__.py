"""ebmbench: which training method for energy-based models is better, by how much, how surely.

What a plugin author imports::

    from ebmbench import Particles, Sampler, hookimpl

What a notebook needs::

    import ebmbench

    run = ebmbench.run("suites/bars4.yaml", seeds=3)

Names are loaded when they are asked for; ``__init__.pyi`` lists them. Two more doors are
``ebmbench.numerics``, for those who write kernels, and ``ebmbench.interfaces.library_chains``, for
those who wrap a library. The harness in this package knows no concrete model, sampler, dataset,
metric or kernel.
"""

import os

import lazy_loader

# Before torch loads MKL: products whose bits depend on no memory alignment, hence not on which
# replicas share a block. Measured: no slower, where without it odd shapes differ in the last bit.
os.environ.setdefault("MKL_CBWR", "AUTO,STRICT")

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

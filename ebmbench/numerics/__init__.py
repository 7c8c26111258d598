"""Random numbers, exact integer fields, tanh, threads: the same bits everywhere.

For those who write kernels; ``__init__.pyi`` lists what is exported.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

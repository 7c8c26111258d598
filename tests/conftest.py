"""Before any test, or list of tests, looks at it: how Triton kernels run, and torch's threads."""

import torch

from support.interpreted import import_kernels

# Triton would import the first at the first launch.
import_kernels("triton.experimental.gluon", "ebmbench_cuda.enumeration", "ebmbench_cuda.graph")

# As in every training. Threads that wait for each other spin: those of two test processes would
# starve each other, and small models would take ten times as long on busy cores.
torch.set_num_threads(1)

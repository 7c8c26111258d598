"""Before any test, or list of tests, looks at the Triton kernels: how they run is settled here."""

from support.interpreted import import_kernels

# Triton would import the first at the first launch.
import_kernels("triton.experimental.gluon", "ebmbench_cuda.enumeration", "ebmbench_cuda.graph")

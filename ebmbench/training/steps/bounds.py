"""How large numbers of an optimiser may be."""

LARGEST = 1e30
"""float32 holds it, and what optimisers divide it by."""

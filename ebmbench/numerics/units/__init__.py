"""What the numbers of a row are: spins, sites in one of several states, or real numbers."""

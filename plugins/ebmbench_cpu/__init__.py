"""Gibbs sweeps on CPU, in fused compiled kernels."""

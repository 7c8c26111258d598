"""Gibbs sweeps and exact phases on NVIDIA GPUs, in fused Triton kernels."""

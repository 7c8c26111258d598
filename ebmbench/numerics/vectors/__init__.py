"""Arithmetic on vectors of numbers side by side, for compiled code."""

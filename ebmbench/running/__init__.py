"""Cells on workers, watched."""

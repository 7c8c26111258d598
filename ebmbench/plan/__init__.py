"""A suite as cells, everything built once, checked and counted."""

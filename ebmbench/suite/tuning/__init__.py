"""Tuning: what is searched of each method, how much, and the suites that a search is."""

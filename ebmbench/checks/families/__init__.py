"""The contracts of each family, and those of every component."""

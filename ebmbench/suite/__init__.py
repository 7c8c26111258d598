"""A YAML file, every word checked."""

"""A block, where it is worked at: from seeds to records."""

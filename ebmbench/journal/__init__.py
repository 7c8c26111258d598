"""What a run stores, typed."""

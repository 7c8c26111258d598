"""Reports that are committed."""

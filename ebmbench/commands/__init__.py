"""The command line: a file per command; ``app`` is their table of contents."""

"""Commands for those who write a paper: its figures, and what it cites."""

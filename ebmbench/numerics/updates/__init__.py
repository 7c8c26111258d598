"""What compiled updates are made of: steps, phases over distinct rows, a clock, whole updates."""

"""What a script or a notebook calls: run a suite, open a run, look at what came of it."""

"""Fields on spins that come out the same, whoever adds them up."""

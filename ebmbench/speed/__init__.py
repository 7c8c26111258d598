"""What an update takes on this machine, and races between two versions."""

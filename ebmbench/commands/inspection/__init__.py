"""What this machine and its plugins are: the heavy part of the commands that tell it."""

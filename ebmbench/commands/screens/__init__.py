"""What the commands show in a terminal, reports apart; one file per command."""

"""Who is installed, and who of them is left out."""

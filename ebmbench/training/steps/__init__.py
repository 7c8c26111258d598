"""What is done to a gradient, and how far a step goes, beyond what torch's optimisers know."""

"""What quality costs, and what an update's time is spent on."""

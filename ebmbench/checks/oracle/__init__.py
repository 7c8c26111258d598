"""What is right: plain models and a plain kernel, all states of a model, and usual mistakes."""

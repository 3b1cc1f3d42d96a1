"""The pages on which officers are assigned and hand over, and visits are recorded."""

"""The pages on which titles are read."""

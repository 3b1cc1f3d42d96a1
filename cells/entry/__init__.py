"""The pages on which a commune keeps its counts, its cells' data and its monthly word."""

"""The pages on which a commune keeps who holds which seat, and the data of these people."""

"""Titles as they are read: the board, the list, one case, what is to be looked at again, papers."""

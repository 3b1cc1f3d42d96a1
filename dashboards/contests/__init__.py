"""Congresses and elections as whoever looks after several communes reads them: the board of a term and its lists."""

"""Meetings of cells over a year: the board of a province, its cells, a commune month by month, one cell."""

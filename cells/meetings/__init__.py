"""Meetings of the cells of one commune, month by month: the grid, what is typed into it, and its pages."""

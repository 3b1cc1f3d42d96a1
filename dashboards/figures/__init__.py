"""Figures: what is counted, where, as of which day – and the list behind each number.

A *frame* says where and when (frames.py). A *section* is one queryset of rows with what is
known about each (sections.py). A *definition* says which of a section's rows are counted, of
which (definitions.py). ``board.py`` counts all definitions of a section in one query and
``lists.py`` gives the rows themselves, by the same conditions, so number and list cannot differ.
"""

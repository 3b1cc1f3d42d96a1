"""The annual review: opening a year, entering, the steps of a commune's file, what the province sees.

``opening`` makes the year and fixes its list; ``rows`` saves what is entered; ``steps`` moves a file from
hand to hand and is the only place that does; ``required``, ``marks`` and ``share`` judge what was entered.
"""

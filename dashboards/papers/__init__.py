"""The papers of the annual review: for the commune's meeting, for the province, for the decision.

A form (``forms``) says what a paper looks like (``layout``) and which figures it holds; the figures are plain
values that can be kept as JSON. Three writers make a file of them: ``word`` fills in a Word template, ``excel``
an Excel template, ``pdf`` sets the layout itself. What a paper says is the form itself and exists in Vietnamese
only; so do the names of its fields, which people write into templates of their own.
"""

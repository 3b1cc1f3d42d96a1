"""Vietnamese text, dates, numbers, and workbooks in and out.

This package knows no model and no framework: what it has to say to people it says as a
``SheetError`` with a code, which the callers put into words.
"""

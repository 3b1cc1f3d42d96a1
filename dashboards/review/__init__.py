"""The annual review as the province sees it: who is late, what comes out, what deserves a second look.

The commune's own page is in ``evaluations``; rules and steps are in ``evaluations.review``.
"""

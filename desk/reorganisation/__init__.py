"""Reorganisations: drafted, rehearsed, applied, waited for, undone, corrected.

``drafting/`` writes lines, ``rehearsal/`` carries them out to be rolled back and tells what they bring
about, ``applying.py`` and ``correcting.py`` do it for good. ``forms/`` and ``views/`` are the pages;
``acts.py`` and ``events.py`` say what they offer to whom, ``wording.py`` and ``timeline.py`` what is read there.
"""

"""Who may open which address, area by area; tests/test_addresses.py asks them all.

Each module has a table of its addresses, and one of each thing they are about.
"""

from tests.addresses import elections, figures, follow_up, learning, meetings, records, seats, targets, titles

AREAS = (elections, figures, follow_up, learning, meetings, records, seats, targets, titles)

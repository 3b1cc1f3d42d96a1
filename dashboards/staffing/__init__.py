"""Seats over a unit: what is vacant or deserves a look, who holds two, and which communes stand behind the records."""

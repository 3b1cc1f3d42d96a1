"""What `make test` leaves to `make soak`: more values of a kind of which one is tested every time."""

import pytest


def soaked(*values) -> list:
    """Return these values as parameters that are tried by `make soak` only."""
    return [pytest.param(value, marks=pytest.mark.soak) for value in values]

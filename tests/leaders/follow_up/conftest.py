"""Hamlets of one commune, and an officer who signs in and follows the first."""

from tests import factories
from tests.worlds import kept


@kept
def hamlets(commune):
    return [factories.hamlet(parent=commune, name=str(number)) for number in range(1, 4)]


@kept
def follower(hamlets):
    """The account of the officer; its assignment is ``follower.person.assignments.get()``."""
    account, _assignment = factories.follower(hamlets[0])
    return account

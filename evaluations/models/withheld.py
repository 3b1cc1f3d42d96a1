"""What a commune enters is its own until it sends it: then the province sees it too."""

from collections.abc import Iterable

from django.db.models import Q

from accounts.roles import Role
from cells.models.grants import SeenThrough, scope_of


def communes_of(user) -> frozenset[int]:
    """Return the communes whose drafts this person may read: they work there, they do not follow from outside.

    None is a command run on the server, which has no commune of its own.
    """
    if user is None:
        return frozenset()
    communes = scope_of(user).communes
    return communes if communes and user.role != Role.FOLLOW_UP_OFFICER else frozenset()


class WithheldQuerySet(SeenThrough):
    """Rows of which the province knows how many there are, and what they say once they are sent."""

    def visible_to(self, user):
        return super().visible_to(user).filter(self.shown_to(user))

    def kept_by(self, user):
        return super().kept_by(user).filter(self.shown_to(user))

    def shown_to(self, user) -> Q:
        """Return the condition of the rows whose levels this person may see."""
        shown, communes = Q(withheld=False), communes_of(user)
        return shown | self.own_of(communes) if communes else shown

    def own_of(self, communes: Iterable[int]) -> Q:
        """Return the condition of the rows that are these communes' own.

        A row belongs to the file of the commune where it is counted, wherever what it is about has moved since.
        """
        return Q(commune__commune__in=communes)

    def counted_for(self, user):
        """Return the rows that somebody may count, without being told what those not yet sent say."""
        return super().visible_to(user)

    def hidden_from(self, user):
        """Return the rows of which this person is not told what they say."""
        return self.exclude(self.shown_to(user))

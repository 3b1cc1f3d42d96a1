"""What a commune enters is its own until it sends it: then the province sees it too."""

from django.db.models import Q

from accounts.roles import Role
from cells.models.grants import SeenThrough, scope_of


def shown_to(user, own: str) -> Q:
    """Return the condition of the rows whose levels this person may see.

    ``own`` leads from a row to the commune in which what it is about stands today; None is a command run on
    the server, which has no commune of its own.
    """
    shown = Q(withheld=False)
    own_communes = communes_of(user)
    return shown | Q(**{f"{own}__in": own_communes}) if own_communes else shown


def communes_of(user) -> frozenset[int]:
    """Return the communes whose drafts this person may read: they work there, they do not follow from outside."""
    if user is None:
        return frozenset()
    communes = scope_of(user).communes
    return communes if communes and user.role != Role.FOLLOW_UP_OFFICER else frozenset()


class WithheldQuerySet(SeenThrough):
    """Rows of which the province knows how many there are, and what they say once they are sent."""

    # Leads to the commune whose own these rows are.
    OWN = "cell__commune"

    def visible_to(self, user):
        return super().visible_to(user).filter(shown_to(user, self.OWN))

    def kept_by(self, user):
        return super().kept_by(user).filter(shown_to(user, self.OWN))

    def counted_for(self, user):
        """Return the rows that somebody may count, without being told what those not yet sent say."""
        return super().visible_to(user)

    def hidden_from(self, user):
        """Return the rows of which this person is not told what they say."""
        return self.exclude(shown_to(user, self.OWN))

    def filled_in_by(self, user):
        """Return the rows that somebody may fill in, without being told what those not yet sent say."""
        return super().kept_by(user)

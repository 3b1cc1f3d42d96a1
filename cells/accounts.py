"""Whose accounts somebody sees: those that answer for nothing outside the units they keep."""

from django.db.models import Q

from accounts.models import Role, User
from cells.models import Grant
from cells.models.grants import scope_of


def sees_every_account(user) -> bool:
    return scope_of(user).everywhere or (user.is_authenticated and user.role == Role.ADMINISTRATOR)


def accounts_seen_by(user, accounts=None):
    """Return the accounts whose every grant lies within what the user keeps, and the user's own.

    An administrator answers for the whole country, whatever the grants say.
    """
    accounts = User.objects.all() if accounts is None else accounts
    if sees_every_account(user):
        return accounts
    kept = Grant.objects.kept_by(user).values("pk")
    inside = Grant.objects.filter(pk__in=kept).values("user")
    outside = Grant.objects.exclude(pk__in=kept).values("user")
    everywhere = Q(role=Role.ADMINISTRATOR) | Q(is_superuser=True)
    return accounts.filter(Q(pk=user.pk) | Q(pk__in=inside) & ~Q(pk__in=outside) & ~everywhere)


def records_seen_by(user, records):
    """Return the records (change sets, exports) of the accounts the user sees."""
    if sees_every_account(user):
        return records
    return records.filter(by__in=accounts_seen_by(user).values("pk"))

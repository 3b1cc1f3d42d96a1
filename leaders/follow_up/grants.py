"""What a follow-up officer's account may read: the units that the person follows, and nothing else.

Whoever writes assignments calls ``follow_grants`` afterwards, in the same transaction: pages, the admin, lists,
reorganisations. Grants that are over stay as they are: they say what could be read then.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.history import batches, create_many, delete_many, update_many
from accounts.models import Role, User
from cells.dated import ONE_DAY
from cells.models import Grant
from leaders.models import Assignment, Person

# From the first day to the last; None is open.
Days = tuple[date | None, date | None]


@dataclass
class _Differences:
    """What has to be written so that the grants are those of the assignments."""

    new: list[Grant] = field(default_factory=list)
    changed: list[Grant] = field(default_factory=list)
    # Of those that never began there is nothing to end.
    gone: list[Grant] = field(default_factory=list)

    def __iter__(self) -> Iterator[Grant]:
        yield from (*self.new, *self.changed, *self.gone)


def follow_grants(people: Iterable[int | None]) -> None:
    """Let the accounts of these people read what the people follow from today on."""
    keys = sorted(set(people) - {None})
    for some in batches(keys, 500):
        # Whoever gives the same account something else meanwhile is waited for.
        accounts = User.objects.select_for_update(of=("self",), no_key=True).filter(person__in=some)
        list(accounts.order_by("pk").values_list("pk"))
        found = _differences(Person.objects.filter(pk__in=some), _running().filter(user__person__in=some))
        create_many(Grant, found.new)
        update_many(Grant, found.changed, ["starts_on", "ends_on"])
        if found.gone:
            delete_many(Grant.objects.filter(pk__in=[grant.pk for grant in found.gone]))


def end_grants(account: int) -> None:
    """End what an account reads by assignments, which is no longer that of the officer."""
    running = _running().filter(user=account)
    changed, gone = _ended(list(running))
    update_many(Grant, changed, ["starts_on", "ends_on"])
    if gone:
        delete_many(Grant.objects.filter(pk__in=[grant.pk for grant in gone]))


def grant_faults() -> Iterator[str]:
    """Find accounts, of whatever role, that may read more, or less, than what their officers follow."""
    for grant in _differences(Person.objects.all(), _running()):
        yield _("What %(account)s may read is not what the officer follows: %(unit)s") % {
            "account": grant.user,
            "unit": grant.unit,
        }


def _running():
    return Grant.objects.filter(source=Grant.Source.ASSIGNMENT).overlapping(timezone.localdate(), None)


def _differences(people, grants) -> _Differences:
    """Compare what these people follow with what these grants let accounts read.

    Only an officer's account is to read anything; what is there may be of an account that has become another's.
    """
    officers = people.filter(account__role=Role.FOLLOW_UP_OFFICER)
    wanted: dict[tuple[int, int], set[Days]] = defaultdict(set)
    rows = Assignment.objects.overlapping(timezone.localdate(), None).filter(person__in=officers)
    for account, unit, *days in rows.values_list("person__account", "unit", "starts_on", "ends_on"):
        wanted[account, unit].add(tuple(days))
    there: dict[tuple[int, int], list[Grant]] = defaultdict(list)
    for grant in grants.select_related("user", "unit").order_by("pk"):
        there[grant.user_id, grant.unit_id].append(grant)
    found = _Differences()
    for key in sorted(wanted.keys() | there.keys()):
        _compare(key, wanted[key], there[key], found)
    return found


def _compare(key: tuple[int, int], wanted: set[Days], there: list[Grant], found: _Differences) -> None:
    """Keep what is right, move what may be moved, then give and end the rest."""
    left = []
    for grant in there:
        days = (grant.starts_on, grant.ends_on)
        if days in wanted and grant.access == Grant.Access.READ:
            wanted.discard(days)
        else:
            left.append(grant)
    for days in sorted(wanted, key=lambda days: (days[0] or date.min, days[1] or date.max)):
        if left and left[0].access == Grant.Access.READ:
            grant = left.pop(0)
            grant.starts_on, grant.ends_on = days
            found.changed.append(grant)
        else:
            account, unit = key
            found.new.append(
                Grant(
                    user_id=account,
                    unit_id=unit,
                    access=Grant.Access.READ,
                    source=Grant.Source.ASSIGNMENT,
                    starts_on=days[0],
                    ends_on=days[1],
                )
            )
    changed, gone = _ended(left)
    found.changed += changed
    found.gone += gone


def _ended(grants: list[Grant]) -> tuple[list[Grant], list[Grant]]:
    """Let them end yesterday; those that had not begun by then go."""
    yesterday = timezone.localdate() - ONE_DAY
    begun = [grant for grant in grants if (grant.starts_on or date.min) <= yesterday]
    for grant in begun:
        grant.ends_on = yesterday
    return begun, [grant for grant in grants if grant not in begun]

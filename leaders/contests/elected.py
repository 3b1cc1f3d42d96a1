"""Whom contests have elected, each with a record: whoever has none yet gets one, kept by the commune."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.history import batches, update_many
from leaders.actions import add_people
from leaders.contests.beside import Beside
from leaders.models import Candidacy, Contest, MembershipStatus, Office, Person


def elected_by(contests: list[Contest]) -> dict[int, list[Candidacy]]:
    """Return those who were elected to a known office, by contest; only what was held elects."""
    found: dict[int, list[Candidacy]] = defaultdict(list)
    held = {one.pk: one for one in contests if one.outcome == Contest.Outcome.HELD}
    for some in batches(sorted(held)):
        rows = Candidacy.objects.filter(contest__in=some, elected=True).select_related("person")
        for one in rows.order_by("pk"):
            one.contest = held[one.contest_id]
            if office_of(one):
                found[one.contest_id].append(one)
    return found


def office_of(candidacy: Candidacy) -> str:
    """Return the office somebody stood for; "" where the list of a congress does not say it."""
    if candidacy.contest.kind == Contest.Kind.HEAD_ELECTION:
        return Office.HAMLET_HEAD
    return candidacy.office


def give_records(elected: dict[int, list[Candidacy]]) -> list[Person]:
    """Whoever is elected and has no record yet gets one, kept by the commune.

    The households elect somebody head and the congress the same one secretary: that is one record.
    """
    nameless = [one for some in elected.values() for one in some if one.person_id is None]
    if not nameless:
        return []
    beside = Beside(nameless)
    new: dict[tuple, Person] = {}
    for one in nameless:
        one.person = beside.bearer(one)
        if one.person is None:
            one.person = next((new[key] for key in beside.keys(one) if key in new), None) or _record(one)
            new |= dict.fromkeys(beside.keys(one), one.person)
    made = add_people({id(one): one for one in new.values()}.values())
    for one in nameless:
        # Its key is known only now.
        one.person, one.name = one.person, ""
    update_many(Candidacy, nameless, ["person", "name"])
    return list(made)


def _record(one: Candidacy) -> Person:
    """Return the record of somebody elected, unsaved."""
    keeper = _keeper_of(one.contest)
    if keeper is None:
        raise ValidationError(
            _("%(name)s has no record, and no commune of today would keep one. Choose the person.")
            % {"name": one.name}
        )
    membership = MembershipStatus.YES if one.contest.cell_id else MembershipStatus.UNKNOWN
    return Person(full_name=one.name, keeper=keeper, membership=membership)


def know_members(elected: dict[int, list[Candidacy]]) -> None:
    """Whom a congress elects is a Party member, even where nobody had said so yet."""
    people = {
        one.person.pk: one.person
        for some in elected.values()
        for one in some
        if one.contest.cell_id and one.person.membership == MembershipStatus.UNKNOWN
    }
    for person in people.values():
        person.membership = MembershipStatus.YES
    update_many(Person, list(people.values()), ["membership"])


def _keeper_of(contest: Contest):
    commune = (contest.cell or contest.hamlet).commune
    return commune if commune is not None and commune.closed_on is None else None

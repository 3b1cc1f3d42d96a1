"""Two records of one person become one: everything that hangs on the second goes over to the first.

The second is deleted with its history, in one change set; taking that back puts all of it where it was.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.changes import ChangeSet, recording, recording_further
from accounts.history import Obstacle, delete_many, obstacles, take_back, update_many
from accounts.refusals import check_deferred
from cells.models import Unit
from desk.people.clashes import clashes_between
from desk.people.keeping import keep_where_it_stands, refuse_withheld_elsewhere
from evaluations.models import CaseCriterion, LeaderRating, Step
from evaluations.review.withholding import renew_withheld
from leaders.follow_up.grants import end_grants, follow_grants
from leaders.follow_up.rules import refuse_dead
from leaders.models import (
    Assignment,
    Candidacy,
    Commendation,
    Participation,
    Person,
    PersonRequest,
    Tenure,
    TwoPeople,
)
from leaders.models.gone import refuse_gone

# Every model that hangs on a person, with the field that says so; a test looks that none is missing. Who
# looked at a record goes on naming that record.
HANGS = {
    Tenure: "person",
    LeaderRating: "person",
    Candidacy: "person",
    Assignment: "person",
    CaseCriterion: "in_charge",
    Participation: "person",
    Commendation: "person",
    PersonRequest: "person",
    Step: "person",
}
KIND = ChangeSet.Kind.PERSON_MERGE


@transaction.atomic
def merge(kept: Person, merged: Person, *, fields: dict, by) -> ChangeSet:
    """Let the first record take over what hangs on the second, and these values; delete the second.

    ``fields`` is what the one record is to say. Refuses, with a list, where both hold facts that cannot
    be one person's.
    """
    keeper = fields.get("keeper", kept.keeper)
    clashes = clashes_between(kept, merged, by=by)
    if clashes:
        raise ValidationError(clashes)
    refuse_withheld_elsewhere([kept, merged], keeper)
    reason = _("Records of %(person)s merged: %(kept)s and %(merged)s") % {
        "person": fields.get("full_name", kept.full_name),
        "kept": _numbered(kept),
        "merged": _numbered(merged),
    }
    with recording(by=by, kind=KIND, reason=reason) as here:
        for model, field in HANGS.items():
            _hand_over(model, field, merged, kept)
        # Of a record that goes nothing more is to be said.
        delete_many(TwoPeople.objects.filter(models.Q(one=merged) | models.Q(other=merged)))
        delete_many(Person.objects.filter(pk=merged.pk))
        for name, value in fields.items():
            setattr(kept, name, value)
        kept.full_clean()
        kept.save()
        # As one person, who may have died or left the Party before what the other record tells.
        seats, stood = (
            model.objects.filter(person=kept).select_related("person") for model in (Tenure, Candidacy)
        )
        refuse_gone(one.taking for one in (*seats, *stood.select_related("contest")))
        refuse_dead(Assignment.objects.filter(person=kept).select_related("person", "unit"))
        # What is read by assignments goes with them.
        if merged.account_id and merged.account_id != kept.account_id:
            end_grants(merged.account_id)
        follow_grants([kept.pk])
        check_deferred()
    return here.change_set


def _numbered(person: Person) -> str:
    return f"N{person.pk}, {person.keeper}"


def _hand_over(model, field: str, merged: Person, kept: Person) -> None:
    rows = list(model._base_manager.select_for_update(of=("self",)).filter(**{field: merged}).order_by("pk"))
    changed = [field]
    for row in rows:
        setattr(row, field, kept)
        if hasattr(row, "revision"):
            # Whoever has the row open elsewhere reads that it has changed.
            row.revision += 1
            changed = [field, "revision"]
    if rows:
        update_many(model, rows, changed)


# --- What was merged, and the way back ------------------------------------------------------


@dataclass(frozen=True)
class Merging:
    """One merging: what was kept and what went into it, as both were then."""

    change_set: ChangeSet
    # The rows of the history.
    kept: models.Model
    merged: models.Model

    @property
    def is_undone(self) -> bool:
        return hasattr(self.change_set, "taken_back_by")

    @property
    def person(self) -> Person | None:
        """The record that was kept, as it is now."""
        return Person.objects.filter(pk=self.kept.id).first()

    def moved(self) -> list[tuple[str, int]]:
        """Return what went over, by name and number."""
        counts = (
            (model._meta.verbose_name_plural, model.history.filter(change_set=self.change_set).count())
            for model in HANGS
        )
        return [(str(name), count) for name, count in counts if count]


def mergings(user) -> models.QuerySet:
    """Return the mergings of records that this user kept, the latest first."""
    kept = Unit.objects.kept_by(user).values("pk")
    rows = Person.history.filter(history_type="~", keeper__in=kept).values("change_set")
    found = ChangeSet.objects.filter(kind=KIND, pk__in=rows)
    return found.select_related("taken_back_by").order_by("-pk")


def described(change_sets: list[ChangeSet]) -> list[Merging]:
    """Return what these change sets merged, in one query."""
    rows: dict[int, dict] = {}
    for row in Person.history.filter(change_set__in=change_sets).select_related("keeper"):
        rows.setdefault(row.change_set_id, {})[row.history_type] = row
    return [Merging(one, rows[one.pk]["~"], rows[one.pk]["-"]) for one in change_sets if one.pk in rows]


def in_the_way(merging: Merging) -> list[Obstacle]:
    """Return for what reasons the merging cannot be undone by now."""
    return obstacles(merging.change_set)


@transaction.atomic
def undo(merging: Merging, *, by, reason: str) -> int:
    """Put everything where it was; refuse, with a list, where something has changed since."""
    count = take_back(merging.change_set, by=by, reason=reason or str(merging.change_set))
    both = [merging.kept.id, merging.merged.id]
    with recording_further(ChangeSet.objects.get(takes_back=merging.change_set)):
        # Its commune may have ended since, and either may have been assigned something.
        keep_where_it_stands(Person.objects.filter(pk__in=both))
        follow_grants(both)
    # Whether a file was sent is a copy that leaves no history; it may have been sent since.
    renew_withheld(LeaderRating.objects.filter(person__in=both))
    return count


Told = Callable[[models.Model], str]


def hanging_on(people: list[Person], user) -> Iterator[tuple[str, dict[int, list[str]]]]:
    """Yield what hangs on each of these records, as far as the user may see it: one query per kind."""
    for model, field in HANGS.items():
        if model is Step:
            continue  # its words stand on the page of the review
        rows = model.objects.visible_to(user).filter(**{f"{field}__in": people})
        if model in _LOADED:
            rows = rows.select_related(*_LOADED[model])
        told: dict[int, list[str]] = {person.pk: [] for person in people}
        for row in rows.order_by("pk"):
            told[getattr(row, f"{field}_id")].append(_TOLD.get(model, str)(row))
        if any(told.values()):
            yield str(_LABELS.get(model, model._meta.verbose_name_plural)), told


def _told_tenure(seat: Tenure) -> str:
    first, last = seat.starts_on or seat.seen_on, seat.ends_on
    days = " – ".join(f"{day:%d/%m/%Y}" if day else "…" for day in (first, last))
    return f"{seat.seat_name} ({days})"


# From the side of a person some things are called otherwise.
_LABELS = {Participation: gettext_lazy("courses taken part in")}
_LOADED = {
    Tenure: ("cell", "hamlet"),
    LeaderRating: ("cycle",),
    Candidacy: ("contest__cell", "contest__hamlet"),
    Assignment: ("unit",),
    CaseCriterion: ("case__cell", "case__title", "criterion"),
    Participation: ("course",),
    Commendation: ("decision",),
    PersonRequest: ("asked_by",),
}
_TOLD: dict[type[models.Model], Told] = {
    Tenure: _told_tenure,
    LeaderRating: lambda row: f"{row.year} ({row.get_basis_display()})",
    Candidacy: lambda row: str(row.contest),
    Assignment: lambda row: f"{row.spoken_kind}: {row.unit}",
    CaseCriterion: lambda row: f"{row.case}: {row.criterion}",
    Participation: lambda row: str(row.course),
    Commendation: lambda row: f"{row.year}: {row.decision}",
    PersonRequest: lambda row: str(row.asked_by),
}

"""What makes somebody leave, which way out of each office that is, and who stands in until somebody follows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import models
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cells.dated import ONE_DAY
from leaders.models import (
    PARTY_OFFICES,
    SINGLE_SEATS,
    Assignment,
    Contest,
    Office,
    Person,
    Tenure,
    WayIn,
    WayOut,
)
from leaders.models.terms import last_year_of

Outcome = Contest.Outcome


class Cause(models.TextChoices):
    """What has happened, as people say it; the papers of Party and hamlet call it by their own words."""

    DIED = "died", _("the person has died")
    RESIGNED = "resigned", _("leaves at own wish")
    HEALTH = "health", _("leaves for reasons of health")
    TRANSFERRED = "transferred", _("goes to other work")
    MOVED = "moved", _("moves to another cell or place")
    TERM_ENDED = "term_ended", _("the term has ended")
    DISMISSED = "dismissed", _("is dismissed or removed from office")


_PARTY = {
    Cause.DIED: WayOut.DIED,
    Cause.RESIGNED: WayOut.STEPPED_DOWN,
    Cause.HEALTH: WayOut.HEALTH,
    Cause.TRANSFERRED: WayOut.TRANSFERRED,
    Cause.MOVED: WayOut.MOVED_CELL,
    Cause.TERM_ENDED: WayOut.TERM_ENDED,
    Cause.DISMISSED: WayOut.REMOVED,
}
# The rules of hamlets know no transfer and no health: whoever leaves so is relieved.
_HAMLET = {
    Cause.DIED: WayOut.DIED,
    Cause.RESIGNED: WayOut.RELIEVED,
    Cause.HEALTH: WayOut.RELIEVED,
    Cause.TRANSFERRED: WayOut.RELIEVED,
    Cause.MOVED: WayOut.RELIEVED,
    Cause.TERM_ENDED: WayOut.TERM_ENDED,
    Cause.DISMISSED: WayOut.DISMISSED,
}


# Who is elected or appointed to the one is no deputy any more.
DEPUTY_OF = {Office.SECRETARY: Office.DEPUTY_SECRETARY, Office.HAMLET_HEAD: Office.DEPUTY_HEAD}


def way_out_of(cause: str, office: str) -> str:
    """Return the way out that the cause means in this office; a page proposes it, people may choose another."""
    return (_PARTY if office in PARTY_OFFICES else _HAMLET)[cause]


def ended_besides(leaving: list[Tenure], day: date, told: models.QuerySet) -> list[str]:
    """Return what the death of who leaves these seats ends besides them, each in a sentence.

    ``told`` are the seats that the reader may know of; of the others it is said that there is something.
    """
    (person,) = {tenure.person_id for tenure in leaving}
    others = Tenure.objects.filter(person=person, ends_on__isnull=True)
    others = others.exclude(pk__in=[tenure.pk for tenure in leaving])
    named = set(told.filter(pk__in=others.values("pk")).values_list("pk", flat=True))
    words = {"day": f"{day:%d/%m/%Y}", "way": WayOut.DIED.label}
    names = [
        seat.seat_name if seat.pk in named else _("an office outside your units")
        for seat in others.select_related("cell", "hamlet").order_by("pk")
    ]
    sentences = [gettext("%(seat)s: last day %(day)s, %(way)s") % {"seat": name, **words} for name in names]
    followed = Assignment.objects.filter(person=person).overlapping(day + ONE_DAY, None).count()
    if followed:
        told_of = ngettext(
            "The work of following %(count)d place ends as well.",
            "The work of following %(count)d places ends as well.",
            followed,
        )
        sentences.append(told_of % {"count": followed})
    return sentences


@dataclass
class InCharge:
    """Who stands in for a secretary: the deputy, where the cell has exactly one."""

    deputies: list[Tenure]
    # The last secretary; None where nobody was secretary before.
    last: Tenure | None = None

    @property
    def tenure(self) -> Tenure | None:
        return self.deputies[0] if len(self.deputies) == 1 else None

    @property
    def since(self) -> date | None:
        """From when on the deputy has been in charge, as far as that is known."""
        vacant_from = self.last.ends_on + ONE_DAY if self.last else None
        known = [day for day in (vacant_from, self.tenure and self.tenure.starts_on) if day]
        return max(known, default=None)


def in_charge_of(cells: Iterable[int], day: date) -> dict[int, InCharge]:
    """Return who is in charge, on the day, of those of these cells that have no secretary.

    That a deputy is in charge is derived: it follows from the two seats (docs/decisions).
    """
    cells = set(cells)
    seats = Tenure.objects.filter(cell__in=cells, office__in=(Office.SECRETARY, Office.DEPUTY_SECRETARY))
    deputies, lasts, led = defaultdict(list), {}, set()
    for tenure in seats.select_related("person").order_by("pk"):
        first, last = tenure.known_days
        if first <= day <= last:
            if tenure.office == Office.SECRETARY:
                led.add(tenure.cell_id)
            else:
                deputies[tenure.cell_id].append(tenure)
        elif tenure.office == Office.SECRETARY and last < day:
            before = lasts.get(tenure.cell_id)
            lasts[tenure.cell_id] = max(before or tenure, tenure, key=lambda one: one.ends_on)
    return {cell: InCharge(deputies[cell], lasts.get(cell)) for cell in cells - led}


@dataclass
class LeftSeat:
    """A seat somebody has left, and how far it is with the one who follows."""

    tenure: Tenure
    holder: Tenure | None = None
    in_charge: InCharge = field(default_factory=lambda: InCharge([]))
    # The next congress or election that is planned for it.
    contest: Contest | None = None
    # The attempt of the running term that failed and was not held again since.
    failed: Contest | None = None

    @property
    def is_party(self) -> bool:
        return self.tenure.office in PARTY_OFFICES

    @property
    def is_vacant(self) -> bool:
        return self.holder is None

    @property
    def is_interim(self) -> bool:
        return self.holder is not None and self.holder.way_in == WayIn.INTERIM

    @property
    def is_settled(self) -> bool:
        return self.holder is not None and not self.is_interim

    @property
    def is_headship(self) -> bool:
        return self.tenure.office == Office.HAMLET_HEAD

    @property
    def is_secretariat(self) -> bool:
        return self.tenure.office == Office.SECRETARY


def left_seats(person: Person, user, day: date) -> list[LeftSeat]:
    """Return the seats the person left last, and all that are vacant since: Party seats first.

    Only seats in bodies that stand, and that the user keeps.
    """
    ended = Tenure.objects.kept_by(user).filter(
        person=person, ends_on__isnull=False, ends_on__lte=day, cell__closed_on=None, hamlet__closed_on=None
    )
    tenures = list(ended.select_related("person", "cell__commune", "hamlet__commune", "decision"))
    if not tenures:
        return []
    vacant = set(ended.left_vacant().values_list("pk", flat=True))
    last_day = max(tenure.ends_on for tenure in tenures)
    left = [LeftSeat(tenure) for tenure in tenures if tenure.ends_on == last_day or tenure.pk in vacant]
    left.sort(key=lambda one: (not one.is_party, Office.values.index(one.tenure.office), one.tenure.pk))
    _find_holders(left, day)
    _find_contests(left, day)
    return left


def _find_holders(left: list[LeftSeat], day: date) -> None:
    bodies = models.Q(cell__in={one.tenure.cell_id for one in left} - {None}) | models.Q(
        hamlet__in={one.tenure.hamlet_id for one in left} - {None}
    )
    holders = {
        (tenure.office, tenure.cell_id, tenure.hamlet_id): tenure
        for tenure in Tenure.objects.on(day).filter(bodies).select_related("person", "decision")
    }
    charges = in_charge_of({one.tenure.cell_id for one in left if one.is_secretariat}, day)
    for one in left:
        seat = one.tenure
        if seat.office in SINGLE_SEATS:
            one.holder = holders.get((seat.office, seat.cell_id, seat.hamlet_id))
        if one.is_secretariat:
            one.in_charge = charges.get(seat.cell_id, one.in_charge)


def _find_contests(left: list[LeftSeat], day: date) -> None:
    contests = Contest.objects.filter(
        models.Q(cell__in={one.tenure.cell_id for one in left if one.is_secretariat})
        | models.Q(hamlet__in={one.tenure.hamlet_id for one in left if one.is_headship}),
    )
    of_body = defaultdict(list)
    for contest in contests.order_by("-planned_on", "-pk"):
        of_body[contest.cell_id, contest.hamlet_id].append(contest)
    for one in left:
        if one.is_secretariat or one.is_headship:
            called = of_body[one.tenure.cell_id, one.tenure.hamlet_id]
            one.contest = next((each for each in reversed(called) if each.outcome == Outcome.PLANNED), None)
            one.failed = _to_be_run_again(called, day)


def _to_be_run_again(called: list[Contest], day: date) -> Contest | None:
    """Return the last attempt of the body's last term where it failed; a term that is over asks for nothing."""
    term = max((contest.term for contest in called), default=None)
    if term is None or last_year_of(term) < day.year:
        return None
    attempts = [contest for contest in called if contest.term == term and contest.held_on]
    last = max(attempts, key=lambda contest: (contest.held_on, contest.outcome == Outcome.HELD), default=None)
    return last if last and last.outcome == Outcome.FAILED else None

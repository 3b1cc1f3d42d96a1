"""What must be true of ratings as a whole; each finding is one sentence."""

from collections.abc import Iterator
from itertools import groupby

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from cells.models.lifetimes import reaching_out
from evaluations.models import CaseCriterion, CellRating, LeaderRating, MemberLevels, TitleCase
from evaluations.models.review import is_awaited
from evaluations.roster import Place, places_of_communes
from evaluations.titling import twice


def problems() -> Iterator[str]:
    """Find stale places, editions that do not follow one another and titles won when their cell was not there."""
    yield from _editions(CellRating, ("cycle_id", "cell_id"))
    yield from _editions(LeaderRating, ("cycle_id", "person_id", "basis"))
    yield from _places(CellRating)
    yield from _places(LeaderRating)
    for model in (CellRating, LeaderRating):
        yield from _withheld(model)
    yield from _withheld_counts()
    yield from _points_of_titles()
    yield from reaching_out(TitleCase.objects.select_related("title"))
    yield from twice.problems()


def _points_of_titles() -> Iterator[str]:
    """Points lie within their criterion, which is one of the set that the case goes by."""
    most = F("criterion__points")
    wrong = CaseCriterion.objects.filter(
        Q(self_points__gt=most)
        | Q(appraised_points__gt=most)
        | Q(case__criteria_set__isnull=True)
        | ~Q(criterion__criteria_set=F("case__criteria_set"))
    )
    for row in wrong.select_related("case__cell", "case__title", "criterion").order_by("pk"):
        yield _("Points do not belong to their criterion: %s") % row


def _editions(model, key: tuple[str, ...]) -> Iterator[str]:
    rows = model.objects.exclude(edition=1, superseded_on__isnull=True).order_by(*key, "edition")
    for _key, editions in groupby(rows.iterator(), key=lambda row: tuple(getattr(row, name) for name in key)):
        editions = list(editions)
        follow = [row.decided_on for row in editions[1:]] + [None]
        if [row.superseded_on for row in editions] != follow:
            yield _("Editions do not follow one another: %s") % editions[0]


def _withheld(model) -> Iterator[str]:
    """A row is withheld exactly as long as its commune's file of an opened year is not with the province."""
    awaited = is_awaited()
    wrong = model.objects.filter(Q(withheld=True) & ~awaited | Q(withheld=False) & awaited)
    for pk in wrong.order_by("pk").values_list("pk", flat=True):
        yield _("Copy of whether the file was sent is stale: %s") % pk


def _withheld_counts() -> Iterator[str]:
    """The members' levels of a cell are withheld as its own rating is."""
    ratings = CellRating.objects.filter(cell=OuterRef("cell"), cycle=OuterRef("cycle"))
    wrong = MemberLevels.objects.filter(
        Q(withheld=True) & ~Exists(ratings.filter(withheld=True))
        | Q(withheld=False) & Exists(ratings.filter(withheld=True))
    )
    for pk in wrong.order_by("pk").values_list("pk", flat=True):
        yield _("Copy of whether the file was sent is stale: %s") % pk


def _places(model) -> Iterator[str]:
    """The units above the commune are those of the roster day."""
    rows = model.objects.order_by("cycle__roster_day").values_list(
        "cycle__roster_day", "pk", "commune", "district", "province"
    )
    for day, ratings in groupby(rows.iterator(), key=lambda row: row[0]):
        stored = {pk: Place(*place) for _day, pk, *place in ratings}
        above = places_of_communes({place.commune for place in stored.values()}, day)
        for pk, place in stored.items():
            if above.get(place.commune) != place:
                yield _("Copy of the place on the roster day is stale: %s") % pk

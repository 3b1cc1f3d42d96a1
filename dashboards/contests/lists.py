"""The lists behind the numbers of the board: contests of a state, bodies without a plan, pairs."""

from collections import defaultdict

from django.db.models import Prefetch, Q
from django.http import Http404
from django.utils import timezone

from cells.models import Cell, CellArea, Unit
from dashboards.contests.board import PLACES, TermBoard
from dashboards.contests.states import (
    BODY,
    IS,
    IS_OF_PAIR,
    PAIRS,
    STATES,
    condition,
    contests,
    pairs,
    unplanned,
)
from leaders.contests.converters import SLUGS
from leaders.models import Candidacy, Contest, Office, Person, Tenure

KINDS = {slug: kind for kind, slug in SLUGS.items()}
NOT_PLANNED = "chua-ke-hoach"


class ContestList:
    """The contests (or, where nothing is planned, the bodies) that the address asks for."""

    def __init__(self, asked, term: str, area: Unit | None):
        self.slug = asked.GET.get("loai", "bau-truong")
        self.state = asked.GET.get("loc", "")
        if self.slug not in KINDS or (self.state and self.state not in STATES):
            raise Http404
        self.kind, self.term, self.user = KINDS[self.slug], term, asked.user
        self.board = TermBoard(term, asked.user, area, timezone.localdate())

    @property
    def shows_bodies(self) -> bool:
        return self.state == NOT_PLANNED

    def rows(self):
        body = BODY[self.kind]
        if self.shows_bodies:
            paths = (path.partition("__")[2] for path in PLACES[self.kind])
            rows = self.board.within(unplanned(self.kind, self.term, self.user), *paths)
            return rows.select_related("commune").order_by(
                "commune__sort_key", "commune_id", "sort_key", "pk"
            )
        rows = self.board.within(
            contests(self.kind, self.term, self.user, self.board.today), *PLACES[self.kind]
        )
        if self.state:
            rows = rows.filter(condition(IS[self.state]))
        stood = Prefetch("candidacies", Candidacy.objects.select_related("person"))
        rows = rows.select_related(f"{body}__commune", "decision").prefetch_related(stood)
        return rows.order_by(f"{body}__commune__sort_key", f"{body}__commune", f"{body}__sort_key", "pk")


class PairList:
    """The hamlets with both contests of the term, and who was elected in each."""

    def __init__(self, asked, term: str, area: Unit | None):
        self.state = asked.GET.get("loc", "")
        if self.state and self.state not in PAIRS:
            raise Http404
        self.term, self.user, self.today = term, asked.user, timezone.localdate()
        self.board = TermBoard(term, asked.user, area, self.today)

    def rows(self):
        rows = self.board.within(pairs(self.term, self.user, self.today), "commune", "province")
        if self.state:
            rows = rows.filter(condition(IS_OF_PAIR[self.state]))
        return rows.select_related("commune").order_by("commune__sort_key", "commune_id", "sort_key", "pk")

    def keys(self) -> list[int]:
        """Return the keys of all rows: who was elected is judged once, and not for the count and for the page."""
        return list(self.rows().values_list("pk", flat=True))

    def of_keys(self, keys: list[int]) -> list[Unit]:
        """Return the rows of a page of keys."""
        found = Unit.objects.select_related("commune").in_bulk(keys)
        return self.loaded([found[key] for key in keys])

    def elected(self, hamlets):
        """Return the people elected in the contests of these hamlets and of the cells that cover them."""
        keys = hamlets.order_by().values("pk")
        cells = CellArea.objects.filter(hamlet__in=keys).values("cell")
        contests = Contest.objects.visible_to(self.user).filter(term=self.term)
        contests = contests.filter(Q(hamlet__in=keys) | Q(cell__in=cells))
        seats = Tenure.objects.filter(contest__in=contests)
        stood = Candidacy.objects.filter(contest__in=contests, elected=True)
        return Person.objects.filter(Q(pk__in=seats.values("person")) | Q(pk__in=stood.values("person")))

    def loaded(self, hamlets: list[Unit]) -> list[Unit]:
        """Give each hamlet of a page its election, its congresses and who was elected, in a few queries."""
        keys = [hamlet.pk for hamlet in hamlets]
        areas: dict[int, list[int]] = defaultdict(list)
        for hamlet, cell in CellArea.objects.filter(hamlet__in=keys).values_list("hamlet", "cell").distinct():
            areas[hamlet].append(cell)
        elections = self._contests("hamlet", keys)
        congresses = self._contests("cell", {cell for some in areas.values() for cell in some})
        for hamlet in hamlets:
            hamlet.elections = elections.get(hamlet.pk, [])
            hamlet.congresses = [one for cell in areas[hamlet.pk] for one in congresses.get(cell, [])]
            heads = {one.pk for contest in hamlet.elections for one in contest.winners}
            secretaries = {one.pk for contest in hamlet.congresses for one in contest.winners}
            hamlet.is_one_person = bool(heads & secretaries)
            hamlet.is_two_people = bool(heads and secretaries) and not hamlet.is_one_person
        return hamlets

    def _contests(self, body: str, keys) -> dict[int, list[Contest]]:
        # Whether a contest is seen is asked of the bodies of the page, not of all in the scope.
        bodies = (Cell if body == "cell" else Unit).objects.visible_to(self.user).filter(pk__in=list(keys))
        rows = Contest.objects.filter(term=self.term, **{f"{body}__in": bodies.order_by()})
        rows = rows.select_related(body).prefetch_related(
            Prefetch("candidacies", Candidacy.objects.filter(elected=True).select_related("person")),
            Prefetch(
                "tenures",
                Tenure.objects.filter(office__in=[Office.SECRETARY, Office.HAMLET_HEAD]).select_related(
                    "person"
                ),
            ),
        )
        found: dict[int, list[Contest]] = defaultdict(list)
        for contest in rows.order_by("held_on", "pk"):
            contest.winners = _winners(contest)
            found[getattr(contest, f"{body}_id")].append(contest)
        return found


def _winners(contest: Contest) -> list:
    """Return who was elected head or secretary, by the seats or by the votes."""
    people = [seat.person for seat in contest.tenures.all()]
    people += [
        one.person
        for one in contest.candidacies.all()
        if one.person_id and (contest.hamlet_id or one.office == Office.SECRETARY)
    ]
    return list({person.pk: person for person in people}.values())

"""Hamlets and the cells that cover them, side by side: where one person is elected in both."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from accounts.history import batches
from cells.models import CellArea
from leaders.lookups import is_one_name
from leaders.models import Candidacy, Office, Person, Tenure
from sheets.text import fold


class Beside:
    """Who leads beside those who were elected by name only: the hamlets of a cell, the cells of a hamlet."""

    def __init__(self, candidacies: Iterable[Candidacy]):
        candidacies = list(candidacies)
        cells = {one.contest.cell_id for one in candidacies} - {None}
        hamlets = {one.contest.hamlet_id for one in candidacies} - {None}
        self._hamlets: dict[int, set[int]] = defaultdict(set)
        self._leaders: dict[tuple, list[Person]] = defaultdict(list)
        for name, keys in (("cell", cells), ("hamlet", hamlets)):
            for some in batches(sorted(keys), 1000):
                self._load(name, some)

    def _load(self, name: str, keys: list[int]) -> None:
        areas = CellArea.objects.filter(**{f"{name}__in": keys}).values_list("cell", "hamlet")
        for cell, hamlet in areas:
            self._hamlets[cell].add(hamlet)
        others = (
            {cell for cell, _hamlet in areas} if name == "hamlet" else {hamlet for _cell, hamlet in areas}
        )
        body, office = ("cell", Office.SECRETARY) if name == "hamlet" else ("hamlet", Office.HAMLET_HEAD)
        for some in batches(sorted(others), 1000):
            rows = Tenure.objects.filter(Q(**{f"{body}__in": some}), office=office, ends_on__isnull=True)
            for tenure in rows.select_related("person"):
                for hamlet in self._hamlets[tenure.cell_id] if tenure.cell_id else [tenure.hamlet_id]:
                    self._leaders[hamlet].append(tenure.person)

    def hamlets(self, candidacy: Candidacy) -> set[int]:
        """Return the hamlets that the contest is about."""
        contest = candidacy.contest
        return {contest.hamlet_id} if contest.hamlet_id else self._hamlets[contest.cell_id]

    def keys(self, candidacy: Candidacy) -> list[tuple]:
        """Return what two candidacies of one person share: the name, and a hamlet – or the contest itself."""
        hamlets = self.hamlets(candidacy) or {("cell", candidacy.contest.cell_id)}
        return [(hamlet, fold(candidacy.name)) for hamlet in sorted(hamlets, key=str)]

    def bearer(self, candidacy: Candidacy) -> Person | None:
        """Return who bears this name and leads beside it, if that is one person."""
        found = {
            person.pk: person
            for hamlet in self.hamlets(candidacy)
            for person in self._leaders[hamlet]
            if is_one_name(candidacy.name, person.full_name)
        }
        return next(iter(found.values())) if len(found) == 1 else None

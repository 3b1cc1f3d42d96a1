"""Seats, titles, counts and officers of a plain world after a paper, as somebody chose."""

from collections.abc import Iterator
from dataclasses import replace

from tests.histories import worlds as w
from tests.histories.worlds import ONE_DAY

# Seats of one person each, and those of several.
PARTY, OF_HAMLET = ("secretary",), ("hamlet_head", "front_head")
PARTY_DEPUTIES, DEPUTIES_OF_HAMLET = ("deputy_secretary", "committee_member"), ("deputy_head",)
STAY, INTERIM, NOBODY, END = "stay", "interim", "none", "end"


def settle(happening) -> None:
    """Let what belongs to what ended go on, or end with it."""
    settling = _Settling(happening)
    settling.seats()
    settling.officers()
    settling.titles()
    settling.counts()


class _Settling:
    def __init__(self, happening):
        self.world, self.day, self.ask = happening.world, happening.day, happening.ask
        self.left, self.gave, self.joined = happening.left, happening.gave, happening.joined
        self.paper = happening.paper
        self.ended = [unit for unit in self.left if unit not in self.gave]

    def mergers(self) -> Iterator[tuple[str, list[str], list[str]]]:
        """Return each hamlet that took others in whole, these, and itself if it stood before."""
        for take in (act for act in self.paper.acts if getattr(act, "level", "") == "hamlet"):
            whole = [unit for unit, _part in take.sources if self._went_whole(unit)]
            if whole:
                yield take.aim, whole, [] if take.new else [take.aim]

    def _went_whole(self, unit: str) -> bool:
        return unit not in self.gave and len(self.left[unit]) == 1

    def joins(self) -> Iterator[tuple[str, list[str], list[str]]]:
        """Return each cell that others were joined to, in the same way."""
        for into in dict.fromkeys(filter(None, self.joined.values())):
            whole = [cell for cell, aim in self.joined.items() if aim == into]
            yield into, whole, [] if self.world.cells[into].first == self.day else [into]

    # --- seats ----------------------------------------------------------------------------

    def running(self, bodies: list[str], office: str) -> list[w.Tenure]:
        return [
            tenure
            for body in bodies
            for tenure in self.world.tenures
            if tenure.body == body
            and tenure.office == office
            and (tenure.ends_on is None or tenure.ends_on >= self.day)
        ]

    def seats(self):
        for bodies, offices, deputies in (
            (self.mergers(), OF_HAMLET, DEPUTIES_OF_HAMLET),
            (self.joins(), PARTY, PARTY_DEPUTIES),
        ):
            for into, whole, standing in bodies:
                for office in offices:
                    self._fill(office, into, self.running(whole, office), self.running(standing, office))
                for office in deputies:
                    for tenure in self.running(whole, office):
                        self._go_along(tenure, into)
        for unit in self.ended:
            if not self._went_whole(unit):
                for office in (*OF_HAMLET, *DEPUTIES_OF_HAMLET):
                    for tenure in self.running([unit], office):
                        self._divide(tenure, self.left[unit])
        for cell, into in self.joined.items():
            if into is None:
                for office in (*PARTY, *PARTY_DEPUTIES):
                    for tenure in self.running([cell], office):
                        self._divide(tenure, [])

    def _fill(self, office: str, into: str, coming: list[w.Tenure], seated: list[w.Tenure]):
        if not coming:
            return
        options = [(STAY, t.person, t.body) for t in (*seated, *coming)]
        if office in OF_HAMLET:
            options += [(INTERIM, t.person, t.body) for t in coming]
        choice = self.ask(("seat", office, into), [*options, (NOBODY, "", "")])
        for tenure in (*seated, *coming):
            stays = choice[1:] == (tenure.person, tenure.body)
            if stays and tenure in seated:
                continue
            self._end(tenure)
            if stays:
                self._begin(tenure, into, interim=choice[0] == INTERIM)

    def _go_along(self, tenure: w.Tenure, into: str):
        choice = self.ask(("deputy", tenure.office, tenure.person, tenure.body), [(STAY, ""), (END, "")])
        self._end(tenure)
        if choice[0] == STAY:
            self._begin(tenure, into, interim=False)

    def _divide(self, tenure: w.Tenure, parts: list[str]):
        """Go on in one of the parts, or end; where nothing was left, somebody still says that it ends."""
        if tenure.office in (*PARTY, *OF_HAMLET):
            # Two people do not hold one seat.
            free = [part for part in parts if not self.running([part], tenure.office)]
            options = [(way, part) for part in free for way in (STAY, INTERIM)]
        else:
            options = [(STAY, part) for part in parts]
        choice = self.ask(("divided", tenure.office, tenure.person, tenure.body), [*options, (END, "")])
        self._end(tenure)
        if choice[0] != END:
            self._begin(tenure, choice[1], interim=choice[0] == INTERIM)

    def _end(self, tenure: w.Tenure):
        self.world.tenures[self.world.tenures.index(tenure)] = replace(tenure, ends_on=self.day - ONE_DAY)

    def _begin(self, tenure: w.Tenure, into: str, *, interim: bool):
        if tenure.person in {there.person for there in self.running([into], tenure.office)}:
            # Nobody is a deputy twice over.
            return
        goes_on = replace(
            tenure,
            body=into,
            starts_on=self.day,
            seen_on=None,
            interim=interim or (tenure.interim and tenure.office in OF_HAMLET),
        )
        self.world.tenures.append(goes_on)

    # --- officers, titles, counts -----------------------------------------------------------

    def officers(self):
        rows, followed = self.world.assignments, []
        for place, row in enumerate(rows.copy()):
            if row.unit not in self.ended or (row.ends_on and row.ends_on < self.day):
                continue
            options = [*self.left[row.unit], END]
            choice = self.ask(("officer", row.kind, row.unit, row.starts_on, row.ends_on), options)
            rows[place] = replace(row, ends_on=self.day - ONE_DAY)
            if choice != END:
                followed.append(replace(row, unit=choice, starts_on=self.day))
        rows += dict.fromkeys(followed)

    def titles(self):
        cases = self.world.title_cases
        running = {(c.cell, c.title): c for c in cases if not c.revoked_on and c.cell not in self.joined}
        for case in [c for c in cases if not c.revoked_on and c.cell in self.joined]:
            into = self.joined[case.cell]
            held = running.get((into, case.title))
            options = [END]
            if into and case.recognised_on and not (held and held.recognised_on):
                options.append("inherit")
            if into and held is None:
                options.append("appraise")
            choice = self.ask(("title", case.cell, case.title), options)
            if choice == END:
                continue
            new = w.TitleCase(into, case.title, self.day if choice == "inherit" else None, None)
            running[into, case.title] = new
            if held:
                cases[cases.index(held)] = new
            else:
                cases.append(new)

    def counts(self):
        for name, counts, bodies in (
            ("households", self.world.household_counts, self.mergers()),
            ("members", self.world.member_counts, self.joins()),
        ):
            for into, whole, standing in bodies:
                latest = [self._latest(counts, body) for body in (*whole, *standing)]
                if None not in latest and self.ask((name, into), ["sum", "none"]) == "sum":
                    counts.append(w.Count(into, self.day, sum(latest)))

    @staticmethod
    def _latest(counts: list[w.Count], body: str) -> int | None:
        known = {
            count.day: count.number for count in counts if count.body == body and count.number is not None
        }
        return known[max(known)] if known else None

"""What makes the pages of today speak: changes in seats, recent counts, ratings, confirmations."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.history import CREATED, create_many
from accounts.models import User
from cells.actions import record_counts
from cells.kinds import Level
from cells.models import Cell, Confirmation, Decision, HouseholdCount, MemberCount, Unit
from desk.samples.following import follow
from desk.samples.names import People
from desk.samples.places import Settlement, unit_on
from desk.samples.seats import front_head
from desk.samples.targets import aim
from evaluations.actions import record_cell_ratings, record_cycle
from evaluations.models import CellRating, MemberLevels
from evaluations.models import Level as Rated
from evaluations.models.ratings import NotSubject
from evaluations.roster import places_of_cells
from leaders.actions import add_people, begin_tenures, end_tenure, replace_holder
from leaders.models import Office, Person, Tenure, WayIn, WayOut

ONE_CHANGE_IN = 37
KNOWN_FOR = timedelta(days=180)
POINTS = {Rated.EXCELLENT: 93, Rated.GOOD: 81, Rated.COMPLETED: 62, Rated.NOT_COMPLETED: 41}
LEVELS = (Rated.EXCELLENT,) * 19 + (Rated.GOOD,) * 70 + (Rated.COMPLETED,) * 10 + (Rated.NOT_COMPLETED,)


class Today:
    """Writes all this, as of the day of loading."""

    def __init__(self, everywhere: list[Settlement], *, phu_tuc: Unit):
        self.day = timezone.localdate()
        self.people = People(seed=2026)
        self.chance = self.people.chance
        self.everywhere = everywhere
        self.phu_tuc = phu_tuc
        self.commune = [place for place in everywhere if place.home == phu_tuc]
        self.province = [place for place in everywhere if place.home.province_id == phu_tuc.province_id]

    @property
    def elsewhere(self) -> list[Settlement]:
        """Some hamlets of the province outside the commune whose pages are full."""
        return [place for place in self.province if place.home != self.phu_tuc][2::3]

    # --- Seats ------------------------------------------------------------------------

    def change_seats(self) -> None:
        """Let some seats fall vacant and some be held for the time being."""
        acts = (self._die, self._lead_interim, self._follow_interim)
        elsewhere = [place for place in self.everywhere if place.home != self.phu_tuc]
        # Three in the commune whose pages are full, the others one here and one there.
        for turn, place in enumerate([*self.commune[1:4], *elsewhere[7::ONE_CHANGE_IN]]):
            acts[turn % len(acts)](place, self.day - timedelta(days=20 + turn))

    def _holders(self, place: Settlement) -> dict[str, Tenure]:
        seats = Tenure.objects.on(self.day).select_related("person", "cell", "hamlet")
        held = [*seats.filter(cell=place.cell), *seats.filter(hamlet=place.hamlet)]
        return {tenure.office: tenure for tenure in held}

    def _newcomer(self, place: Settlement) -> Person:
        (person,) = add_people([self.people.member(place.home)])
        return person

    def _die(self, place: Settlement, day: date) -> None:
        """A death empties every seat the person held in the hamlet and its cell."""
        held = self._holders(place)
        if Office.SECRETARY in held:
            # What else the person holds, and follows, ends with it.
            end_tenure(held[Office.SECRETARY], last_day=day, way_out=WayOut.DIED)

    def _lead_interim(self, place: Settlement, day: date) -> None:
        """The head leaves at own wish; somebody else leads the hamlet until the election."""
        held = self._holders(place)
        if Office.HAMLET_HEAD in held:
            replace_holder(
                held[Office.HAMLET_HEAD],
                person=self._newcomer(place),
                on=day - timedelta(days=60),
                way_out=WayOut.RELIEVED,
                way_in=WayIn.INTERIM,
            )

    def _follow_interim(self, place: Settlement, day: date) -> None:
        """Secretary and head leave together; one person follows, appointed here, interim there."""
        held, newcomer = self._holders(place), self._newcomer(place)
        for office, way_out, way_in in (
            (Office.SECRETARY, WayOut.HEALTH, WayIn.APPOINTED),
            (Office.HAMLET_HEAD, WayOut.RELIEVED, WayIn.INTERIM),
        ):
            if office in held:
                replace_holder(held[office], person=newcomer, on=day, way_out=way_out, way_in=way_in)

    def enter_late(self) -> None:
        """Let the site know the hamlets and cells of the commune for months: what changed since was entered late."""
        # All of it is recorded while it is loaded, and what happened before the site knew a place is not late.
        known = timezone.now() - KNOWN_FOR
        for model, keys in (
            (Unit, [place.hamlet.pk for place in self.commune]),
            (Cell, [place.cell.pk for place in self.commune]),
        ):
            model.history.filter(id__in=keys, history_type=CREATED).update(history_date=known)

    def seat_front_heads(self) -> None:
        """Fill the Front's seats of the commune, but for the last two."""
        people = add_people(self.people.member(place.home) for place in self.commune[:-2])
        begin_tenures(
            front_head(person, place, starts_on=date(2024, 4, 1), term="2024-2029")
            for person, place in zip(people, self.commune, strict=False)
        )

    def follow(self, account: User | None) -> None:
        """Let officers follow some hamlets of the commune, and visit them."""
        follow(self.commune, self.people, account, self.day)

    # --- Counts -----------------------------------------------------------------------

    def count(self) -> None:
        """Count the members of the province's sample cells, and the households of two communes."""
        day = self.day.replace(day=1)
        record_counts([self._members(place, day) for place in self.province])
        counted = [place for place in self.province if place.home in self._full_communes()]
        record_counts([self._households(place, day) for place in counted])

    def _full_communes(self) -> set[Unit]:
        named = next(place for place in self.province if place.name == "Phước Hậu")
        return {self.phu_tuc, named.home}

    def _members(self, place: Settlement, day: date) -> MemberCount:
        active, exempt, away = (self.chance.randint(*some) for some in ((8, 24), (2, 16), (0, 8)))
        total, probationary = active + exempt + away, self.chance.randint(0, 2)
        return MemberCount(
            cell=place.cell,
            day=day,
            total=total,
            official=total - probationary,
            probationary=probationary,
            active=active,
            exempt=exempt,
            away=away,
            women=total // 3,
            admitted=self.chance.randint(0, 1),
        )

    def _households(self, place: Settlement, day: date) -> HouseholdCount:
        households = self.chance.randint(180, 520)
        return HouseholdCount(
            hamlet=place.hamlet,
            day=day,
            households=households,
            people=households * 4,
            poor=self.chance.randint(0, 9),
            near_poor=self.chance.randint(0, 9),
            with_member_in_charge=households - self.chance.randint(0, 30),
        )

    def confirm(self, clerk: User | None) -> None:
        """Most communes confirmed last month, some this month already; that of the clerk waits."""
        communes = sorted({place.home for place in self.province}, key=lambda unit: unit.pk)
        rows = []
        for back in (1, 2, 3):
            month = _months_before(self.day, back)
            noon = timezone.make_aware(datetime.combine(month + timedelta(days=24), time(9, 30)))
            rows += [
                Confirmation(
                    commune=commune,
                    month=month,
                    confirmed_at=noon,
                    confirmed_by=clerk if commune == self.phu_tuc else None,
                )
                for commune in communes
                if commune == self.phu_tuc or self.chance.random() < 0.8
            ]
        rows += [
            Confirmation(commune=commune, month=self.day.replace(day=1), confirmed_at=timezone.now())
            for commune in communes[::2]
            if commune != self.phu_tuc
        ]
        create_many(Confirmation, rows)

    # --- Results ----------------------------------------------------------------------

    def rate(self) -> None:
        """Rate the province's sample cells for the last year before the reform and the first after it."""
        self._rate_year(2024, unit_on(date(2024, 12, 31), Level.PROVINCE, "83"))
        self._rate_year(2025, self.phu_tuc.province)

    def _rate_year(self, year: int, province: Unit) -> None:
        cycle = record_cycle(province=province, year=year)
        papers = self._papers(year, cycle.roster_day)
        rows = [self._rating(place, papers[place.cell.pk], year) for place in self.province]
        if year == 2025:
            self._leave_open(rows)
        record_cell_ratings(cycle, rows)
        members = {
            row.cell_id: row.total for row in MemberCount.objects.filter(cell__in=[r.cell_id for r in rows])
        }
        create_many(
            MemberLevels, [self._levels_of(row, members[row.cell_id]) for row in rows if row.decided_level]
        )

    def _papers(self, year: int, roster_day: date) -> dict[int, Decision]:
        """Each commune committee decides by its own paper; return that of each cell."""
        homes = places_of_cells([place.cell.pk for place in self.province], roster_day)
        of_commune = {
            commune: Decision(
                number=f"{year}-QĐ/MẪU",
                date=date(year + 1, 1, 8),
                issuing_body="Đảng ủy (dữ liệu mẫu)",
                unit_id=commune,
                subject=f"Đánh giá, xếp loại chi bộ năm {year} (mẫu)",
            )
            for commune in sorted({home.commune for home in homes.values()})
        }
        for paper in of_commune.values():
            paper.prepare()
        create_many(Decision, list(of_commune.values()))
        return {cell: of_commune[home.commune] for cell, home in homes.items()}

    def _rating(self, place: Settlement, paper: Decision, year: int) -> CellRating:
        level = self.chance.choice(LEVELS)
        return CellRating(
            cell=place.cell,
            self_level=level,
            proposed_level=level,
            decided_level=level,
            decision=paper,
            points=POINTS[level] if year >= 2025 else None,
            disciplined=False,
            reason="Nội bộ mất đoàn kết kéo dài (mẫu)" if level == Rated.NOT_COMPLETED else "",
        )

    def _leave_open(self, rows: list[CellRating]) -> None:
        """One cell of the commune is not subject to rating, one was never decided."""
        of_commune = {place.cell.pk for place in self.commune}
        exempt, forgotten, *_others = [row for row in rows if row.cell_id in of_commune]
        for row in (exempt, forgotten):
            row.self_level = row.proposed_level = row.decided_level = row.reason = ""
            row.decision = row.points = None
        exempt.not_subject_reason = NotSubject.OTHER
        exempt.note = "Đang tạm dừng sinh hoạt để kiện toàn (mẫu)"

    def _levels_of(self, row: CellRating, total: int) -> MemberLevels:
        excellent, completed = total // 6, total // 10
        return MemberLevels(
            cell_id=row.cell_id,
            cycle=row.cycle,
            excellent=excellent,
            good=total - excellent - completed,
            completed=completed,
            not_completed=0,
            not_rated=0,
        )

    def aim(self) -> None:
        """Give the commune, and its province, targets of the term that runs."""
        aim(self.phu_tuc, self.commune, self.province, self.day)


def _months_before(day: date, months: int) -> date:
    """Return the first day of the month this many months before the day's own."""
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)

"""Who asks for the papers of which unit and year, and what every one of them says of itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.utils import timezone

from cells.kinds import Kind, Level, commune_board, full_name, province_committee
from cells.models import Unit, UnitPeriod
from cells.models.grants import scope_of
from dashboards.letterhead import place_and_day
from evaluations.models import CellRating, LeaderRating, MemberLevels, ReviewCycle, Submission
from evaluations.review.grid import shows_levels
from evaluations.review.required import members_of, ratings_of
from sheets.text import lower_first

# What a paper says instead of its number until it is issued.
DRAFT = "DỰ THẢO"
_DISTRICT_COMMITTEES = {
    Kind.HUYEN: "Huyện ủy",
    Kind.QUAN: "Quận ủy",
    Kind.THI_XA: "Thị ủy",
    Kind.THANH_PHO: "Thành ủy",
}


@dataclass(frozen=True)
class Asked:
    """Somebody asks for a paper of a unit about a year."""

    user: object
    unit: Unit
    cycle: ReviewCycle
    # Of lists of several years: how many.
    years: int = 3

    @property
    def year(self) -> int:
        return self.cycle.year

    @cached_property
    def today(self) -> date:
        return timezone.localdate()

    @property
    def is_commune(self) -> bool:
        return self.unit.level == Level.COMMUNE

    def ratings(self, model):
        """Return the editions in force of the year that this person may see: never what was not sent.

        The file of a commune is told as a whole, also what has moved to a neighbour since the roster day.
        """
        if self.tells_the_file:
            return ratings_of(self.file, model)
        rows = model.objects.visible_to(self.user).latest_editions().filter(cycle=self.cycle)
        return rows.filter(commune=self.unit) if self.is_commune else rows

    def members(self, cells: Iterable[int]):
        """Return the members' levels of these cells, as far as this person may see them."""
        if self.tells_the_file:
            return members_of(self.file)
        return MemberLevels.objects.visible_to(self.user).filter(cycle=self.cycle, cell__in=cells)

    @cached_property
    def file(self) -> Submission | None:
        """The file of the commune in a year that goes step by step; a province has none."""
        if not self.is_commune:
            return None
        files = Submission.objects.visible_to(self.user).filter(cycle=self.cycle, commune=self.unit)
        return files.select_related("commune", "decision").first()

    @property
    def tells_the_file(self) -> bool:
        """Whether this person is told the file of the commune, and with it all that was on its lists."""
        return self.file is not None and not self.is_withheld

    @cached_property
    def is_withheld(self) -> bool:
        """Whether the commune has not sent its file and this person does not work there: then nothing is told."""
        return self.file is not None and not shows_levels(self.file, self.user)

    @cached_property
    def period(self) -> UnitPeriod | None:
        """What the unit was called and where it stood on the roster day."""
        periods = self.unit.periods.on(self.cycle.roster_day)
        return periods.select_related("district", "province").first()

    def head(self) -> dict:
        """Return the fields at the top of every paper, and the words that depend on the unit."""
        province = self.cycle.province
        committee = f"{province_committee(province.kind)} {province.name}"
        common = {
            "nam": str(self.year),
            "nam_truoc": str(self.year - 1),
            "ngay_so_lieu": f"{self.today:%d/%m/%Y}",
            "du_thao": DRAFT,
            "so_ky_hieu": "……-……/……",
            "tinh_uy": committee,
        }
        if not self.is_commune:
            return common | {
                "co_quan_tren": committee.upper(),
                "co_quan": "BAN TỔ CHỨC",
                "don_vi_lap": str(self.unit),
                "ky_tren": "K/T TRƯỞNG BAN",
                "ky_duoi": "PHÓ TRƯỞNG BAN",
                "dia_danh_ngay": undated(self.unit.name, self.today),
            }
        return common | self._head_of_commune(committee)

    def _head_of_commune(self, committee: str) -> dict:
        kind, name = (self.period.kind, self.period.name) if self.period else (self.unit.kind, self.unit.name)
        district = self.period.district if self.period else None
        if district is not None:
            committee = f"{_DISTRICT_COMMITTEES.get(district.kind, 'Huyện ủy')} {district.name}"
        of = f"Đảng ủy {lower_first(full_name(kind, name))}"
        board = commune_board(kind)
        return {
            "co_quan_tren": committee.upper(),
            "co_quan": of.upper(),
            "dang_uy": of.upper(),
            "dang_uy_thuong": of,
            "ban": board,
            "ban_tham_muu": board.upper(),
            "don_vi_lap": full_name(kind, name),
            "ky_tren": f"T/M {board.upper()}",
            "ky_duoi": "TRƯỞNG BAN",
            "dia_danh_ngay": undated(name, self.today),
        }


def undated(place: str, today: date) -> str:
    """Leave the day open: it is written when the paper is signed."""
    return f"{place}, ngày … tháng … năm {today.year}"


def dated(place: str, day: date) -> str:
    return place_and_day(place, day)


def units_seen(user):
    """Return the communes and provinces that somebody sees."""
    return Unit.objects.visible_to(user).filter(level__in=[Level.PROVINCE, Level.COMMUNE])


def units_for(user):
    """Return the communes and provinces that somebody reads papers of.

    Those of a former commune belong to its file, which its heir finishes.
    """
    files = Submission.objects.visible_to(user)
    return units_seen(user) | Unit.objects.filter(level=Level.COMMUNE, pk__in=files.values("commune"))


def own_units(user):
    """Return the units somebody works for, with the former communes whose open files they finish."""
    scope = scope_of(user)
    open_files = Submission.objects.filter(cycle__state=ReviewCycle.State.OPEN)
    inherited = Q(commune__in=scope.communes, pk__in=open_files.values("commune"))
    return units_for(user).filter(Q(pk__in=scope.provinces | scope.communes | scope.closed) | inherited)


def cycles_of(unit: Unit, user):
    """Return the years of a unit there are papers of, the latest first."""
    cycles = ReviewCycle.objects.visible_to(user)
    if unit.level == Level.PROVINCE:
        cycles = cycles.filter(province=unit)
    else:
        ratings = CellRating.objects.counted_for(user).filter(cycle=OuterRef("pk"), commune=unit)
        people = LeaderRating.objects.counted_for(user).filter(cycle=OuterRef("pk"), commune=unit)
        files = Submission.objects.filter(cycle=OuterRef("pk"), commune=unit)
        cycles = cycles.filter(Q(Exists(ratings)) | Q(Exists(people)) | Q(Exists(files)))
    return cycles.select_related("province", "rule_set").order_by("-year")


def asked_for(user, unit: Unit, year: int, *, years: int = 3) -> Asked:
    """Return the question for papers, or raise Http404 where there is nothing this person may see."""
    cycle = cycles_of(unit, user).filter(year=year).first()
    if cycle is None:
        raise Http404
    return Asked(user, unit, cycle, years)

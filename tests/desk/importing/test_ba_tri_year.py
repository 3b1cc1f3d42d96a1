"""The year 2018 of Ba Tri (129 cells: 34, 91, 4, 0), by pages, by workbooks and from a shell: one result.

Twenty-four communes as the article counts them; the levels are shuffled over their cells, so that some
communes exceed their share and others do not.
"""

import io
import json
from collections import Counter
from datetime import date
from io import StringIO
from random import Random

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import Role
from cells.actions import NewCell, found_cells
from cells.models import CellKind
from desk.importing.beside import lists_beside, take_up
from desk.models import ImportBatch
from desk.samples.ba_tri import HAMLETS, LEVELS
from desk.samples.places import evenly
from evaluations.models import CellRating, LeaderRating, Level, MemberLevels, ShareBase, Submission
from evaluations.models.ratings import SHORT_FORMS
from evaluations.review.grid import load
from evaluations.review.opening import close_year
from evaluations.review.progress import progress_by_commune
from evaluations.review.share import SharesTogether, shares_of, warning
from evaluations.review.steps import take
from evaluations.review.workbook import file_name, workbook_of
from evaluations.review.workbook_sheets import FIRST, HEADER
from tests import factories
from tests.desk.importing.desk import check, hand_in, told, write

COMMUNES, YEAR, DECIDED = 24, 2018, date(2018, 12, 20)
PAPER = {
    "number": "15-QĐ/ĐU",
    "day": "2018-12-20",
    "body": "Ban Thường vụ Đảng ủy",
    "signer": "Đồng chí Bí thư",
}


class Year:
    """The communes of Ba Tri with their clerks, and what each cell and person is to be rated."""

    def __init__(self, officer, province):
        chance, self.officer, self.province = Random(YEAR), officer, province  # noqa: S311 -- a plan, no secret
        levels = [level for level, count in LEVELS.items() for _ in range(count)]
        chance.shuffle(levels)
        self.communes = [
            factories.commune(parent=province, name=f"Ba Tri {n}") for n in range(1, COMMUNES + 1)
        ]
        self.clerks = {
            commune.pk: factories.user(role=Role.COMMUNE_STAFF, keeps=[commune]) for commune in self.communes
        }
        homes = [
            commune
            for commune, count in zip(self.communes, evenly(HAMLETS, COMMUNES), strict=True)
            for _ in range(count)
        ]
        self.cells = found_cells(
            NewCell(commune=home, name=f"Chi bộ số {n}", hamlets=[], kind=CellKind.OFFICE)
            for n, home in enumerate(homes, 1)
        )
        self.level = {cell.pk: level for cell, level in zip(self.cells, levels, strict=True)}
        self.members = {cell.pk: (n % 5, 10 + n % 7, n % 3, 0, n % 2) for n, cell in enumerate(self.cells)}
        self.commune_of = {cell.pk: home.pk for cell, home in zip(self.cells, homes, strict=True)}
        firsts = {home.pk: cell for cell, home in reversed(list(zip(self.cells, homes, strict=True)))}
        for home in self.communes:
            person = factories.person(keeper=home)
            factories.tenure(cell=firsts[home.pk], person=person, starts_on=date(2018, 1, 1))

    def levels_in(self, commune: int) -> Counter:
        return Counter(level for cell, level in self.level.items() if self.commune_of[cell] == commune)


@pytest.fixture
def year(officer, province):
    return Year(officer, province)


# --- The three doors ---------------------------------------------------------------------


def by_page(client, year: Year, file: Submission, clerk, tmp_path) -> None:
    """Type everything into the grid and save the page whole."""
    fields = {}
    for row in load(file, clerk).rows:
        fields |= {f"{row.key}-mark": row.mark, f"{row.key}-self_level": _level(year, row)}
        fields |= {f"{row.key}-proposed_level": _level(year, row)}
        if row.is_cell:
            counts = zip(MEMBERS, year.members[row.rating.cell_id], strict=True)
            fields |= {f"{row.key}-{name}": str(count) for name, count in counts}
    client.force_login(clerk)
    response = client.post(reverse("review:save", args=[YEAR, file.pk]), fields)
    assert response.status_code == 302, response.content.decode()[:2000]


def by_workbook(client, year: Year, file: Submission, clerk, tmp_path) -> None:
    """Fill in the workbook and take both of its lists in at the desk."""
    first = hand_in(clerk, filled(year, file, clerk), file_name(file))
    assert told(check(first, clerk)) == {}
    write(first, clerk)
    for one in lists_beside(first, clerk):
        second = take_up(first, one, clerk)
        assert told(check(second, clerk)) == {}
        write(second, clerk)


def by_shell(client, year: Year, file: Submission, clerk, tmp_path) -> None:
    path = tmp_path / file_name(file)
    path.write_bytes(filled(year, file, clerk))
    call_command(
        "import_sheet",
        "ratings",
        str(path),
        user=clerk.username,
        year=str(YEAR),
        commit=True,
        stdout=StringIO(),
    )


MEMBERS = ("excellent", "good", "completed", "not_completed", "not_rated")
DOORS = {"pages": by_page, "workbooks": by_workbook, "shell": by_shell}


def _level(year: Year, row) -> str:
    return year.level[row.rating.cell_id] if row.is_cell else Level.GOOD


def filled(year: Year, file: Submission, clerk) -> bytes:
    """Fill in the workbook as a person would: levels by their short forms, members as numbers."""
    book = load_workbook(io.BytesIO(workbook_of(file, clerk)))
    grid = load(file, clerk)
    for sheet, rows in (
        (book["Chi bộ"], [row for row in grid.rows if row.is_cell]),
        (book["Bí thư"], grid.people),
    ):
        places = {
            sheet.cell(HEADER + 1, n).value or sheet.cell(HEADER, n).value: n
            for n in range(1, sheet.max_column + 1)
        }
        for number, row in enumerate(rows, FIRST):
            # Of every other row the proposal is left open: it follows the own level.
            for heading in ("Mức tự xếp loại", "Mức đề xuất")[: 1 + number % 2]:
                sheet.cell(number, places[heading]).value = SHORT_FORMS[_level(year, row)]
            if row.is_cell:
                for heading, count in zip(
                    ("XS", "T", "HT", "KHT", "Chưa xếp loại"), year.members[row.rating.cell_id], strict=True
                ):
                    sheet.cell(number, places[heading]).value = count
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# --- The steps, on the page --------------------------------------------------------------


def take_all_steps(client, file: Submission, clerk, officer) -> None:
    """Put it to the standing committee, record its decision, send it; the province receives."""

    def post(name: str, **fields):
        file.refresh_from_db()
        response = client.post(
            reverse(f"review:{name}", args=[YEAR, file.pk]),
            {"revision": file.revision, "confirmed": "1", **fields},
        )
        assert response.status_code == 302, response.content.decode()[:3000]

    client.force_login(clerk)
    post("step", kind="put", share_reason="Năm có nhiều phong trào nổi bật")
    post("decide", **PAPER)
    post("step", kind="sent")
    file.refresh_from_db()
    take(file, "received", by=officer)


def result_of(cycle) -> list[tuple]:
    """Return everything that the year has brought, in words that no key is in."""
    levels = {one.cell_id: one for one in MemberLevels.objects.filter(cycle=cycle)}
    cells = CellRating.objects.filter(cycle=cycle).select_related("cell", "commune", "decision")
    people = LeaderRating.objects.filter(cycle=cycle).select_related("person", "commune", "decision")
    return sorted(
        (
            str(row.commune),
            *(("cell", row.cell.code) if isinstance(row, CellRating) else ("person", row.person.full_name)),
            *(row.self_level, row.proposed_level, row.decided_level, row.withheld),
            *(row.decision.number, row.decided_on, row.decision.signer),
            *(
                [(getattr(levels[row.cell_id], name)) for name in MEMBERS]
                if isinstance(row, CellRating)
                else []
            ),
        )
        for row in (*cells, *people)
    )


def test_the_year_is_the_same_by_pages_by_workbooks_and_from_a_shell(client, year, tmp_path):
    results = {}
    for name, enter in DOORS.items():
        with transaction.atomic():
            cycle = factories.open_review(by=year.officer, year=YEAR)
            for commune in year.communes:
                file, clerk = factories.file_of(commune, cycle), year.clerks[commune.pk]
                enter(client, year, file, clerk, tmp_path)
                check_the_share(year, file)
                take_all_steps(client, file, clerk, year.officer)
            check_the_sums(year, cycle)
            results[name] = result_of(cycle)
            assert ImportBatch.objects.filter(state="done").count() == (
                0 if name == "pages" else 2 * COMMUNES
            )
            transaction.set_rollback(True)

    assert len(results["pages"]) == HAMLETS + COMMUNES
    assert Counter(row[5] for row in results["pages"] if row[1] == "cell") == LEVELS
    assert results["pages"] == results["workbooks"] == results["shell"]


# --- Share and sums ----------------------------------------------------------------------


IN_BASE = {
    ShareBase.OF_GOOD: (Level.GOOD,),
    ShareBase.OF_GOOD_OR_BETTER: (Level.EXCELLENT, Level.GOOD),
    ShareBase.OF_ALL_RATED: (Level.EXCELLENT, Level.GOOD, Level.COMPLETED, Level.NOT_COMPLETED),
}


def allowed(levels: Counter, base: str) -> int:
    return sum(levels[level] for level in IN_BASE[base]) // 5


def check_the_share(year: Year, file: Submission) -> None:
    """A commune is warned by each base when it has more excellent cells than a fifth, and only then."""
    (share,) = shares_of([file], file.cycle)[file.commune_id]
    levels = year.levels_in(file.commune_id)
    for base in ShareBase.values:
        judged = share.by(base)
        assert (judged.excellent, judged.most) == (levels[Level.EXCELLENT], allowed(levels, base))
        assert bool(warning([judged])) == (levels[Level.EXCELLENT] > allowed(levels, base))


def check_the_sums(year: Year, cycle) -> None:
    files = list(cycle.submissions.select_related("cycle__rule_set", "commune"))
    shares = shares_of(files, cycle, level="decided_level")
    for base in ShareBase.values:
        together = SharesTogether(tuple(share.by(base) for some in shares.values() for share in some))
        each = [year.levels_in(commune.pk) for commune in year.communes]
        assert together.excellent == 34
        assert together.most == sum(allowed(levels, base) for levels in each)
        assert together.over == sum(
            max(0, levels[Level.EXCELLENT] - allowed(levels, base)) for levels in each
        )
        # Above the commune the shares are added up, which is less than a fifth of the sum.
        assert together.most <= allowed(Counter(LEVELS), base)
    progress = progress_by_commune(cycle)
    assert sum(one.decided for one in progress.values()) == sum(one.cells for one in progress.values()) == 129
    assert {file.state for file in files} == {"received"}
    # Figures count a year when it is over.
    close_year(cycle, by=year.officer)
    out = StringIO()
    call_command("figures", unit=year.province.code, as_of=timezone.localdate(), json=True, stdout=out)
    figures = {figure["code"]: figure for figure in json.loads(out.getvalue())}
    four = [
        figures[f"level_{name}"]["numerator"] for name in ("excellent", "good", "completed", "not_completed")
    ]
    assert four == [34, 91, 4, 0]
    assert sum(four) == figures["rated"]["numerator"] == figures["rated"]["denominator"] == 129
    assert [figures[f"level_{name}"]["percent"] for name in ("excellent", "good", "completed")] == [
        "26,4",
        "70,5",
        "3,1",
    ]


def test_the_plan_has_communes_on_both_sides_of_every_base(year):
    """Without both the test above would show little."""
    for base in ShareBase.values:
        over = [
            commune
            for commune in year.communes
            if year.levels_in(commune.pk)[Level.EXCELLENT] > allowed(year.levels_in(commune.pk), base)
        ]
        assert 0 < len(over) < COMMUNES

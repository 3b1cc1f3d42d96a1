from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from accounts.sheet_lines import Line
from cells.actions import NewCell, found_cells
from cells.models import Decision
from evaluations.models import CellRating, Level, ReviewCycle, TitleCase
from evaluations.reading import level_column
from evaluations.resources import CellRatingResource, TitleCaseResource
from sheets.errors import SheetError
from tests import factories
from tests.lists import counts, faults, headings, sheet
from tests.worlds import kept

RATINGS = headings(CellRatingResource)
CASES = headings(TitleCaseResource)
PAPER = {"decision_number": "15-QĐ/ĐU", "decision_day": "05/01/2021", "decision_body": "Đảng ủy xã Phú Túc"}


@kept
def cell(commune):
    return factories.cell(of=factories.hamlet(parent=commune, name="1"), name="Chi bộ ấp 1")


@kept
def ratings(officer):
    return CellRatingResource(user=officer)


@kept
def cases(officer):
    return TitleCaseResource(user=officer)


@kept
def row(cell):
    return {"year": "2020", "commune": "Phú Túc", "cell": "chi bộ ấp 1", "decided_level": "HTTNV", **PAPER}


def test_a_rating_comes_with_its_year_and_its_decision(ratings, row, cell, commune):
    assert counts(ratings.import_data(sheet(RATINGS, row))) == (1, 0, 0)

    rating = CellRating.objects.get()
    assert (rating.cell, rating.year, rating.decided_level, rating.commune) == (
        cell,
        2020,
        Level.GOOD,
        commune,
    )
    assert rating.province == commune.province
    assert (rating.decision.number, rating.decided_on) == ("15-QĐ/ĐU", date(2021, 1, 5))
    assert ReviewCycle.objects.get().state == "recorded"
    assert rating.history.count() == 1


def test_ratings_come_a_second_time_and_as_exported_without_a_change(ratings, row):
    ratings.import_data(sheet(RATINGS, row))

    assert counts(ratings.import_data(sheet(RATINGS, row))) == (0, 0, 1)
    assert counts(ratings.import_data(ratings.export(CellRating.objects.all()))) == (0, 0, 1)
    assert Decision.objects.count() == 1


def test_a_decided_rating_is_not_changed_by_a_file(ratings, row):
    ratings.import_data(sheet(RATINGS, row))

    found = faults(ratings.import_data(sheet(RATINGS, {**row, "decided_level": "HTXSNV"})))

    assert "15-QĐ/ĐU" in found[2][RATINGS["decided_level"]][0]
    assert CellRating.objects.get().decided_level == Level.GOOD


def test_a_proposed_level_may_be_completed_by_its_decision(ratings, row):
    proposed = {"year": 2020, "commune_code": "28810", "cell": "Chi bộ ấp 1", "proposed_level": "HTT"}
    assert counts(ratings.import_data(sheet(RATINGS, proposed))) == (1, 0, 0)

    assert counts(ratings.import_data(sheet(RATINGS, row))) == (0, 1, 0)

    rating = CellRating.objects.get()
    assert (rating.proposed_level, rating.decided_level, rating.revision) == (Level.GOOD, Level.GOOD, 2)


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({"year": "201-2021"}, "year", "“201-2021” không phải là năm"),
        ({"year": "1990"}, "year", "1990"),
        ({"decided_level": "Khá"}, "decided_level", "HTXSNV, HTTNV, HTNV, KHTNV"),
        ({"decided_level": "Hoàn thành"}, "decided_level", "HTXSNV, HTTNV, HTNV, KHTNV"),
        ({"decided_level": "KHTNV"}, "reason", ""),
        ({"decision_number": None}, "decision_number", ""),
        ({"decision_number": None, "decision_day": None, "decision_body": None}, "__all__", ""),
        ({"points": "101"}, "__all__", ""),
        ({"points": "tám mươi"}, "points", "tám mươi"),
        ({"not_subject_reason": "mới thành lập"}, "not_subject_reason", ""),
        ({"cell": "Chi bộ ấp 11"}, "cell", "Chi bộ ấp 1"),
    ],
)
def test_what_is_wrong_with_a_rating_is_named(ratings, row, change, column, words):
    found = faults(ratings.import_data(sheet(RATINGS, {**row, **change})))

    assert words in " ".join(found[2][RATINGS.get(column, column)])
    assert not CellRating.objects.exists()
    assert not ReviewCycle.objects.exists()
    assert not Decision.objects.exists()


def test_one_cell_twice_in_a_file_is_found(ratings, row):
    assert 3 in faults(ratings.import_data(sheet(RATINGS, row, {**row, "decided_level": "HTXSNV"})))


def test_a_foreign_cell_has_no_rating(outsider, row, cell):
    foreign = CellRatingResource(user=outsider)

    assert RATINGS["commune"] in faults(foreign.import_data(sheet(RATINGS, row)))[2]
    by_code = {**row, "cell_code": cell.code}
    assert RATINGS["cell_code"] in faults(foreign.import_data(sheet(RATINGS, by_code)))[2]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("HTXSNV", Level.EXCELLENT),
        ("htxs", Level.EXCELLENT),
        ("Hoàn thành xuất sắc nhiệm vụ", Level.EXCELLENT),
        ("HTTTNV", Level.GOOD),
        ("Hoàn thành tốt nhiệm vụ", Level.GOOD),
        ("Hoàn thành nhiệm vụ", Level.COMPLETED),
        ("không hoàn thành nhiệm vụ", Level.NOT_COMPLETED),
    ],
)
def test_levels_are_known_by_their_whole_name(text, level):
    assert level_column("level", "Mức").read(text) == level


@pytest.mark.parametrize(
    "text", ["HT", "hoàn thành", "Khá", "Tốt", "Hoàn thành tốt nhiệm vụ được giao", "xuất sắc"]
)
def test_what_is_no_level_is_refused(text):
    with pytest.raises(SheetError):
        level_column("level", "Mức").read(text)


def test_a_long_file_takes_few_queries(ratings, row, commune, django_assert_max_num_queries):
    size = 2_000
    found_cells(
        NewCell(commune=commune, name=f"Chi bộ số {n}", hamlets=[], kind="office") for n in range(size)
    )
    factories.cycle(province=commune.province, year=2020)
    proposed = [
        {"year": 2020, "commune": "Phú Túc", "cell": f"Chi bộ số {n}", "proposed_level": "HTTNV"}
        for n in range(size)
    ]
    decided = [{**row, "cell": line["cell"]} for line in proposed]

    with django_assert_max_num_queries(15 + 4 * size // 1000):
        assert counts(ratings.import_data(sheet(RATINGS, *proposed))) == (size, 0, 0)
    with django_assert_max_num_queries(15 + 4 * size // 1000):
        assert counts(ratings.import_data(sheet(RATINGS, *decided))) == (0, size, 0)


def test_one_refused_row_lets_the_others_count_one_revision(ratings, row, commune):
    names = [f"Chi bộ số {n}" for n in range(4)]
    found_cells(NewCell(commune=commune, name=name, hamlets=[], kind="office") for name in names)
    ratings.import_data(
        sheet(RATINGS, *({"year": 2020, "commune": "Phú Túc", "cell": name, "note": "x"} for name in names))
    )
    # No field refuses these points, but the table does: all are undone, and written again in halves.
    wanted = [{"year": 2020, "commune": "Phú Túc", "cell": name, "points": Decimal(80)} for name in names]
    wanted[3]["points"] = Decimal(101)
    lines = [Line(number, values=values) for number, values in enumerate(wanted, 2)]

    with transaction.atomic():
        ratings.take(lines)

    assert [line.number for line in lines if line.faults] == [5]
    assert sorted(CellRating.objects.values_list("revision", "points")) == [
        (1, None),
        *[(2, Decimal(80))] * 3,
    ]


@pytest.mark.parametrize("size", [5, 200])
def test_queries_do_not_grow_with_the_ratings(ratings, row, commune, size, django_assert_max_num_queries):
    found_cells(
        NewCell(commune=commune, name=f"Chi bộ số {n}", hamlets=[], kind="office") for n in range(size)
    )
    rows = [{**row, "cell": f"Chi bộ số {n}"} for n in range(size)]

    with django_assert_max_num_queries(45 + size // 10):
        assert counts(ratings.import_data(sheet(RATINGS, *rows))) == (size, 0, 0)
    with django_assert_max_num_queries(20):
        assert counts(ratings.import_data(sheet(RATINGS, *rows))) == (0, 0, size)


@kept
def case(cell):
    return {"title": "TSVMTD", "commune": "Phú Túc", "cell": "Chi bộ ấp 1"}


def test_the_preview_of_a_new_title_names_its_cell(cases, case, cell):
    (row,) = cases.import_data(sheet(CASES, {**case, "registered_on": "01/03/2020"}), dry_run=True).rows

    assert "ấp 1" in str(row.diff)


def test_a_title_is_registered_and_after_its_appraisal_recognised_with_its_decision(cases, case, cell):
    assert counts(cases.import_data(sheet(CASES, {**case, "registered_on": "01/03/2020"}))) == (1, 0, 0)
    registered = TitleCase.objects.get()
    assert (registered.state, registered.year) == (TitleCase.State.REGISTERED, 2020)
    recognised = {**case, "recognised_on": "05/01/2021", "is_pilot": "x", **PAPER}

    refused = faults(cases.import_data(sheet(CASES, recognised)))
    assert "thẩm định" in str(refused[2][CASES["decision_number"]])

    TitleCase.objects.update(state=TitleCase.State.APPRAISED, appraised_on=date(2020, 12, 20))
    assert counts(cases.import_data(sheet(CASES, recognised))) == (0, 1, 0)
    held = TitleCase.objects.get()
    assert (held.state, held.recognised_on, held.is_pilot, held.revision) == (
        TitleCase.State.RECOGNISED,
        date(2021, 1, 5),
        True,
        2,
    )
    assert counts(cases.import_data(sheet(CASES, recognised))) == (0, 0, 1)
    assert counts(cases.import_data(cases.export(TitleCase.objects.all()))) == (0, 0, 1)


def test_a_title_of_a_past_year_is_taken_in_from_its_paper(cases, case, cell):
    recognised = {**case, "recognised_on": "05/01/2021", **PAPER}

    assert counts(cases.import_data(sheet(CASES, recognised))) == (1, 0, 0)

    assert TitleCase.objects.get().state == TitleCase.State.RECOGNISED


def test_a_cell_that_was_declined_is_registered_anew(cases, case, cell):
    factories.title_case(
        of=cell, state=TitleCase.State.DECLINED, declined_on=date(2020, 12, 1), declined_reason="Thiếu điểm"
    )

    assert counts(cases.import_data(sheet(CASES, {**case, "registered_on": "01/03/2021"}))) == (1, 0, 0)

    assert TitleCase.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"title": "Danh hiệu lạ"}, "title"),
        ({"state": "đã công nhận"}, "state"),
        ({"recognised_on": "05/01/2021"}, "decision_number"),
        ({"appraised_on": "05/01/2021"}, "appraised_on"),
        ({"revoked_on": "05/01/2021"}, "revoked_on"),
        ({"is_pilot": "có lẽ"}, "is_pilot"),
    ],
)
def test_steps_that_people_take_are_not_taken_by_a_file(cases, case, change, column):
    found = faults(cases.import_data(sheet(CASES, {**case, **change})))

    assert CASES[column] in found[2], found
    assert not TitleCase.objects.exists()


def test_a_recognised_title_is_not_changed_by_a_file(cases, case, cell):
    factories.title_case(of=cell, recognised_on=date(2021, 1, 5))
    other = {**case, "recognised_on": "06/06/2021", **PAPER}

    assert CASES["recognised_on"] in faults(cases.import_data(sheet(CASES, other)))[2]


def test_a_title_on_a_day_without_the_cell_is_refused(cases, case, commune):
    factories.cell(
        of=factories.hamlet(parent=commune, starts_on=date(2022, 1, 1)),
        name="Mới",
        starts_on=date(2022, 1, 1),
    )
    cell = factories.Cell.objects.get(name="Mới")
    row = {"title": "TSVMTD", "cell_code": cell.code, "cell": "Mới", "recognised_on": "05/01/2021", **PAPER}

    assert CASES["recognised_on"] in faults(cases.import_data(sheet(CASES, row)))[2]

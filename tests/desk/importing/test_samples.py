"""Workbooks of two offices, people and ratings, go in with nothing but answers to true questions."""

from datetime import date

import pytest

from cells.checks import problems
from desk.importing import batches
from desk.models import ImportBatch
from evaluations.models import CellRating, Level
from leaders.models import Office, Person, Tenure
from tests import factories
from tests.desk.importing.desk import answer, check, office_file, told, write

PEOPLE_FILE = "trich-ngang-bi-thu-truong-ap.xlsx"
RATING_FILE = "xep-loai-chi-bo-xa-tam-phuoc-2022.xlsx"
DECISION = {
    "decision_number": "15-QĐ/ĐU",
    "decision_day": "15/12/2022",
    "decision_body": "Ban Thường vụ Đảng ủy xã Tam Phước",
}


@pytest.fixture
def tam_phuoc(province):
    return factories.commune(parent=province, name="Tam Phước", code="28831")


def hamlets(commune, *names: str) -> None:
    for name in names:
        hamlet = factories.hamlet(parent=commune, name=name)
        factories.cell(of=hamlet, name=f"Chi bộ ấp {name}")


# --- people ---------------------------------------------------------------------------


@pytest.fixture
def people(officer, tam_phuoc):
    hamlets(tam_phuoc, *map(str, range(1, 16)))
    return office_file(officer, PEOPLE_FILE)


def test_people_go_in_with_their_seats(officer, people):
    reading = batches.read_batch(people, officer)
    assert [ask.key for ask in reading.asks] == ["keeper", "starts_on", "seen_on", "term"]
    assert reading.asks[0].guess(reading.table) == "Xã Tam Phước"
    answer(
        people,
        asked={"keeper": "Xã Tam Phước", "starts_on": "", "seen_on": "31/12/2021", "term": "2020-2022"},
    )

    shown = check(people, officer)

    assert told(shown) == {}
    assert shown["counts"] == {"new": 15, "update": 0, "skip": 0, "skipped": 0, "faulty": 0}
    assert not Person.objects.exists()
    write(people, officer)
    assert Person.objects.count() == 15
    first = Person.objects.get(full_name="Huỳnh Thanh Vân")
    assert (str(first.born), first.gender, first.theory_level) == ("21/06/1973", "male", "advanced")
    seats = {(t.office, str(t.cell or t.hamlet)) for t in first.tenures.all()}
    assert seats == {("deputy_secretary", "Chi bộ ấp 1"), ("hamlet_head", "Ấp 1")}
    assert Person.objects.get(full_name="Phạm Hữu Tuấn").phone == "0901234567"
    assert set(Tenure.objects.values_list("seen_on", "term")) == {(date(2021, 12, 31), "2020-2022")}
    assert Tenure.objects.filter(office=Office.SECRETARY).count() == 9
    people.refresh_from_db()
    assert (people.state, people.done_by) == (ImportBatch.State.DONE, officer)


def test_the_same_people_a_second_time_are_no_change(officer, people):
    asked = {"keeper": "Xã Tam Phước", "starts_on": "", "seen_on": "31/12/2021", "term": "2020-2022"}
    answer(people, asked=asked)
    check(people, officer)
    write(people, officer)
    again = office_file(officer, PEOPLE_FILE)
    answer(again, asked=asked)

    shown = check(again, officer)

    assert shown["counts"]["skip"] == 15, shown["rows"]
    assert batches.same_file(again, officer) == people


def test_people_are_undone(officer, people):
    answer(people, asked={"keeper": "Xã Tam Phước", "starts_on": "1/1/2020", "term": "2020-2022"})
    check(people, officer)
    write(people, officer)

    batches.undo(people, seen=people.revision, by=officer, reason="Nhầm tệp")

    assert (people.state, Person.objects.count(), Tenure.objects.count()) == ("undone", 0, 0)
    assert list(problems()) == []


# --- ratings --------------------------------------------------------------------------


@pytest.fixture
def ratings(officer, tam_phuoc):
    hamlets(tam_phuoc, "Phước Hậu", "Phước Thành", "Phước Lợi", "Phước Hoà", "Phước Tân", "Phước Thiện")
    hamlets(tam_phuoc, "Phước Trạch", "Phước Định", "9", "10")
    return office_file(officer, RATING_FILE)


def test_cells_that_are_not_there_come_out_with_the_nearest_match(officer, ratings):
    answer(ratings, asked={"year": "2022", "commune": "Xã Tam Phước", **DECISION})

    shown = check(ratings, officer)

    # Two cells are unknown, two remarks are formulas that were never saved.
    assert set(told(shown)) == {14, 16, 18, 19}
    (unknown,) = [group for group in shown["groups"] if group["key"] == "cell"]
    assert unknown["rows"] == [18, 19]
    assert unknown["cells"][0]["raw"] == "CB ấp 11"
    assert "Chi bộ ấp 10" in unknown["cells"][0]["nearest"]
    assert shown["counts"] == {"new": 8, "update": 0, "skip": 0, "skipped": 0, "faulty": 4}
    assert [(total["row"], total["stated"], total["summed"]) for total in shown["totals"]] == [
        (20, None, "354")
    ]


def test_faults_are_mended_on_the_page_and_the_rest_is_written(officer, ratings):
    answer(ratings, asked={"year": "2022", "commune": "Xã Tam Phước", **DECISION})
    shown = check(ratings, officer)
    mends = {}
    for group in shown["groups"]:
        for cell in group["cells"]:
            mends[cell["key"]] = {"skip": True} if group["key"] == "cell" else {"empty": True}
    answer(ratings, mends=mends)

    shown = check(ratings, officer)

    assert told(shown) == {}
    assert shown["counts"] == {"new": 10, "update": 0, "skip": 0, "skipped": 2, "faulty": 0}
    write(ratings, officer)
    assert CellRating.objects.count() == 10
    rating = CellRating.objects.get(cell__name="Chi bộ ấp 9")
    assert (rating.self_level, rating.decided_level, rating.decision.number) == (
        Level.COMPLETED,
        Level.COMPLETED,
        "15-QĐ/ĐU",
    )


def test_only_the_good_rows_are_written_when_somebody_says_so(officer, ratings):
    answer(ratings, asked={"year": "2022", "commune": "Xã Tam Phước", **DECISION})
    check(ratings, officer)

    write(ratings, officer, only_good=True)

    assert CellRating.objects.count() == 8
    assert ratings.counts == {"new": 8, "update": 0, "skip": 0, "skipped": 0, "faulty": 4}


def test_the_second_batch_sees_what_the_first_has_written(officer, ratings):
    first, second = ratings, office_file(officer, RATING_FILE)
    for batch in (first, second):
        answer(batch, asked={"year": "2022", "commune": "Xã Tam Phước", **DECISION})
        check(batch, officer)
    write(first, officer, only_good=True)

    with pytest.raises(batches.ValidationError):
        write(second, officer, only_good=True)

    assert batches.known_check(second).result["counts"]["skip"] == 8

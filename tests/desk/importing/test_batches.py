"""Who may do what with a file, in which state, and what is forgotten of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from desk.daily import clear_import_files
from desk.importing import batches
from desk.models import BatchCheck, BatchFile, ImportBatch
from evaluations.actions import record_cell_ratings
from evaluations.models import CellRating, ReviewCycle, Submission
from leaders.models import Person
from tests import factories
from tests.desk.importing.desk import answer, check, hand_in, workbook, write

HEADER = ["TT", "Họ và tên", "Chức vụ Đảng", "Ấp"]
State = ImportBatch.State


@pytest.fixture
def hamlet(commune):
    factories.cycle(province=commune.parent, year=2022)
    found = factories.hamlet(parent=commune, name="Phước Hậu")
    factories.cell(of=found, name="Chi bộ ấp Phước Hậu")
    return found


@pytest.fixture
def people(clerk, hamlet):
    batch = hand_in(clerk, workbook(HEADER, [1, "Nguyễn Văn An", "Bí thư", "Phước Hậu"]))
    answer(batch, asked={"starts_on": "1/2/2022", "term": ""})
    check(batch, clerk)
    return batch


@pytest.fixture
def ratings(clerk, hamlet):
    batch = hand_in(
        clerk, workbook(["TT", "Chi bộ", "Mức xếp loại"], [1, "Ấp Phước Hậu", "HTTNV"]), kind="ratings"
    )
    asked = {
        "year": "2022",
        "decision_number": "1-QĐ/ĐU",
        "decision_day": "15/12/2022",
        "decision_body": "BTV",
    }
    answer(batch, asked=asked)
    check(batch, clerk)
    return batch


def test_a_file_is_seen_by_its_sender_the_office_and_the_province(
    people, clerk, commune, officer, outsider, reader, neighbour
):
    colleague = factories.user(username="colleague", role=clerk.role, keeps=[commune])
    foreign = factories.user(username="foreign", role=clerk.role, keeps=[neighbour])

    def seen_by(*users) -> list[bool]:
        return [ImportBatch.objects.kept_by(user).exists() for user in users]

    # What is in work is the office's own.
    assert seen_by(clerk, colleague, officer) == [True, True, False]
    assert not any(seen_by(outsider, reader, foreign))
    write(people, clerk)
    assert seen_by(clerk, colleague, officer) == [True, True, True]
    assert not any(seen_by(outsider, reader, foreign))


def test_the_province_sees_the_levels_of_a_file_when_they_are_sent(ratings, officer):
    assert not ImportBatch.objects.visible_to(officer).exists()

    batches.submit(ratings, seen=ratings.revision)
    assert ImportBatch.objects.visible_to(officer).get() == ratings

    batches.withdraw(ratings, seen=ratings.revision)
    assert not ImportBatch.objects.visible_to(officer).exists()


def test_a_commune_fills_in_its_steps_of_an_open_review_itself(clerk, officer, hamlet, province):
    cycle = factories.cycle(province=province, year=2025)
    cell = hamlet.cell_areas.get().cell
    record_cell_ratings(cycle, [CellRating(cell=cell)])
    ReviewCycle.objects.update(state=ReviewCycle.State.OPEN)
    Submission.objects.create(cycle=cycle, commune=hamlet.parent)
    rows = [["TT", "Chi bộ", "Chi bộ tự xếp loại"], [1, "Ấp Phước Hậu", "HTTNV"]]
    batch = hand_in(clerk, workbook(*rows), kind="ratings")
    answer(batch, asked={"year": "2025"})

    assert check(batch, clerk)["only_own_steps"]
    assert batches.may_write(clerk, batch)
    write(batch, clerk)

    assert CellRating.objects.get().self_level == "GOOD"
    assert not ImportBatch.objects.visible_to(officer).exists()
    batches.undo(batch, seen=batch.revision, by=clerk, reason="Nhầm")
    assert CellRating.objects.get().self_level == ""


def test_a_clerk_writes_people_and_proposes_ratings(people, ratings, clerk, officer):
    assert batches.may_write(clerk, people)
    assert not batches.may_write(clerk, ratings)
    with pytest.raises(PermissionDenied):
        write(ratings, clerk)

    batches.submit(ratings, seen=ratings.revision)
    write(ratings, officer)

    assert CellRating.objects.get().cell.name == "Chi bộ ấp Phước Hậu"
    assert (ratings.state, ratings.done_by) == (State.DONE, officer)


def test_what_waits_is_not_answered_dropped_or_sent_twice(ratings):
    batches.submit(ratings, seen=ratings.revision)

    for act in (
        lambda: answer(ratings, asked={"year": "2021"}),
        lambda: batches.drop(ratings, seen=ratings.revision),
        lambda: batches.submit(ratings, seen=ratings.revision),
    ):
        with pytest.raises(ValidationError):
            act()
    assert ImportBatch.objects.get(pk=ratings.pk).state == State.SUBMITTED


def test_a_faulty_file_is_not_sent(clerk, hamlet):
    batch = hand_in(
        clerk, workbook(["TT", "Chi bộ", "Mức xếp loại"], [1, "Ấp Không Có", "HTTNV"]), kind="ratings"
    )
    asked = {
        "year": "2022",
        "decision_number": "1-QĐ/ĐU",
        "decision_day": "15/12/2022",
        "decision_body": "BTV",
    }
    answer(batch, asked=asked)
    check(batch, clerk)

    with pytest.raises(ValidationError):
        batches.submit(batch, seen=batch.revision)


def test_of_two_who_write_at_once_one_is_told(people, clerk):
    shown = batches.known_check(people).result
    second = ImportBatch.objects.get(pk=people.pk)
    write(people, clerk)

    with pytest.raises(ValidationError):
        batches.write(second, seen=second.revision, by=clerk, fingerprint=shown["fingerprint"])
    assert Person.objects.count() == 1


def test_another_form_forgets_what_was_said_of_the_columns(people):
    answer(people, columns={"ap": "hamlet"})

    answer(people, kind="ratings")

    assert "columns" not in people.answers
    assert people.answers["asked"] == {"starts_on": "1/2/2022", "term": ""}


def test_files_are_forgotten_when_their_time_is_over_and_the_record_stays(people, ratings, clerk, settings):
    write(people, clerk)
    long_ago = timezone.now() - timedelta(days=settings.KEEP_IMPORT_FILES_DAYS + 1)
    ImportBatch.objects.update(made_at=long_ago)

    clear_import_files()

    assert not BatchFile.objects.filter(batch=people).exists()
    assert not BatchCheck.objects.filter(batch=people).exists()
    # What is open or waits still needs its file.
    assert BatchFile.objects.filter(batch=ratings).exists()
    assert ImportBatch.objects.count() == 2


def test_a_file_that_was_written_lately_is_kept(people, clerk):
    write(people, clerk)

    clear_import_files()

    assert BatchFile.objects.filter(batch=people).exists()


def test_rows_are_left_out_and_taken_back_in(clerk, hamlet):
    batch = hand_in(
        clerk,
        workbook(
            HEADER, [1, "Nguyễn Văn An", "Bí thư", "Phước Hậu"], [2, "Lê Văn Bình", "Phó bí thư", "Phước Hậu"]
        ),
    )
    answer(batch, asked={"starts_on": "1/2/2022", "term": ""}, rows={"3": "skip"})
    assert check(batch, clerk)["counts"]["skipped"] == 1

    answer(batch, rows={"3": ""})

    assert check(batch, clerk)["counts"]["new"] == 2


def test_totals_are_compared_with_what_was_read_and_mended(clerk, hamlet):
    rows = [["TT", "Chi bộ", "Tổng số đảng viên"], [1, "Ấp Phước Hậu", "hai mốt"], ["", "Cộng", 21]]
    batch = hand_in(clerk, workbook(*rows), kind="counts")
    answer(batch, asked={"day": "1/1/2025"})
    (wrong,) = check(batch, clerk)["groups"]

    answer(batch, mends={wrong["cells"][0]["key"]: {"to": "21"}})

    (total,) = check(batch, clerk)["totals"]
    assert (total["heading"], total["stated"], total["agrees"]) == ("Tổng số đảng viên", "21", True)

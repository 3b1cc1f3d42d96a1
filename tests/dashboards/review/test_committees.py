"""The committees of the communes: entered row by row, decided for all at once, corrected by a new decision."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from evaluations.models import CommuneRating, Level
from evaluations.review.communes import (
    CommuneEntry,
    commune_rows,
    decide_communes,
    save_commune_rows,
    share_of_communes,
)
from evaluations.review.deciding import Paper
from tests.dashboards.review.conftest import YEAR, get
from tests.dashboards.review.test_opening import post

PAPER = {
    "number": "123-QĐ/TU",
    "day": timezone.localdate().isoformat(),
    "body": "Ban Thường vụ Tỉnh ủy",
}


@pytest.fixture
def rows(cycle):
    return list(commune_rows(cycle))


def fields(row, **values) -> dict:
    return {
        f"revision_{row.pk}": row.revision,
        **{f"{name}_{row.pk}": value for name, value in values.items()},
    }


def enter(cycle, rows, officer, level=Level.GOOD):
    return save_commune_rows(
        cycle, [CommuneEntry(row.pk, row.revision, {"self_level": level}) for row in rows], by=officer
    )


def decide(cycle, officer, **fields):
    paper = Paper(number="123-QĐ/TU", day=timezone.localdate(), body="Ban Thường vụ Tỉnh ủy", **fields)
    return decide_communes(cycle, paper, by=officer)


def test_the_grid_saves_what_was_entered_and_presets_the_proposal(client, officer, cycle, rows):
    first, second = rows

    post(client, officer, "committees", **fields(first, self_level="GOOD", points="82,5"), **fields(second))

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.self_level, first.proposed_level, str(first.points)) == ("GOOD", "GOOD", "82.50")
    assert (second.self_level, second.revision) == ("", 1)


def test_of_two_people_the_second_is_told_and_sees_both(client, officer, cycle, rows):
    row = rows[0]
    stale = fields(row, self_level="GOOD")
    enter(cycle, [row], officer, Level.EXCELLENT)

    page = post(client, officer, "committees", status=200, **stale).content.decode()

    row.refresh_from_db()
    assert row.self_level == "EXCELLENT"
    assert "Số liệu đang lưu: HTXSNV, HTXSNV" in page


def test_a_value_that_cannot_be_read_blocks_its_row_alone(client, officer, cycle, rows):
    first, second = rows

    page = post(
        client,
        officer,
        "committees",
        status=200,
        **fields(first, points="chín mươi"),
        **fields(second, self_level="GOOD"),
    ).content.decode()

    second.refresh_from_db()
    assert second.self_level == "GOOD"
    assert "chín mươi" in page
    assert "Điểm là số từ 0 đến 100" in page


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"points": "101"}, "Điểm"),
        ({"self_level": "KHA"}, "bốn mức"),
    ],
)
def test_what_cannot_be_is_refused_in_words(client, officer, cycle, rows, values, sentence):
    page = post(client, officer, "committees", status=200, **fields(rows[0], **values))

    assert sentence in " ".join(s for row in page.context["grid"].rows for s in row.sentences)
    rows[0].refresh_from_db()
    assert rows[0].revision == 1


def test_the_lowest_level_without_a_reason_is_marked_and_not_decided(client, officer, cycle, rows):
    enter(cycle, rows, officer, Level.NOT_COMPLETED)

    assert "Mức KHTNV cần ghi lý do" in get(client, officer, "committees").content.decode()
    post(client, officer, "decide_committees", status=200, **PAPER)
    assert not CommuneRating.objects.exclude(decided_level="").exists()


def test_one_decision_decides_all_with_exceptions(client, officer, cycle, rows):
    enter(cycle, rows, officer)
    first, second = rows

    post(
        client,
        officer,
        "decide_committees",
        **PAPER,
        signer="Nguyễn Văn A",
        **{f"level_{first.pk}": "EXCELLENT"},
    )

    decided = {row.pk: row for row in commune_rows(cycle)}
    assert (decided[first.pk].decided_level, decided[second.pk].decided_level) == ("EXCELLENT", "GOOD")
    assert decided[first.pk].decision.signer == "Nguyễn Văn A"


def test_nothing_is_decided_where_one_has_no_level(client, officer, cycle, rows):
    enter(cycle, rows[:1], officer)

    page = post(client, officer, "decide_committees", status=200, **PAPER).content.decode()

    assert str(rows[1].commune) in page
    assert not CommuneRating.objects.exclude(decided_level="").exists()


def test_the_committee_of_a_commune_that_ended_is_proposed_as_not_rated(
    client, officer, cycle, rows, neighbour
):
    neighbour.closed_on = timezone.localdate()
    neighbour.save()
    ended, other = sorted(rows, key=lambda row: row.commune_id != neighbour.pk)

    page = get(client, officer, "committees")
    (shown,) = [row for row in page.context["grid"].rows if row.values["not_subject_reason"]]
    assert (shown.rating, shown.values["not_subject_reason"]) == (ended, "dissolved")
    assert "đề xuất “không thuộc diện xếp loại”" in page.content.decode()

    post(
        client,
        officer,
        "committees",
        **fields(ended, not_subject_reason="dissolved"),
        **fields(other, self_level="GOOD"),
    )

    assert decide(cycle, officer) == 1
    assert share_of_communes(cycle, commune_rows(cycle)).levels == {"GOOD": 1}


def test_a_commune_that_ended_only_in_the_year_after_is_rated(client, officer, cycle, rows, neighbour):
    neighbour.closed_on = date(cycle.year + 1, 2, 1)
    neighbour.save()

    page = get(client, officer, "committees")

    assert not [row for row in page.context["grid"].rows if row.values["not_subject_reason"]]


def test_a_committee_is_rated_or_not_subject_to_rating_and_never_both(client, officer, cycle, rows):
    both = fields(rows[0], self_level="GOOD", not_subject_reason="new")

    page = post(client, officer, "committees", status=200, **both).content.decode()

    assert "Để trống một trong hai" in page
    rows[0].refresh_from_db()
    assert (rows[0].self_level, rows[0].not_subject_reason) == ("", "")


def test_what_was_decided_is_closed_to_the_grid(client, officer, cycle, rows):
    enter(cycle, rows, officer)
    decide(cycle, officer)

    page = post(client, officer, "committees", status=200, **fields(rows[0], self_level="COMPLETED"))

    assert page.context["grid"].to_look_at == 1
    with pytest.raises(ValidationError):
        decide(cycle, officer)


def test_a_correction_is_a_new_edition_with_its_decision(client, officer, cycle, rows):
    enter(cycle, rows, officer)
    decide(cycle, officer)
    row = commune_rows(cycle).first()

    values = {
        **PAPER,
        "number": "200-QĐ/TU",
        "level": "COMPLETED",
        "reason": "Xem xét lại",
        "revision": row.revision,
    }
    post(client, officer, "correct_committee", YEAR, row.pk, **values)

    editions = list(CommuneRating.objects.filter(commune=row.commune).order_by("edition"))
    assert [one.decided_level for one in editions] == ["GOOD", "COMPLETED"]
    assert editions[1].edition_reason == "Xem xét lại"
    # The page was of the edition that was replaced.
    post(client, officer, "correct_committee", YEAR, row.pk, status=404, **values)


def test_the_share_counts_what_is_decided_or_proposed(cycle, rows, officer):
    enter(cycle, rows, officer, Level.EXCELLENT)

    share = share_of_communes(cycle, commune_rows(cycle))

    assert (share.excellent, share.most, share.over) == (2, 0, 2)


def test_a_commune_learns_of_its_own_level_when_it_is_decided(clerk, officer, commune, cycle, rows):
    enter(cycle, rows, officer)
    assert not CommuneRating.objects.visible_to(clerk).exists()

    decide(cycle, officer)

    assert [row.commune for row in CommuneRating.objects.visible_to(clerk)] == [commune]


def test_only_the_province_rates_committees(client, clerk, reader, outsider, cycle, rows):
    with pytest.raises(PermissionDenied):
        enter(cycle, rows, clerk)
    post(client, reader, "committees", status=403, **fields(rows[0], self_level="GOOD"))
    post(client, outsider, "committees", status=404, **fields(rows[0], self_level="GOOD"))
    assert "<select" not in get(client, reader, "committees").content.decode()


def test_a_huge_revision_is_no_revision(client, officer, cycle, rows):
    values = fields(rows[0], self_level="GOOD") | {f"revision_{rows[0].pk}": "9" * 5000}

    client.force_login(officer)
    response = client.post(reverse("review_board:committees", args=[YEAR]), values)

    assert response.context["grid"].to_look_at == 1

"""Attempts at the annual review: addresses and posts made by hand, files kept from before, cycles of others."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from desk.exporting.keeping import scope_mark
from desk.models import KeptExport
from evaluations.models import CellRating, Level, Step
from evaluations.review.deciding import Paper, record_decision
from evaluations.review.rows import fill_rest
from evaluations.review.steps import take
from tests import factories
from tests.worlds import kept

ENDLESS = "9" * 5000


@kept
def file(province, commune, neighbour, officer, clerk):
    for home in (commune, neighbour):
        factories.cell(of=factories.hamlet(parent=home))
    file = factories.file_of(commune, factories.open_review(by=officer))
    fill_rest(file, by=clerk)
    put = take(file, Step.Kind.PUT, by=clerk)
    file = record_decision(put, Paper("9-QĐ/ĐU", timezone.localdate(), "Đảng ủy xã"), by=clerk)
    return take(file, Step.Kind.SENT, by=clerk)


@pytest.mark.parametrize("words", [f"nam={ENDLESS}", f"xa={ENDLESS}", "nam=²", "xa=٣", "nam=", "xa=%00"])
def test_numbers_of_any_length_in_an_address_are_no_error_of_the_site(client, officer, file, words):
    client.force_login(officer)

    assert client.get(f"{reverse('papers:unit', args=[file.commune_id])}?{words}").status_code < 500


@pytest.mark.parametrize("years", [ENDLESS, "-1", "²", "1000000"])
def test_no_more_years_running_are_asked_for_than_there_are_papers_of(client, officer, file, years):
    client.force_login(officer)
    address = reverse("papers:paper", args=[file.cycle.province_id, file.cycle.year, "xuat-sac-nhieu-nam"])

    assert client.get(address, {"so_nam": years}).status_code == 200


@pytest.mark.parametrize(
    "text", ["Bổ sung\x00 phiếu", "Bổ sung\x1b[31m phiếu", "\x00", " \x01 \n", "<script>alert(1)</script>"]
)
def test_a_message_is_text_and_nothing_else(client, officer, file, text):
    client.force_login(officer)

    answer = client.post(
        reverse("review:message", args=[file.cycle.year, file.pk]), {"text": text}, follow=True
    )

    said = [step.text for step in file.steps.filter(kind=Step.Kind.MESSAGE)]
    assert answer.status_code == 200
    assert all(one.strip() and "\x00" not in one and "\x1b" not in one for one in said)
    assert b"<script>alert(1)" not in answer.content


@pytest.mark.parametrize(
    "next_url", ["//x.example/", "https://x.example/", "javascript:alert(1)", "/\\x.example"]
)
def test_no_button_of_the_review_leads_out_of_the_site(client, officer, file, next_url):
    client.force_login(officer)

    answer = client.post(
        reverse("review:message", args=[file.cycle.year, file.pk]), {"text": "a", "next": next_url}
    )

    assert answer["Location"] == reverse("review:grid", args=[file.cycle.year, file.pk])


def test_a_file_kept_from_before_a_withdrawal_is_asked_for_anew(client, officer, clerk, file):
    kept, own = (
        KeptExport.objects.create(
            by=user, title="Kết quả", file_name="a.xlsx", row_count=1, size=0, scope=scope_mark(user)
        )
        for user in (officer, clerk)
    )
    client.force_login(officer)
    assert client.get(kept.get_absolute_url()).status_code == 200

    take(file, Step.Kind.WITHDRAWN, by=clerk, text="Sửa một mức")

    assert client.get(kept.get_absolute_url()).status_code == 404
    # What the commune has taken out for itself tells it nothing new.
    client.force_login(clerk)
    assert client.get(own.get_absolute_url()).status_code == 200


# --- What belongs to others -----------------------------------------------------------------


@pytest.fixture
def abroad():
    """An officer of another province with a review of the same year and a file of its own."""
    province = factories.province()
    officer = factories.user(role=Role.PROVINCIAL_STAFF, keeps=[province])
    commune = factories.commune(parent=province)
    factories.cell(of=factories.hamlet(parent=commune))
    cycle = factories.open_review(by=officer)
    return officer, factories.file_of(commune, cycle)


POSTED = {
    "step": {"kind": "returned", "confirmed": "1", "text": "x"},
    "message": {"text": "x"},
    "save": {},
    "fill_rest": {},
    "decide": {"number": "1", "day": "2026-01-01", "body": "x"},
}


@pytest.mark.parametrize("name", POSTED)
@pytest.mark.parametrize("who", ["abroad", "neighbour", "outsider"])
def test_nobody_writes_into_the_file_of_others(client, request, file, abroad, neighbour, who, name):
    user = {
        "abroad": lambda: abroad[0],
        "neighbour": lambda: factories.user(role=Role.COMMUNE_LEAD, keeps=[neighbour]),
        "outsider": lambda: request.getfixturevalue("outsider"),
    }[who]()
    client.force_login(user)
    before = file.steps.count()

    answer = client.post(
        reverse(f"review:{name}", args=[file.cycle.year, file.pk]), POSTED[name] | {"revision": file.revision}
    )

    assert answer.status_code in (403, 404)
    assert file.steps.count() == before


BOARD = {
    "deadline": {"deadline": "2026-12-31"},
    "phones": {},
    "outstanding": {},
}


@pytest.mark.parametrize("name", BOARD)
def test_no_province_grants_anything_to_a_commune_of_another(client, file, abroad, name):
    client.force_login(abroad[0])
    before = file.steps.count()

    answer = client.post(reverse(f"review_board:{name}", args=[file.cycle.year, file.pk]), BOARD[name])

    assert answer.status_code == 404
    assert file.steps.count() == before


@pytest.mark.parametrize(
    "name", ["fix", "close", "discard", "days", "receive", "committees", "decide_committees"]
)
def test_the_year_of_another_province_is_not_run_by_naming_it(client, reader, file, abroad, name):
    address = f"{reverse(f'review_board:{name}', args=[file.cycle.year])}?tinh={file.cycle.province_id}"

    client.force_login(abroad[0])
    assert client.post(address, {"file": file.pk, f"revision_{file.pk}": file.revision}).status_code == 404
    # Who reads the province runs nothing either.
    client.force_login(reader)
    assert client.post(address, {"file": file.pk}).status_code == 403
    file.refresh_from_db()
    assert (file.state, file.cycle.state) == ("sent", "open")


def test_what_is_posted_for_a_row_changes_no_field_that_is_not_entered(
    client, clerk, commune, officer, province
):
    factories.cell(of=factories.hamlet(parent=commune))
    file = factories.file_of(commune, factories.open_review(by=officer))
    row = CellRating.objects.get()
    key = f"c{row.pk}"
    fields = {
        "mark": "1.0",
        "self_level": Level.GOOD,
        "decided_level": Level.EXCELLENT,
        "withheld": "",
        "edition": "7",
        "revision": "99",
        "decided_on": "2026-01-01",
        "cycle": "1",
        "commune": "1",
        "roster_reason": "x",
        "superseded_on": "2026-01-01",
    }
    client.force_login(clerk)

    client.post(
        reverse("review:save", args=[file.cycle.year, file.pk]),
        {f"{key}-{name}": value for name, value in fields.items()},
    )

    row.refresh_from_db()
    assert (row.self_level, row.decided_level, row.withheld, row.edition) == (Level.GOOD, "", True, 1)
    assert (row.revision, row.decided_on, row.roster_reason, row.superseded_on) == (2, None, "", None)


def test_rows_of_the_neighbour_in_ones_own_form_are_left_alone(client, clerk, commune, neighbour, officer):
    for home in (commune, neighbour):
        factories.cell(of=factories.hamlet(parent=home))
    cycle = factories.open_review(by=officer)
    file = factories.file_of(commune, cycle)
    foreign = CellRating.objects.get(commune=neighbour)
    client.force_login(clerk)

    client.post(
        reverse("review:save", args=[file.cycle.year, file.pk]),
        {f"c{foreign.pk}-mark": "1.0", f"c{foreign.pk}-self_level": Level.NOT_COMPLETED},
    )

    foreign.refresh_from_db()
    assert (foreign.self_level, foreign.revision) == ("", 1)


def test_a_level_of_another_file_is_not_corrected_through_ones_own(client, clerk, neighbour, file):
    foreign = CellRating.objects.get(commune=neighbour)
    client.force_login(clerk)

    address = reverse("review:correct", args=[file.cycle.year, file.pk, "chi-bo", foreign.pk])

    assert client.post(address, {"level": Level.GOOD}).status_code in (403, 404)


@pytest.mark.parametrize("name", ["step", "message", "save", "fill_rest"])
def test_nothing_of_the_review_is_changed_by_looking(client, officer, file, name):
    client.force_login(officer)

    assert client.get(reverse(f"review:{name}", args=[file.cycle.year, file.pk])).status_code in (403, 405)

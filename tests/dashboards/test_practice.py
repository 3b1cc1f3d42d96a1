"""What works well in a hamlet: told on its page, found by others without diacritics, printed and taken out."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import ExportLog, Role
from cells.models import PracticeNote
from sheets.reading import read_workbook
from tests import factories

LIST = reverse("dashboards:practice_list")
TEXT = "Tổ tiết kiệm của chi bộ giúp 7 hộ nghèo vay vốn; họp ngày 5 hằng tháng."


@pytest.fixture
def hamlet(commune):
    return factories.hamlet(parent=commune, name="Phước Hậu")


@pytest.fixture
def note(hamlet, clerk):
    return PracticeNote.objects.create(hamlet=hamlet, noted_on=date(2026, 3, 5), text=TEXT, written_by=clerk)


def found(client, user, **query):
    client.force_login(user)
    return list(client.get(LIST, query).context["page"])


def test_a_commune_tells_on_the_page_of_its_hamlet(client, clerk, hamlet):
    client.force_login(clerk)
    page = reverse("dashboards:hamlet", args=[hamlet.pk])
    assert reverse("entry:practice_add", args=[hamlet.pk]) in client.get(page).content.decode()

    response = client.post(
        reverse("entry:practice_add", args=[hamlet.pk]), {"noted_on": "2026-03-05", "text": TEXT, "seen": ""}
    )

    assert response.url == page
    assert PracticeNote.objects.get().written_by == clerk
    assert TEXT in client.get(page).content.decode()


def test_a_note_keeps_its_lines(client, clerk, hamlet):
    client.force_login(clerk)
    told = {"noted_on": "2026-03-05", "text": "Việc  thứ nhất\r\nViệc thứ hai", "seen": ""}

    client.post(reverse("entry:practice_add", args=[hamlet.pk]), told)

    page = client.get(reverse("dashboards:hamlet", args=[hamlet.pk])).content.decode()
    assert PracticeNote.objects.get().text == "Việc thứ nhất\nViệc thứ hai"
    assert "Việc thứ nhất<br>Việc thứ hai" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": "", "noted_on": "2026-03-05"}, "Chưa nhập"),
        ({"text": TEXT, "noted_on": (timezone.localdate() + timedelta(days=1)).isoformat()}, "chưa đến"),
    ],
)
def test_a_note_says_something_on_a_day_that_has_come(client, clerk, hamlet, fields, sentence):
    client.force_login(clerk)

    response = client.post(reverse("entry:practice_add", args=[hamlet.pk]), {"seen": "", **fields})

    assert sentence in response.content.decode()
    assert not PracticeNote.objects.exists()


def test_two_clicks_tell_it_once(client, clerk, hamlet, note):
    client.force_login(clerk)
    address = reverse("entry:practice_add", args=[hamlet.pk])

    response = client.post(address, {"noted_on": "2026-03-05", "text": f" {TEXT} ", "seen": ""})

    assert "đã được ghi cho Ấp Phước Hậu ngày 05/03/2026" in response.content.decode()
    assert PracticeNote.objects.get() == note
    client.post(address, {"noted_on": "2026-03-06", "text": TEXT, "seen": ""})
    assert PracticeNote.objects.count() == 2


def test_a_note_may_be_saved_as_it_is(client, clerk, hamlet, note):
    client.force_login(clerk)
    address = reverse("entry:practice_edit", args=[note.pk])
    seen = client.get(address).context["form"]["seen"].value()

    assert client.post(address, {"noted_on": "2026-03-05", "text": TEXT, "seen": seen}).status_code == 302


def test_a_change_does_not_write_over_that_of_a_colleague(client, clerk, officer, note):
    address = reverse("entry:practice_edit", args=[note.pk])
    client.force_login(clerk)
    seen = client.get(address).context["form"]["seen"].value()
    client.force_login(officer)
    client.post(address, {"noted_on": "2026-03-06", "text": "Cách khác", "seen": seen})
    client.force_login(clerk)

    response = client.post(address, {"noted_on": "2026-03-07", "text": "Cách cũ", "seen": seen})

    assert str(officer) in response.content.decode()
    assert PracticeNote.objects.get().text == "Cách khác"


@pytest.mark.parametrize("words", ["ho ngheo", "HỘ NGHÈO", "tiet kiem von", "hằng tháng"])
def test_it_is_found_by_any_of_its_words_without_diacritics(client, reader, note, words):
    assert found(client, reader, q=words) == [note]


@pytest.mark.parametrize("words", ["bau cu", "!?"])
def test_other_words_find_nothing(client, reader, note, words):
    assert found(client, reader, q=words) == []


def test_it_is_narrowed_to_a_commune(client, reader, note, commune, neighbour):
    other = factories.hamlet(parent=neighbour)
    PracticeNote.objects.create(hamlet=other, noted_on=date(2026, 4, 1), text="Hòm thư góp ý")

    assert len(found(client, reader)) == 2
    assert found(client, reader, xa=commune.pk) == [note]


def test_whoever_does_not_see_the_hamlet_does_not_find_it(client, note, neighbour, outsider):
    for user in (outsider, factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour])):
        assert found(client, user) == []
        assert (
            "kinh nghiệm hay"
            not in client.get(reverse("dashboards:search"), {"q": "ho ngheo"}).content.decode()
        )


def test_the_search_of_the_site_leads_to_it(client, reader, note):
    client.force_login(reader)

    url = client.get(reverse("dashboards:search"), {"q": "ho ngheo"}).context["practice"]["url"]

    assert list(client.get(url).context["page"]) == [note]


def test_what_is_found_is_taken_out_and_noted(client, reader, note, hamlet):
    PracticeNote.objects.create(hamlet=hamlet, noted_on=date(2026, 4, 1), text="Hòm thư góp ý")
    client.force_login(reader)

    response = client.get(reverse("exporting:practice_list"), {"q": "ho ngheo"})

    rows = read_workbook(b"".join(response.streaming_content), "x.xlsx").sheets[0].rows
    text = str(rows)
    assert "7 hộ nghèo" in text
    assert "Hòm thư" not in text
    log = ExportLog.objects.get()
    assert (log.by, log.row_count) == (reader, 1)
    assert "ho ngheo" in log.filters


def test_only_those_who_keep_the_hamlet_are_led_to_change_it(client, clerk, reader, note):
    edit = reverse("entry:practice_edit", args=[note.pk])
    shown = {}
    for user in (clerk, reader):
        client.force_login(user)
        shown[user] = edit in client.get(LIST).content.decode()

    assert shown == {clerk: True, reader: False}


def test_the_list_needs_the_same_queries_for_any_number_of_notes(client, reader, hamlet, note, queries_of):
    client.force_login(reader)
    for_one = queries_of(LIST)
    for number in range(15):
        PracticeNote.objects.create(hamlet=hamlet, noted_on=date(2026, 4, 1), text=f"Cách {number}")

    assert queries_of(LIST) == for_one

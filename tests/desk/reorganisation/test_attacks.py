"""What somebody might try with reorganisations who means no good: each attempt once, and what is said to it."""

import html
import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.changes import recording
from accounts.models import ChangeSet, Role
from cells.models import CellArea, Line, LineKind, Reorganisation, Unit
from desk.importing import batches
from desk.models import ImportBatch
from desk.reorganisation.drafting import add_lines, begin
from desk.reorganisation.drafting.rules import DraftLine
from desk.reorganisation.rehearsal import keeping
from leaders.models import Office, Tenure
from tests import factories
from tests.desk.reorganisation.acting import carry_out, choose_first, event_of, line
from tests.soaking import soaked
from tests.worlds import kept

State = Reorganisation.State
LAST_MONTH = timezone.localdate() - timedelta(days=30)
RUBBISH = ('=HYPERLINK("http://x")', "<script>alert(1)</script>", "\u202eấp\x01 tám\u200b", "A" * 200)


def address(name: str, *args) -> str:
    return reverse(f"reorganisations:{name}", args=args)


def sent(client, url, **data):
    """Send the form of this page with what it carries hidden."""
    context = client.get(url).context
    seen = context["form"].initial.get("seen", "") if context and "form" in context else ""
    return client.post(url, {"seen": seen, **data})


def text_of(response) -> str:
    return response.content.decode()


def peopled(commune, name: str, head: str):
    hamlet = factories.hamlet(parent=commune, name=name)
    factories.tenure(cell=factories.cell(of=hamlet, name=f"Chi bộ {name}"))
    factories.tenure(
        office=Office.HAMLET_HEAD, hamlet=hamlet, person=factories.person(keeper=commune, full_name=head)
    )
    return hamlet


@kept
def chief():
    return factories.user(username="chief", role=Role.ADMINISTRATOR, is_superuser=True)


@kept
def own(commune):
    return [peopled(commune, name, f"Trần Văn {letter}") for name, letter in zip("12", "AB", strict=True)]


@kept
def foreign(neighbour):
    return peopled(neighbour, "Bí Mật", "Nguyễn Thị Hàng Xóm")


@kept
def event(commune, own):
    made = event_of(commune, title="Sáp nhập ấp 1, ấp 2", effective_on=LAST_MONTH)
    line(made, LineKind.FOUND, units=own, on=LAST_MONTH, name="Hòa Bình", unit_kind="ap")
    return made


@kept
def foreign_event(neighbour, foreign):
    made = event_of(neighbour, title="Việc của xã bên", effective_on=LAST_MONTH)
    line(made, LineKind.RENAME, unit=foreign, on=LAST_MONTH, name="Mới")
    return made


# --- naming what is not one's own ---------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("rename", "unit"),
        ("close", "unit"),
        ("absorb", "unit"),
        ("absorb", "units"),
        ("found", "units"),
        ("split", "unit"),
        ("split", "takers"),
        ("reclassify", "unit"),
        ("cell_found", "units"),
        ("cell_dissolve", "cell"),
        ("cell_rename", "cell"),
        ("cell_join", "cell"),
        ("cell_join", "cells"),
    ],
)
@pytest.mark.parametrize("find", ["bi mat", *soaked("")])
def test_keys_of_the_neighbour_are_no_choices_anywhere(client, clerk, event, foreign, kind, field, find):
    thing = foreign if field in ("unit", "units", "takers") else CellArea.objects.get(hamlet=foreign).cell
    client.force_login(clerk)
    url = address("line_add", event.pk, LineKind(kind))

    answer = sent(client, url, **{field: thing.pk, f"{field}_find": find, "name": "X", "on": LAST_MONTH})

    assert answer.status_code == 200
    assert "Bí Mật" not in text_of(answer)
    assert event.lines.count() == 1


def test_events_lines_and_findings_of_the_neighbour_are_not_found(client, clerk, foreign_event):
    pk, line_pk = foreign_event.pk, foreign_event.lines.get().pk
    client.force_login(clerk)

    for name in (
        "event",
        "rehearsal",
        "print",
        "submit",
        "event_edit",
        "event_discard",
        "sheet",
        "decide",
        "rehearse_anew",
    ):
        for way in (client.get, client.post):
            assert way(address(name, pk)).status_code in (404, 405), name
    for url in (
        address("line_edit", line_pk),
        address("line_remove", line_pk),
        address("line_add", pk, LineKind.RENAME),
        address("finding", pk, 1, "units"),
        address("finding_export", pk, 1, "units"),
    ):
        assert client.get(url).status_code == 404
    for name in ("apply", "check", "undo", "send_back", "reopen", "correct"):
        assert client.post(address(name, pk), {"seen": 1}).status_code in (403, 404, 405)


def test_a_line_under_the_unit_of_another_events_line_is_refused(client, officer, province, own):
    mine = begin(title="A", unit=province, on=LAST_MONTH)
    other = begin(title="B", unit=province, on=LAST_MONTH)
    founding, _own = (
        add_lines(
            e,
            [
                DraftLine(
                    kind=LineKind.OPEN, on=LAST_MONTH, name="Mới", unit_kind="xa", code="99", parent=province
                )
            ],
        )[0]
        for e in (other, mine)
    )
    client.force_login(officer)

    answer = sent(
        client,
        address("line_add", mine.pk, LineKind.MOVE),
        unit=own[0].pk,
        parent_line=founding.pk,
        on=LAST_MONTH,
    )

    assert answer.status_code == 200
    assert mine.lines.count() == 1


def test_choices_nobody_offered_are_not_recorded(client, clerk, event, foreign):
    client.force_login(clerk)
    client.get(address("rehearsal", event.pk))
    head = Tenure.objects.get(hamlet=foreign, office=Office.HAMLET_HEAD)
    key = f"seat:hamlet_head:line{event.lines.get().pk}"

    client.post(
        address("decide", event.pk),
        {
            "seen": event.revision,
            f"case:{key}": f"interim:{head.pk}",
            "case:seat:hamlet_head:line999": "none",
            "alike": "seat:hamlet_head|none|x",
        },
    )

    assert not event.fates.exists()
    assert "Hàng Xóm" not in text_of(client.get(event.get_absolute_url()))


@pytest.mark.parametrize("day", ["2020-01-01", *soaked("2026-05-01")])
def test_a_workbook_of_a_past_day_names_no_hamlet_that_stands_elsewhere_now(
    client, clerk, commune, neighbour, own, day
):
    gone = peopled(commune, "Đã Đi", "Nguyễn Thị Hàng Xóm")
    moving = event_of(None, title="Chuyển", effective_on=date(2026, 4, 1))
    line(moving, LineKind.MOVE, unit=gone, parent=neighbour, on=date(2026, 4, 1))
    carry_out(moving)
    event = begin(title="E", unit=commune, on=LAST_MONTH)
    client.force_login(clerk)

    def seen(*rows: str) -> str:
        """Hand the rows in at the draft, answer what is asked, and return the page of the desk."""
        content = "\n".join(["Ấp cũ,Tên mới,Ngày hiệu lực", *rows]).encode("utf-8-sig")
        sent(client, address("sheet", event.pk), file=SimpleUploadedFile("a.csv", content))
        batch = ImportBatch.objects.first()
        asked = {ask.key: "" for ask in batches.read_batch(batch, clerk).asks}
        asked |= {key: LineKind.ABSORB for key in asked if key == "same_name"}
        batches.answer(batch, seen=batch.revision, asked=asked)
        batches.check(batch, batches.read_batch(batch, clerk), clerk)
        return html.unescape(client.get(batch.get_absolute_url(), follow=True).content.decode())

    shown = seen(f"Đã Đi,Ấp 1,{day}", f"1,Ấp 1,{day}")
    assert "Không có “Đã Đi”" in shown
    assert not event.lines.exists()
    for typed in ("Da Dii", "Đã Đi Đi"):
        shown = seen(f"{typed},Gộp,2020-01-01")
        assert "Gần nhất: ấp Đã Đi" not in shown
        assert "Ấp Đã Đi" not in shown


def test_papers_of_the_neighbour_are_not_completed_by_their_number(client, clerk, event, own, neighbour):
    factories.decision(number="77/NQ-MAT", issuing_body="Cơ quan bí mật", unit=neighbour)
    client.force_login(clerk)

    answer = sent(
        client,
        address("line_add", event.pk, LineKind.RENAME),
        unit=own[0].pk,
        name="Mới",
        on=LAST_MONTH,
        decision_number="77/NQ-MAT",
    )

    assert "bí mật" not in text_of(answer)
    assert event.lines.count() == 1


def test_a_commune_sees_no_numbers_of_its_province(client, clerk, officer, event, own, province, commune):
    factories.target(unit=province, term="2025-2030")
    factories.cell(of=factories.hamlet(parent=factories.commune(parent=province)))
    cells = [CellArea.objects.get(hamlet=hamlet).cell for hamlet in own]
    line(event, LineKind.CELL_JOIN, cells=cells, on=LAST_MONTH, name="Chi bộ chung")
    client.force_login(officer)
    assert "59/117" in text_of(client.get(address("rehearsal", event.pk)))
    client.force_login(clerk)
    for url in (address("rehearsal", event.pk), address("print", event.pk)):
        assert "59/117" not in text_of(client.get(url))
    assert client.get(address("finding", event.pk, 1, "target")).status_code == 404
    assert client.get(address("finding_export", event.pk, 1, "target")).status_code == 404


# --- acting beyond one's role ---------------------------------------------------------------


def test_nothing_happens_by_looking(client, officer, event):
    choose_first(event)
    client.force_login(officer)
    before = Reorganisation.objects.values("state", "revision").get()
    for name in ("submit", "check", "apply", "send_back", "undo", "reopen", "correct", "event_discard"):
        assert client.get(address(name, event.pk), {"seen": event.revision, "reason": "x"}).status_code == 200
    assert client.get(address("decide", event.pk)).status_code == 405
    assert Reorganisation.objects.values("state", "revision").get() == before


@pytest.mark.parametrize("who", ["clerk", "reader"])
def test_the_acts_of_the_province_are_not_those_of_others(client, request, event, who):
    choose_first(event)
    client.force_login(request.getfixturevalue(who))
    for name in ("check", "apply", "send_back", "undo", "reopen"):
        assert client.post(address(name, event.pk), {"seen": event.revision}).status_code == 403
    assert client.get(address("correct", event.pk)).status_code == 403
    if who == "reader":
        for name in ("submit", "decide", "event_edit", "event_discard", "sheet"):
            assert client.post(address(name, event.pk), {"seen": event.revision}).status_code == 403
        assert client.post(address("new"), {}).status_code == 403
        assert client.post(address("propose"), {}).status_code == 403
    event.refresh_from_db()
    assert event.state == State.DRAFT


def test_whose_grant_has_ended_finds_nothing(client, clerk, event):
    client.force_login(clerk)
    assert client.get(event.get_absolute_url()).status_code == 200
    clerk.grants.update(starts_on=None, ends_on=timezone.localdate() - timedelta(days=1))
    for name in ("event", "rehearsal", "print", "submit", "event_edit"):
        assert client.get(address(name, event.pk)).status_code == 404
    assert client.post(address("submit", event.pk), {"seen": 1}).status_code == 404
    assert client.get(address("propose")).status_code == 404


def test_an_archive_is_read_and_not_drafted_in(client, commune, neighbour, event, own):
    person = factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour], reads=[commune])
    client.force_login(person)
    assert client.get(event.get_absolute_url()).status_code == 200
    assert client.post(address("submit", event.pk), {"seen": event.revision}).status_code == 403
    assert client.post(address("decide", event.pk), {"seen": event.revision}).status_code == 403
    assert client.get(address("line_edit", event.lines.get().pk)).status_code == 403
    assert client.get(address("propose"), {"xa": commune.pk}).status_code == 403
    assert client.get(address("propose"), {"thon": own[0].pk}).status_code == 403


def test_the_country_is_not_begun_by_a_province(client, officer, province):
    client.force_login(officer)
    answer = sent(client, address("new"), title="X", unit="", on="2026-05-01")
    assert answer.status_code == 200
    assert not Reorganisation.objects.exists()


# --- the country's events ---------------------------------------------------------------------


def test_an_event_of_the_country_shows_people_and_cells_to_those_who_see_them(client, clerk, chief, foreign):
    country = event_of(None, title="Cả nước", effective_on=LAST_MONTH)
    other = peopled(foreign.parent, "Hai", "Lê Thị Người Ta")
    merger = line(country, LineKind.FOUND, units=[foreign, other], on=LAST_MONTH, name="Gộp", unit_kind="ap")
    cell = CellArea.objects.get(hamlet=foreign).cell
    line(country, LineKind.CELL_RENAME, cell=cell, on=LAST_MONTH, name="Chi bộ Kín")
    head = Tenure.objects.get(hamlet=foreign, office=Office.HAMLET_HEAD)
    country.fates.create(key=f"seat:hamlet_head:line{merger.pk}", choice=f"interim:{head.pk}")

    client.force_login(chief)
    seen = text_of(client.get(country.get_absolute_url()))
    assert "Hàng Xóm" in seen
    assert "Kín" in seen
    client.force_login(clerk)
    answer = client.get(country.get_absolute_url())
    assert answer.status_code == 404
    Reorganisation.objects.filter(pk=country.pk).update(state=State.APPLIED)
    answer = client.get(country.get_absolute_url())
    assert "Gộp" in text_of(answer)
    assert "Hàng Xóm" not in text_of(answer)
    assert "Kín" not in text_of(answer)
    assert address("rehearsal", country.pk) not in text_of(answer)
    assert client.get(address("rehearsal", country.pk)).status_code == 404
    assert client.get(address("print", country.pk)).status_code == 404
    assert client.get(address("finding_export", country.pk, 1, "seat")).status_code == 404


# --- what is sent ---------------------------------------------------------------------------------


@pytest.mark.parametrize("seen", ["", "²", "9" * 5000, *soaked("0", "-1", "1e3", "1\x00")])
@pytest.mark.parametrize("name", ["submit", "check", "apply", "reopen", "decide"])
def test_a_revision_that_is_none_does_nothing(client, officer, event, name, seen):
    client.force_login(officer)
    answer = client.post(address(name, event.pk), {"seen": seen})
    assert answer.status_code in (200, 302)
    event.refresh_from_db()
    assert (event.state, event.revision) == (State.DRAFT, 1)


@pytest.mark.parametrize("step", ["9" * 5000, "9" * 30, "x"])
def test_a_way_back_that_leads_nowhere_is_none(client, officer, event, step):
    client.force_login(officer)
    answer = client.post(
        address("decide", event.pk),
        {"seen": event.revision, "step": step, "finding": "units", "save": "//evil.example"},
    )
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sap-nhap/")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", *soaked("0001-01-02", "0999-01-01")])
@pytest.mark.parametrize("kind", ["rename", "found", "cell_found", "split", "close"])
def test_days_out_of_all_time_are_refused_in_words(client, clerk, event, own, day, kind):
    client.force_login(clerk)
    data = {
        "unit": own[0].pk,
        "units": [one.pk for one in own],
        "name": "Mới",
        "on": day,
        "unit_kind": "ap",
        "ends": "no",
        "part_name_0": "Phần",
    }
    answer = sent(client, address("line_add", event.pk, LineKind(kind)), **data)
    assert answer.status_code in (200, 302)
    assert client.get(event.get_absolute_url()).status_code == 200
    assert client.get(address("rehearsal", event.pk)).status_code == 200
    assert client.get(address("print", event.pk)).status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_an_event_of_no_time_is_refused_in_words(client, officer, clerk, province, commune, own, day):
    client.force_login(officer)
    answer = sent(client, address("new"), title="X", unit=province.pk, on=day)
    assert answer.status_code in (200, 302)
    for event in Reorganisation.objects.all():
        content = "Xã,Ấp cũ,Tên mới\nPhú Túc,1,Gộp\nPhú Túc,2,Gộp\n".encode("utf-8-sig")
        answer = sent(
            client, address("sheet", event.pk), same_name="found", file=SimpleUploadedFile("a.csv", content)
        )
        assert answer.status_code in (200, 302)
        assert client.get(event.get_absolute_url()).status_code == 200
        assert client.get(address("rehearsal", event.pk)).status_code == 200
        assert client.get(address("list")).status_code == 200
    client.force_login(clerk)
    answer = client.post(
        address("propose"),
        {
            "things": [one.pk for one in own],
            "name": "Gộp",
            "decision_number": "1",
            "decision_date": "0001-01-01",
            "decision_body": "X",
            "on": day,
            "stays": "none",
        },
    )
    assert answer.status_code in (200, 302)
    if answer.status_code == 302:
        assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", *soaked("0001-01-02", "1500-01-01")])
def test_no_day_is_corrected_out_of_all_time(client, officer, event, day):
    carry_out(event)
    client.force_login(officer)
    url = address("correct_day", event.pk, event.lines.get().pk)
    answer = sent(client, url, day=day, reason="x")
    assert answer.status_code == 200
    assert event.lines.get().on == LAST_MONTH


@pytest.mark.parametrize("name", RUBBISH)
def test_names_are_only_ever_text(client, clerk, officer, event, name, commune):
    extra = factories.hamlet(parent=commune, name="9")
    client.force_login(clerk)
    answer = sent(
        client,
        address("line_add", event.pk, LineKind.RENAME),
        unit=extra.pk,
        name=name,
        on=LAST_MONTH,
        **PAPER,
    )
    assert answer.status_code == 302, answer.context["form"].errors
    stored = event.lines.get(kind=LineKind.RENAME).name
    assert "\x01" not in stored
    assert "\u202e" not in stored
    for page in ("event", "rehearsal", "print"):
        text = text_of(client.get(address(page, event.pk)))
        assert "<script>alert" not in text
    export = client.get(address("finding_export", event.pk, 1, "units"))
    assert export.status_code == 200
    content = b"".join(export.streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    event.refresh_from_db()
    carry_out(event)
    client.force_login(officer)
    for page in ("event", "rehearsal", "print", "correct"):
        text = text_of(client.get(address(page, event.pk)))
        assert "<script>alert" not in text
    assert "<script>alert" not in text_of(client.get(reverse("dashboards:search"), {"q": "9"}))
    assert "<script>alert" not in text_of(client.get(extra.get_absolute_url()))


PAPER = {"decision_number": "1/NQ", "decision_date": "2026-01-02", "decision_body": "HĐND"}


@pytest.mark.parametrize(
    "query",
    [
        {"q": "\x00"},
        {"q": "x" * 5000},
        {"nam": "9" * 400},
        {"nam": "²"},
        {"page": "9" * 5000},
        {"trang_thai": "\x00"},
        {"q": "%' OR 1=1"},
    ],
)
def test_the_list_bears_rubbish(client, clerk, event, query):
    client.force_login(clerk)
    assert client.get(address("list"), query).status_code == 200


@pytest.mark.parametrize("q", ["x" * 5000, "ấp\x001", *soaked("\x00", "%")])
def test_pickers_bear_rubbish(client, officer, event, province, q, commune, neighbour):
    client.force_login(officer)
    assert client.get(address("propose"), {"q": q}).status_code == 200
    assert (
        sent(client, address("line_add", event.pk, LineKind.RENAME), unit_find=q, find="1").status_code == 200
    )
    for value in ("9" * 5000, "9" * 18, "\x00", "-1", "x"):
        assert (
            sent(client, address("line_add", event.pk, LineKind.RENAME), unit=value, find="1").status_code
            == 200
        )
        assert (
            sent(
                client, address("line_add", event.pk, LineKind.RENAME), unit=value, units=value, on="x"
            ).status_code
            == 200
        )
        assert client.get(address("propose"), {"xa": value}).status_code == 404
        assert client.get(address("propose"), {"thon": value}).status_code == 404
        assert client.get(address("propose_cells"), {"thon": value}).status_code == 404


def test_titles_as_long_as_may_be_reach_the_worker(client, officer, event, monkeypatch):
    Reorganisation.objects.update(title="T" * 300)
    choose_first(event)
    monkeypatch.setattr(keeping, "MOST_LINES_INLINE", 0)
    client.force_login(officer)
    for name in ("check", "rehearse_anew"):
        event.refresh_from_db()
        answer = client.post(address(name, event.pk), {"seen": event.revision})
        assert answer["Location"].startswith("/viec/")
        assert client.get(answer["Location"]).status_code == 200
    long = SimpleUploadedFile("x" * 240 + ".csv", "Ấp cũ,Tên mới\n1,Gộp\n2,Gộp\n".encode())
    assert sent(client, address("sheet", event.pk), same_name="found", file=long).status_code in (200, 302)


# --- founding lines that lead into each other ----------------------------------------------------


def test_what_lines_found_does_not_stand_in_itself(client, officer, province):
    made = begin(title="A", unit=province, on=LAST_MONTH)
    first = line(made, LineKind.OPEN, on=LAST_MONTH, name="Một", unit_kind="xa", code="91", parent=province)
    client.force_login(officer)
    data = {"unit_kind": "xa", "name": "Một", "code": "91", "on": LAST_MONTH, **PAPER}
    answer = sent(client, address("line_edit", first.pk), parent_line=first.pk, **data)
    assert answer.status_code in (200, 302)
    assert client.get(made.get_absolute_url()).status_code == 200
    assert client.get(address("rehearsal", made.pk)).status_code == 200
    assert client.get(address("print", made.pk)).status_code == 200


def test_a_line_under_what_a_later_line_founds_is_said_in_words(client, officer, province, own):
    made = begin(title="A", unit=province, on=LAST_MONTH)
    later = line(
        made,
        LineKind.OPEN,
        on=LAST_MONTH + timedelta(days=5),
        name="Một",
        unit_kind="xa",
        code="91",
        parent=province,
    )
    line(made, LineKind.MOVE, unit=own[0], on=LAST_MONTH, parent_line=later)
    client.force_login(officer)
    assert client.get(address("rehearsal", made.pk)).status_code == 200
    made.refresh_from_db()
    assert client.post(address("check", made.pk), {"seen": made.revision}).status_code in (200, 302)


def test_a_line_under_what_an_earlier_line_founds(client, officer, province, own):
    made = begin(title="A", unit=province, on=LAST_MONTH)
    earlier = line(made, LineKind.OPEN, on=LAST_MONTH, name="Một", unit_kind="xa", code="91", parent=province)
    line(made, LineKind.MOVE, unit=own[0], on=LAST_MONTH + timedelta(days=5), parent_line=earlier)
    client.force_login(officer)
    assert client.get(address("rehearsal", made.pk)).status_code == 200
    carry_out(made)
    assert Unit.objects.get(pk=own[0].pk).commune.name == "Một"


def test_a_founding_line_that_becomes_another_thing_is_said_in_words(client, officer, province, own, commune):
    made = begin(title="A", unit=province, on=LAST_MONTH)
    first = line(made, LineKind.OPEN, on=LAST_MONTH, name="Một", unit_kind="xa", code="91", parent=province)
    line(made, LineKind.MOVE, unit=own[0], on=LAST_MONTH, parent_line=first)
    client.force_login(officer)
    data = {"unit_kind": "ap", "name": "Một", "parent": commune.pk, "on": LAST_MONTH, **PAPER}
    assert sent(client, address("line_edit", first.pk), **data).status_code in (200, 302)
    answer = client.get(address("rehearsal", made.pk))
    assert answer.status_code == 200
    assert answer.context["said"].problems


# --- back doors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["officer", "chief"])
def test_what_an_event_did_is_taken_back_on_its_own_page_alone(client, request, event, officer, who):
    with recording(by=officer, kind=ChangeSet.Kind.PAGE, reason="/x"):
        carry_out(event)
    client.force_login(request.getfixturevalue(who))
    sets = ChangeSet.objects.filter(
        pk__in=[
            *Line.history.values_list("change_set", flat=True),
            *Reorganisation.history.values_list("change_set", flat=True),
        ]
    )
    for change_set in sets.order_by("-pk"):
        url = reverse("admin:accounts_changeset_take_back", args=[change_set.pk])
        answer = client.post(url, {"reason": "x"}, follow=True)
        # What an administrator began is not even seen by the province.
        assert answer.status_code == 404 or event.get_absolute_url() in text_of(answer)
    event.refresh_from_db()
    assert event.state == State.APPLIED
    assert event.lines.get().applied_in is not None
    assert not ChangeSet.objects.filter(takes_back__isnull=False).exists()


@pytest.mark.parametrize("most", [0, 200])
def test_what_was_recorded_with_samples_is_not_undone_by_its_page(client, officer, event, monkeypatch, most):
    monkeypatch.setattr(keeping, "MOST_LINES_INLINE", most)
    with recording(by=None, kind=ChangeSet.Kind.SAMPLES, reason="Samples"):
        carry_out(event)
    event.lines.update(applied_in=ChangeSet.objects.filter(kind=ChangeSet.Kind.SAMPLES).first())
    client.force_login(officer)
    Line.history.filter(applied_in__isnull=False).update(
        change_set=ChangeSet.objects.filter(kind=ChangeSet.Kind.SAMPLES).first()
    )
    answer = client.get(address("undo", event.pk))
    assert 'name="reason"' not in text_of(answer)
    assert "không hoàn tác riêng" in text_of(answer)

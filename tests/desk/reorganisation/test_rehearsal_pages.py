"""The page that rehearses: numbers, lists, choices, the long event, the print."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from accounts.models import ExportLog, Role
from cells.fates import Case, CaseKind, Option
from cells.models import Fate, LineKind, Reorganisation
from desk.models import Job, KeptRehearsal
from desk.reorganisation.drafting import add_lines, begin
from desk.reorganisation.drafting.rules import WHOLE, DraftLine
from desk.reorganisation.rehearsal import keeping
from desk.reorganisation.rehearsal.alike import alike_in
from desk.reorganisation.rehearsal.findings import Finding, Rehearsal, Step
from leaders.models import Office
from sheets.writing import Column
from tests import factories
from tests.worlds import kept

DAY = date(2025, 5, 1)
State = Reorganisation.State


def peopled_hamlet(commune, name: str):
    """A hamlet with its cell, a head and a secretary."""
    hamlet = factories.hamlet(parent=commune, name=name)
    factories.tenure(cell=factories.cell(of=hamlet, name=f"Chi bộ ấp {name}"))
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet)
    return hamlet


def merger(commune, *names, into: str, on: date = DAY) -> DraftLine:
    hamlets = [(peopled_hamlet(commune, name), WHOLE) for name in names]
    paper = factories.decision(unit=commune)
    return DraftLine(kind=LineKind.FOUND, on=on, units=hamlets, name=into, unit_kind="ap", decision=paper)


@kept
def event(commune):
    """A draft that merges two hamlets; who becomes head has to be chosen."""
    made = begin(title="Sắp xếp ấp xã Phú Túc", unit=commune, on=DAY)
    add_lines(made, [merger(commune, "1", "2", into="Hòa Bình")])
    made.refresh_from_db()
    return made


@pytest.fixture
def address(event):
    def of(name: str, *args) -> str:
        return reverse(f"reorganisations:{name}", args=[event.pk, *args])

    return of


def text_of(client, url: str) -> str:
    return client.get(url).content.decode()


def said(event) -> keeping.Said:
    event.refresh_from_db()
    return keeping.kept(event)


def choose_all(client, event, **more):
    """Choose the first option of every open case, as the page sends it."""
    event.refresh_from_db()
    shown = keeping.rehearsed(event)
    sent = {f"case:{case.key}": case.options[0].code for case in shown.open_cases}
    url = reverse("reorganisations:decide", args=[event.pk])
    return client.post(url, {"seen": event.revision, **sent, **more}, follow=True)


# --- numbers and lists ----------------------------------------------------------------------


def test_each_number_leads_to_its_list(client, clerk, event, address):
    client.force_login(clerk)

    text = text_of(client, address("rehearsal"))

    numbers = text[text.index('id="day-1"') :]
    anchors = re.findall(r'<li><strong>(\d+)</strong> <span><a href="#([a-z_]+-1)">', numbers)
    assert {anchor for _number, anchor in anchors} >= {"units-1", "seat-1", "cells_meet-1"}
    for number, anchor in anchors:
        finding = said(event).finding(1, anchor.removesuffix("-1"))[1]
        assert f'id="{anchor}"' in text
        assert int(number) == finding.count == len(finding.rows)


def test_nothing_is_chosen_when_the_page_is_opened_first(client, clerk, event, address):
    client.force_login(clerk)

    text = text_of(client, address("rehearsal"))

    assert 'type="radio"' in text
    assert " checked" not in text
    assert f"{len(said(event).open_cases)} việc" in text


def test_a_rehearsal_changes_nothing(client, clerk, event, address):
    client.force_login(clerk)
    before = event.history.count(), event.unit.history.count()

    client.get(address("rehearsal"))

    event.refresh_from_db()
    assert (event.history.count(), event.unit.history.count()) == before
    assert event.lines.get().applied_in is None


def test_problems_stand_on_top(client, clerk, commune):
    made = begin(title="Chưa có văn bản", unit=commune, on=DAY)
    line = merger(commune, "7", "8", into="Tân Hòa")
    line.decision = None
    add_lines(made, [line])
    client.force_login(clerk)

    text = text_of(client, reverse("reorganisations:rehearsal", args=[made.pk]))

    assert "Chưa thực hiện được vì" in text
    assert text.index("Chưa thực hiện được vì") < text.index('id="day-1"')


def test_who_only_reads_sees_the_lists_and_no_choices(client, reader, event, address):
    client.force_login(reader)

    text = text_of(client, address("rehearsal"))

    assert 'id="seat-1"' in text
    assert 'type="radio"' not in text
    assert "chưa chọn" in text


def test_what_was_sent_is_decided_by_the_province_only(client, clerk, officer, event, address):
    Reorganisation.objects.filter(pk=event.pk).update(state=State.SUBMITTED)

    client.force_login(clerk)
    assert 'type="radio"' not in text_of(client, address("rehearsal"))
    choose_all(client, event)
    assert not Fate.objects.exists()

    client.force_login(officer)
    assert 'type="radio"' in text_of(client, address("rehearsal"))


def test_an_event_of_the_whole_country_is_rehearsed_by_those_who_see_it_all(client, officer):
    made = begin(title="Cả nước", unit=None, on=DAY)
    client.force_login(officer)
    url = reverse("reorganisations:rehearsal", args=[made.pk])

    # A draft is nobody else's yet; what was decided everybody may know.
    assert client.get(made.get_absolute_url()).status_code == 404
    Reorganisation.objects.update(state=Reorganisation.State.APPLIED)
    assert client.get(made.get_absolute_url()).status_code == 200
    assert client.get(url).status_code == 404

    client.force_login(factories.user(role=Role.ADMINISTRATOR, keeps=[None]))
    assert client.get(url).status_code == 200


def test_a_finding_has_a_page_and_a_workbook_of_its_own(client, clerk, event, address):
    client.force_login(clerk)
    client.get(address("rehearsal"))

    page = text_of(client, address("finding", 1, "units"))
    response = client.get(address("finding_export", 1, "units"))

    assert "Ấp Hòa Bình" in page
    day_and_borders = "Số liệu tính đến ngày 01/05/2025, theo địa giới tại thời điểm."
    assert day_and_borders in page
    assert day_and_borders in text_of(client, address("rehearsal"))
    assert b"".join(response.streaming_content)[:2] == b"PK"
    log = ExportLog.objects.get()
    assert (log.by, log.row_count) == (clerk, said(event).finding(1, "units")[1].count)


@pytest.mark.parametrize(("step", "code"), [(1, "no_such"), (9, "units")])
def test_a_finding_that_does_not_exist_is_not_found(client, clerk, event, address, step, code):
    client.force_login(clerk)

    assert client.get(address("finding", step, code)).status_code == 404
    assert client.get(address("finding_export", step, code)).status_code == 404


def test_the_page_needs_the_same_queries_for_any_number_of_lines(client, clerk, commune):
    client.force_login(clerk)

    def queries_for(count: int) -> int:
        made = begin(title=f"{count}", unit=commune, on=DAY)
        add_lines(
            made, [merger(commune, f"{count}a{n}", f"{count}b{n}", into=f"{count}c{n}") for n in range(count)]
        )
        made.refresh_from_db()
        keeping.rehearse_and_keep(made)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("reorganisations:rehearsal", args=[made.pk])).status_code == 200
        return len(captured)

    queries_for(1)
    assert queries_for(1) == queries_for(12) <= 12


# --- choices --------------------------------------------------------------------------------


def test_all_choices_of_the_page_are_saved_at_once(client, clerk, event):
    client.force_login(clerk)

    response = choose_all(client, event)

    assert "Đã lưu" in response.content.decode()
    assert Fate.objects.filter(reorganisation=event).count() == len(said(event).cases)
    assert said(event).open_cases == []
    assert " checked" in response.content.decode()


def test_a_choice_can_be_opened_again(client, clerk, event, address):
    client.force_login(clerk)
    choose_all(client, event)
    case = said(event).cases[0]

    event.refresh_from_db()
    client.post(address("decide"), {"seen": event.revision, f"case:{case.key}": ""})

    assert [one.key for one in said(event).open_cases] == [case.key]


def test_an_option_that_was_not_offered_is_not_recorded(client, clerk, event, address):
    client.force_login(clerk)
    client.get(address("rehearsal"))
    case = said(event).cases[0]

    sent = {"seen": event.revision, f"case:{case.key}": "everything", "case:no:such": "x"}
    response = client.post(address("decide"), sent, follow=True)

    assert "Chưa chọn gì" in response.content.decode()
    assert not Fate.objects.exists()


def test_the_second_of_two_people_is_told_who_was_first(client, clerk, officer, event, address):
    client.force_login(clerk)
    client.get(address("rehearsal"))
    seen = event.revision
    client.force_login(officer)
    choose_all(client, event)

    client.force_login(clerk)
    case = said(event).cases[0]
    other = case.options[-1].code
    response = client.post(address("decide"), {"seen": seen, f"case:{case.key}": other}, follow=True)

    assert str(officer) in response.content.decode()
    assert Fate.objects.get(key=case.key).choice == case.options[0].code


def test_one_button_decides_all_cases_alike_and_leaves_what_was_chosen(client, clerk, commune):
    made = begin(title="Hai cặp ấp", unit=commune, on=DAY)
    add_lines(made, [merger(commune, "1", "2", into="A"), merger(commune, "3", "4", into="B")])
    made.refresh_from_db()
    client.force_login(clerk)
    url = reverse("reorganisations:rehearsal", args=[made.pk])
    client.get(url)
    heads = [case for case in said(made).cases if case.key.startswith("seat:hamlet_head")]
    assert len(heads) == 2
    one = next(alike for alike in alike_in(heads) if alike.likeness == "interim1")

    sent = {"seen": made.revision, "alike": one.value, f"case:{heads[0].key}": "none"}
    client.post(reverse("reorganisations:decide", args=[made.pk]), sent)

    chosen = dict(Fate.objects.values_list("key", "choice"))
    assert chosen[heads[0].key] == "none"
    assert chosen[heads[1].key] == next(o.code for o in heads[1].options if o.alike == "interim1")
    assert len(chosen) == 2


def case(key: str, *labels: str, kind: str = CaseKind.DEPUTY, alike: str = "") -> Case:
    options = tuple(Option(f"c{number}", label, alike) for number, label in enumerate(labels))
    return Case(kind=kind, key=key, subject=key, options=options, day=DAY)


def test_what_cannot_be_said_for_all_is_not_offered_for_all():
    named = [case("a", "tiếp tục ở ấp 1"), case("b", "tiếp tục ở ấp 2")]
    same = [case("c", "kết thúc"), case("d", "kết thúc")]

    assert alike_in(named) == []
    assert [(one.label, one.count) for one in alike_in(same)] == [("kết thúc", 2)]
    assert alike_in(same[:1]) == []


# --- long events ----------------------------------------------------------------------------


def many_cases(event, count: int) -> Rehearsal:
    """A rehearsal of the size of a province, made by hand."""
    cases = [case(f"deputy:{n}", "tiếp tục", "kết thúc") for n in range(count)]
    columns = [Column("subject", "Việc", 30), Column("detail", "Chi tiết", 30), Column("choice", "Chọn", 30)]
    rows = [{"subject": one.subject, "subject_url": "", "detail": "", "choice": ""} for one in cases]
    finding = Finding("deputy", "Cấp phó", columns, rows, cases)
    return Rehearsal(steps=[Step(DAY, list(event.lines.all()), [finding])])


@pytest.fixture
def long(monkeypatch):
    monkeypatch.setattr(keeping, "MOST_LINES_INLINE", 0)


def test_a_long_event_is_rehearsed_in_the_background(client, clerk, event, address, long):
    client.force_login(clerk)

    assert "chạy ở nền" in text_of(client, address("rehearsal"))
    assert not KeptRehearsal.objects.exists()

    first = client.post(address("rehearse_anew"))
    second = client.post(address("rehearse_anew"))

    job = Job.objects.get()
    assert first["Location"] == second["Location"] == reverse("jobs:job", args=[job.pk])


def test_three_thousand_cases_make_no_heavy_page(client, clerk, event, address, long):
    client.force_login(clerk)
    keeping.keep(event, many_cases(event, 3000))

    page = client.get(address("rehearsal")).content
    whole = client.get(address("finding", 1, "deputy")).content

    assert len(page) < 150_000
    assert len(whole) < 150_000
    assert "3000" in page.decode() or "3.000" in page.decode()


def test_choices_of_a_long_event_are_marked_without_rehearsing_again(client, clerk, event, address, long):
    client.force_login(clerk)
    keeping.keep(event, many_cases(event, 60))

    response = client.post(
        address("decide"), {"seen": event.revision, "alike": "deputy|c1", "case:deputy:7": "c0"}, follow=True
    )

    assert "60 lựa chọn" in response.content.decode()
    assert said(event).open_cases == []
    assert said(event).finding(1, "deputy")[1].rows[7]["choice"] == "Tiếp tục"
    assert Fate.objects.filter(choice="c1").count() == 59


def test_a_kept_rehearsal_is_of_one_revision_and_one_day(event):
    keeping.rehearse_and_keep(event)
    assert keeping.kept(event) is not None

    KeptRehearsal.objects.update(made_at=timezone.now() - timedelta(days=1))
    assert keeping.kept(event) is None

    KeptRehearsal.objects.update(made_at=timezone.now(), revision=event.revision + 1)
    assert keeping.kept(event) is None


def test_a_short_event_is_rehearsed_again_after_a_while(event):
    first = keeping.rehearsed(event)
    assert keeping.rehearsed(event).made_at == first.made_at

    KeptRehearsal.objects.update(made_at=timezone.now() - keeping.FRESH - timedelta(seconds=1))

    assert keeping.rehearsed(event).made_at > first.made_at - keeping.FRESH


# --- print ----------------------------------------------------------------------------------


def test_the_print_says_who_writes_and_what_was_chosen(client, officer, clerk, event, address):
    client.force_login(officer)
    choose_all(client, event)

    text = text_of(client, address("print"))

    assert "TỈNH ỦY VĨNH LONG" in text
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in text
    assert re.search(r"Vĩnh Long, ngày \d\d tháng \d+ năm 20\d\d", text)
    for one in said(event).cases:
        assert capfirst(one.chosen.label) in text
    assert ExportLog.objects.get().row_count == 1

    client.force_login(clerk)
    assert "ĐẢNG ỦY XÃ PHÚ TÚC" in text_of(client, address("print"))


def test_the_print_marks_what_is_not_chosen_yet(client, clerk, event, address):
    client.force_login(clerk)

    assert "chưa chọn" in text_of(client, address("print"))

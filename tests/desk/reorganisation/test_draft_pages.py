import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.models import Role
from cells.models import Decision, Line, LineKind, Reorganisation
from desk.reorganisation.drafting import add_lines, begin, change_event, change_line, draft_merger
from desk.reorganisation.drafting.rules import PART, WHOLE, DraftLine
from leaders.models import Office
from tests import factories
from tests.worlds import kept

MAY = date(2026, 5, 1)
PAPER = {"number": "12/NQ-HĐND", "date": date(2026, 4, 20), "body": "Hội đồng nhân dân xã Phú Túc"}
SENT_PAPER = {
    "decision_number": "12/NQ-HĐND",
    "decision_date": "2026-04-20",
    "decision_body": "Hội đồng nhân dân xã Phú Túc",
}
State = Reorganisation.State


@kept
def one(commune):
    return factories.hamlet(parent=commune, name="1")


@kept
def two(commune):
    return factories.hamlet(parent=commune, name="2")


@kept
def event(commune):
    return begin(title="Sắp xếp ấp", unit=commune, on=MAY)


@kept
def provincial(province):
    return begin(title="Sắp xếp của tỉnh", unit=province, on=MAY)


def sent(client, url, **data):
    """Send the form of this page with what it carries hidden."""
    seen = client.get(url).context["form"].initial.get("seen", "")
    return client.post(url, {"seen": seen, **data})


def add_url(event, kind):
    return reverse("reorganisations:line_add", args=[event.pk, kind])


def text_of(response) -> str:
    return response.content.decode()


# --- the list ----------------------------------------------------------------------------


def test_what_waits_for_the_reader_stands_first(client, officer, clerk, commune):
    draft = begin(title="Dự thảo", unit=commune, on=date(2026, 9, 1))
    waiting = begin(title="Chờ", unit=commune, on=MAY)
    waiting.step_to(State.SUBMITTED, seen=1)

    for who, first in ((officer, waiting), (clerk, draft)):
        client.force_login(who)
        page = client.get(reverse("reorganisations:list")).context["page"]
        assert page.object_list[0] == first


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "sap xep"}, {"Sắp xếp ấp"}),
        ({"q": "quoi hoa"}, {"Sắp xếp ấp"}),
        ({"q": "12/NQ"}, {"Sắp xếp ấp"}),
        ({"q": "khong co"}, set()),
        ({"nam": "2025"}, {"Việc năm trước"}),
        ({"trang_thai": "cho-kiem-tra"}, {"Việc năm trước"}),
        ({"nam": "năm"}, set()),
    ],
)
def test_events_are_found_by_title_unit_paper_year_and_state(client, officer, event, commune, query, found):
    hamlet = factories.hamlet(parent=commune, name="Quới Hòa")
    decision = factories.decision(number="12/NQ-HĐND", unit=commune)
    add_lines(
        event,
        [DraftLine(kind=LineKind.RENAME, on=MAY, unit=hamlet, name="Quới An", decision=decision)],
    )
    before = begin(title="Việc năm trước", unit=commune, on=date(2025, 5, 1))
    before.step_to(State.SUBMITTED, seen=1)
    client.force_login(officer)

    page = client.get(reverse("reorganisations:list"), query).context["page"]

    assert {str(one) for one in page.object_list} == found


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_needs_the_same_queries_for_any_number_of_events(
    client, officer, commune, count, django_assert_max_num_queries
):
    for number in range(count):
        begin(title=f"Việc {number}", unit=commune, on=MAY)
    client.force_login(officer)

    with django_assert_max_num_queries(13):
        client.get(reverse("reorganisations:list"))


def test_an_empty_list_says_what_it_is_for(client, officer):
    client.force_login(officer)

    assert "Chưa có đợt sắp xếp nào" in text_of(client.get(reverse("reorganisations:list")))


# --- an event ----------------------------------------------------------------------------


def test_the_province_begins_an_event_with_its_decision(client, officer, province):
    client.force_login(officer)

    response = sent(
        client,
        reverse("reorganisations:new"),
        title="Sắp xếp năm 2026",
        unit=province.pk,
        on="2026-05-01",
        **SENT_PAPER,
    )

    event = Reorganisation.objects.get()
    assert response["Location"] == event.get_absolute_url()
    assert (event.unit, event.effective_on, event.state) == (province, MAY, State.DRAFT)
    assert event.decision.number == "12/NQ-HĐND"


def test_a_foreign_unit_gets_no_event(client, officer):
    client.force_login(officer)

    response = sent(
        client, reverse("reorganisations:new"), title="X", unit=factories.commune().pk, on="2026-05-01"
    )

    assert response.context["form"].errors["unit"]
    assert not Reorganisation.objects.exists()


@pytest.mark.parametrize("count", [1, 25])
def test_the_page_of_an_event_needs_the_same_queries_for_any_number_of_lines(
    client, officer, provincial, commune, count, django_assert_max_num_queries
):
    hamlets = [factories.hamlet(parent=commune, name=f"{n}") for n in range(count)]
    add_lines(
        provincial,
        [DraftLine(kind=LineKind.RENAME, on=MAY, unit=unit, name=f"Mới {unit.name}") for unit in hamlets],
    )
    client.force_login(officer)

    with django_assert_max_num_queries(26):
        response = client.get(provincial.get_absolute_url())

    assert len(response.context["days"][0][1]) == count


def test_the_event_says_its_lines_in_words_with_paper_and_leader(client, clerk, commune, one, two):
    head = factories.tenure(
        office=Office.HAMLET_HEAD,
        hamlet=one,
        person=factories.person(keeper=commune, full_name="Trần Văn An"),
    )
    event = draft_merger(commune, [one, two], kind="ap", name="Hòa Bình", on=MAY, stays=head, **PAPER)
    client.force_login(clerk)

    page = text_of(client.get(event.get_absolute_url()))

    assert "Nhập ấp 1, ấp 2 (xã Phú Túc) thành lập ấp Hòa Bình" in page
    assert "Nghị quyết số 12/NQ-HĐND ngày 20/04/2026 của Hội đồng nhân dân xã Phú Túc" in page
    assert "Trưởng ấp: đ/c Trần Văn An (lâm thời)" in page
    assert reverse("reorganisations:rehearsal", args=[event.pk]) in page


def test_a_reader_sees_the_event_and_no_way_to_change_it(client, reader, event, one, two):
    add_lines(event, [DraftLine(kind=LineKind.CLOSE, on=MAY, unit=one)])
    client.force_login(reader)

    page = text_of(client.get(event.get_absolute_url()))

    assert "Giải thể ấp 1" in page
    assert "Thêm nội dung" not in page
    assert reverse("reorganisations:line_remove", args=[event.lines.get().pk]) not in page


def test_a_commune_changes_nothing_it_has_sent_but_the_province_does(client, clerk, officer, event, one):
    event.step_to(State.SUBMITTED, seen=event.revision)
    url = add_url(event, LineKind.CLOSE)

    client.force_login(clerk)
    assert client.get(url)["Location"] == event.get_absolute_url()
    assert client.post(url, {"unit": one.pk, "on": "2026-05-01"})["Location"] == event.get_absolute_url()
    assert not Line.objects.exists()

    client.force_login(officer)
    sent(client, url, unit=one.pk, on="2026-05-01")
    assert Line.objects.get().unit == one


def test_title_day_and_paper_are_changed(client, clerk, event):
    client.force_login(clerk)
    url = reverse("reorganisations:event_edit", args=[event.pk])

    sent(client, url, title="Tên khác", on="2026-06-01", **SENT_PAPER)

    event.refresh_from_db()
    assert (event.title, event.effective_on, event.decision.unit) == (
        "Tên khác",
        date(2026, 6, 1),
        event.unit,
    )


def test_a_draft_is_discarded_after_a_question(client, clerk, event):
    client.force_login(clerk)
    url = reverse("reorganisations:event_discard", args=[event.pk])

    assert "Hủy dự thảo" in text_of(client.get(url))
    sent(client, url)

    assert not Reorganisation.objects.exists()


# --- lines -------------------------------------------------------------------------------


def test_units_are_found_by_a_few_letters_and_stay_ticked_while_looking_on(
    client, officer, provincial, commune, neighbour
):
    first = factories.hamlet(parent=commune, name="Quới Hòa")
    second = factories.hamlet(parent=neighbour, name="Quới An")
    factories.hamlet(name="Quới Xa")  # of another province
    client.force_login(officer)
    url = add_url(provincial, LineKind.FOUND)

    found = client.post(url, {"units_find": "quoi", "units_shown": "", "name": "Mới"})
    picker = found.context["form"].picker("units")
    assert {choice.pk for choice in picker.found} == {first.pk, second.pk}
    assert found.context["form"]["name"].value() == "Mới"

    again = client.post(
        url, {"units": [first.pk], "units_find": "an giao long", "units_shown": "quoi", "find": "units"}
    )
    picker = again.context["form"].picker("units")
    assert ([c.pk for c in picker.chosen], [c.pk for c in picker.found]) == ([first.pk], [second.pk])
    assert not Line.objects.exists()


def test_a_number_is_looked_for_as_a_whole(client, officer, provincial, commune):
    for name in ("1", "10", "21"):
        factories.hamlet(parent=commune, name=name)
    client.force_login(officer)

    page = client.post(add_url(provincial, LineKind.CLOSE), {"unit_find": "ap 1", "find": "unit"})

    assert [c.label for c in page.context["form"].picker("unit").found] == ["Ấp 1"]


def test_a_commune_sees_its_own_hamlets_at_once_and_no_others(client, clerk, event, one, neighbour):
    factories.hamlet(parent=neighbour, name="2")
    client.force_login(clerk)

    form = client.get(add_url(event, LineKind.CLOSE)).context["form"]

    assert [choice.pk for choice in form.picker("unit").found] == [one.pk]


def test_a_merger_is_added_with_what_is_only_a_part(client, officer, provincial, one, two):
    client.force_login(officer)

    sent(
        client,
        add_url(provincial, LineKind.FOUND),
        units=[one.pk, two.pk],
        units_part=[two.pk],
        name="Ấp Hòa Bình",
        on="2026-05-01",
        **SENT_PAPER,
    )

    line = Line.objects.get()
    assert (line.unit_kind, line.name, line.decision.number) == ("ap", "Hòa Bình", "12/NQ-HĐND")
    assert {source.unit: source.part for source in line.sources.all()} == {one: WHOLE, two: PART}


def test_a_hamlet_of_another_commune_is_no_choice(client, clerk, event, neighbour):
    foreign = factories.hamlet(parent=neighbour)
    client.force_login(clerk)

    response = sent(client, add_url(event, LineKind.CLOSE), unit=foreign.pk, on="2026-05-01")

    assert "unit" in response.context["form"].errors
    assert not Line.objects.exists()


def test_what_leaves_the_commune_is_not_drafted_by_it(client, clerk, event):
    client.force_login(clerk)

    for kind in (LineKind.MOVE, LineKind.CELL_MOVE):
        assert client.get(add_url(event, kind)).status_code == 404


def test_a_division_makes_a_line_for_each_part_and_one_for_the_end(client, officer, provincial, one, two):
    client.force_login(officer)

    sent(
        client,
        add_url(provincial, LineKind.SPLIT),
        unit=one.pk,
        takers=[two.pk],
        parts_count=3,
        part_name_0="Ấp 1A",
        part_name_1="1B",
        ends="yes",
        on="2026-05-01",
    )

    lines = list(Line.objects.order_by("position"))
    assert [(line.kind, line.full_name, line.unit) for line in lines] == [
        (LineKind.FOUND, "Ấp 1A", None),
        (LineKind.FOUND, "Ấp 1B", None),
        (LineKind.ABSORB, "", two),
        (LineKind.SPLIT, "", one),
    ]
    assert {source.part for line in lines for source in line.sources.all()} == {PART}


def test_a_division_into_one_part_is_none(client, officer, provincial, one):
    client.force_login(officer)

    response = sent(
        client,
        add_url(provincial, LineKind.SPLIT),
        unit=one.pk,
        parts_count=3,
        part_name_0="1A",
        ends="yes",
        on="2026-05-01",
    )

    assert response.context["form"].errors["takers"] == ["Ghi ít nhất hai phần được chia."]


def test_more_rows_are_asked_for_without_losing_any(client, officer, provincial):
    client.force_login(officer)

    page = client.post(
        add_url(provincial, LineKind.SPLIT), {"parts_count": "3", "part_name_2": "1C", "more_parts": "1"}
    )

    form = page.context["form"]
    assert len(form.new_parts) == 6
    assert form["part_name_2"].value() == "1C"


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        (LineKind.RENAME, {"name": "Ấp Tân Bình"}, "Đổi tên ấp 1 (xã Phú Túc) thành ấp Tân Bình"),
        (LineKind.RECLASSIFY, {"unit_kind": "khom"}, "Chuyển ấp 1 (xã Phú Túc) thành khóm 1"),
        (LineKind.CLOSE, {}, "Giải thể ấp 1 (xã Phú Túc)"),
    ],
)
def test_a_line_about_one_hamlet_is_added_by_its_commune(client, clerk, event, one, kind, data, said):
    client.force_login(clerk)

    sent(client, add_url(event, kind), unit=one.pk, on="2026-05-01", **data)

    assert said in text_of(client.get(event.get_absolute_url()))


def test_lines_about_cells_are_added_by_their_commune(client, clerk, event, one, two):
    first, second = (
        factories.cell(of=one, name="Chi bộ ấp 1"),
        factories.cell(of=two, name="Chi bộ ấp 2"),
    )
    client.force_login(clerk)
    forms = [
        (LineKind.CELL_JOIN, {"cells": [first.pk], "cell": second.pk}),
        (LineKind.CELL_FOUND, {"name": "Chi bộ ấp 7", "units": [one.pk]}),
        (LineKind.CELL_DISSOLVE, {"cell": first.pk}),
        (LineKind.CELL_RENAME, {"cell": first.pk, "name": "Chi bộ ấp Một"}),
    ]

    for kind, data in forms:
        sent(client, add_url(event, kind), on="2026-05-01", **data)

    assert list(event.lines.order_by("position").values_list("kind", flat=True)) == [
        kind for kind, _ in forms
    ]


def test_the_province_moves_and_opens(client, officer, provincial, one, commune, neighbour):
    client.force_login(officer)

    sent(client, add_url(provincial, LineKind.MOVE), unit=one.pk, parent=neighbour.pk, on="2026-05-01")
    sent(
        client,
        add_url(provincial, LineKind.OPEN),
        unit_kind="ap",
        name="9",
        parent=commune.pk,
        on="2026-05-01",
    )
    cell = factories.cell(of=one)
    sent(client, add_url(provincial, LineKind.CELL_MOVE), cell=cell.pk, parent=neighbour.pk, on="2026-05-01")

    assert [line.parent for line in Line.objects.order_by("position")] == [neighbour, commune, neighbour]


def test_a_commune_opens_a_hamlet_of_its_own(client, clerk, event, commune):
    client.force_login(clerk)

    sent(client, add_url(event, LineKind.OPEN), unit_kind="ap", name="9", on="2026-05-01")

    assert Line.objects.get().parent == commune


def test_faults_stand_beside_their_field(client, clerk, event, one):
    client.force_login(clerk)

    response = sent(client, add_url(event, LineKind.FOUND), units=[one.pk], on="2026-05-01", unit_kind="ap")

    errors = response.context["form"].errors
    assert set(errors) == {"units", "name"}
    assert text_of(response).count('class="field-error"') == 2


def test_the_number_of_a_recorded_decision_is_enough(client, clerk, event, one, commune):
    recorded = factories.decision(number="7/NQ-HĐND", unit=commune)
    client.force_login(clerk)

    sent(client, add_url(event, LineKind.CLOSE), unit=one.pk, on="2026-05-01", decision_number="7/nq-hđnd")

    assert Line.objects.get().decision == recorded
    assert Decision.objects.count() == 1


def test_a_number_that_several_decisions_bear_is_asked_back(client, clerk, event, one, commune):
    for year in (2024, 2025):
        factories.decision(number="7/NQ-HĐND", date=date(year, 1, 1), unit=commune)
    client.force_login(clerk)

    response = sent(
        client, add_url(event, LineKind.CLOSE), unit=one.pk, on="2026-05-01", decision_number="7/NQ-HĐND"
    )

    assert "01/01/2024" in response.context["form"].errors["decision_number"][0]
    assert not Line.objects.exists()


def test_day_and_paper_begin_as_those_of_the_line_before(client, clerk, event, one, two):
    decision = factories.decision(unit=event.unit)
    add_lines(event, [DraftLine(kind=LineKind.CLOSE, on=date(2026, 7, 1), unit=one, decision=decision)])
    client.force_login(clerk)

    hamlets = client.get(add_url(event, LineKind.CLOSE)).context["form"]
    cells = client.get(add_url(event, LineKind.CELL_DISSOLVE)).context["form"]

    assert hamlets.initial["on"] == cells.initial["on"] == date(2026, 7, 1)
    assert hamlets.initial["decision_number"] == decision.number
    assert "decision_number" not in cells.initial  # cells rest on a paper of their own


def test_a_line_is_changed_on_its_page(client, clerk, event, one, two):
    add_lines(event, [DraftLine(kind=LineKind.RENAME, on=MAY, unit=one, name="Cũ")])
    line = event.lines.get()
    client.force_login(clerk)
    url = reverse("reorganisations:line_edit", args=[line.pk])

    assert client.get(url).context["form"].picker("unit").chosen[0].pk == one.pk
    sent(client, url, unit=two.pk, name="Mới", on="2026-06-01")

    line.refresh_from_db()
    assert (line.unit, line.name, line.on) == (two, "Mới", date(2026, 6, 1))


def test_who_opened_the_page_before_a_colleagues_change_is_told(client, clerk, event, one, two):
    client.force_login(clerk)
    url = add_url(event, LineKind.CLOSE)
    seen = client.get(url).context["form"].initial["seen"]
    add_lines(event, [DraftLine(kind=LineKind.CLOSE, on=MAY, unit=two)])

    response = client.post(url, {"seen": seen, "unit": one.pk, "on": "2026-05-01"})

    assert "sau khi mở trang. Chưa lưu." in text_of(response)
    assert event.lines.count() == 1


def test_a_line_is_removed_after_a_question(client, clerk, event, one):
    add_lines(event, [DraftLine(kind=LineKind.CLOSE, on=MAY, unit=one)])
    client.force_login(clerk)
    url = reverse("reorganisations:line_remove", args=[event.lines.get().pk])

    assert "Giải thể ấp 1" in text_of(client.get(url))
    sent(client, url)

    assert not event.lines.exists()


@pytest.mark.parametrize("kind", LineKind)
def test_every_form_opens_with_few_queries(
    client, officer, provincial, commune, one, two, kind, django_assert_max_num_queries
):
    client.force_login(officer)

    with django_assert_max_num_queries(22):
        assert client.get(add_url(provincial, kind)).status_code == 200


# --- the commune's six fields ------------------------------------------------------------

PROPOSE = reverse("reorganisations:propose")
SIX = {"name": "Ấp Hòa Bình", "on": "2026-05-01", **SENT_PAPER}


def test_the_commune_proposes_a_merger_in_six_fields(client, clerk, commune, one, two):
    head = factories.tenure(office=Office.HAMLET_HEAD, hamlet=two)
    client.force_login(clerk)

    response = client.post(PROPOSE, {**SIX, "things": [one.pk, two.pk], "stays": head.pk})

    event = Reorganisation.objects.get()
    line = event.lines.get()
    assert response["Location"] == event.get_absolute_url()
    assert (line.full_name, line.decision.issuing_body) == ("Ấp Hòa Bình", "Hội đồng nhân dân xã Phú Túc")
    assert event.fates.get().choice == f"interim:{head.pk}"


def test_each_head_is_named_by_the_word_of_the_own_hamlet(client, clerk, commune, one, two):
    quarter = factories.hamlet(parent=commune, name="9", kind="khu_pho")
    for hamlet in (one, quarter):
        factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet)
    client.force_login(clerk)

    text = client.get(PROPOSE).content.decode()

    for said in ("làm trưởng ấp lâm thời", "làm trưởng khu phố lâm thời", "khuyết trưởng ấp<"):
        assert said in text


def test_the_issuing_body_and_the_kind_are_there_already(client, clerk, one, two):
    client.force_login(clerk)

    form = client.get(PROPOSE).context["form"]
    client.post(PROPOSE, {**SIX, "name": "Hòa Bình", "things": [one.pk, two.pk], "stays": "none"})

    assert form["decision_body"].value() == "Hội đồng nhân dân xã Phú Túc"
    assert Line.objects.get().unit_kind == "ap"


def test_hamlets_merge_into_a_standing_one(client, clerk, one, two):
    client.force_login(clerk)

    client.post(PROPOSE, {**SIX, "name": "", "things": [one.pk], "into": two.pk, "stays": "none"})

    assert (Line.objects.get().kind, Line.objects.get().unit) == (LineKind.ABSORB, two)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"things": []}, "things"),
        ({"name": ""}, "name"),
        ({"stays": ""}, "stays"),
        ({"on": ""}, "on"),
        ({"decision_number": ""}, "decision_number"),
        ({"decision_date": "2099-01-01"}, "decision_date"),
        ({"decision_date": "2026-05-02"}, "decision_date"),
    ],
)
def test_what_is_missing_is_asked_for_beside_its_field(client, clerk, one, two, changes, field):
    client.force_login(clerk)

    response = client.post(PROPOSE, {**SIX, "things": [one.pk, two.pk], "stays": "none", **changes})

    assert field in response.context["form"].errors
    assert not Reorganisation.objects.exists()


@pytest.mark.parametrize(("changes", "is_there"), [({"stays": "", "name": ""}, True), ({"name": ""}, False)])
def test_the_list_is_the_first_fault_where_something_is_wrong_in_it(
    client, clerk, one, two, changes, is_there
):
    """The cursor goes to the first of what is marked as faulty."""
    client.force_login(clerk)

    text = text_of(client.post(PROPOSE, {**SIX, "things": [one.pk, two.pk], "stays": "none", **changes}))

    marks = re.findall(r"data-faulty|aria-invalid", text)
    assert marks == (["data-faulty", "aria-invalid"] if is_there else ["aria-invalid"])


def test_who_stays_leads_one_of_those_that_merge(client, clerk, commune, one, two):
    elsewhere = factories.tenure(office=Office.HAMLET_HEAD, hamlet=factories.hamlet(parent=commune, name="3"))
    client.force_login(clerk)

    response = client.post(PROPOSE, {**SIX, "things": [one.pk, two.pk], "stays": elsewhere.pk})

    assert "stays" in response.context["form"].errors


def test_a_hamlet_of_the_neighbour_is_not_merged(client, clerk, one, neighbour):
    foreign = factories.hamlet(parent=neighbour)
    client.force_login(clerk)

    response = client.post(PROPOSE, {**SIX, "things": [one.pk, foreign.pk], "stays": "none"})

    assert "things" in response.context["form"].errors
    assert client.get(PROPOSE, {"xa": neighbour.pk}).status_code == 404
    assert client.get(PROPOSE, {"thon": foreign.pk}).status_code == 404
    assert client.get(PROPOSE, {"thon": "x"}).status_code == 404


def test_the_province_chooses_the_commune_first(client, officer, commune, neighbour, one, two):
    client.force_login(officer)

    listed = client.get(PROPOSE, {"q": "phu"})
    opened = client.get(PROPOSE, {"thon": one.pk})

    assert [unit.pk for unit in listed.context["communes"]] == [commune.pk]
    assert [row.is_ticked for row in opened.context["form"].rows] == [True, False]


@pytest.mark.parametrize("count", [2, 20])
def test_six_fields_need_the_same_queries_for_any_number_of_hamlets(
    client, clerk, commune, count, django_assert_max_num_queries
):
    for number in range(count):
        hamlet = factories.hamlet(parent=commune, name=f"{number}")
        factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet)
    client.force_login(clerk)

    with django_assert_max_num_queries(15):
        page = client.get(PROPOSE)

    assert len(page.context["form"].rows) == count


CELLS = reverse("reorganisations:propose_cells")


@kept
def cells_of_one(one):
    return [factories.cell(of=one, name="Chi bộ A"), factories.cell(of=one, name="Chi bộ B")]


def test_two_cells_of_one_hamlet_are_joined(client, clerk, commune, one, cells_of_one):
    secretary = factories.tenure(cell=cells_of_one[0])
    client.force_login(clerk)
    url = f"{CELLS}?thon={one.pk}"

    listed = client.get(CELLS)
    form = client.get(url).context["form"]
    client.post(
        url,
        {
            "things": [cell.pk for cell in cells_of_one],
            "name": form["name"].value(),
            "decision_number": "9-QĐ/ĐU",
            "decision_date": "2026-05-18",
            "decision_body": form["decision_body"].value(),
            "on": "2026-05-22",
            "stays": secretary.pk,
        },
    )

    line = Line.objects.get()
    assert [hamlet.pk for hamlet in listed.context["hamlets"]] == [one.pk]
    assert (line.kind, line.name) == (LineKind.CELL_JOIN, "Chi bộ ấp 1")
    assert line.decision.issuing_body == "Đảng ủy xã Phú Túc"
    assert line.reorganisation.fates.get().choice == f"stay:{secretary.pk}"


def test_one_cell_is_nothing_to_join(client, clerk, one, two):
    factories.cell(of=one)
    client.force_login(clerk)

    assert client.get(CELLS, {"thon": one.pk}).status_code == 404


def test_no_key_is_printed_as_a_quantity():
    """Of "14.716" nothing is found again: in addresses and values a key is printed without a dot."""
    printed = re.compile(r'(?:value="|[?&]\w+=|id="[\w-]*)\{\{ [\w.]*\b(?:pk|id) \}\}')
    templates = (Path(settings.BASE_DIR) / "templates").rglob("*.html")

    assert [path.name for path in templates if printed.search(path.read_text("utf-8"))] == []


# --- ways in -----------------------------------------------------------------------------


def test_the_page_of_a_hamlet_leads_to_its_proposal(client, clerk, reader, one):
    url = f"{PROPOSE}?thon={one.pk}"

    client.force_login(clerk)
    assert url in text_of(client.get(one.get_absolute_url()))
    client.force_login(reader)
    assert url not in text_of(client.get(one.get_absolute_url()))


def test_cells_of_one_hamlet_lead_to_their_joining(client, clerk, one, two, cells_of_one):
    alone = factories.cell(of=two)
    client.force_login(clerk)
    url = f"{CELLS}?thon={one.pk}"

    assert url in text_of(client.get(cells_of_one[0].get_absolute_url()))
    assert CELLS not in text_of(client.get(alone.get_absolute_url()))


@pytest.mark.parametrize(("role", "shown"), [(Role.COMMUNE_STAFF, True), (Role.FOLLOW_UP_OFFICER, False)])
def test_the_menu_leads_there_who_works_with_communes(client, one, commune, role, shown):
    user = factories.user(role=role, reads=[one if role == Role.FOLLOW_UP_OFFICER else commune])
    client.force_login(user)

    menu = [entry.url for entry in client.get(reverse("dashboards:home")).context["menu"]]

    assert (reverse("reorganisations:list") in menu) is shown


def test_an_event_headed_as_its_only_line_says_follows_the_line(commune, one, two):
    event = draft_merger(commune, [one, two], kind="ap", name="Hòa Bình", on=MAY, **PAPER)
    line = event.lines.get()
    later = MAY + timedelta(days=9)

    change_line(
        line, DraftLine(line.kind, later, units=[(one, WHOLE), (two, WHOLE)], unit_kind="ap", name="An Bình")
    )

    event.refresh_from_db()
    assert "ấp An Bình" in event.title
    assert (event.effective_on, event.decision) == (later, None)


def test_a_heading_somebody_wrote_himself_stays(commune, one, two):
    event = draft_merger(commune, [one, two], kind="ap", name="Hòa Bình", on=MAY, **PAPER)
    change_event(event, title="Sắp xếp ấp đợt 1", on=event.effective_on, decision=event.decision)
    line = event.lines.get()

    change_line(
        line, DraftLine(line.kind, MAY, units=[(one, WHOLE), (two, WHOLE)], unit_kind="ap", name="An Bình")
    )

    event.refresh_from_db()
    assert event.title == "Sắp xếp ấp đợt 1"

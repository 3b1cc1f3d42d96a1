from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cells.actions import change_unit
from cells.models import Fate, Line, LineKind, Reorganisation
from desk.reorganisation.drafting import (
    add_lines,
    begin,
    change_event,
    change_line,
    discard,
    draft_cell_join,
    draft_merger,
    remove_line,
)
from desk.reorganisation.drafting.rules import PART, WHOLE, DraftLine, refuse_nonsense
from desk.reorganisation.rehearsal import rehearse
from desk.reorganisation.wording import Then, in_words, kind_and_name, paper, sentence, suggested_body
from leaders.models import Office
from tests import factories
from tests.worlds import kept

MAY = date(2026, 5, 1)
PAST = date(2025, 9, 1)
State = Reorganisation.State
PAPER = {"number": "12/NQ-HĐND", "date": date(2026, 4, 20), "body": "Hội đồng nhân dân xã Phú Túc"}


@kept
def one(commune):
    return factories.hamlet(parent=commune, name="1")


@kept
def two(commune):
    return factories.hamlet(parent=commune, name="2")


@kept
def event(commune):
    return begin(title="Sắp xếp ấp", unit=commune, on=MAY)


def merger(*hamlets, **facts):
    facts = {"kind": LineKind.FOUND, "on": MAY, "name": "Hòa Bình", "unit_kind": "ap", **facts}
    return DraftLine(units=[(hamlet, WHOLE) for hamlet in hamlets], **facts)


def test_lines_are_recorded_with_their_sources_and_their_history(event, one, two):
    (line,) = add_lines(event, [merger(one, two)])

    assert [source.unit for source in line.sources.all()] == [one, two]
    assert line.history.get().history_type == "+"
    assert {row.history.get().history_type for row in line.sources.all()} == {"+"}
    assert event.revision == 2
    assert [row.revision for row in event.history.order_by("history_id")] == [1, 2]


def test_three_thousand_lines_need_as_many_queries_as_three(event, commune, django_assert_max_num_queries):
    drafts = [
        DraftLine(kind=LineKind.OPEN, on=MAY, parent=commune, name=f"{n}", unit_kind="ap") for n in range(300)
    ]

    with django_assert_max_num_queries(20):
        add_lines(event, drafts)

    assert event.lines.count() == 300
    assert list(event.lines.values_list("position", flat=True)) == list(range(1, 301))


def test_who_saw_an_older_page_writes_nothing(event, one, two):
    add_lines(event, [merger(one, two)], seen=1)

    with pytest.raises(ValidationError, match="Chưa lưu gì"):
        add_lines(event, [merger(one, two, name="Khác")], seen=1)

    assert event.lines.count() == 1


@pytest.mark.parametrize(
    ("state", "after"), [("draft", "draft"), ("submitted", "submitted"), ("checked", "draft")]
)
def test_what_was_checked_is_a_draft_again_after_a_change(event, one, two, state, after):
    event.step_to(state, seen=event.revision)

    add_lines(event, [merger(one, two)])

    assert Reorganisation.objects.get(pk=event.pk).state == after


@pytest.mark.parametrize("state", ["waiting", "applied", "undone"])
def test_a_closed_event_takes_no_lines(event, one, two, state):
    event.step_to(state, seen=event.revision)

    with pytest.raises(ValidationError):
        add_lines(event, [merger(one, two)])

    assert not Line.objects.exists()


def test_a_line_is_changed_with_its_sources(event, one, two, commune):
    three = factories.hamlet(parent=commune, name="3")
    (line,) = add_lines(event, [merger(one, two)])

    change_line(line, merger(one, three, name="Tân Bình"))

    line = event.lines.get()
    assert (line.name, {source.unit for source in line.sources.all()}) == ("Tân Bình", {one, three})
    assert [row.name for row in line.history.order_by("history_id")] == ["Hòa Bình", "Tân Bình"]


def test_a_removed_line_takes_its_fates_along(event, one, two):
    keep, go = add_lines(event, [merger(one, two), merger(one, two, name="Khác")])
    for line in (keep, go):
        Fate.objects.create(reorganisation=event, key=f"seat:hamlet_head:line{line.pk}", choice="none")

    remove_line(go)

    assert event.lines.get() == keep
    assert event.fates.get().key.endswith(f"line{keep.pk}")
    assert Line.history.filter(name="Khác", history_type="-").exists()


def test_a_line_that_others_build_on_stays(event, province, one):
    commune_line = DraftLine(
        kind=LineKind.OPEN, on=MAY, parent=province, name="Mới", unit_kind="xa", code="29999"
    )
    (founding,) = add_lines(event, [commune_line])
    add_lines(event, [DraftLine(kind=LineKind.MOVE, on=MAY, unit=one, parent_line=founding)])

    with pytest.raises(ValidationError, match="dòng khác"):
        remove_line(founding)

    assert event.lines.count() == 2


def test_an_applied_line_is_neither_changed_nor_removed(event, one, two):
    (line,) = add_lines(event, [merger(one, two)])
    line.applied_in = line.history.get().change_set
    line.save()

    for act in (lambda: remove_line(line), lambda: change_line(line, merger(one, two))):
        with pytest.raises(ValidationError, match="đã thực hiện"):
            act()


def test_title_day_and_paper_of_an_event_are_changed(event):
    decision = factories.decision()

    change_event(event, title="Khác", on=date(2026, 6, 1), decision=decision)

    event = Reorganisation.objects.get(pk=event.pk)
    assert (event.title, event.effective_on, event.decision) == ("Khác", date(2026, 6, 1), decision)


def test_a_draft_that_came_to_nothing_is_discarded_and_stays_in_the_history(event, one, two):
    add_lines(event, [merger(one, two)])
    key = event.pk

    discard(event)

    assert not Reorganisation.objects.exists()
    assert not Line.objects.exists()
    assert Reorganisation.history.filter(id=key, history_type="-").exists()


@pytest.mark.parametrize("path", [["submitted"], ["applied", "undone", "draft"]])
def test_what_was_sent_or_ever_applied_is_not_discarded(event, path):
    for state in path:
        event.step_to(state, seen=event.revision)

    with pytest.raises(ValidationError):
        discard(event)

    assert Reorganisation.objects.filter(pk=event.pk).exists()


# --- what a line must say ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": ""}, "name"),
        ({"unit_kind": ""}, "unit_kind"),
        ({"unit_kind": "xa"}, "unit_kind"),
        ({"kind": LineKind.ABSORB}, "unit"),
        ({"kind": LineKind.RENAME}, "unit"),
        ({"kind": LineKind.RECLASSIFY, "unit_kind": ""}, "unit_kind"),
        ({"kind": LineKind.MOVE}, "parent"),
        ({"kind": LineKind.CLOSE}, "unit"),
        ({"kind": LineKind.SPLIT}, "unit"),
        ({"kind": LineKind.CELL_JOIN}, "cells"),
        ({"kind": LineKind.CELL_FOUND, "name": ""}, "name"),
        ({"kind": LineKind.CELL_DISSOLVE}, "cell"),
        ({"kind": LineKind.CELL_RENAME}, "cell"),
        ({"kind": LineKind.CELL_MOVE}, "parent"),
        ({"on": date(1990, 1, 1)}, None),
    ],
)
def test_a_line_that_makes_no_sense_is_refused_beside_its_field(one, two, facts, field):
    (faults,) = refuse_nonsense([merger(one, two, **facts)])

    assert field is None or field in faults


def test_one_whole_unit_alone_makes_no_new_one_but_a_part_does(one):
    (alone,) = refuse_nonsense([merger(one)])
    (part,) = refuse_nonsense([_part_of(one)])

    assert "units" in alone
    assert part == {}


def _part_of(unit):
    return DraftLine(kind=LineKind.FOUND, on=MAY, units=[(unit, PART)], name="3", unit_kind="ap")


def test_hamlets_of_two_communes_need_a_place(one, neighbour):
    other = factories.hamlet(parent=neighbour)

    (faults,) = refuse_nonsense([merger(one, other)])
    (placed,) = refuse_nonsense([merger(one, other, parent=neighbour)])

    assert (set(faults), placed) == ({"parent"}, {})


def test_units_of_different_levels_are_not_merged(one, commune):
    (faults,) = refuse_nonsense([merger(one, commune)])

    assert "units" in faults


def test_a_unit_that_does_not_stand_on_the_day_before_is_named(commune, one):
    late = factories.hamlet(parent=commune, name="9", starts_on=MAY)

    (faults,) = refuse_nonsense([merger(one, late)])

    assert faults == {"on": ["Ngày 30/04/2026 không có Ấp 9. Kiểm tra lại ngày."]}


# --- the short drafts --------------------------------------------------------------------


def test_six_fields_make_an_event_a_line_and_the_fate_of_the_seat(commune, one, two):
    head = factories.tenure(office=Office.HAMLET_HEAD, hamlet=one)

    event = draft_merger(commune, [one, two], kind="ap", name="Hòa Bình", on=MAY, stays=head, **PAPER)

    line = event.lines.get()
    assert event.title == "Nhập ấp 1, ấp 2 (xã Phú Túc) thành lập ấp Hòa Bình"
    assert (event.unit, event.state, event.effective_on) == (commune, State.DRAFT, MAY)
    assert (line.kind, line.full_name, line.decision.number) == (LineKind.FOUND, "Ấp Hòa Bình", "12/NQ-HĐND")
    assert (event.fates.get().key, event.fates.get().choice) == (
        f"seat:hamlet_head:line{line.pk}",
        f"interim:{head.pk}",
    )


def test_a_standing_hamlet_takes_the_others_in_and_keeps_its_head(commune, one, two):
    head = factories.tenure(office=Office.HAMLET_HEAD, hamlet=two)

    event = draft_merger(commune, [one, two], into=two, on=MAY, stays=head, **PAPER)

    line = event.lines.get()
    assert (line.kind, line.unit, [s.unit for s in line.sources.all()]) == (LineKind.ABSORB, two, [one])
    assert event.fates.get().choice == f"stay:{head.pk}"
    assert event.title == "Nhập ấp 1 (xã Phú Túc) vào ấp 2"


def test_nobody_is_a_choice_too(commune, one, two):
    event = draft_merger(commune, [one, two], kind="ap", name="Hòa Bình", on=MAY, **PAPER)

    assert event.fates.get().choice == "none"


def test_a_second_draft_of_the_same_hamlet_is_pointed_to_the_first(commune, one, two):
    draft_merger(commune, [one, two], kind="ap", name="Hòa Bình", on=MAY, **PAPER)

    with pytest.raises(ValidationError, match="Nhập ấp 1, ấp 2 .* thành lập ấp Hòa Bình"):
        draft_merger(commune, [one, two], kind="ap", name="Khác", on=MAY, **PAPER)

    assert Reorganisation.objects.count() == 1


def test_cells_are_joined_with_their_own_decision(commune, one, two):
    first, second = factories.cell(of=one), factories.cell(of=two)
    secretary = factories.tenure(cell=second)

    event = draft_cell_join(
        commune, [first, second], name="Chi bộ ấp Hòa Bình", on=MAY, stays=secretary, **PAPER
    )

    line = event.lines.get()
    assert (line.kind, [s.cell for s in line.sources.all()]) == (LineKind.CELL_JOIN, [first, second])
    assert event.fates.get().key == f"seat:secretary:line{line.pk}"
    assert event.title == "Sáp nhập chi bộ Ấp 1, chi bộ Ấp 2 (xã Phú Túc) thành chi bộ ấp Hòa Bình"


def test_the_rehearsal_asks_no_more_who_leads(commune, one, two):
    heads = [factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet) for hamlet in (one, two)]
    cells = [factories.cell(of=hamlet) for hamlet in (one, two)]
    secretaries = [factories.tenure(cell=cell) for cell in cells]
    hamlets = draft_merger(commune, [one, two], kind="ap", name="Hòa Bình", on=PAST, stays=heads[0], **PAPER)
    joined = draft_cell_join(
        commune, cells, name="Chi bộ ấp Hòa Bình", on=PAST, stays=secretaries[1], **PAPER
    )

    for event, stays in ((hamlets, f"interim:{heads[0].pk}"), (joined, f"stay:{secretaries[1].pk}")):
        rehearsal = rehearse(event)
        seats = [case for case in rehearsal.cases if case.key == event.fates.get().key]
        assert rehearsal.problems == []
        assert [case.chosen.code for case in seats] == [stays]


# --- in words ----------------------------------------------------------------------------


def _said(event, draft):
    (line,) = add_lines(event, [draft])
    line = Line.objects.with_everything().get(pk=line.pk)
    return in_words(line, Then.of([line]))


def test_every_kind_of_line_is_said_in_words(event, commune, neighbour, one, two):
    cell = factories.cell(of=one, name="Chi bộ ấp 1")
    other = factories.cell(of=two, name="Chi bộ ấp 2")
    said = {
        LineKind.FOUND: (merger(one, two), "Nhập ấp 1, ấp 2 (xã Phú Túc) thành lập ấp Hòa Bình"),
        LineKind.ABSORB: (
            DraftLine(kind=LineKind.ABSORB, on=MAY, units=[(one, WHOLE)], unit=two),
            "Nhập ấp 1 (xã Phú Túc) vào ấp 2",
        ),
        LineKind.SPLIT: (
            DraftLine(kind=LineKind.SPLIT, on=MAY, unit=one),
            "Kết thúc ấp 1 (xã Phú Túc) sau khi chia tách",
        ),
        LineKind.RENAME: (
            DraftLine(kind=LineKind.RENAME, on=MAY, unit=one, name="Tân Bình"),
            "Đổi tên ấp 1 (xã Phú Túc) thành ấp Tân Bình",
        ),
        LineKind.RECLASSIFY: (
            DraftLine(kind=LineKind.RECLASSIFY, on=MAY, unit=one, unit_kind="khom"),
            "Chuyển ấp 1 (xã Phú Túc) thành khóm 1",
        ),
        LineKind.MOVE: (
            DraftLine(kind=LineKind.MOVE, on=MAY, unit=one, parent=neighbour),
            "Chuyển ấp 1 (xã Phú Túc) về xã Giao Long",
        ),
        LineKind.OPEN: (
            DraftLine(kind=LineKind.OPEN, on=MAY, parent=commune, name="7", unit_kind="ap"),
            "Thành lập mới ấp 7 (xã Phú Túc)",
        ),
        LineKind.CLOSE: (DraftLine(kind=LineKind.CLOSE, on=MAY, unit=one), "Giải thể ấp 1 (xã Phú Túc)"),
        LineKind.CELL_JOIN: (
            DraftLine(kind=LineKind.CELL_JOIN, on=MAY, cells=[cell], cell=other),
            "Sáp nhập chi bộ ấp 1 (xã Phú Túc) vào chi bộ ấp 2",
        ),
        LineKind.CELL_FOUND: (
            DraftLine(kind=LineKind.CELL_FOUND, on=MAY, name="Chi bộ ấp 7", units=[(one, WHOLE)]),
            "Thành lập chi bộ ấp 7, lãnh đạo ấp 1 (xã Phú Túc)",
        ),
        LineKind.CELL_DISSOLVE: (
            DraftLine(kind=LineKind.CELL_DISSOLVE, on=MAY, cell=cell),
            "Giải thể chi bộ ấp 1 (xã Phú Túc)",
        ),
        LineKind.CELL_RENAME: (
            DraftLine(kind=LineKind.CELL_RENAME, on=MAY, cell=cell, name="Chi bộ ấp Một"),
            "Đổi tên chi bộ ấp 1 (xã Phú Túc) thành chi bộ ấp Một",
        ),
        LineKind.CELL_MOVE: (
            DraftLine(kind=LineKind.CELL_MOVE, on=MAY, cell=cell, parent=neighbour),
            "Chuyển chi bộ ấp 1 (xã Phú Túc) về xã Giao Long",
        ),
    }

    assert set(said) == set(LineKind)
    for draft, words in said.values():
        assert _said(event, draft) == words


def test_a_district_is_not_dissolved_but_ends(province, event):
    district = factories.district(parent=province, name="Châu Thành")

    said = _said(event, DraftLine(kind=LineKind.CLOSE, on=MAY, unit=district))

    assert said == "Kết thúc hoạt động huyện Châu Thành (tỉnh Vĩnh Long)"


def test_a_line_that_is_applied_still_says_the_name_of_before(event, one):
    (line,) = add_lines(event, [DraftLine(kind=LineKind.RENAME, on=MAY, unit=one, name="Tân Bình")])
    change_unit(one, on=MAY, name="Tân Bình")
    line = Line.objects.with_everything().get(pk=line.pk)

    assert in_words(line, Then.of([line])) == "Đổi tên ấp 1 (xã Phú Túc) thành ấp Tân Bình"


def test_two_hamlets_of_one_name_are_told_apart_by_where_they_stood(commune, neighbour, event):
    own = factories.hamlet(parent=commune, name="1")
    came = factories.hamlet(parent=neighbour, name="1")
    change_unit(came, on=date(2025, 7, 1), parent=commune)

    came.refresh_from_db()

    said = _said(event, merger(own, came))

    assert said == "Nhập ấp 1, ấp 1 xã Giao Long cũ (xã Phú Túc) thành lập ấp Hòa Bình"


def test_a_sentence_names_day_and_paper(event, one, two):
    decision = factories.decision(
        number="12/NQ-HĐND", date=date(2026, 4, 20), issuing_body="Hội đồng nhân dân xã Phú Túc"
    )
    (line,) = add_lines(event, [merger(one, two, decision=decision)])

    assert sentence(Line.objects.with_everything().get(pk=line.pk)) == (
        "Nhập ấp 1, ấp 2 (xã Phú Túc) thành lập ấp Hòa Bình – từ 01/05/2026 – Nghị quyết số 12/NQ-HĐND"
        " ngày 20/04/2026 của Hội đồng nhân dân xã Phú Túc"
    )


def test_what_takes_a_part_says_so(event, one):
    assert _said(event, _part_of(one)) == "Thành lập ấp 3 từ một phần ấp 1 (xã Phú Túc)"


@pytest.mark.parametrize(
    ("number", "kind"), [("12/NQ-HĐND", "Nghị quyết"), ("345-QĐ/ĐU", "Quyết định"), ("7", "Văn bản")]
)
def test_a_paper_is_called_by_what_its_number_says(number, kind):
    assert paper(factories.decision(number=number)).startswith(f"{kind} số {number} ngày 05/01/2021 của ")


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("Ấp Hòa Bình", ("ap", "Hòa Bình")),
        ("khu phố 3", ("khu_pho", "3")),
        ("Khu 3", ("khu", "3")),
        ("Tổ dân phố  số 5", ("to_dan_pho", "số 5")),
        ("Hòa Bình", ("", "Hòa Bình")),
        ("KP3", ("khu_pho", "3")),
        ("Tdp. Hòa Bình", ("to_dan_pho", "Hòa Bình")),
        ("ấp2A", ("ap", "2A")),
    ],
)
def test_the_word_for_a_kind_is_told_from_the_name(said, parts):
    assert kind_and_name(said) == parts


def test_who_usually_decides_is_suggested(commune, province):
    assert suggested_body(commune, of_party=False) == "Hội đồng nhân dân xã Phú Túc"
    assert suggested_body(commune, of_party=True) == "Đảng ủy xã Phú Túc"
    assert suggested_body(province, of_party=True) == "Ban Thường vụ Tỉnh ủy Vĩnh Long"

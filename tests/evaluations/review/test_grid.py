"""The commune's page: who sees it, what it says, what is saved by form and by script."""

import gzip

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.changes import recording
from accounts.models import Role
from evaluations.models import CellRating, LeaderRating, Level, MemberLevels, Step, Submission
from evaluations.review.deciding import Paper, record_decision
from evaluations.review.grid import load
from evaluations.review.rows import Entry, fill_rest, mark_of, save_rows, why_closed
from evaluations.review.steps import take
from tests import factories
from tests.worlds import kept

State, Kind = Submission.State, Step.Kind
SCRIPT = {"X-Requested-With": "fetch", "Accept": "application/json"}


@kept
def cells(commune):
    return [factories.cell(of=factories.hamlet(parent=commune, name=f"{n}")) for n in range(1, 4)]


@kept
def cycle(officer, cells):
    factories.tenure(cell=cells[0])
    return factories.open_review(by=officer)


@kept
def file(cycle, commune):
    return factories.file_of(commune, cycle)


@kept
def row(file, cells):
    return CellRating.objects.get(cycle=file.cycle, cell=cells[0])


@kept
def sent(file, clerk):
    return send(file, clerk)


def decide(file, clerk):
    fill_rest(file, by=clerk)
    for person in LeaderRating.objects.filter(cycle=file.cycle):
        save_rows(
            file,
            [Entry(LeaderRating, person.pk, mark_of(person, None), {"self_level": Level.GOOD})],
            by=clerk,
        )
    file.refresh_from_db()
    put = take(file, Kind.PUT, by=clerk)
    day = file.cycle.roster_day
    return record_decision(put, Paper(number="12-QĐ/ĐU", day=day, body="Ban Thường vụ"), by=clerk)


def send(file, clerk):
    return take(decide(file, clerk), Kind.SENT, by=clerk)


def url(name, file, *more):
    return reverse(f"review:{name}", args=[file.cycle.year, file.pk, *more])


def page(client, user, file, **query):
    client.force_login(user)
    return client.get(url("grid", file), query)


def by_script(client, user, file, **fields):
    client.force_login(user)
    return client.post(url("save", file), {"user": user.pk, **fields}, headers=SCRIPT)


def mark(row):
    row.refresh_from_db()
    counts = MemberLevels.objects.filter(cycle=row.cycle, cell=row.cell).first() if row.cell else None
    return mark_of(row, counts if isinstance(row, CellRating) else None)


# --- who sees it -------------------------------------------------------------------------


def test_the_clerk_sees_cells_and_people_with_their_fields(client, clerk, file, row, cells):
    html = page(client, clerk, file).content.decode()

    assert html.count("<tr id=") == len(cells) + 1
    assert f'name="c{row.pk}-self_level"' in html
    assert f'aria-label="{cells[0]} – Chi bộ tự xếp loại"' in html
    assert html.count("Chưa nhập</span>") == len(cells) + 1


@pytest.mark.parametrize("who", ["officer", "reader"])
def test_before_it_is_sent_others_see_how_far_it_is_and_no_level(client, request, clerk, file, row, who):
    entry = Entry(CellRating, row.pk, mark(row), {"self_level": Level.EXCELLENT, "reason": "Bí mật của xã"})
    save_rows(file, [entry], by=clerk)

    html = page(client, request.getfixturevalue(who), file).content.decode()

    assert "Đang nhập (1/3 chi bộ)" in html
    assert "HTXSNV" not in html
    assert "Bí mật của xã" not in html
    assert "<input name=" not in html


@pytest.mark.parametrize("who", ["officer", "reader"])
def test_what_was_sent_is_read_by_the_province(client, request, sent, who):
    html = page(client, request.getfixturevalue(who), sent).content.decode()

    assert html.count('<span class="level level-GOOD">HTTNV</span>') >= 4
    assert "-self_level" not in html


def test_what_was_withdrawn_is_hidden_again(client, officer, clerk, sent):
    take(sent, Kind.WITHDRAWN, by=clerk, text="Sửa số liệu")

    assert "level-GOOD" not in page(client, officer, sent).content.decode()


def test_the_commune_s_own_leader_reads_what_is_not_sent(client, commune, clerk, file):
    leader = factories.user(username="own", role=Role.LEADER, reads=[commune])
    fill_rest(file, by=clerk)

    html = page(client, leader, file).content.decode()

    assert "level-GOOD" in html
    assert "-self_level" not in html


def test_elsewhere_the_page_is_not_there(client, outsider, neighbour, file):
    foreign = factories.user(username="foreign", role=Role.COMMUNE_STAFF, keeps=[neighbour])

    assert page(client, outsider, file).status_code == 404
    assert page(client, foreign, file).status_code == 404


def test_the_year_of_the_address_is_that_of_the_file(client, clerk, file):
    client.force_login(clerk)

    assert client.get(reverse("review:grid", args=[file.cycle.year - 1, file.pk])).status_code == 404


@pytest.mark.parametrize("name", ["save", "fill_rest", "step", "message"])
def test_a_leader_changes_nothing(client, reader, file, name):
    client.force_login(reader)

    assert client.post(url(name, file), {"kind": "put"}).status_code == 403


@pytest.mark.parametrize("name", ["save", "fill_rest"])
def test_the_province_does_not_enter_for_a_commune(client, officer, file, name):
    client.force_login(officer)

    assert client.post(url(name, file)).status_code == 403
    assert client.get(url("decide", file)).status_code == 403


# --- what it says ------------------------------------------------------------------------


def test_the_level_of_the_year_before_stands_beside_wherever_it_was_given(client, clerk, officer, cells):
    elsewhere = factories.province(name="Bến Tre cũ")
    before = factories.cycle(province=elsewhere, year=timezone.localdate().year - 1)
    factories.rating(of=cells[1], cycle=before, level=Level.EXCELLENT)
    cycle = factories.open_review(by=officer)
    file = factories.file_of(cells[1].commune, cycle)

    rows = {row.rating.cell: row.last_level for row in load(file, clerk).rows if row.is_cell}

    assert rows[cells[1]] == Level.EXCELLENT
    assert rows[cells[0]] == ""


def test_rows_stand_in_the_commune_s_own_order_hamlet_cells_first(clerk, officer, commune, cells):
    for cell, position in zip(cells, (3, 1, 2), strict=True):
        cell.position = position
        cell.save()
    office = factories.cell(commune=commune, name="Chi bộ Công an")
    grid = load(factories.file_of(commune, factories.open_review(by=officer)), clerk)

    assert [row.rating.cell for row in grid.hamlet_cells] == [cells[1], cells[2], cells[0]]
    assert [row.rating.cell for row in grid.other_cells] == [office]


def test_points_that_do_not_fit_are_marked_in_the_words_of_the_rule(client, clerk, file, row):
    fields = {f"c{row.pk}-mark": mark(row), f"c{row.pk}-self_level": "EXCELLENT", f"c{row.pk}-points": "72,5"}
    client.force_login(clerk)
    client.post(url("save", file), fields)

    html = page(client, clerk, file).content.decode()

    assert "HTXSNV phải từ 90 điểm trở lên" in html
    assert "72,5" in html
    assert "Cần xem lại" in html


def test_the_share_is_tried_by_each_base(client, clerk, file):
    fill_rest(file, by=clerk)

    html = page(client, clerk, file, thu="2").content.decode()

    assert "Đề xuất HTXSNV: 0 – tối đa: 0" in html
    # Two of three excellent: by no base is that within 20%.
    assert html.count("2 / 0") == 3
    assert html.count("+2") == 3


def test_a_number_tried_may_be_any_text(client, clerk, file):
    assert page(client, clerk, file, thu="--9x", nhom="²").status_code == 200


def test_the_check_names_all_that_is_missing_and_leads_to_the_rows(client, clerk, file, row):
    client.force_login(clerk)
    sent = client.post(url("step", file), {"kind": "checked", "revision": file.revision})

    html = client.get(sent.url).content.decode()

    assert "Chưa nhập mức xếp loại của 3 chi bộ" in html
    assert f'href="#c{row.pk}"' in html
    assert not file.steps.filter(kind=Kind.CHECKED).exists()


# --- saving ------------------------------------------------------------------------------


def whole_page(file, user, **changes):
    """Every field as the page of the user shows it, with these changes."""
    fields = {}
    for row in load(file, user).rows:
        fields[f"{row.key}-mark"] = row.mark
        for name in row.open:
            value = row.value(name)
            fields[f"{row.key}-{name}"] = "" if value is None else value
    return fields | changes


def test_the_whole_page_saves_what_was_changed_and_nothing_else(client, clerk, file, row, cells):
    key = f"c{row.pk}"
    form = whole_page(
        file, clerk, **{f"{key}-self_level": "GOOD", f"{key}-excellent": "3", f"{key}-good": "14"}
    )
    client.force_login(clerk)

    response = client.post(url("save", file), form, follow=True)

    assert "Đã lưu 1 dòng" in response.content.decode()
    row.refresh_from_db()
    assert (row.self_level, row.proposed_level) == (Level.GOOD, Level.GOOD)
    counts = MemberLevels.objects.get(cycle=file.cycle)
    assert (counts.cell, counts.excellent, counts.good, counts.completed) == (cells[0], 3, 14, None)
    change = row.history.first().change_set
    assert change.by == clerk
    assert "nhập kết quả" in change.reason


def test_an_old_page_writes_over_nobody_where_its_sender_changed_nothing(client, clerk, file, cells):
    mine, other = CellRating.objects.filter(cycle=file.cycle).order_by("pk")[:2]
    old_page = whole_page(file, clerk, **{f"c{mine.pk}-self_level": "GOOD"})
    by_colleague = {"self_level": Level.EXCELLENT, "note": "Đồng nghiệp"}
    save_rows(file, [Entry(CellRating, other.pk, mark(other), by_colleague, {"excellent": 5})], by=clerk)
    client.force_login(clerk)

    response = client.post(url("save", file), old_page)

    assert response.status_code == 302
    mine.refresh_from_db()
    other.refresh_from_db()
    assert mine.self_level == Level.GOOD
    assert (other.self_level, other.note) == (Level.EXCELLENT, "Đồng nghiệp")
    assert MemberLevels.objects.get().excellent == 5


def test_two_who_change_one_row_are_asked_and_then_it_is_as_they_say(client, clerk, file, row):
    key = f"c{row.pk}"
    old_page = whole_page(file, clerk, **{f"{key}-self_level": "GOOD"})
    colleague = factories.user(username="second", role=Role.COMMUNE_STAFF, keeps=[file.commune])
    with recording(by=colleague):
        save_rows(file, [Entry(CellRating, row.pk, mark(row), {"self_level": Level.COMPLETED})], by=colleague)
    client.force_login(clerk)

    html = client.post(url("save", file), old_page).content.decode()

    row.refresh_from_db()
    assert row.self_level == Level.COMPLETED
    assert f"{colleague} sửa lúc" in html
    assert "nhập ở đây HTTNV, đã lưu HTNV" in html
    assert '<option value="GOOD" selected' in html
    theirs = whole_page(file, clerk, **{f"{key}-self_level": "GOOD", f"{key}-theirs": "1"})
    client.post(url("save", file), theirs)
    row.refresh_from_db()
    assert row.self_level == Level.COMPLETED
    mine = whole_page(file, clerk, **{f"{key}-self_level": "GOOD"})
    client.post(url("save", file), mine)
    row.refresh_from_db()
    assert row.self_level == Level.GOOD


def test_what_cannot_be_read_blocks_its_own_field_only(client, clerk, file, row):
    key = f"c{row.pk}"
    form = whole_page(
        file, clerk, **{f"{key}-self_level": "GOOD", f"{key}-points": "chín mươi", f"{key}-good": "1x"}
    )
    client.force_login(clerk)

    html = client.post(url("save", file), form).content.decode()

    row.refresh_from_db()
    assert row.self_level == Level.GOOD
    assert row.points is None
    assert "“chín mươi” không phải là điểm" in html
    assert 'value="chín mươi"' in html
    assert f'aria-invalid="true" aria-describedby="{key}-points-e"' in html
    assert f'id="{key}-points-e"' in html
    assert f'href="#{key}"' in html


@pytest.mark.parametrize(
    ("text", "level"),
    [("HTXSNV", Level.EXCELLENT), ("httnv", Level.GOOD), ("Hoàn thành nhiệm vụ", Level.COMPLETED)],
)
def test_levels_are_read_by_their_exact_names(client, clerk, file, row, text, level):
    answer = by_script(client, clerk, file, **{f"c{row.pk}-mark": mark(row), f"c{row.pk}-self_level": text})

    assert answer.json()["rows"][f"c{row.pk}"]["values"]["self_level"] == level


@pytest.mark.parametrize("text", ["Khá", "Hoàn thành", "HT"])
def test_what_is_no_level_or_several_is_not_guessed(client, clerk, file, row, text):
    answer = by_script(client, clerk, file, **{f"c{row.pk}-mark": mark(row), f"c{row.pk}-self_level": text})

    assert text in answer.json()["rows"][f"c{row.pk}"]["faults"]["self_level"]
    row.refresh_from_db()
    assert row.self_level == ""


def test_the_script_hears_of_its_row_the_share_and_how_far_the_commune_is(client, clerk, file, row):
    key = f"c{row.pk}"

    told = by_script(
        client, clerk, file, **{f"{key}-mark": mark(row), f"{key}-self_level": "EXCELLENT"}
    ).json()

    assert told["rows"][key]["values"]["proposed_level"] == "EXCELLENT"
    assert told["rows"][key]["words"].startswith("Đã lưu ")
    assert told["rows"][key]["mark"] == mark(row)
    assert told["shares"] == [{"text": "Đề xuất HTXSNV: 1 – tối đa: 0", "over": True}]
    assert told["state"] == "đang nhập (1/3 chi bộ)"


def test_the_script_is_told_of_a_colleague_s_change_and_both_values_stay(client, clerk, file, row):
    key, old = f"c{row.pk}", mark(row)
    save_rows(file, [Entry(CellRating, row.pk, old, {"note": "Trước"})], by=clerk)

    told = by_script(client, clerk, file, **{f"{key}-mark": old, f"{key}-note": "Sau"}).json()["rows"][key]

    assert "sửa lúc" in told["conflict"]
    assert told["values"]["note"] == "Trước"
    again = by_script(client, clerk, file, **{f"{key}-mark": told["mark"], f"{key}-note": "Sau"})
    assert again.json()["rows"][key]["values"]["note"] == "Sau"


def test_a_page_left_open_by_somebody_else_saves_nothing_in_a_wrong_name(client, clerk, file, row):
    client.force_login(clerk)
    fields = {"user": clerk.pk + 1, f"c{row.pk}-mark": mark(row), f"c{row.pk}-self_level": "GOOD"}

    response = client.post(url("save", file), fields, headers=SCRIPT)

    assert response.status_code == 403
    assert "người khác đăng nhập" in response.json()["message"]
    row.refresh_from_db()
    assert row.self_level == ""


def test_a_file_that_was_put_takes_no_more_rows_and_says_so(client, clerk, file, row):
    fill_rest(file, by=clerk)
    old_page = whole_page(file, clerk, **{f"c{row.pk}-self_level": "COMPLETED"})
    decided = decide(file, clerk)

    client.force_login(clerk)
    html = client.post(url("save", file), old_page, follow=True).content.decode()
    assert why_closed(decided) in html
    answer = by_script(
        client, clerk, file, **{f"c{row.pk}-mark": mark(row), f"c{row.pk}-self_level": "COMPLETED"}
    )

    assert answer.status_code == 409
    assert answer.json()["message"] == why_closed(decided)
    row.refresh_from_db()
    assert row.self_level == Level.GOOD


def test_a_row_of_another_commune_is_not_touched(client, clerk, officer, file, neighbour):
    foreign = factories.user(username="foreign", role=Role.COMMUNE_STAFF, keeps=[neighbour])
    other_file = Submission.objects.create(cycle=file.cycle, commune=neighbour)
    row = CellRating.objects.filter(cycle=file.cycle).first()

    answer = by_script(
        client, foreign, other_file, **{f"c{row.pk}-mark": mark(row), f"c{row.pk}-self_level": "GOOD"}
    )

    assert answer.json()["rows"] == {}
    row.refresh_from_db()
    assert row.self_level == ""


def test_what_others_changed_is_told_once(client, clerk, file, row):
    stamp = load(file, clerk).stamp
    entry = Entry(CellRating, row.pk, mark(row), {"self_level": Level.GOOD}, {"excellent": 2})
    save_rows(file, [entry], by=clerk)
    client.force_login(clerk)

    first = client.get(url("changes", file), {"since": stamp}).json()
    second = client.get(url("changes", file), {"since": first["stamp"]}).json()

    assert list(first["rows"]) == [f"c{row.pk}"]
    assert first["rows"][f"c{row.pk}"]["values"]["excellent"] == "2"
    assert "rows" not in second
    assert second["stamp"] == first["stamp"]


def test_counts_alone_are_a_change_too(client, clerk, file, row):
    save_rows(file, [Entry(CellRating, row.pk, mark(row), {}, {"good": 7})], by=clerk)
    stamp = load(file, clerk).stamp
    save_rows(file, [Entry(CellRating, row.pk, mark(row), {}, {"good": None})], by=clerk)
    client.force_login(clerk)

    told = client.get(url("changes", file), {"since": stamp}).json()

    assert told["rows"][f"c{row.pk}"]["values"]["good"] == ""


def test_the_rest_is_rated_good_and_what_was_entered_stays(client, clerk, file, row):
    save_rows(file, [Entry(CellRating, row.pk, mark(row), {"self_level": Level.COMPLETED})], by=clerk)
    client.force_login(clerk)

    html = client.post(url("fill_rest", file), follow=True).content.decode()

    assert "Đã xếp HTTNV cho 2 chi bộ" in html
    levels = CellRating.objects.filter(cycle=file.cycle).values_list("proposed_level", flat=True)
    assert sorted(levels) == [Level.COMPLETED, Level.GOOD, Level.GOOD]


def test_what_the_province_asks_for_stands_in_full_at_the_top_and_rows_open_for_it(
    client, clerk, officer, sent, row
):
    asked = "Bổ sung số liệu đảng viên của chi bộ 1.\nGửi lại trước 16 giờ."
    take(sent, Kind.RETURNED, by=officer, text=asked)

    html = page(client, clerk, sent).content.decode()

    assert html.index(asked) < html.index("<table")
    assert f'name="c{row.pk}-good"' in html
    assert f'name="c{row.pk}-proposed_level"' not in html


def test_the_reason_of_a_decided_lowest_level_is_not_emptied_and_other_rows_are_saved(
    client, clerk, officer, file, row, cells
):
    values = {"self_level": Level.NOT_COMPLETED, "reason": "Bí thư bị kỷ luật"}
    save_rows(file, [Entry(CellRating, row.pk, mark(row), values)], by=clerk)
    take(send(file, clerk), Kind.RETURNED, by=officer, text="Bổ sung ghi chú")
    other = CellRating.objects.get(cycle=file.cycle, cell=cells[1])
    marks = {f"c{one.pk}-mark": mark(one) for one in (row, other)}
    client.force_login(clerk)

    answer = client.post(
        url("save", file), {**marks, f"c{row.pk}-reason": "", f"c{other.pk}-note": "Đã bổ sung"}
    )

    assert "Mức KHTNV cần ghi lý do" in answer.content.decode()
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.reason, other.note) == ("Bí thư bị kỷ luật", "Đã bổ sung")


# --- size --------------------------------------------------------------------------------


@kept
def large(officer, commune):
    """A commune of 150 cells and 150 people."""
    factories.many_cells(commune, 150)
    return factories.file_of(commune, factories.open_review(by=officer))


def queries(act) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = act()
    assert response.status_code in (200, 302)
    return len(captured)


def test_a_page_and_a_save_of_150_cells_and_150_people_ask_no_more_than_those_of_few(
    client, officer, commune, clerk, cells
):
    factories.tenure(cell=cells[0])
    small = factories.file_of(commune, factories.open_review(by=officer))
    client.force_login(clerk)
    client.get(url("grid", small))
    few = queries(lambda: client.get(url("grid", small)))
    few_saved = queries(lambda: client.post(url("save", small), entered(small, clerk)))
    few_decided = queries(lambda: client.post(url("save", small), entered(small, clerk, "COMPLETED")))
    other = factories.commune(parent=commune.parent)
    factories.many_cells(other, 150)
    second = factories.user(username="second", role=Role.COMMUNE_STAFF, keeps=[other])
    large = factories.open_review(by=officer, year=small.cycle.year - 1)
    large = factories.file_of(other, large)
    client.force_login(second)
    client.get(url("grid", large))

    assert queries(lambda: client.get(url("grid", large))) == few
    assert queries(lambda: client.post(url("save", large), entered(large, second))) == few_saved
    assert (
        queries(lambda: client.post(url("save", large), entered(large, second, "COMPLETED"))) == few_decided
    )
    assert set(
        LeaderRating.objects.filter(cycle=large.cycle, commune=other).values_list("self_level", flat=True)
    ) == {"COMPLETED"}


def entered(file, user, level="GOOD"):
    fields = whole_page(file, user)
    return {
        name: level if name.endswith("-self_level") else "5" if name.endswith("-good") else value
        for name, value in fields.items()
    }


def test_the_page_of_150_cells_and_150_people_is_60_kb_on_the_way(client, clerk, large):
    client.force_login(clerk)
    response = client.get(url("grid", large), headers={"Accept-Encoding": "gzip"})

    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content).count(b"<tr id=") == 300
    assert len(response.content) <= 60 * 1024, len(response.content)


def test_a_save_brings_back_a_few_kilobytes(client, clerk, large):
    row = CellRating.objects.filter(cycle=large.cycle).first()

    answer = by_script(
        client, clerk, large, **{f"c{row.pk}-mark": mark(row), f"c{row.pk}-self_level": "GOOD"}
    )

    assert len(answer.content) < 2048


def test_who_died_after_the_list_was_made_is_proposed_as_not_rated(client, clerk, file):
    rating = LeaderRating.objects.get(cycle=file.cycle)
    rating.person.tenures.update(ends_on=timezone.localdate(), way_out="died")
    client.force_login(clerk)

    shown = client.get(url("grid", file)).content.decode()

    assert "đề xuất không thuộc diện xếp loại (từ trần)" in shown
    assert '<option value="died" selected>' in shown
    row = next(row for row in load(file, clerk).rows if not row.is_cell)
    client.post(
        url("save", file),
        {"user": clerk.pk, f"{row.key}-mark": row.mark, f"{row.key}-not_subject_reason": "died"},
    )
    rating.refresh_from_db()
    assert rating.not_subject_reason == "died"
    # What is saved is no proposal any more.
    assert not any(row.typed for row in load(file, clerk).rows)

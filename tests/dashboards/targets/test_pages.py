"""The list of targets, the page of one as of a day, the tile: what they say and to whom."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import ExportLog, Role
from cells.actions import change_unit, close_unit, succeed
from sheets.reading import read_workbook
from tests import factories
from tests.dashboards.targets.conftest import DAY, titled_cells
from tests.worlds import kept

ON = {"ngay": DAY.isoformat()}


def page_of(target):
    return reverse("targets:target", args=[target.pk])


def list_of(unit):
    return reverse("targets:unit", args=[unit.pk])


def words_of(response) -> str:
    """Return the text of a page without its marks, in one line."""
    text = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


@kept
def parts(whole, commune, neighbour):
    return [
        factories.target(unit=unit, goal=goal, base=base, part_of=whole)
        for unit, goal, base in ((commune, 3, 5), (neighbour, 2, 4))
    ]


def test_the_page_says_what_is_done_needed_planned_and_forecast(client, reader, whole):
    client.force_login(reader)

    response = client.get(page_of(whole), ON)

    progress, text = response.context["progress"], words_of(response)
    assert (progress.done, progress.still_needed, progress.needed_per_year) == (3, 2, 1)
    assert progress.found.whole == 8
    assert "60%" in text
    assert "theo nghị quyết 9, hiện có 8 (ít hơn 1)" in text
    assert "Mỗi năm cần 1 (3 năm: 2023, 2024, 2025)" in text
    assert "Lộ trình đến 31/12/2021 là 2: nhiều hơn 1" in text
    assert "Mốc tiếp theo 31/12/2022 là 4: còn 1" in text
    # From the end of 2019 to the day 3 in 953 days; 1 239 days are left: 3,9 more, rounded to 4.
    assert progress.forecast.reached == 7
    assert "Chỉ là dự báo: ngày 31/12/2019 đạt 0, ngày 10/08/2022 đạt 3, bình quân tăng 1,1 mỗi năm" in text
    # Its row says that it is a forecast, and how far that is from the goal.
    assert "31/12/2025 5 Dự báo 7 nhiều hơn 2" in text
    assert "05-NQ/TU" in text


def test_each_year_shows_what_was_planned_and_done_at_its_end(client, reader, whole):
    client.force_login(reader)

    response = client.get(page_of(whole), ON)

    years = response.context["course"].years
    assert [(one.year, one.planned, one.done, one.difference) for one in years] == [
        (2020, 1, 1, 0),
        (2021, 2, 2, 0),
        (2022, 4, 3, None),
        (2023, 4, None, None),
        (2024, 5, None, None),
        (2025, 5, None, None),
    ]
    assert (years[2].so_far, years[2].left) == (DAY, 1)
    curves = {
        curve.label: [dot.text for dot in curve.dots] for curve in response.context["course"].chart.curves
    }
    assert curves == {
        "Đã đạt": ["1", "2", "3"],
        "Lộ trình": ["1", "2", "4", "4", "5", "5"],
        "Dự báo": ["", "7"],
    }


def test_every_number_opens_its_list(client, reader, whole):
    client.force_login(reader)
    progress = client.get(page_of(whole), ON).context["progress"]

    counts = [
        client.get(url).context["page"].paginator.count
        for url in (progress.done_url, progress.counted_url, progress.left_url)
    ]

    assert counts == [3, 8, 5]


@pytest.mark.parametrize("figure", ["title_of_goal", "merged_role"])
def test_what_was_done_by_the_end_of_each_year_opens_the_list_of_then(client, reader, whole, figure):
    if figure == "merged_role":
        whole = factories.target(unit=whole.unit, figure=figure, title=None, goal=5, base=9)
    client.force_login(reader)

    for year in client.get(page_of(whole), ON).context["course"].years:
        if year.done is not None:
            assert client.get(year.url).context["page"].paginator.count == year.done


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2020-12-31", "Đúng tiến độ"),
        ("2021-12-31", "Đúng tiến độ"),
        ("2022-12-31", "Chậm tiến độ"),
        ("2020-09-30", "Chưa đến mốc"),
        ("2025-12-31", "Hết hạn, chưa đạt"),
    ],
)
def test_the_path_decides_whether_it_is_on_schedule(client, reader, whole, day, words):
    client.force_login(reader)

    assert words in words_of(client.get(page_of(whole), {"ngay": day}))


def test_a_target_that_is_passed_says_so_and_forecasts_nothing(client, reader, whole, commune):
    titled_cells(commune, {date(2022, 6, 1): 4})
    client.force_login(reader)

    response = client.get(page_of(whole), ON)

    progress, text = response.context["progress"], words_of(response)
    assert (progress.done, progress.passed_by, progress.forecast) == (7, 2, None)
    assert "vượt chỉ tiêu 2" in text
    assert "140%" in text
    assert "dự báo" not in text.lower()
    assert "Mỗi năm cần" not in text


def test_before_a_year_of_counts_nothing_is_forecast(client, reader, whole):
    client.force_login(reader)

    response = client.get(page_of(whole), {"ngay": "2020-12-01"})

    assert response.context["progress"].forecast is None
    assert "Không dự báo" in words_of(response)


def test_a_term_that_is_over_is_shown_as_of_its_last_day(client, reader, whole):
    client.force_login(reader)

    response = client.get(page_of(whole))

    assert response.context["day"] == date(2025, 12, 31)
    assert "xem số liệu tại ngày cuối, 31/12/2025" in words_of(response)


def test_of_a_commune_that_has_ended_its_last_day_is_shown(client, officer, parts, commune, neighbour):
    for hamlet in commune.children.all():
        change_unit(hamlet, on=date(2024, 1, 1), parent=neighbour)
    for cell in commune.cells.all():
        cell.periods.update(ends_on=date(2023, 12, 31))
    close_unit(commune, last_day=date(2023, 12, 31))
    succeed([commune], neighbour, on=date(2024, 1, 1))
    client.force_login(officer)

    response = client.get(page_of(parts[0]))
    later = client.get(page_of(parts[0]), {"ngay": "2024-06-30"})
    whole = client.get(page_of(parts[0].part_of), {"ngay": "2024-06-30"})

    assert response.context["day"] == date(2023, 12, 31)
    assert response.context["progress"].done == 2
    assert "progress" not in later.context
    assert "31/12/2023" in words_of(later)
    rows = {row.target.unit: row.found.is_known for row in whole.context["parts"].rows}
    assert rows == {commune: False, neighbour: True}


def test_in_todays_borders_the_rows_are_placed_where_they_stand_today(client, officer, province, whole):
    new = factories.province(name="Bến Tre mới")
    client.force_login(officer)

    now = client.get(page_of(whole), {**ON, "dia_gioi": "hien-nay"})
    listed = client.get(list_of(province), {**ON, "dia_gioi": "hien-nay"})

    assert new.pk != province.pk
    assert now.context["progress"].done == 3
    assert now.context["basis"].is_now
    assert [one.done for one in listed.context["list"].own] == [3]


def test_the_list_shows_the_units_own_and_those_below(client, reader, province, parts):
    client.force_login(reader)

    response = client.get(list_of(province), ON)

    shown = response.context["list"]
    assert [one.done for one in shown.own] == [3]
    below = [(str(row.target.unit), row.done, row.target.goal, row.found.whole) for row in shown.below]
    assert below == [("Xã Giao Long", 1, 2, 3), ("Xã Phú Túc", 2, 3, 5)]


def test_the_list_is_narrowed_by_what_is_counted_and_how_it_goes(client, reader, province, parts, commune):
    factories.target(unit=commune, figure="merged_role", title=None, goal=5, base=None)
    client.force_login(reader)

    def units(**words):
        return [str(row.target.unit) for row in client.get(list_of(province), ON | words).context["page"]]

    assert units() == ["Xã Phú Túc", "Xã Giao Long", "Xã Phú Túc"]
    assert units(chi_so="merged_role") == ["Xã Phú Túc"]
    assert units(muc="khong-lo-trinh", chi_so="merged_role") == ["Xã Phú Túc"]
    assert units(muc="vuot") == []


def test_a_commune_sees_its_own_and_what_was_resolved_for_its_province(client, clerk, commune, whole, parts):
    client.force_login(clerk)

    response = client.get(list_of(commune), ON)

    (above,) = response.context["list"].above
    assert (above.target, above.found.done, above.may_open) == (whole, 2, False)
    assert [one.target for one in response.context["list"].own] == [parts[0]]
    assert page_of(whole) not in response.content.decode()
    assert client.get(page_of(whole)).status_code == 404
    assert client.get(page_of(parts[1])).status_code == 404
    part = client.get(page_of(parts[0]), ON)
    assert "Tỉnh Vĩnh Long: 5/9" in words_of(part)
    assert page_of(whole) not in part.content.decode()


def test_a_commune_is_told_no_number_counted_elsewhere(client, clerk, commune, whole, parts):
    client.force_login(clerk)

    text = words_of(client.get(list_of(commune), ON)) + words_of(client.get(page_of(parts[0]), ON))

    assert "33,3%" not in text
    assert "Giao Long" not in text


@pytest.mark.parametrize(("who", "may"), [("officer", True), ("reader", False)])
def test_buttons_are_there_for_those_who_keep_the_province(client, request, province, whole, who, may):
    client.force_login(request.getfixturevalue(who))

    text = client.get(page_of(whole), ON).content.decode() + client.get(list_of(province)).content.decode()

    for name, key in (("renew", whole.pk), ("path", whole.pk), ("parts", whole.pk), ("new", province.pk)):
        assert (reverse(f"targets:{name}", args=[key]) in text) is may


def test_targets_of_earlier_terms_and_ended_units_lead_to_their_last_day(client, reader, province, whole):
    client.force_login(reader)

    response = client.get(list_of(province))

    (ended,) = response.context["list"].ended
    assert response.context["list"].own == []
    assert client.get(ended.url).context["progress"].done == 3


def test_the_tile_of_the_overview_and_of_the_first_page_say_the_same(client, reader, province, commune):
    today = timezone.localdate()
    titled_cells(commune, {date(2021, 5, 1): 2}, others=2)
    factories.target(unit=province, goal=3, base=4, term=f"{today.year - 2}-{today.year + 2}")
    client.force_login(reader)

    for address in (reverse("dashboards:home"), reverse("dashboards:overview_unit", args=[province.pk])):
        text = words_of(client.get(address))
        assert "66,7%" in text
        assert f"còn 1, mỗi năm cần 1 (2 năm: {today.year + 1}, {today.year + 2})" in text
        assert "đã đạt 2/4 (50%), chỉ tiêu 3/4 (75%)" in text
        assert "chưa có lộ trình" in text
        assert f"Dự báo đến 31/12/{today.year + 2}: 2, thiếu 1" in text


def test_the_list_is_taken_out_with_what_is_reached(client, reader, province, parts):
    client.force_login(reader)

    response = client.get(reverse("exporting:targets_of", args=[province.pk]), ON)

    rows = read_workbook(b"".join(response.streaming_content), "x.xlsx").sheets[0].rows
    lines = [[str(cell) for cell in row] for row in rows]
    (own,) = [line for line in lines if "86" in line]
    assert {"9", "3", "60%", "33,3%", "8", "-1", "2", "7"} <= set(own)
    assert sum("2020-2025" in line for line in lines) == 3
    assert ExportLog.objects.get().row_count == 3


def test_one_who_follows_single_hamlets_has_no_list(client, commune, whole):
    hamlet = commune.children.first()
    client.force_login(factories.user(role=Role.FOLLOW_UP_OFFICER, reads=[hamlet]))

    assert client.get(reverse("targets:index")).status_code == 404
    assert client.get(page_of(whole)).status_code == 404


@pytest.mark.parametrize("communes", [2, 9])
def test_the_pages_need_the_same_queries_for_any_number_of_communes(
    client, reader, province, commune, whole, parts, communes, queries_of
):
    for _ in range(communes - 2):
        below = factories.commune(parent=province)
        titled_cells(below, {date(2021, 5, 1): 1}, others=1)
        factories.target(unit=below, goal=1, base=2, part_of=whole)
    client.force_login(reader)

    # signing in: session, user, grants; frame: label of the unit, words; unit, whether it is kept, its place on
    # the day; targets with their steps, titles, cells, hamlets (for words), targets below with steps, earlier terms
    assert queries_of(f"{list_of(province)}?ngay=2022-08-10") == 14
    assert queries_of(f"{page_of(whole)}?ngay=2022-08-10") == 14

"""The figures of five newspaper articles, by the command and on the page."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import User
from cells.models import UnitPeriod
from dashboards.papers.asking import asked_for
from dashboards.papers.forms import FORMS
from dashboards.papers.sums import summary_faults
from desk import samples
from evaluations.models import Target, Title
from evaluations.streaks import Question, leader_streaks
from sheets.numbers import format_count
from sheets.reading import read_workbook

SCENARIOS = json.loads((Path(samples.__file__).parent / "data" / "scenarios.json").read_text("utf-8"))

# (scenario, code of the unit, day, figure, numerator, denominator, percent)
EXPECTED = [
    ("dong_thap_2022", "87", "2022-03-15", "merged_role", 698, 698, "100"),
    ("dong_thap_2022", "87", "2022-03-15", "merged_cells", 698, 698, "100"),
    ("chau_thanh_2022", "831", "2022-08-10", "title_of_goal", 28, 59, "47,5"),
    ("chau_thanh_2022", "831", "2022-08-10", "title_of_base", 28, 117, "23,9"),
    ("chau_thanh_2022", "831", "2022-08-10", "target_share", 59, 117, "50,4"),
    ("chau_thanh_2022", "831", "2021-12-31", "title_of_goal", 14, 59, "23,7"),
    ("lang_son_2021", "178", "2021-06-25", "merged_role", 79, 87, "90,8"),
    ("lang_son_2021", "178", "2021-06-25", "member_heads", 85, 87, "97,7"),
    ("lang_son_2021", "05977", "2021-06-25", "merged_role", 10, 10, "100"),
    ("ba_tri_2018", "836", "2019-03-08", "level_excellent", 34, 129, "26,4"),
    ("ba_tri_2018", "836", "2019-03-08", "level_good", 91, 129, "70,5"),
    ("ba_tri_2018", "836", "2019-03-08", "level_completed", 4, 129, "3,1"),
    ("ba_tri_2018", "836", "2019-03-08", "level_not_completed", 0, 129, "0"),
    ("ba_tri_2018", "836", "2019-03-08", "rated", 129, 129, "100"),
    ("ba_tri_2018", "836", "2019-03-08", "hamlets_with_officer", 129, 129, "100"),
    ("ba_tri_2018", "836", "2019-03-08", "communes_with_officer", 24, 24, "100"),
    ("quang_ninh_2020", "22", "2020-02-05", "congress_held", 1542, 1542, "100"),
    ("quang_ninh_2020", "22", "2020-02-05", "merged_role", 1542, 1542, "100"),
]

pytestmark = pytest.mark.usefixtures("samples")


def figures(code: str, day: str) -> dict[str, dict]:
    out = StringIO()
    call_command("figures", unit=code, as_of=date.fromisoformat(day), json=True, stdout=out)
    return {figure["code"]: figure for figure in json.loads(out.getvalue())}


@pytest.fixture
def admin(client):
    client.force_login(User.objects.get(username="admin"))
    return client


def unit_of(code: str, day: str):
    return UnitPeriod.objects.on(date.fromisoformat(day)).get(code=code).unit


def test_the_table_of_this_test_says_what_the_articles_say():
    for scenario, code, day, figure, numerator, denominator, percent in EXPECTED:
        expect = SCENARIOS[scenario]["expect"]
        if day == "2021-12-31":
            expect = expect["on_2021_12_31"]
        name = f"{figure}_of_vinh_trai" if code == "05977" else figure
        wanted = {key: expect[name][key] for key in ("numerator", "denominator", "percent")}
        assert wanted == {"numerator": numerator, "denominator": denominator, "percent": percent}


@pytest.mark.parametrize(
    ("scenario", "code", "day", "figure", "numerator", "denominator", "percent"), EXPECTED
)
def test_the_command_gives_the_figures_as_printed(
    scenario, code, day, figure, numerator, denominator, percent
):
    found = figures(code, day)[figure]

    assert (found["numerator"], found["denominator"], found["percent"]) == (numerator, denominator, percent)
    assert (found["as_of"], found["borders"], found["unit"]) == (day, "then", code)


def test_104_people_are_excellent_three_years_running():
    assert figures("87", "2022-03-15")["excellent_streak"]["numerator"] == 104


@pytest.mark.parametrize(("code", "day"), sorted({(row[1], row[2]) for row in EXPECTED}))
def test_the_page_shows_what_the_command_gives(admin, code, day):
    unit = unit_of(code, day)

    page = admin.get(reverse("dashboards:overview_unit", args=[unit.pk]), {"ngay": day})

    text = page.content.decode()
    for row in EXPECTED:
        if (row[1], row[2]) == (code, day):
            assert f"{row[6]}%" in text
            assert format_count(row[4]) in text


def test_every_number_of_ba_tri_opens_its_list_and_exports_it(admin):
    unit = unit_of("836", "2019-03-08")

    for part, count in (("dat", 34), ("tat-ca", 129), ("con-lai", 95)):
        query = {"ngay": "2019-03-08", "phan": part}
        page = admin.get(reverse("dashboards:figure_rows", args=[unit.pk, "level_excellent"]), query)
        assert page.context["page"].paginator.count == count
        export = admin.get(reverse("exporting:figure_rows", args=[unit.pk, "level_excellent"]), query)
        rows = read_workbook(export.getvalue(), "x.xlsx").sheets[0].rows
        of_2018 = [row for row in rows if "2018" in map(str, row)]
        assert sum(any("HT" in str(value) for value in row) for row in of_2018) == count


@pytest.fixture
def keeper(client):
    """Who keeps the province in which Châu Thành lay."""
    officer = User.objects.get(role="provincial_staff", grants__unit__code="86", grants__unit__closed_on=None)
    client.force_login(officer)
    return client


def _enter_target_of_chau_thanh(client) -> Target:
    """Take the target out and enter it by the form, as its resolution has it."""
    unit = unit_of("831", "2022-08-10")
    Target.objects.filter(unit=unit).delete()
    path = {f"nam_{year}": n for year, n in zip(range(2020, 2026), (3, 15, 30, 40, 50, 59), strict=True)}
    entered = {
        "term": "2020-2025",
        "figure": "title_of_goal",
        "title": Title.objects.get(code="TSVMTD").pk,
        "goal": 59,
        "base": 117,
        "deadline": "",
        "number": "01-NQ/HU",
        "day": "2020-08-10",
        "body": "Huyện ủy Châu Thành",
        "signer": "",
    }
    client.post(reverse("targets:new", args=[unit.pk]), entered | path)
    return Target.objects.get(unit=unit)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (
            "2022-08-10",
            {
                "percents": ("47,5%", "23,9%", "50,4%"),
                "needed": "còn 31, mỗi năm cần 11 (3 năm: 2023, 2024, 2025)",
                "standing": "đúng tiến độ",
                "forecast": "Dự báo đến 31/12/2025: 64, đạt",
            },
        ),
        (
            "2021-12-31",
            {
                "percents": ("23,7%", "12%", "50,4%"),
                "needed": "còn 45, mỗi năm cần 12 (4 năm: 2022–2025)",
                "standing": "chậm tiến độ",
                "forecast": "Dự báo đến 31/12/2025: 42, thiếu 17",
            },
        ),
    ],
)
def test_the_target_of_chau_thanh_goes_through_the_form_to_page_and_tile(keeper, day, told):
    target = _enter_target_of_chau_thanh(keeper)

    page = keeper.get(reverse("targets:target", args=[target.pk]), {"ngay": day})
    tile = keeper.get(reverse("targets:unit", args=[target.unit_id]), {"ngay": day}).content.decode()

    progress = page.context["progress"]
    assert (progress.percent_of_goal, progress.percent_of_base, progress.percent_asked) == told["percents"]
    assert progress.needed_words == told["needed"]
    assert progress.standing_words == told["standing"]
    assert progress.forecast_words == told["forecast"]
    assert progress.base_words == "theo nghị quyết 117, hiện có 117 (bằng nhau)"
    for words in (*told["percents"], told["needed"], told["standing"], told["forecast"]):
        assert words in tile
    years = {one.year: one.done for one in page.context["course"].years}
    assert (years[2020], years[2021]) == (2, 14)
    assert years[2022] == (28 if day == "2022-08-10" else None)


def test_the_target_of_chau_thanh_is_broken_down_to_its_communes_of_then(keeper):
    target = _enter_target_of_chau_thanh(keeper)
    address = reverse("targets:parts", args=[target.pk]) + "?ngay=2022-08-10"
    form = keeper.get(address).context["form"]
    goals = {goal.html_name: goal.value() or "" for _row, _base, goal in form.lines}
    bases = {base.html_name: base.value() for _row, base, _goal in form.lines}
    paper = {"number": "02-KH/HU", "day": "2020-09-01", "body": "Huyện ủy Châu Thành"}

    keeper.post(address, {**goals, **bases, **paper, "seen": form["seen"].value()})

    parts = keeper.get(target.get_absolute_url(), {"ngay": "2022-08-10"}).context["parts"]
    assert (len(parts.rows), parts.goals.difference, parts.bases.difference) == (len(form.lines), 0, 0)
    assert (parts.goals.parts, parts.bases.parts, parts.done) == (59, 117, 28)
    # Each part leads to the very rows of its commune.
    for row in parts.rows[:3]:
        assert keeper.get(row.done_url).context["page"].paginator.count == row.done


def test_old_chau_thanh_is_read_by_the_staff_of_vinh_long_and_is_gone_today(client):
    district = unit_of("831", "2022-08-10")
    officer = User.objects.get(role="provincial_staff", grants__unit__code="86", grants__unit__closed_on=None)
    client.force_login(officer)
    address = reverse("dashboards:overview_unit", args=[district.pk])

    then = client.get(address, {"ngay": "2022-08-10"}).content.decode()
    today = client.get(address).content.decode()

    assert "28/59" in then.replace("</a>", "").replace('">', "") or "47,5%" in then
    assert "47,5%" not in today
    assert "30/06/2025" in today


def test_its_hamlets_stand_under_their_new_communes_in_vinh_long_today():
    district = unit_of("831", "2022-08-10")
    hamlets = UnitPeriod.objects.on(date(2022, 8, 10)).hamlets().filter(district=district)
    vinh_long = unit_of("86", "2025-07-01")

    assert hamlets.count() == 117
    today = UnitPeriod.objects.on(date(2025, 7, 2)).hamlets().filter(unit__in=hamlets.values("unit"))
    assert today.filter(province=vinh_long).count() == 117
    assert not today.filter(commune=None).exists()


def test_one_code_named_three_communes():
    days = (date(2022, 8, 10), date(2025, 1, 1), date(2025, 7, 1))

    bearers = [UnitPeriod.objects.on(day).get(code="28810") for day in days]

    assert [bearer.full_name for bearer in bearers] == ["Xã An Khánh", "Thị trấn Châu Thành", "Xã Phú Túc"]
    assert len({bearer.unit_id for bearer in bearers}) == 3


def test_chau_thanh_in_todays_borders_adds_up_to_the_same_titles():
    now = StringIO()
    call_command("figures", unit="86", as_of=date(2022, 8, 10), borders="now", json=True, stdout=now)
    figures_now = {figure["code"]: figure for figure in json.loads(now.getvalue())}

    assert figures_now["cells"]["numerator"] >= 117
    assert figures_now["cells"]["borders"] == "now"


def test_unknown_codes_and_days_end_with_code_2(capsys):
    with pytest.raises(Exception) as stopped:  # noqa: PT011 -- CommandError, with its exit code
        call_command("figures", unit="00000", as_of=date(2022, 1, 1))

    assert stopped.value.returncode == 2
    assert "00000" in str(stopped.value)


def test_the_104_of_dong_thap_are_listed_with_years_and_decisions(admin):
    unit = unit_of("87", "2022-03-15")
    question = Question(year=2021, least=3, basis="office", unit=unit)

    expected = SCENARIOS["dong_thap_2022"]["expect"]["excellent_streak"]["people"]

    found = leader_streaks(question, user=User.objects.get(username="admin"), day=date(2022, 3, 15))

    assert len(found.streaks) == expected
    assert {tuple(proof.year for proof in one.years) for one in found.streaks} == {(2019, 2020, 2021)}
    assert all(proof.decisions for one in found.streaks for proof in one.years)
    page = admin.get(
        reverse("papers:streaks"),
        {"loai": "ca-nhan", "don_vi": unit.pk, "nam": 2021, "so_nam": 3, "muc": "xs"},
    )
    assert page.context["page"].paginator.count == expected


def test_the_year_of_ba_tri_adds_up_on_the_summary_and_its_share_is_told():
    expect = SCENARIOS["ba_tri_2018"]["expect"]
    unit = unit_of("83", "2018-12-31")
    asked = asked_for(User.objects.get(username="admin"), unit, 2018)

    summary = FORMS["tong-hop"].figures_for(asked)
    shares = FORMS["ty-le-xuat-sac"].figures_for(asked)

    total = summary["cong"]
    codes = {
        "xs": "level_excellent",
        "t": "level_good",
        "ht": "level_completed",
        "kht": "level_not_completed",
    }
    assert {field: total[field] for field in codes} == {
        field: expect[code]["numerator"] for field, code in codes.items()
    }
    assert (total["tong_so"], total["duoc_danh_gia"], total["chua_danh_gia"]) == (129, 129, 0)
    lines = [line for line in summary["cac_dong"] if line["tong_so"] is not None]
    assert summary_faults(lines, total) == []
    assert not any("Kiểm tra lại" in note for note in summary["ghi_chu"])
    assert (shares["cong"]["co_so_tinh"], shares["cong"]["xuat_sac"]) == (125, 34)
    assert shares["cong"]["toi_da"] < 125 // 5
    assert sum(line["ket_luan"].startswith("Vượt") for line in shares["cac_dong"]) > 0

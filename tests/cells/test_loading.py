from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.changes import ChangeSet, recording
from accounts.history import delete_many
from cells.checks import problems
from cells.loading import LAST_DAY_BEFORE, REFORM_DAY, load_country, loaded
from cells.models import Line, LineKind, LineSource, Reorganisation, Succession, Unit, UnitPeriod

pytestmark = pytest.mark.usefixtures("country")


def test_the_maps_and_the_reform_have_the_known_numbers():
    assert vars(loaded()) == {
        "provinces_before": 63,
        "districts_before": 696,
        "communes_before": 10_035,
        "provinces_after": 34,
        "communes_after": 3_321,
        "communes_going_on": 132,
        "provinces_going_on": 11,
        "commune_successions": 10_470,
        "provinces_merged": 52,
        "provinces_founded": 23,
    }


def test_no_district_stands_after_the_reform():
    assert not UnitPeriod.objects.on(REFORM_DAY).at_level("district").exists()


def test_a_second_load_changes_nothing():
    counts = (Unit.objects.count(), UnitPeriod.objects.count(), Succession.objects.count())
    before = ChangeSet.objects.count()

    assert load_country() is False

    assert counts == (Unit.objects.count(), UnitPeriod.objects.count(), Succession.objects.count())
    assert ChangeSet.objects.count() == before


def test_the_command_prints_the_numbers():
    out = StringIO()

    call_command("load_units", stdout=out)

    for number in ("63", "696", "10.035", "34", "3.321", "132", "11", "10.470", "52", "23"):
        assert number in out.getvalue()


def test_everything_agrees_after_the_load():
    assert list(problems()) == []


def test_every_row_of_the_load_has_its_history():
    for model in (Unit, UnitPeriod, Succession, Line, LineSource):
        assert model.history.count() == model.objects.count()


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2020, 1, 1), "Thị trấn Châu Thành"),
        (LAST_DAY_BEFORE, "Thị trấn Châu Thành"),
        (REFORM_DAY, "Xã Phú Túc"),
    ],
)
def test_a_code_finds_another_unit_on_another_day(day, name):
    assert UnitPeriod.objects.on(day).get(code="28810").full_name == name


def test_a_closed_commune_counts_as_standing_in_the_province_of_its_successors():
    tam_phuoc = UnitPeriod.objects.on(LAST_DAY_BEFORE).get(code="28831").unit
    vinh_long = UnitPeriod.objects.on(REFORM_DAY).get(code="86", level="province").unit

    assert tam_phuoc.closed_on == LAST_DAY_BEFORE
    assert tam_phuoc.province == vinh_long


def test_a_closed_district_counts_as_standing_in_the_province_of_its_communes():
    chau_thanh = UnitPeriod.objects.on(LAST_DAY_BEFORE).get(code="831").unit

    assert chau_thanh.province.full_name == "Tỉnh Vĩnh Long"


# --- the lines of the reform -------------------------------------------------------------


def line_of(name: str, *, on: date = LAST_DAY_BEFORE, code: str) -> Line:
    unit = UnitPeriod.objects.on(on).exclude(level="district").get(code=code).unit
    assert str(unit) == name
    return Line.objects.get(unit=unit)


def test_the_reform_says_line_by_line_what_it_did():
    assert Counter(Line.objects.values_list("kind", "unit__level")) == {
        ("found", "province"): 23,
        ("found", "commune"): 3_321 - 132,
        ("move", "commune"): 132,
        ("split", "commune"): 471,
        # Five island districts became special zones; eleven provinces were left as they were.
        ("close", "district"): 696 - 5,
    }


def test_what_goes_into_a_line_is_what_the_list_of_successions_says():
    sources = LineSource.objects.values_list("unit", "line__unit", "part")

    assert Counter(sources) == Counter(Succession.objects.values_list("predecessor", "successor", "part"))


def test_a_commune_that_went_on_was_moved_from_its_district_to_its_province():
    line = line_of("Xã Minh Tân", code="00919")

    assert (line.kind, str(line.parent), line.name, line.unit_kind) == ("move", "Tỉnh Tuyên Quang", "", "")


def test_a_divided_commune_has_a_line_and_is_a_part_in_others():
    divided = Line.objects.filter(kind=LineKind.SPLIT).values("unit")

    parts = LineSource.objects.filter(unit__in=divided)
    assert set(parts.values_list("part", flat=True)) == {"part"}
    assert not LineSource.objects.exclude(unit__in=divided).filter(part="part").exists()


def test_the_resolution_on_provinces_is_not_given_for_communes():
    rest_on_it = Line.objects.filter(decision__number="202/2025/QH15")

    assert set(rest_on_it.values_list("unit__level", flat=True)) == {"province"}


def test_units_that_were_loaded_without_lines_get_them_once():
    delete_many(LineSource.objects.all())
    delete_many(Line.objects.all())
    facts = (Unit.history.count(), UnitPeriod.history.count(), Succession.history.count())

    with recording(reason="once more"):
        assert load_country() is True
        assert load_country() is False

    assert (Line.objects.count(), LineSource.objects.count()) == (4_506, 10_522)
    assert facts == (Unit.history.count(), UnitPeriod.history.count(), Succession.history.count())
    # They stand for what was done when the units were loaded, not for this act.
    (applied_in,) = set(Line.objects.values_list("applied_in", flat=True))
    assert applied_in == Reorganisation.objects.get().history.get().change_set_id

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.changes import ChangeSet
from cells.checks import problems
from cells.loading import LAST_DAY_BEFORE, REFORM_DAY, load_country, loaded
from cells.models import Succession, Unit, UnitPeriod

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
    for model in (Unit, UnitPeriod, Succession):
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

"""The sample data: the five articles come out as printed, and nothing of it stays behind."""

import json
from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.changes import ChangeSet, RecordedChange, recording
from accounts.models import Role, User
from cells.kinds import Level
from cells.models import (
    Cell,
    CellArea,
    CellPeriod,
    Confirmation,
    Grant,
    HouseholdCount,
    Line,
    LineSource,
    MemberCount,
    Succession,
    Unit,
    UnitPeriod,
)
from desk.people.requests import candidates_for
from desk.samples import accounts, loading
from desk.samples.names import DATA
from desk.samples.places import unit_on
from evaluations.models import CellRating, LeaderRating, Target, TitleCase
from evaluations.models import Level as Rated
from evaluations.streaks import Question, leader_streaks
from leaders.actions import begin_tenures
from leaders.contests.checking import won
from leaders.duplicates import likely_pairs
from leaders.models import (
    Access,
    Assignment,
    Commendation,
    Contest,
    MembershipStatus,
    Office,
    Person,
    PersonRequest,
    Tenure,
)
from tests import factories

SCENARIOS = json.loads((DATA / "scenarios.json").read_text(encoding="utf-8"))


def snapshot() -> dict[str, list[dict]]:
    """Every row of every table, but for the history of recording, which stays."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models()
        if not issubclass(model, RecordedChange) and model is not ChangeSet
    }


@pytest.fixture(scope="module")
def fresh(country, django_db_blocker):
    """The tables of a site that holds the units only."""
    with django_db_blocker.unblock():
        yield snapshot()


@pytest.fixture(scope="module")
def samples(fresh):
    """The samples, loaded once for the module. Returns what the command printed."""
    out = StringIO()
    call_command("load_samples", stdout=out)
    # PostgreSQL would otherwise look through all of it again at the end of every test.
    connection.check_constraints()
    return out.getvalue()


@pytest.fixture(autouse=True)
def _loaded(samples):
    pass


def scenario(name: str):
    """Return the unit, the day, what was entered and what must be shown."""
    it = SCENARIOS[name]
    day = date.fromisoformat(it["as_of"])
    return unit_on(day, it["unit"]["level"], it["unit"]["code"]), day, it["given"], it["expect"]


def hamlets_of(unit: Unit, day: date) -> set[int]:
    return set(UnitPeriod.objects.on(day).under(unit).hamlets().values_list("unit", flat=True))


def cells_of(unit: Unit, day: date) -> set[int]:
    return set(CellPeriod.objects.on(day).under(unit).values_list("cell", flat=True))


def holders(office: str, body: str, day: date) -> dict[int, int]:
    return dict(Tenure.objects.on(day).filter(office=office).values_list(body, "person"))


def merged(unit: Unit, day: date) -> int:
    """Count the hamlets whose head is secretary of a cell that covers them."""
    heads = holders(Office.HAMLET_HEAD, "hamlet", day)
    secretaries = holders(Office.SECRETARY, "cell", day)
    areas = CellArea.objects.on(day).filter(hamlet__in=hamlets_of(unit, day)).values_list("cell", "hamlet")
    return len(
        {hamlet for cell, hamlet in areas if hamlet in heads and secretaries.get(cell) == heads[hamlet]}
    )


# --- The articles ---------------------------------------------------------------------


def test_dong_thap_2022():
    unit, day, given, expect = scenario("dong_thap_2022")

    assert len(hamlets_of(unit, day)) == len(cells_of(unit, day)) == given["hamlets"]
    assert merged(unit, day) == expect["merged_role"]["numerator"]
    rows = LeaderRating.objects.in_force_on(day).under(unit).filter(decided_level=Rated.EXCELLENT)
    years = Counter(rows.filter(cycle__year__in=(2019, 2020, 2021)).values_list("person", flat=True))
    assert sum(count == 3 for count in years.values()) == expect["excellent_streak"]["people"]
    # The others are no blank: most of them were rated, some of them excellent in two years.
    assert LeaderRating.objects.in_force_on(day).under(unit).count() > 3 * 698 * 0.8
    assert sum(count == 2 for count in years.values()) > 0


def test_chau_thanh_2022():
    unit, day, given, expect = scenario("chau_thanh_2022")

    communes = UnitPeriod.objects.on(day).under(unit).at_level(Level.COMMUNE)
    assert communes.count() == given["communes"]
    assert len(hamlets_of(unit, day)) == len(cells_of(unit, day)) == given["cells"]
    held = TitleCase.objects.filter(cell__in=cells_of(unit, day)).held_on(day)
    assert Counter(str(case.recognised_on.year) for case in held) == given["recognised"]
    before = TitleCase.objects.held_on(date(2021, 12, 31)).count()
    assert before == expect["on_2021_12_31"]["title_of_goal"]["numerator"]
    assert not TitleCase.objects.filter(
        cell__in=cells_of(unit, day), title__code="TSVMTD", revoked_on__isnull=False
    ).exists()
    target = Target.objects.in_force_on(day).get(unit=unit)
    assert (target.goal, target.base) == (59, 117)
    assert target.steps.get(year=2025).planned == 59


def test_phuoc_hau():
    given = SCENARIOS["chau_thanh_2022"]["given"]["cell"]
    day = date(2022, 8, 10)

    period = CellPeriod.objects.on(day).select_related("cell").get(name=given["name"])

    assert period.commune == unit_on(day, Level.COMMUNE, given["commune_code"])
    case = period.cell.title_cases.get()
    assert (case.recognised_on.year, case.is_pilot) == (2021, True)
    assert case.learned
    assert case.keep_plan
    assert not case.criteria.filter(appraised_points=None).exists()
    members = MemberCount.objects.filter(cell=period.cell, day__lte=day).get()
    assert {name: getattr(members, name) for name in given["members"]} == given["members"]
    households = HouseholdCount.objects.filter(hamlet__cell_areas__cell=period.cell, day__lte=day).get()
    assert [households.households, households.poor, households.near_poor] == [468, 7, 3]


def test_lang_son_2021():
    unit, day, given, expect = scenario("lang_son_2021")
    heads = holders(Office.HAMLET_HEAD, "hamlet", day)
    members = set(Person.objects.filter(membership=MembershipStatus.YES).values_list("pk", flat=True))

    hamlets = hamlets_of(unit, day)
    assert len(hamlets) == given["hamlets"]
    assert merged(unit, day) == expect["merged_role"]["numerator"]
    assert sum(heads.get(hamlet) in members for hamlet in hamlets) == expect["member_heads"]["numerator"]
    ward = unit_on(day, Level.COMMUNE, given["ward"]["code"])
    assert len(hamlets_of(ward, day)) == merged(ward, day) == 10


def test_ba_tri_2018():
    unit, day, given, expect = scenario("ba_tri_2018")

    hamlets = hamlets_of(unit, day)
    communes = set(
        UnitPeriod.objects.on(day).under(unit).at_level(Level.COMMUNE).values_list("unit", flat=True)
    )
    assert len(hamlets) == len(cells_of(unit, day)) == given["hamlets"]
    assert len(communes) == given["communes"]
    levels = Counter(CellRating.objects.in_force_on(day).under(unit).values_list("decided_level", flat=True))
    assert levels == Counter({level: count for level, count in given["levels_2018"].items() if count})
    for_hamlets = Assignment.objects.on(day).filter(unit__in=hamlets)
    assert for_hamlets.values("person").distinct().count() == given["hamlet_officers"]
    assert for_hamlets.values("unit").distinct().count() == len(hamlets)
    for_communes = Assignment.objects.on(day).filter(unit__in=communes)
    assert for_communes.values("person").distinct().count() == given["provincial_officers"]
    assert for_communes.values("unit").distinct().count() == given["communes_supported"]


def test_ba_tri_lost_two_communes():
    unit = scenario("ba_tri_2018")[0]

    def communes(day):
        return UnitPeriod.objects.on(day).under(unit).at_level(Level.COMMUNE).count()

    assert [communes(date(2020, 1, 31)), communes(date(2020, 2, 1))] == [24, 22]
    assert len(hamlets_of(unit, date(2020, 2, 1))) == 129


def test_quang_ninh_2020():
    unit, day, given, expect = scenario("quang_ninh_2020")

    held = Contest.objects.filter(
        kind=Contest.Kind.CONGRESS, outcome=Contest.Outcome.HELD, held_on__lte=day, term=given["term"]
    )
    assert len(hamlets_of(unit, day)) == given["hamlets"]
    assert held.filter(cell__in=cells_of(unit, day)).count() == expect["congress_held"]["numerator"]
    assert merged(unit, day) == expect["merged_role"]["numerator"]
    elections = Contest.objects.filter(
        kind=Contest.Kind.HEAD_ELECTION, tenures__office=Office.HAMLET_HEAD, term=given["term"]
    )
    assert elections.count() == given["heads_elected_secretary"]


# --- Through the reforms --------------------------------------------------------------


def test_chau_thanh_is_21_then_16_communes_then_gone():
    district = scenario("chau_thanh_2022")[0]

    def names(day):
        periods = UnitPeriod.objects.on(day).filter(parent=district).order_by("code")
        return [period.full_name for period in periods]

    assert len(names(date(2024, 11, 30))) == 21
    assert len(names(date(2024, 12, 1))) == len(names(date(2025, 6, 30))) == 16
    assert names(date(2025, 7, 1)) == []
    assert {"Xã Qưới Sơn", "Xã Tiên Thủy", "Xã An Khánh"} <= set(names(date(2024, 11, 30)))
    assert {"Xã Quới Sơn", "Thị trấn Tiên Thủy", "Thị trấn Châu Thành"} <= set(names(date(2024, 12, 1)))


def test_one_code_names_three_communes():
    days = (date(2024, 11, 30), date(2025, 6, 30), date(2025, 7, 1))
    units = [unit_on(day, Level.COMMUNE, "28810") for day in days]

    assert len(set(units)) == 3
    assert [str(unit) for unit in units] == ["Xã An Khánh", "Thị trấn Châu Thành", "Xã Phú Túc"]
    assert Succession.objects.filter(predecessor=units[0], successor=units[1], on=date(2024, 12, 1)).exists()


def test_identity_goes_on_where_only_a_word_changed():
    before, after = (unit_on(day, Level.COMMUNE, "28861") for day in (date(2022, 8, 10), date(2025, 6, 30)))

    assert before == after
    assert not Succession.objects.filter(successor=before).exists()


def test_both_sample_reforms_say_line_by_line_what_they_did():
    kinds = Counter(Line.objects.filter(on__lt=date(2025, 7, 1)).values_list("on", "kind"))
    chau_thanh, ba_tri = date(2024, 12, 1), date(2020, 2, 1)

    assert kinds == {
        (chau_thanh, "found"): 3,
        (chau_thanh, "rename"): 1,
        (chau_thanh, "reclassify"): 1,
        (ba_tri, "absorb"): 2,
    }
    assert LineSource.objects.filter(line__on=chau_thanh).count() == 8
    assert str(Line.objects.get(kind="rename").unit) == "Xã Quới Sơn"


def test_everything_stands_under_a_commune_of_today():
    hamlets = Unit.objects.hamlets().select_related("commune", "parent")
    cells = Cell.objects.select_related("commune")

    assert hamlets.count() == cells.count() == 698 + 117 + 87 + 129 + 1542
    assert all(hamlet.parent.closed_on is None for hamlet in hamlets)
    assert all(cell.commune.closed_on is None for cell in cells)
    today = Counter(hamlets.values_list("province__name", flat=True))
    assert today == {"Đồng Tháp": 698, "Vĩnh Long": 117 + 129, "Lạng Sơn": 87, "Quảng Ninh": 1542}


def test_no_two_hamlets_of_a_commune_are_called_alike():
    names = Counter(Unit.objects.hamlets().values_list("commune", "kind", "name"))

    assert set(names.values()) == {1}


# --- Today ----------------------------------------------------------------------------


def test_the_pages_of_today_have_something_to_say():
    phu_tuc, today = unit_on(timezone.localdate(), Level.COMMUNE, "28810"), timezone.localdate()
    hamlets, cells = hamlets_of(phu_tuc, today), cells_of(phu_tuc, today)
    heads = Tenure.objects.on(today).filter(office=Office.HAMLET_HEAD, hamlet__in=hamlets)

    assert len(hamlets) >= 30
    assert 0 < heads.filter(way_in="interim").count() < len(hamlets)
    assert heads.count() < len(hamlets)
    assert 0 < merged(phu_tuc, today) < len(hamlets)
    assert MemberCount.objects.filter(cell__in=cells).values("cell").distinct().count() == len(cells)
    for year in (2024, 2025):
        assert CellRating.objects.filter(cell__in=cells, cycle__year=year).count() == len(cells)
        undecided = CellRating.objects.filter(cell__in=cells, cycle__year=year, decided_level="")
        assert undecided.count() == (2 if year == 2025 else 0)
    this_year = CellRating.objects.filter(cell__in=cells, cycle__state="open")
    assert 0 < this_year.exclude(proposed_level="").count() < this_year.count() == len(cells)
    assert Confirmation.objects.filter(commune=phu_tuc).count() == 3


def test_a_change_entered_late_is_marked_in_the_list_of_the_commune(client):
    phu_tuc = unit_on(timezone.localdate(), Level.COMMUNE, "28810")
    client.force_login(User.objects.get(username=accounts.VINH_LONG.username))

    page = client.get(
        reverse("dashboards:figure_rows", args=[phu_tuc.pk, "merged_role"]), {"phan": "con-lai"}
    )

    said = f"hập bổ sung ngày {timezone.localdate():%d/%m/%Y}"
    late = [record for record in page.context["records"] if said in record["remark"]]
    assert 0 < len(late) < len(page.context["records"]) / 2
    assert said in page.content.decode()


def test_nobody_was_elected_where_an_election_failed():
    failed = Contest.objects.filter(outcome=Contest.Outcome.FAILED).prefetch_related("candidacies")

    assert failed
    for contest in failed:
        stood = contest.candidacies.all()
        assert len(stood) == 2
        assert not any(won(one.votes, contest.present) for one in stood)
        assert all("(mẫu)" in str(one.person or one.name) for one in stood)


def test_years_running_are_there_to_be_proposed_and_some_were_commended():
    vinh_long = unit_on(timezone.localdate(), Level.PROVINCE, "86")
    officer = factories.user(role=Role.PROVINCIAL_STAFF, keeps=[vinh_long])

    found = leader_streaks(
        Question(year=2025, basis="office", unit=vinh_long), user=officer, day=timezone.localdate()
    )
    best = {streak.rating.person_id for streak in found.streaks}

    commended = set(Commendation.objects.filter(person__in=best).values_list("person", flat=True))
    assert 0 < len(commended) < len(best)


def test_nothing_begins_in_the_future():
    today = timezone.localdate()

    for model in (Tenure, Assignment, UnitPeriod, CellPeriod, CellArea, Grant):
        assert not model.objects.filter(starts_on__gt=today).exists()
    assert not MemberCount.objects.filter(day__gt=today).exists()
    assert not Confirmation.objects.filter(confirmed_at__gt=timezone.now()).exists()


def test_all_people_are_made_up():
    assert not Person.objects.filter(is_synthetic=False).exists()
    assert not Person.objects.exclude(phone__regex=r"^(0|\+84 )900 ").exists()
    assert Person.objects.filter(born_on_precision="year").exists()
    assert not Person.objects.filter(keeper__closed_on__isnull=False).exists()


def test_each_role_has_an_account_that_opens(settings):
    # The samples were loaded before the quick hasher of the tests came in.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    users = {user.username: user for user in User.objects.all()}

    assert set(users) == {login.username for login in accounts.LOGINS}
    assert {user.role for user in users.values()} == set(Role.values)
    assert users["admin"].check_password(accounts.PASSWORD)
    assert len({user.password for user in users.values()}) == 1


def test_the_clerk_of_a_closed_commune_keeps_the_new_one_and_reads_the_old():
    clerk = User.objects.get(username="xa.tamphuoc")
    old = unit_on(date(2022, 8, 10), Level.COMMUNE, "28831")
    cell = Cell.objects.get(name="Chi bộ ấp Phước Hậu")

    assert set(Unit.objects.kept_by(clerk).communes()) == {old.commune}
    assert old in Unit.objects.visible_to(clerk)
    assert cell in Cell.objects.kept_by(clerk)


def test_staff_of_vinh_long_see_old_chau_thanh_and_staff_of_dong_thap_do_not():
    district = scenario("chau_thanh_2022")[0]
    ours, theirs = (User.objects.get(username=name) for name in ("tinh.vinhlong", "tinh.dongthap"))

    assert district in Unit.objects.visible_to(ours)
    assert district not in Unit.objects.visible_to(theirs)
    assert Cell.objects.visible_to(ours).count() == 117 + 129
    assert Cell.objects.visible_to(theirs).count() == 698


def test_logins_are_printed():
    out = StringIO()
    call_command("sample_logins", stdout=out)

    assert all(login.username in out.getvalue() for login in accounts.LOGINS)
    assert accounts.PASSWORD in out.getvalue()


def test_a_record_was_made_twice_one_is_asked_for_and_some_were_looked_at():
    officer, clerk = (User.objects.get(username=name) for name in ("tinh.vinhlong", "xa.phutuc"))

    twin = likely_pairs(Person.objects.kept_by(officer))[0]
    assert (twin.by_name, twin.by_phone) == (True, True)
    asked = PersonRequest.objects.visible_to(clerk).get()
    assert candidates_for(asked, Person.objects.kept_by(officer)).exists()
    assert Access.objects.visible_to(clerk).count() == 6


# --- Loading and removing -------------------------------------------------------------


def test_the_data_is_sound():
    out = StringIO()
    call_command("check_data", stdout=out)
    assert out.getvalue()


def test_all_of_it_is_one_change_set(samples):
    change_set = ChangeSet.objects.get(kind=ChangeSet.Kind.SAMPLES)

    assert samples
    assert Person.history.exclude(change_set=change_set).count() == 0
    assert Unit.history.filter(change_set=change_set, history_type="+").count() > 2573


def test_a_second_load_changes_nothing():
    before, acts = snapshot(), ChangeSet.objects.count()

    call_command("load_samples", stdout=StringIO())

    assert snapshot() == before
    assert ChangeSet.objects.count() == acts


def test_removing_leaves_the_tables_of_a_fresh_load(fresh, settings):
    settings.SECOND_FACTOR = "off"
    out = StringIO()
    call_command("remove_samples", stdout=out)
    assert "SECOND_FACTOR=required" in out.getvalue()

    left = snapshot()
    assert left.keys() == fresh.keys()
    for label, rows in fresh.items():
        assert left[label] == rows, label
    call_command("check_data", stdout=StringIO())
    assert loading.remove() == 0


@pytest.mark.soak
def test_all_can_be_loaded_again_beside_what_is_real():
    call_command("remove_samples", stdout=StringIO())
    real = factories.user(username="admin", full_name="Quản trị thật")
    call_command("load_samples", stdout=StringIO())

    assert merged(*scenario("dong_thap_2022")[:2]) == 698
    # An account that was there already is nobody's sample.
    real.refresh_from_db()
    assert real.full_name == "Quản trị thật"
    assert not real.grants.exists()
    assert User.objects.filter(username="lanhdao").exists()


def test_removing_is_refused_while_other_data_depends_on_it():
    cell = Cell.objects.get(name="Chi bộ ấp Phước Hậu")
    with recording(reason="thật"):
        real = factories.person(full_name="Lê Thị Thật", keeper=cell.commune)
        begin_tenures([Tenure(person=real, office=Office.DEPUTY_SECRETARY, cell=cell)])

    with pytest.raises(CommandError, match="Lê Thị Thật"):
        call_command("remove_samples", even_if_edited=True, stdout=StringIO())

    assert loading.loaded_samples()


def edited() -> Person:
    with recording(reason="thử"):
        person = Person.objects.first()
        person.note = "đã sửa"
        person.save()
    return person


def test_edits_of_sample_rows_do_not_go_along_unsaid():
    person = edited()

    with pytest.raises(CommandError, match=person.full_name):
        call_command("remove_samples", stdout=StringIO())

    assert Person.objects.filter(pk=person.pk).exists()


@pytest.mark.soak
def test_edits_of_sample_rows_go_along_when_said():
    edited()

    call_command("remove_samples", even_if_edited=True, stdout=StringIO())

    assert not Person.objects.exists()


def test_samples_need_the_units(monkeypatch):
    monkeypatch.setattr(loading, "REFORM_TITLE", "không có")

    with pytest.raises(ValidationError):
        loading.load()

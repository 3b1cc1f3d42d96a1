"""The city of Lạng Sơn, 25/6/2021, from entry to figure: two lists, one grid of a congress, a course, three teams.

79 of 87 hamlets are merged, 85 heads are members, ward Vĩnh Trại has 10 of 10. The sample data tell the same
in tests/dashboards/test_scenarios.py.
"""

import json
from collections import Counter
from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Role
from accounts.typed import YES
from cells.kinds import Kind
from desk.samples.names import DATA
from leaders.models import Contest, Course, Tenure, Visit
from tests import factories
from tests.desk.importing.desk import answer, check, hand_in, told, workbook, write
from tests.sending import opened_and_sent

SCENARIO = json.loads((DATA / "scenarios.json").read_text("utf-8"))["lang_son_2021"]
GIVEN, EXPECT, DAY = SCENARIO["given"], SCENARIO["expect"], SCENARIO["as_of"]
WARD, TERM = GIVEN["ward"], "2020-2022"
OTHERS = ("Chi Lăng", "Đông Kinh", "Hoàng Văn Thụ", "Tam Thanh", "Hoàng Đồng", "Mai Pha", "Quảng Lạc")
PER_OTHER = 11
# Why eight hamlets outside the ward are not merged: what their two seats are held by.
NO_MEMBER, NO_SECRETARY, FRONT_HEAD, DIFFERENT = range(4)
APART = [NO_MEMBER, NO_MEMBER, NO_SECRETARY, NO_SECRETARY, FRONT_HEAD, DIFFERENT, DIFFERENT, DIFFERENT]
SECRETARY, HEAD, FRONT = "Bí thư", "Trưởng khối phố", "Trưởng Ban công tác Mặt trận"


@pytest.fixture
def city():
    province = factories.province(name="Lạng Sơn", code="20")
    city = factories.district(
        parent=province, kind=Kind.THANH_PHO, name="Lạng Sơn", code=SCENARIO["unit"]["code"]
    )
    for name, code in ((WARD["name"], WARD["code"]), *((name, None) for name in OTHERS)):
        factories.commune(parent=city, kind=Kind.PHUONG, name=name, **({"code": code} if code else {}))
    return city


@pytest.fixture
def staff(city):
    return factories.user(role=Role.PROVINCIAL_STAFF, keeps=[city.parent])


def homes() -> list[tuple[str, str]]:
    """Return ward and block of every hamlet, those of Vĩnh Trại first."""
    counts = {WARD["name"]: WARD["hamlets"], **dict.fromkeys(OTHERS, PER_OTHER)}
    return [(f"Phường {ward}", str(n)) for ward, count in counts.items() for n in range(1, count + 1)]


def hamlets_file() -> bytes:
    head = ["TT", "Phường", "Loại", "Khối phố", "Chi bộ"]
    return workbook(
        head,
        *([n, ward, "Khối phố", block, f"Chi bộ {block}"] for n, (ward, block) in enumerate(homes(), 1)),
    )


class Roll:
    """The rows of the list of people: who holds which seat where."""

    def __init__(self):
        self.rows = []

    def seats(self, ward: str, block: str, *offices: str, member: bool = True) -> None:
        name = f"Hoàng Thị {factories.spelled(len(self.rows))}"
        number = len(self.rows) + 1
        self.rows += [
            [
                number,
                name,
                "x" if member else "không",
                ward,
                office,
                f"Chi bộ {block}" if office == SECRETARY else None,
                block if office != SECRETARY else None,
                "01/03/2020",
                TERM,
            ]
            for office in offices
        ]

    def file(self) -> bytes:
        head = [
            "TT", "Họ và tên", "Đảng viên", "Phường", "Chức vụ", "Chi bộ", "Khối phố", "Giữ chức từ ngày", "Nhiệm kỳ",
        ]  # fmt: skip
        return workbook(head, *self.rows)


def people_file() -> bytes:
    """Secretary-heads everywhere but in the eight; Vĩnh Trại's are elected on the page."""
    roll = Roll()
    others = homes()[WARD["hamlets"] :]
    for place, (ward, block) in enumerate(others):
        # Every ninth hamlet of the seven wards is one of the eight.
        reason = APART[place // 9] if place % 9 == 0 and place // 9 < len(APART) else None
        match reason:
            case None:
                roll.seats(ward, block, SECRETARY, HEAD)
            case 0:
                roll.seats(ward, block, SECRETARY)
                roll.seats(ward, block, HEAD, member=False)
            case 1:
                roll.seats(ward, block, HEAD)
            case 2:
                roll.seats(ward, block, SECRETARY, FRONT)
                roll.seats(ward, block, HEAD)
            case 3:
                roll.seats(ward, block, SECRETARY)
                roll.seats(ward, block, HEAD)
    return roll.file()


def take_in(user, data: bytes, kind: str, **asked) -> None:
    batch = hand_in(user, data, kind=kind)
    if asked:
        answer(batch, asked=asked)
    assert told(check(batch, user)) == {}
    write(batch, user)


def elect_in_the_ward(client, ward) -> None:
    """Plan both calendars on the page, and record them in its two grids: one person stands for both."""
    plan = {
        "area": ward.pk,
        "term": TERM,
        "election_first": "2020-02-16",
        "congress_first": "2020-03-01",
        "spread": "common",
        "confirmed": "1",
    }
    client.post(reverse("elections:plan"), plan)
    for kind in (Contest.Kind.HEAD_ELECTION, Contest.Kind.CONGRESS):
        address = {"term": TERM, "pk": ward.pk, "kind": kind}
        grid = client.get(reverse("elections:grid", kwargs=address)).context["grid"]
        sent = {}
        for number, row in enumerate(grid.rows):
            name = f"Nông Thị {factories.spelled(number)}"
            sent |= {
                f"{row.key}-mark": row.mark,
                f"{row.key}-held_on": str(row.contest.planned_on),
                f"{row.key}-method": "ballot",
                f"{row.key}-entitled": "40",
                f"{row.key}-present": "38",
                f"{row.key}-who0": name,
                f"{row.key}-asked0": name,
                f"{row.key}-answer0": "new",
                f"{row.key}-votes0": "36",
                f"{row.key}-elected0": "1",
            }
        client.post(reverse("elections:save", kwargs=address), sent)


def overview(client, unit):
    return client.get(reverse("dashboards:overview_unit", args=[unit.pk]), {"ngay": DAY})


def counted(client, unit, code: str) -> dict:
    figure = overview(client, unit).context["board"].figures[code]
    return {
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "percent": figure.percent,
    }


def test_from_lists_and_congresses_to_79_of_87(client, city, staff):
    ward = city.children.get(code=WARD["code"])
    client.force_login(staff)
    take_in(staff, hamlets_file(), "hamlets")
    assert counted(client, city, "merged_role")["denominator"] == GIVEN["hamlets"]
    assert counted(client, city, "merged_role")["numerator"] == 0

    take_in(staff, people_file(), "people")
    elect_in_the_ward(client, ward)

    assert counted(client, city, "merged_role") == EXPECT["merged_role"]
    assert counted(client, city, "member_heads") == EXPECT["member_heads"]
    assert counted(client, ward, "merged_role") == EXPECT["merged_role_of_vinh_trai"]
    assert set(Tenure.objects.filter(contest__isnull=False).values_list("term", flat=True)) == {TERM}
    text = overview(client, city).content.decode()
    for said in ("90,8%", "97,7%"):
        assert said in text, said

    # Any number opens its list, and the list of the others says why.
    behind = reverse("dashboards:figure_rows", args=[city.pk, "merged_role"])
    rest = client.get(behind, {"ngay": DAY, "phan": "con-lai"})
    assert rest.context["page"].paginator.count == GIVEN["hamlets"] - GIVEN["merged"]
    reasons = Counter(row.reason for row in rest.context["page"])
    assert sorted(reasons.values()) == [1, 2, 2, 3]


def test_secretary_heads_are_trained_by_a_pasted_list_and_looked_at_by_three_teams(client, city, staff):
    ward = city.children.get(code=WARD["code"])
    client.force_login(staff)
    take_in(staff, hamlets_file(), "hamlets")
    elect_in_the_ward(client, ward)
    names = [tenure.person.full_name for tenure in Tenure.objects.filter(office="secretary")]

    fields = {"unit": city.parent.pk, "name": "Bồi dưỡng bí thư", "starts_on": "2021-04-12", "seen": ""}
    client.post(reverse("learning:course_new"), fields)
    course = Course.objects.get()
    pasted = "\n".join(f"{n}. {name}" for n, name in enumerate(names, 1))
    client.post(reverse("learning:paste", args=[course.pk]), {"names": pasted, "confirmed": "1"})
    assert course.participations.count() == WARD["hamlets"]
    results = reverse("learning:results", args=[course.pk])
    shown = client.get(results).context
    done = {f"p{row['one'].pk}-completed": YES for row in shown["rows"]}
    client.post(results, {"seen": shown["seen"], **done})
    assert course.participations.filter(completed=True).count() == WARD["hamlets"]
    untrained = client.get(reverse("learning:never"), {"don_vi": ward.pk})
    assert untrained.context["page"].paginator.count == 0

    for team, hamlet in enumerate(ward.children.order_by("pk")[:3], 1):
        told_of = {
            "team": f"Đoàn kiểm tra số {team}",
            "day": "2021-06-01",
            "units": [hamlet.pk],
            "conclusion": "Cơ bản thực hiện đúng",
        }
        opened_and_sent(client, reverse("follow_up:inspection_new") + f"?noi={ward.pk}", told_of)
    seen = Visit.objects.filter(kind="inspection", day__lte=date.fromisoformat(DAY))
    assert len({visit.team for visit in seen}) == 3

"""The city of Lạng Sơn, 25/6/2021: 79 of 87 hamlets merged, 85 heads are members, ward Vĩnh Trại 10 of 10."""

from datetime import date

from cells.kinds import Kind, Level
from desk.samples.learning import hold_course
from desk.samples.names import People
from desk.samples.places import Settlement, communes_on, evenly, hamlets_of, unit_on
from desk.samples.seats import front_head, head, seat_apart, seat_secretary_heads, secretary
from leaders.actions import add_people, begin_tenures

DAY = date(2021, 6, 25)
HAMLETS, MERGED = 87, 79
WARD, OF_WARD = "05977", 10
SINCE, TERM = date(2020, 3, 1), "2020-2022"


def places() -> list[Settlement]:
    communes = communes_on(DAY, unit_on(DAY, Level.DISTRICT, "178"))
    others = evenly(HAMLETS - OF_WARD, len(communes) - 1)
    return [
        place
        for commune in communes
        for place in hamlets_of(
            commune,
            OF_WARD if commune.code == WARD else others.pop(),
            Kind.THON if commune.kind == Kind.XA else Kind.KHOI_PHO,
        )
    ]


def fill(settlements: list[Settlement]) -> None:
    """Eight hamlets outside the ward are not merged, for four different reasons."""
    people = People(seed=2021)
    ward = unit_on(DAY, Level.COMMUNE, WARD)
    apart = [place for place in settlements if place.article_home != ward][4::9][: HAMLETS - MERGED]
    leaders = seat_secretary_heads(
        [place for place in settlements if place not in apart], people, starts_on=SINCE, term=TERM
    )
    hold_course(
        unit_on(DAY, Level.PROVINCE, "20"),
        "Bồi dưỡng bí thư chi bộ đồng thời là trưởng thôn, khối phố (mẫu)",
        leaders[: len(leaders) * 3 // 4],
        starts_on=date(2021, 4, 12),
        ends_on=date(2021, 4, 16),
    )
    head_no_member, no_secretary, front, different = apart[:2], apart[2:4], apart[4:5], apart[5:]
    fields = {"starts_on": SINCE, "term": TERM, "is_extended": True}
    for place in head_no_member:
        one, other = add_people([people.member(place.home), people.no_member(place.home)])
        begin_tenures([secretary(one, place, **fields), head(other, place, **fields)])
    for place in no_secretary:
        (one,) = add_people([people.member(place.home)])
        begin_tenures([head(one, place, **fields)])
    for place in front:
        one, other = add_people([people.member(place.home), people.member(place.home)])
        begin_tenures(
            [
                secretary(one, place, **fields),
                front_head(one, place, **fields),
                head(other, place, **fields),
            ]
        )
    seat_apart(different, people, starts_on=SINCE, term=TERM)

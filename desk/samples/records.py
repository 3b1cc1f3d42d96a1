"""What happens to records of people: one was recorded twice, one is asked for, some were looked at."""

from copy import copy
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.changes import ChangeSet
from accounts.history import rows_of
from accounts.models import User
from cells.models import Unit
from desk.samples.accounts import CLERK, LEADER, VINH_LONG
from desk.samples.today import Today
from leaders.actions import add_people
from leaders.models import Access, Office, Person, PersonRequest, Tenure

# Who looked, at how many people of the commune, how many days ago.
LOOKS = ((LEADER, 3, 2), (VINH_LONG, 2, 1))


def happen_to_records(today: Today, users: dict[str, User]) -> None:
    """Make the pages about records speak."""
    own = _secretaries(today, today.phu_tuc)
    elsewhere = next(place.home for place in today.province if place.home != today.phu_tuc)
    others = _secretaries(today, elsewhere)
    _record_twice(own[0], keeper=elsewhere)
    _ask_for(others[0], by=users.get(CLERK.username), commune=today.phu_tuc)
    _look(today, own, users)


def _secretaries(today: Today, keeper: Unit) -> list[Person]:
    seats = Tenure.objects.on(today.day).filter(office=Office.SECRETARY, person__keeper=keeper)
    people = Person.objects.filter(pk__in=seats.values("person"), born_on__isnull=False)
    return list(people.order_by("pk"))


def _record_twice(person: Person, *, keeper: Unit) -> None:
    """A commune in which the person worked before has recorded them too, without the seat."""
    twin = copy(person)
    twin.pk, twin._state.adding = None, True
    twin.keeper = keeper
    twin.phone = f"+84 {person.phone.removeprefix('0')}"
    twin.theory_level = twin.education = ""
    add_people([twin])


def _ask_for(person: Person, *, by: User | None, commune: Unit) -> None:
    PersonRequest.objects.create(
        asked_by=commune,
        full_name=person.full_name,
        birth_year=person.born_on.year,
        came_from=str(person.keeper),
        purpose="Chuyển nơi cư trú và sinh hoạt đảng về xã (mẫu)",
        asked_by_user=by,
    )


def _look(today: Today, people: list[Person], users: dict[str, User]) -> None:
    looks = [
        Access(kind=Access.Kind.OPENED, person=person, by=users[login.username], day=_before(today, days))
        for login, count, days in LOOKS
        if login.username in users
        for person in people[:count]
    ]
    if VINH_LONG.username in users:
        looks.append(
            Access(
                kind=Access.Kind.EXPORTED,
                by=users[VINH_LONG.username],
                day=_before(today, 3),
                count=len(people),
                what="Danh sách bí thư, trưởng khu phố (mẫu)",
            )
        )
    for look in looks:
        look.keeper, look.by_name = today.phu_tuc, str(look.by)
    for look in Access.objects.bulk_create(looks):
        # The hour is that of the writing, unless it is said.
        morning = timezone.make_aware(datetime.combine(look.day, time(9, 30)))
        Access.objects.filter(pk=look.pk).update(last_at=morning)


def _before(today: Today, days: int) -> date:
    return today.day - timedelta(days=days)


def forget_looks(change_set: ChangeSet) -> None:
    """The log has no history to be taken back by: what is about the sample people, or theirs, goes with them."""
    rows = rows_of(change_set)
    people, users = rows.get(Person, set()), rows.get(User, set())
    Access.objects.filter(Q(person__in=people) | Q(by__in=users)).delete()

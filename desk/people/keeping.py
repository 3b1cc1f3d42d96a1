"""Who keeps a record: what stands in the way of giving it to another commune, and who does when one has ended."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cells.models import Unit
from evaluations.models import LeaderRating
from leaders.models import Person


def refuse_withheld_elsewhere(people: Iterable[Person], keeper: Unit) -> None:
    """Refuse to give away whose level a commune has entered and not sent.

    A level that is not sent is the commune's own (evaluations/models/withheld.py) and looked up by the record: the
    commune that entered it would not find it any more.
    """
    leaving = [person.pk for person in people if person.keeper_id != keeper.pk]
    rows = LeaderRating.objects.filter(person__in=leaving, withheld=True).exclude(commune=keeper)
    faults = [
        _(
            "%(person)s is on the list of ratings of %(year)d in %(commune)s, which has not sent its file yet."
            " Wait until it is sent."
        )
        % {"person": row.person, "year": row.year, "commune": row.commune}
        for row in rows.select_related("person", "commune", "cycle").order_by("pk")
    ]
    if faults:
        raise ValidationError(list(dict.fromkeys(faults)))


def keep_where_it_stands(people: QuerySet) -> None:
    """Give the records kept by what has ended to where all of it stands today, else to the province.

    So does a reorganisation with the records that are there when it is carried out (leaders/settling_people.py).
    """
    for person in people.filter(keeper__closed_on__isnull=False).select_related(
        "keeper__commune", "keeper__province"
    ):
        person.keeper = person.keeper.commune or person.keeper.province
        person.full_clean()
        person.save()

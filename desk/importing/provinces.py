"""The provinces whose first load somebody looks after, told commune by commune."""

from datetime import date

from django.db.models import QuerySet

from cells.kinds import Level
from cells.models import Unit
from dashboards.figures.frames import Frame

LOADS = ("desk.add_importbatch", "cells.add_unit")


class ByCommune(Frame):
    """A province whose figures are told by commune, also where districts stood between."""

    child_level = Level.COMMUNE


def kept_provinces(user, day: date | None = None) -> QuerySet:
    """Return the provinces of today that this user keeps; with a day, those that stood on it."""
    provinces = Unit.objects.kept_by(user).filter(level=Level.PROVINCE)
    provinces = provinces.on(day) if day else provinces.standing()
    return provinces.order_by("sort_key", "pk")


def chosen(provinces: QuerySet, key: str) -> Unit | None:
    """Return the province that the address names, or the only one; None where one is to be chosen."""
    if key:
        return provinces.get(pk=int(key))
    first_two = list(provinces[:2])
    return first_two[0] if len(first_two) == 1 else None

"""What is recorded of a form under a unit: the rows that go out to be filled in and come back."""

from django.db.models import Q, QuerySet

from cells.models import Cell, Unit
from desk.importing.papers import ImportForm

# Through which of these fields a record stands under a unit.
PLACES = ("keeper", "cell", "hamlet", "unit")


def recorded(form: ImportForm, user, *, unit: Unit | None = None, year: int | None = None) -> QuerySet:
    """Return the records of the form that the user keeps, under the unit and of the year where these are said."""
    model = form.parts[0].resource.model
    rows = model._default_manager.kept_by(user)
    if unit is not None:
        rows = rows.filter(_under(model, unit))
    names = {field.name for field in model._meta.get_fields()}
    if year is not None and "cycle" in names:
        rows = rows.filter(cycle__year=year)
    elif year is not None and "year" in names:
        # What names no year, as titles of before, may be of this one.
        rows = rows.filter(Q(year=year) | Q(year__isnull=True))
    return rows


def _under(model, unit: Unit) -> Q:
    names = {field.name for field in model._meta.get_fields() if not field.auto_created}
    # Ratings, units and cells carry the units above them.
    if unit.level in names:
        return Q(**{unit.level: unit})
    condition = Q(pk__in=[])
    for name in names & set(PLACES):
        leads_to = model._meta.get_field(name).related_model
        condition |= Q(**{f"{name}__{unit.level}": unit})
        if leads_to is not Cell:
            condition |= Q(**{name: unit})
    return condition

"""The papers an officer takes out most, one tap away."""

from django.db.models import Count
from django.urls import reverse

from accounts.models import ExportLog
from cells.models import Unit
from dashboards.papers.asking import cycles_of
from dashboards.papers.forms import Form, forms_of

MOST_SHOWN = 3


def papers_used_most(user, unit: Unit | None) -> list[tuple[Form, str]]:
    """Return the papers of the unit's latest year with their addresses, those most taken out first.

    Where nothing was taken out yet they are the first of the list.
    """
    year = unit and cycles_of(unit, user).values_list("year", flat=True).first()
    if not year:
        return []
    forms = forms_of(unit.level)
    of_file = {f"{form.code}.{kind}": form.code for form in forms for kind in form.kinds}
    taken = ExportLog.objects.filter(by=user, filters__in=of_file).order_by().values_list("filters")
    counts = dict.fromkeys((form.code for form in forms), 0)
    for file, count in taken.annotate(count=Count("pk")):
        counts[of_file[file]] += count
    most = sorted(forms, key=lambda form: -counts[form.code])[:MOST_SHOWN]
    return [(form, reverse("papers:paper", args=[unit.pk, year, form.code])) for form in most]

"""Deaths that somebody else recorded and that ended seats of a commune: it is told on its first page."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from cells.models import Grant, Unit
from dashboards.home.people import MOST_SHOWN, NEWS_DAYS
from leaders.models import Tenure, WayOut


def ended_by_others(user, commune: Unit) -> list[Tenure]:
    """Return the seats of the commune of which it was told of late that a death ended them, by nobody who keeps it.

    What is written of such a seat later, as when records are merged, is no news of the death.
    """
    if not user.has_perm("leaders.change_tenure"):
        return []
    died = Tenure.objects.kept_by(user).filter(way_out=WayOut.DIED).order_by()
    # Each way by itself: of seats in a cell or in a hamlet PostgreSQL reads those of the whole country.
    here = (
        died.filter(cell__commune=commune)
        .values("pk")
        .union(died.filter(hamlet__commune=commune).values("pk"))
    )
    told = Tenure.history.filter(id=OuterRef("pk"), way_out=WayOut.DIED)
    before = Tenure.history.filter(
        id=OuterRef("id"), way_out=WayOut.DIED, history_id__lt=OuterRef("history_id")
    )
    lately = told.filter(~Exists(before), history_date__gte=timezone.now() - timedelta(days=NEWS_DAYS))
    own = Grant.objects.filter(unit=commune, access=Grant.Access.KEEP).values("user")
    seats = Tenure.objects.filter(
        Exists(lately.filter(history_user__isnull=False)),
        ~Exists(told.filter(history_user__in=own)),
        pk__in=here,
    )
    return list(seats.select_related("person", "cell", "hamlet").order_by("-ends_on", "pk")[:MOST_SHOWN])

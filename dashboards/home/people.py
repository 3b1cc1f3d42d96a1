"""Records of people that communes ask for: what the province has to answer, and what a commune is told."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cells.models import Unit
from dashboards.home.attention import Count
from leaders.models import PersonRequest

# So long an answer is told on the first page.
NEWS_DAYS = 14
MOST_SHOWN = 5


def requests_to_answer(user, unit: Unit | None) -> list[Count]:
    """Return how many requests for records wait for the province; none is not mentioned."""
    if not user.has_perm("leaders.assign_records"):
        return []
    waiting = PersonRequest.objects.kept_by(user).filter(state=PersonRequest.State.OPEN)
    if unit is not None:
        waiting = waiting.filter(Q(asked_by=unit) | Q(asked_by__province=unit))
    count = waiting.count()
    url = f"{reverse('records:requests')}?trang_thai={PersonRequest.State.OPEN.value}"
    return [Count(_("requests for records wait to be answered"), count, url)] if count else []


@dataclass(frozen=True)
class RecordNews:
    """What a commune is told of late: the answers to its requests, and the records that went elsewhere."""

    answered: list[PersonRequest]
    left: list[PersonRequest]


def record_news(user, commune: Unit) -> RecordNews | None:
    """Return what became of this commune's requests and records in the last days, or None where nothing did."""
    if not user.has_perm("leaders.view_personrequest"):
        return None
    since = timezone.now() - timedelta(days=NEWS_DAYS)
    lately = PersonRequest.objects.filter(answered_at__gte=since).select_related("person", "asked_by")
    own = lately.filter(pk__in=PersonRequest.objects.visible_to(user).values("pk"), asked_by=commune)
    # What the commune withdrew itself is no news to it.
    answered = own.exclude(state=PersonRequest.State.RECALLED)
    left = lately.filter(pk__in=PersonRequest.objects.taken_from(user).values("pk"), taken_from=commune)
    news = RecordNews(list(answered[:MOST_SHOWN]), list(left[:MOST_SHOWN]))
    return news if news.answered or news.left else None

"""What a system administrator looks at in the morning."""

from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ExportLog, User
from accounts.roles import COMMUNE_ROLES, SECOND_FACTOR_ROLES
from cells.models import Cell, Unit
from dashboards.filters import without_sign_in
from dashboards.home.attention import Count
from dashboards.home.reorganisations import waiting_events
from leaders.models import Person, Tenure

# What "this week" means for exports of people.
WEEK = timedelta(days=7)


def administration(now: datetime) -> dict:
    """Return the counts of the administrator's page, each with its list."""
    today = timezone.localtime(now).date()
    users = User.objects.filter(is_active=True)
    accounts = reverse("admin:accounts_user_changelist")
    never_signed_in = without_sign_in(Unit.objects.communes().standing(), today).count()
    has_hamlets = Unit.objects.hamlets().exists()
    return {
        "day": today,
        "counts": [
            Count(_("accounts in use"), users.count(), accounts),
            Count(
                _("accounts closed"),
                User.objects.filter(is_active=False).count(),
                f"{accounts}?is_active__exact=0",
            ),
            Count(_("sign-ins locked for now"), _locked(now), ""),
            Count(_("staff without the second sign-in step"), _without_second_factor(users), accounts),
            Count(
                _("communes whose accounts have never signed in"),
                never_signed_in,
                reverse("dashboards:commune_list") + "?loc=chua-dang-nhap",
            ),
            Count(_("exports in the last 7 days"), ExportLog.objects.filter(at__gte=now - WEEK).count(), ""),
        ],
        "exports": _exports(now),
        **waiting_events(today),
        "has_samples": Person.objects.filter(is_synthetic=True).exists(),
        "steps": [] if has_hamlets else _first_steps(),
    }


def _exports(now: datetime) -> list[ExportLog]:
    """Return the latest exports. How a commune narrowed its own list is left out: with the number of rows it would
    say how many have a level that was not sent.
    """
    found = list(ExportLog.objects.filter(at__gte=now - WEEK).select_related("by")[:10])
    for export in found:
        export.shown_filters = "" if export.by and export.by.role in COMMUNE_ROLES else export.filters
    return found


def _locked(now: datetime) -> int:
    """Count user names that are locked after wrong passwords."""
    since = now - timedelta(hours=settings.AXES_COOLOFF_TIME)
    attempts = AccessAttempt.objects.filter(failures_since_start__gte=settings.AXES_FAILURE_LIMIT)
    return attempts.filter(attempt_time__gte=since).values("username").distinct().count()


def _without_second_factor(users) -> int:
    needing = users.filter(Q(role__in=SECOND_FACTOR_ROLES) | Q(is_superuser=True))
    return needing.exclude(authenticator__type="totp").distinct().count()


def _first_steps() -> list[tuple[str, str, bool]]:
    """Return what an empty site needs, in order: text, address, whether it is done."""
    return [
        (_("Units of the country"), reverse("admin:cells_unit_changelist"), Unit.objects.communes().exists()),
        (_("Hamlets of the communes"), reverse("admin:cells_unit_changelist"), False),
        (_("Party cells"), reverse("admin:cells_cell_changelist"), Cell.objects.exists()),
        (
            _("Secretaries and heads with their seats"),
            reverse("admin:leaders_tenure_changelist"),
            Tenure.objects.exists(),
        ),
        (
            _("Accounts, and the unit of each"),
            reverse("admin:accounts_user_changelist"),
            User.objects.count() > 1,
        ),
    ]

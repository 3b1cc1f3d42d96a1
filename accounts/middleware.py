"""What every request passes: the second factor, the record of what it changes, and no copy left behind."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_cache_control

from accounts.changes import ChangeSet, recording


class SecondFactorMiddleware:
    """Keep staff who have no second factor yet on the page where they set one up."""

    # Setting it up, signing out, and what these pages load. Names of the admin begin with "admin:".
    OPEN_VIEWS = ("account_", "mfa_")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if settings.SECOND_FACTOR == "off" or not request.user.is_authenticated:
            return None
        if request.resolver_match.view_name.startswith(self.OPEN_VIEWS):
            return None
        if request.user.needs_second_factor and not is_mfa_enabled(request.user):
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        return None


class RecordChangesMiddleware:
    """Put everything a request changes into one change set of the person who sent it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        by = request.user if request.user.is_authenticated else None
        in_admin = request.path.startswith(reverse("admin:index"))
        kind = ChangeSet.Kind.ADMIN if in_admin else ChangeSet.Kind.PAGE
        with recording(by=by, kind=kind, reason=request.path):
            return self.get_response(request)


class PrivatePagesMiddleware:
    """Let no shared cache keep what somebody signed in has read; a shared office PC forgets at sign-out."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        was_signed_in = request.user.is_authenticated
        response = self.get_response(request)
        if was_signed_in and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        if was_signed_in and not request.user.is_authenticated:
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response

"""The admin site of the project: Django's own, in the house's words."""

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.i18n import JavaScriptCatalog

from accounts.admin_base import label_in_picker


class LabelledAutocomplete(AutocompleteJsonView):
    """Offers rows under the label that tells them apart."""

    def serialize_result(self, obj, to_field_name):
        label = label_in_picker(self.model_admin, self.request, obj)
        return super().serialize_result(obj, to_field_name) | {"text": label}


class ProjectAdminSite(admin.AdminSite):
    site_header = _("Data administration")
    site_title = _("Data administration")
    index_title = _("What is kept here")
    site_url = "/"

    def login(self, request, extra_context=None):
        """Send everybody to the one door that asks for the second factor."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME, reverse("admin:index")))

    def password_change(self, request, extra_context=None):
        """Send everybody to the one form that also counts wrong passwords."""
        return HttpResponseRedirect(reverse("account_change_password"))

    def get_urls(self):
        # It would tell, by its redirect, whether a row outside the scope exists.
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def i18n_javascript(self, request, extra_context=None):
        """Give the admin's scripts our words too, not only Django's own catalogue."""
        return JavaScriptCatalog.as_view()(request)

    def autocomplete_view(self, request):
        return LabelledAutocomplete.as_view(admin_site=self)(request)

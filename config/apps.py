from axes.apps import AppConfig as AxesConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class ProjectAdminConfig(AdminConfig):
    default_site = "config.admin_site.ProjectAdminSite"


class FailedSignInsConfig(AxesConfig):
    """django-axes under a name that the people who read the admin's index know."""

    verbose_name = _("Failed sign-ins")

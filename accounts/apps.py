from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _

from accounts.steps import check_steps


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts and records")

    def ready(self):
        checks.register(check_steps, checks.Tags.database)

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from accounts.models import Role
from desk.samples.accounts import LOGINS, PASSWORD
from desk.samples.loading import loaded_samples


class Command(BaseCommand):
    help = "Print the accounts of the sample data: one for each role, all with one password."

    def handle(self, **options):
        if loaded_samples() is None:
            self.stdout.write(_("There is no sample data."))
            return
        width = max(len(login.username) for login in LOGINS)
        for login in LOGINS:
            self.stdout.write(f"  {login.username:{width}}  {Role(login.role).label} – {login.where}")
        self.stdout.write(_("Password of all of them: %(password)s") % {"password": PASSWORD})

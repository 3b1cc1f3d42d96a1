from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from accounts.models import Role, User
from desk.samples.accounts import LOGINS, PASSWORD
from desk.samples.loading import loaded_samples


class Command(BaseCommand):
    help = "Print who may sign in first: the accounts of the sample data, or how to open one's own."

    def add_arguments(self, parser):
        parser.add_argument(
            "--first-account",
            metavar="COMMAND",
            default="manage.py createsuperuser",
            help="what opens the first account of a site without samples",
        )

    def handle(self, *, first_account, **options):
        if loaded_samples() is None:
            if not User.objects.exists():
                self.stdout.write(_("Open the first account: %(command)s") % {"command": first_account})
            return
        width = max(len(login.username) for login in LOGINS)
        for login in LOGINS:
            self.stdout.write(f"  {login.username:{width}}  {Role(login.role).label} – {login.where}")
        self.stdout.write(_("Password of all of them: %(password)s") % {"password": PASSWORD})

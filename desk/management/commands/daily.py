from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.daily import begin_day
from desk.jobs.work import do_job
from desk.models import Job


class Command(BaseCommand):
    help = "Do what waits for today. Called as often as one likes, it does so once a day."

    def add_arguments(self, parser):
        parser.add_argument("--again", action="store_true", help="also when it was done today already")

    def handle(self, *, again, **options):
        begun = begin_day(timezone.localdate(), again=again)
        for job in begun:
            # At once, and not only when a worker comes by; the worker then finds it done.
            do_job.call(str(job.pk))
        failed = Job.objects.filter(pk__in=[job.pk for job in begun], state=Job.State.FAILED)
        if failed:
            raise CommandError("\n".join(f"{job.title}: {job.error}" for job in failed))
        if begun:
            self.stdout.write(_("The daily work is done."))
        else:
            self.stdout.write(_("The daily work was begun today already."))

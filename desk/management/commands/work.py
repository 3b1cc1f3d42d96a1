from django.core.management.base import BaseCommand

from desk.jobs.worker import PatientWorker


class Command(BaseCommand):
    help = "Do the long work that waits, until stopped. Stopped once, it ends what it is doing first."

    def add_arguments(self, parser):
        parser.add_argument("--batch", action="store_true", help="end when nothing waits any more")

    def handle(self, *, batch, **options):
        worker = PatientWorker(batch=batch)
        worker.configure_signals()
        worker.run()

"""The process that does the long work, one job after the other (docs/decisions/0011)."""

import logging
import time

from django.db import OperationalError
from django.utils.crypto import get_random_string
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, DEFAULT_TASK_QUEUE_NAME
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.utils import is_locked_database_exception

logger = logging.getLogger(__name__)

# Seconds between two looks into an empty queue.
INTERVAL = 1


class PatientWorker(Worker):
    """Waits while SQLite is being written to for longer than its timeout, where the library's ends."""

    def __init__(self, *, batch: bool = False):
        super().__init__(
            queue_names=[DEFAULT_TASK_QUEUE_NAME],
            excluded_queue_names=[],
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            interval=INTERVAL,
            batch=batch,
            max_tasks=None,
            startup_delay=False,
            worker_id=get_random_string(32),
        )

    def run(self):
        while self.running:
            try:
                return super().run()
            except OperationalError as error:
                if not is_locked_database_exception(error):
                    raise
                logger.warning("The database is being written to; the worker waits")
                time.sleep(INTERVAL)
        return None

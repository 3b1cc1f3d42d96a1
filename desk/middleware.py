"""The first request of a day begins what waits for that day."""

import logging
import time

from django.utils import timezone

from desk.daily import begin_day

logger = logging.getLogger(__name__)

# After a failure the next requests are left in peace for a while (seconds).
PAUSE = 600


class RunDailyMiddleware:
    """Ask once per process and day whether the daily work was begun; never stand in a request's way.

    The work itself is done by the worker. Only the systemd timer and the start of the site do it at
    once; this is for the site that runs through midnight without either.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self._begun_on = None
        self._not_before = 0.0

    def __call__(self, request):
        today = timezone.localdate()
        if today != self._begun_on and time.monotonic() >= self._not_before:
            self._begin(today)
        return self.get_response(request)

    def _begin(self, today):
        try:
            begin_day(today)
        except Exception:
            logger.exception("The daily work of %s could not be begun", today)
            self._not_before = time.monotonic() + PAUSE
        else:
            self._begun_on = today

"""The site with a clock that a test sets: the moment stands in a file that the environment names."""

import os
import sys
from datetime import datetime
from pathlib import Path

from django.core.management import execute_from_command_line
from django.core.wsgi import get_wsgi_application
from django.utils import timezone

CLOCK = "STORY_CLOCK"


def _told() -> datetime:
    return datetime.fromisoformat(Path(os.environ[CLOCK]).read_text(encoding="ascii"))


# Only where a test has set a clock: whoever reads the name of the variable goes on living in the present.
if CLOCK in os.environ:
    # Before anything else of Django is loaded: whoever asks for the time asks here.
    timezone.now = _told
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if __name__ == "__main__":
        execute_from_command_line(["manage.py", *sys.argv[1:]])
    else:
        application = get_wsgi_application()

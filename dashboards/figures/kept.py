"""What was counted of the whole country is kept for some minutes.

Of a province a question takes hundredths of a second; of a country of 100 000 hamlets seconds, whatever index there
is, for every row is judged. The question itself is what answers are kept by, with all that it asks of who may see
which rows: only the very same question finds them, whoever asks it (docs/decisions/0028).
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from time import monotonic

from django.core.cache import caches
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboards.figures.frames import Frame

CACHE = "figures"
# What is answered in fewer seconds is asked each time: most sites are so small that nothing is kept at all.
LONG = 0.25


@dataclass
class Kept:
    """The counts of one page. Only those of the country are kept: whoever works in a province sees what is entered."""

    # What the page is about: its answers are found together.
    page: str
    is_country: bool
    # When the oldest count that was read had been made; None where all were made just now.
    since: datetime | None = None
    _found: dict[str, tuple[datetime, list[dict]]] | None = field(default=None, repr=False)

    @classmethod
    def of(cls, frame: Frame) -> "Kept":
        return cls(f"figures:{frame.day}:{frame.borders}", frame.unit is None and frame.user is not None)

    def rows(self, counted: QuerySet) -> list[dict]:
        """Return the rows of a question, as they were counted some minutes ago or as they are."""
        if not self.is_country:
            return list(counted)
        if self._found is None:
            self._found = self._still_good(caches[CACHE].get(self.page, {}))
        key = _key(counted)
        if key not in self._found:
            return self._count(key, counted)
        made, rows = self._found[key]
        self.since = min(made, self.since or made)
        return rows

    @staticmethod
    def _still_good(found: dict) -> dict:
        """Leave out what is too old: a new answer is kept with those before it, and lengthens the time of all."""
        oldest = timezone.now() - timedelta(seconds=caches[CACHE].default_timeout)
        return {key: one for key, one in found.items() if one[0] > oldest}

    @property
    def in_words(self) -> str:
        """Say since when the counts were kept, and for how long they are."""
        if self.since is None:
            return ""
        minutes = caches[CACHE].default_timeout // 60
        words = {"time": f"{timezone.localtime(self.since):%H:%M %d/%m/%Y}", "minutes": minutes}
        return (
            _("figures of the whole country counted at %(time)s, counted anew after %(minutes)d minutes")
            % words
        )

    def _count(self, key: str, counted: QuerySet) -> list[dict]:
        started, now = monotonic(), timezone.now()
        rows = list(counted)
        if monotonic() - started > LONG:
            self._found[key] = now, rows
            caches[CACHE].set(self.page, self._found)
        return rows


def _key(counted: QuerySet) -> str:
    try:
        asked = repr(counted.query.sql_with_params())
    except EmptyResultSet:
        asked = ""
    return sha256(asked.encode()).hexdigest()

"""Pages of a long list by the keys of its rows: found, put in order and counted in one pass."""

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Window

ROWS_ON_A_PAGE = 50
# No list is longer; a database takes no number that is longer than a key.
MOST_ROWS = 10**9


class KeyPages(Paginator):
    """The keys of the rows, page by page; what is shown of a row is looked up for the page alone.

    How many there are comes with the page: asked beforehand, the database would find all of them twice.
    """

    def __init__(self, rows: QuerySet):
        super().__init__(rows, ROWS_ON_A_PAGE)

    def get_page(self, number) -> Page:
        """Return the page of this number, the first where it is none, the last where there are fewer."""
        number = int(number) if str(number or "").isdecimal() else 1
        start = (number - 1) * self.per_page
        counted = self.object_list.values_list("pk", Window(Count("*")))
        found = list(counted[start : start + self.per_page]) if 0 <= start < MOST_ROWS else []
        if not found and number != 1:
            return self.get_page(self.num_pages)
        self.count = found[0][1] if found else 0
        return self._get_page([key for key, _count in found], number, self)

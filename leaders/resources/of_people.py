"""What lists that name people have in common: those who keep the records are told who took them out."""

from django.db.models import QuerySet

from accounts.resources import SheetResource
from leaders.accesses import note_taken_out
from leaders.models import Person


class OfPeopleResource(SheetResource):
    """A list whose rows name people, each by its field ``person`` where it says nothing else."""

    def people(self, queryset: QuerySet) -> QuerySet:
        """Return whose records these rows tell of."""
        return Person.objects.filter(pk__in=queryset.order_by().values("person"))

    def note_taken_out(self, queryset, what: str) -> None:
        note_taken_out(self.user, self.people(queryset), what)

"""What the administration asks of the whole, and what it does not show."""

from django.contrib import admin
from django_tasks_db.models import DBTaskResult

from desk.people.keeping import refuse_withheld_elsewhere
from leaders.admin import PersonAdmin
from leaders.models import Person

# The queue of long work is looked at on /viec/.
admin.site.unregister(DBTaskResult)
# Shown again from here: what stands in the way of giving a record away is known above the people.
admin.site.unregister(Person)


@admin.register(Person)
class KeptPersonAdmin(PersonAdmin):
    """A record is given to another commune under the rule of the pages that give it."""

    def save_model(self, request, obj, form, change):
        if "keeper" in form.changed_data:
            refuse_withheld_elsewhere(Person.objects.filter(pk=obj.pk), obj.keeper)
        super().save_model(request, obj, form, change)

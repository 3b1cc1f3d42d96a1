"""What the administration does not show: the queue of long work is looked at on /viec/."""

from django.contrib import admin
from django_tasks_db.models import DBTaskResult

admin.site.unregister(DBTaskResult)

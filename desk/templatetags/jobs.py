"""Long work, for pages of the apps below, which know nothing of it."""

from django import template

from desk.jobs.work import look_after
from desk.models import Job

register = template.Library()

# What an administrator has not looked into by then is not worth the first page (rows).
MOST = 10


@register.inclusion_tag("desk/_jobs_in_trouble.html")
def jobs_in_trouble():
    """What failed or was broken off lately: for administrators, who may open all of it."""
    look_after(Job.objects.unfinished())
    return {"jobs": Job.objects.in_trouble().select_related("by")[:MOST]}

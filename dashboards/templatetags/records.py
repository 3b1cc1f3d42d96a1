"""Records of people on the first pages."""

from django import template

from dashboards.home.deaths import ended_by_others
from dashboards.home.people import record_news, requests_to_answer

register = template.Library()


@register.simple_tag(takes_context=True)
def records_to_assign(context):
    """Return how many requests for records the province has to answer."""
    return requests_to_answer(context["user"], context.get("unit"))


@register.simple_tag(takes_context=True)
def news_of_records(context):
    """Return what the commune of the page is told about records."""
    return record_news(context["user"], context["unit"])


@register.simple_tag(takes_context=True)
def news_of_deaths(context):
    """Return which seats of the commune of the page a death has ended that others recorded."""
    return ended_by_others(context["user"], context["unit"])

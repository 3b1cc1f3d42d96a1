"""The pages people read: first pages, overview, lists, records."""

from django.urls import path

from dashboards.views import health

app_name = "dashboards"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
]

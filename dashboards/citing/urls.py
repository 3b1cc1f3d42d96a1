"""Figures that people speak about, and which of them each role sees first."""

from django.urls import path

from dashboards.citing import views
from dashboards.views import tiles

app_name = "figures"

urlpatterns = [
    path("", views.index, name="index"),
    path("trich-dan/ca-nuoc/", views.make_quote, name="quote_country"),
    path("trich-dan/<int:pk>/", views.make_quote, name="quote"),
    path("bao-sai/", views.report_list, name="reports"),
    path("bao-sai/<int:pk>/", views.reported, name="reported"),
    path("bao-sai/<int:pk>/tra-loi/", views.answer, name="answer"),
    path("bao-sai/moi/ca-nuoc/<slug:code>/", views.report, name="report_country"),
    path("bao-sai/moi/<int:pk>/<slug:code>/", views.report, name="report"),
    path("bo-tri/<int:pk>/<slug:role>/", tiles.arrange_tiles, name="tiles"),
    # Behind the words above, none of which reads as a code.
    path("<slug:code>/", views.quoted, name="quoted"),
]

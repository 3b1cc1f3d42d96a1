"""The pages people read: first pages, overview, lists, records."""

from django.urls import path

from dashboards import practice
from dashboards.onepage import views as sheets
from dashboards.views import health, home, lists, overview, people, records, search

app_name = "dashboards"

urlpatterns = [
    path("", home.home, name="home"),
    path("tong-quan/", overview.overview, name="overview"),
    path("tong-quan/<int:pk>/", overview.overview_unit, name="overview_unit"),
    path("tong-quan/<int:pk>/mot-trang.<slug:kind>", sheets.sheet, name="sheet"),
    path("tong-quan/ca-nuoc/mot-trang.<slug:kind>", sheets.sheet, name="sheet_country"),
    path("tong-quan/<int:pk>/<slug:code>/", overview.figure_rows, name="figure_rows"),
    path("tong-quan/ca-nuoc/<slug:code>/", overview.figure_rows, name="figure_rows_country"),
    path("kinh-nghiem/", practice.practice_list, name="practice_list"),
    path("tim/", search.search, name="search"),
    path("xa/", lists.commune_list, name="commune_list"),
    path("thon/", lists.hamlet_list, name="hamlet_list"),
    path("thon/<int:pk>/", records.hamlet, name="hamlet"),
    path("chi-bo/", lists.cell_list, name="cell_list"),
    path("chi-bo/<int:pk>/", records.cell, name="cell"),
    path("nhan-su/", lists.person_list, name="person_list"),
    path("nhan-su/<int:pk>/", people.person, name="person"),
    path("healthz", health.healthz, name="healthz"),
]

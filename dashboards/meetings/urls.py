"""Meetings of cells, at /sinh-hoat/: the year as it is read, and the months of a commune as they are entered."""

from django.urls import path

from cells.meetings import views as months
from dashboards.meetings import views

app_name = "meetings"

urlpatterns = [
    path("", views.board, name="board"),
    path("chi-bo/", views.cells, name="cells"),
    path("chi-bo/<int:pk>/", views.cell, name="cell"),
    path("buoi/<int:pk>/bo/", months.remove, name="remove"),
    path("<int:pk>/", views.commune, name="commune"),
    path("<int:pk>/<int:year>/<int:month>/", months.month_page, name="month"),
    path("<int:pk>/<int:year>/<int:month>/luu/", months.save, name="save"),
    path("<int:pk>/<int:year>/<int:month>/thay-doi/", months.changes, name="changes"),
    path("<int:pk>/<int:year>/<int:month>/them/", months.add, name="add"),
]

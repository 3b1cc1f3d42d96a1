"""Every list as a file, beside the page that shows it, and the finished long ones."""

from django.urls import path

from dashboards import list_exports
from dashboards.papers import streak_list
from dashboards.review import exports as review_exports
from dashboards.views import overview
from desk.exporting import views

app_name = "exporting"

figure = views.export_view(overview.figure_export)

urlpatterns = [
    path("xa/excel/", views.export_view(list_exports.commune_export), name="commune_list"),
    path("thon/excel/", views.export_view(list_exports.hamlet_export), name="hamlet_list"),
    path("chi-bo/excel/", views.export_view(list_exports.cell_export), name="cell_list"),
    path("nhan-su/excel/", views.export_view(list_exports.person_export), name="person_list"),
    path("tong-quan/<int:pk>/<slug:code>/xuat/", figure, name="figure_rows"),
    path("tong-quan/ca-nuoc/<slug:code>/xuat/", figure, name="figure_rows_country"),
    path(
        "danh-gia/<int:year>/tien-do/excel/",
        views.export_view(review_exports.board_export),
        name="review_board",
    ),
    path(
        "danh-gia/<int:year>/chi-bo/excel/",
        views.export_view(review_exports.results_export),
        name="review_results",
    ),
    path(
        "danh-gia/<int:year>/ca-nhan/excel/",
        views.export_view(review_exports.people_export),
        name="review_people",
    ),
    path("bao-cao/nhieu-nam/excel/", views.export_view(streak_list.streak_export), name="streaks"),
    path("xuat-file/<uuid:pk>/", views.kept_page, name="kept"),
    path("xuat-file/<uuid:pk>/tai-ve/", views.kept_file, name="file"),
]

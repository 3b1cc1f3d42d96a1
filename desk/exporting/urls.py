"""Every list as a file, beside the page that shows it, and the finished long ones."""

from django.urls import path

from dashboards import list_exports, practice
from dashboards.contests import exports as contest_exports
from dashboards.follow_up import exports as follow_up_exports
from dashboards.learning import exports as learning_exports
from dashboards.meetings import exports as meeting_exports
from dashboards.onepage import views as sheets
from dashboards.papers import streak_list
from dashboards.review import exports as review_exports
from dashboards.staffing import confirmation_views, monitor_views
from dashboards.staffing import views as seat_views
from dashboards.targets import exports as target_exports
from dashboards.titling import exports as title_exports
from dashboards.views import overview
from desk.exporting import views

app_name = "exporting"

figure = views.export_view(overview.figure_export)

urlpatterns = [
    path("xa/excel/", views.export_view(list_exports.commune_export), name="commune_list"),
    path("thon/excel/", views.export_view(list_exports.hamlet_export), name="hamlet_list"),
    path("chi-bo/excel/", views.export_view(list_exports.cell_export), name="cell_list"),
    path("nhan-su/excel/", views.export_view(list_exports.person_export), name="person_list"),
    path("tong-quan/<int:pk>/bang/xuat/", views.export_view(sheets.overview_export), name="overview"),
    path("tong-quan/ca-nuoc/bang/xuat/", views.export_view(sheets.overview_export), name="overview_country"),
    path("kinh-nghiem/excel/", views.export_view(practice.practice_export), name="practice_list"),
    path(
        "bau-cu/<term:term>/excel/",
        views.export_view(contest_exports.board_export),
        name="elections_board",
    ),
    path(
        "bau-cu/<term:term>/bieu/",
        views.export_view(contest_exports.contests_export),
        name="elections_contests",
    ),
    path(
        "bau-cu/<term:term>/doi-chieu/excel/",
        views.export_view(contest_exports.pairs_export),
        name="elections_pairs",
    ),
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
    path("chi-tieu/excel/", views.export_view(target_exports.targets_export), name="targets"),
    path(
        "chi-tieu/don-vi/<int:pk>/excel/", views.export_view(target_exports.targets_export), name="targets_of"
    ),
    path("danh-hieu/excel/", views.export_view(title_exports.board_export), name="title_board"),
    path("danh-hieu/danh-sach/excel/", views.export_view(title_exports.case_export), name="title_cases"),
    path("danh-hieu/kiem-tra/excel/", views.export_view(title_exports.check_export), name="title_checks"),
    path("bao-cao/nhieu-nam/excel/", views.export_view(streak_list.streak_export), name="streaks"),
    path("boi-duong/excel/", views.export_view(learning_exports.courses_export), name="courses"),
    path(
        "boi-duong/<int:pk>/excel/",
        views.export_view(learning_exports.participants_export),
        name="participants",
    ),
    path(
        "boi-duong/chua-boi-duong/excel/",
        views.export_view(learning_exports.never_export),
        name="never_trained",
    ),
    path(
        "khen-thuong/excel/", views.export_view(learning_exports.commendations_export), name="commendations"
    ),
    path("sinh-hoat/excel/", views.export_view(meeting_exports.board_export), name="meetings_board"),
    path("sinh-hoat/chi-bo/excel/", views.export_view(meeting_exports.cells_export), name="meetings_cells"),
    path(
        "sinh-hoat/<int:pk>/<int:year>/<int:month>/bieu/",
        views.export_view(meeting_exports.month_export),
        name="meetings_month",
    ),
    path(
        "theo-doi/can-bo/excel/",
        views.export_view(follow_up_exports.officers_export),
        name="follow_up_officers",
    ),
    path(
        "theo-doi/dia-ban/excel/", views.export_view(follow_up_exports.places_export), name="follow_up_places"
    ),
    path(
        "theo-doi/nhat-ky/excel/", views.export_view(follow_up_exports.visits_export), name="follow_up_visits"
    ),
    path(
        "nhan-su/khuyet/<int:pk>/<slug:slug>/excel/",
        views.export_view(seat_views.item_export),
        name="seat_list",
    ),
    path(
        "nhan-su/khuyet/ca-nuoc/<slug:slug>/excel/",
        views.export_view(seat_views.item_export),
        name="seat_list_country",
    ),
    path(
        "nhan-su/kiem-nhiem/<int:pk>/bien-dong/excel/",
        views.export_view(monitor_views.changes_export),
        name="monitor_changes",
    ),
    path(
        "nhan-su/kiem-nhiem/<int:pk>/lam-thoi/excel/",
        views.export_view(monitor_views.interim_export),
        name="monitor_interim",
    ),
    path(
        "nhan-su/kiem-nhiem/<int:pk>/excel/",
        views.export_view(monitor_views.months_export),
        name="monitor_months",
    ),
    path(
        "nhan-su/kiem-nhiem/<int:pk>/lech-nhiem-ky/excel/",
        views.export_view(monitor_views.breaks_export),
        name="monitor_breaks",
    ),
    path("xac-nhan/excel/", views.export_view(confirmation_views.confirmations_export), name="confirmations"),
    path(
        "xac-nhan/don-vi/<int:pk>/excel/",
        views.export_view(confirmation_views.confirmations_export),
        name="confirmations_unit",
    ),
    path("xuat-file/<uuid:pk>/", views.kept_page, name="kept"),
    path("xuat-file/<uuid:pk>/tai-ve/", views.kept_file, name="file"),
]

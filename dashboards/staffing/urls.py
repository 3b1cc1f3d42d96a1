"""Boards of seats, the monitor of one person in two seats, the monthly word."""

from django.urls import path

from dashboards.staffing import confirmation_views, monitor_views, views

app_name = "seats"

urlpatterns = [
    path("nhan-su/khuyet/", views.board, name="board"),
    path("nhan-su/khuyet/<int:pk>/", views.board_unit, name="board_unit"),
    path("nhan-su/khuyet/<int:pk>/<slug:slug>/", views.item_list, name="list"),
    path("nhan-su/khuyet/ca-nuoc/<slug:slug>/", views.item_list, name="list_country"),
    path("nhan-su/kiem-nhiem/", monitor_views.monitor, name="monitor"),
    path("nhan-su/kiem-nhiem/<int:pk>/", monitor_views.monitor_unit, name="monitor_unit"),
    path("nhan-su/kiem-nhiem/<int:pk>/bien-dong/", monitor_views.changes, name="monitor_changes"),
    path("nhan-su/kiem-nhiem/<int:pk>/lam-thoi/", monitor_views.interim, name="monitor_interim"),
    path("nhan-su/kiem-nhiem/<int:pk>/lech-nhiem-ky/", monitor_views.breaking, name="monitor_breaks"),
    path("xac-nhan/", confirmation_views.confirmations, name="confirmations"),
    path("xac-nhan/don-vi/<int:pk>/", confirmation_views.confirmations_unit, name="confirmations_unit"),
    path("xac-nhan/<int:pk>/cac-thang/", confirmation_views.confirmed_months, name="confirmed_months"),
]

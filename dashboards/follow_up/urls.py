"""The addresses of follow-up for looking; those that change something are in leaders/follow_up."""

from django.urls import path

from dashboards.follow_up import views

app_name = "follow_up_board"

urlpatterns = [
    path("", views.board, name="board"),
    path("can-bo/", views.officers, name="officers"),
    path("dia-ban/", views.places, name="places"),
    path("nhat-ky/", views.visits, name="visits"),
    path("xa/<int:pk>/", views.commune, name="commune"),
    path("can-bo/<int:pk>/", views.officer, name="officer"),
    path("can-bo/<int:pk>/tai-lieu/", views.pack, name="pack"),
    path("can-bo/<int:pk>/tai-lieu/<slug:kind>/", views.pack_file, name="pack_file"),
]

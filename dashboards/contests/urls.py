from django.urls import path

from dashboards.contests import views

app_name = "elections_board"

urlpatterns = [
    path("", views.latest, name="latest"),
    path("<term:term>/", views.board, name="board"),
    path("<term:term>/danh-sach/", views.contests, name="contests"),
    path("<term:term>/doi-chieu/", views.pairs, name="pairs"),
]

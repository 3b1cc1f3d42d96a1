"""Pages on which a commune enters what comes of its contests; the converters come with the views."""

from django.urls import path

from leaders.contests.views import contests, grid, planning

app_name = "elections"

urlpatterns = [
    path("lap-ke-hoach/", planning.plan, name="plan"),
    path("<term:term>/xa/<int:pk>/<contest_kind:kind>/", grid.grid, name="grid"),
    path("<term:term>/xa/<int:pk>/<contest_kind:kind>/luu/", grid.save, name="save"),
    path("ket-qua/<int:pk>/", contests.contest, name="contest"),
    path("ket-qua/<int:pk>/dinh-chinh/", contests.correct, name="correct"),
    path("ket-qua/<int:pk>/bo-khoi-ke-hoach/", contests.drop, name="drop"),
]

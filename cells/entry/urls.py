from django.urls import path

from cells.entry import limits, practice, views

app_name = "entry"

urlpatterns = [
    path("chi-bo/<int:pk>/so-lieu/", views.member_count, name="member_count"),
    path("chi-bo/<int:pk>/sua/", views.cell_edit, name="cell_edit"),
    path("thon/<int:pk>/so-ho/", views.household_count, name="household_count"),
    path("thon/<int:pk>/kinh-nghiem/", practice.practice_add, name="practice_add"),
    path("kinh-nghiem/<int:pk>/sua/", practice.practice_edit, name="practice_edit"),
    path("gioi-han/", limits.limits_index, name="limits_index"),
    path("gioi-han/<int:pk>/", limits.limits, name="limits"),
]

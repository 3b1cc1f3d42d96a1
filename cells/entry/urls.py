from django.urls import path

from cells.entry import views

app_name = "entry"

urlpatterns = [
    path("chi-bo/<int:pk>/so-lieu/", views.member_count, name="member_count"),
    path("chi-bo/<int:pk>/sua/", views.cell_edit, name="cell_edit"),
    path("thon/<int:pk>/so-ho/", views.household_count, name="household_count"),
    path("xac-nhan/<int:pk>/", views.confirm, name="confirm"),
]

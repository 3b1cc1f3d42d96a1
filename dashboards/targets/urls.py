"""The addresses of targets."""

from django.urls import path

from dashboards.targets import entry, views

app_name = "targets"

urlpatterns = [
    path("", views.index, name="index"),
    path("don-vi/<int:pk>/", views.unit_page, name="unit"),
    path("don-vi/<int:pk>/moi/", entry.new, name="new"),
    path("<int:pk>/", views.target_page, name="target"),
    path("<int:pk>/quyet-dinh-moi/", entry.renew, name="renew"),
    path("<int:pk>/lo-trinh/", entry.path, name="path"),
    path("<int:pk>/phan-bo/", entry.parts, name="parts"),
]

"""Papers and reports, at /bao-cao/; files that may take long are handed out by desk/papers."""

from django.urls import path

from dashboards.papers import template_views, views

app_name = "papers"

urlpatterns = [
    path("", views.index, name="index"),
    path("nhieu-nam/", views.streaks, name="streaks"),
    path("mau/", template_views.templates, name="templates"),
    path("mau/<int:pk>/", template_views.own_template, name="own_template"),
    path("mau/<int:pk>/bo/", template_views.remove, name="remove_template"),
    path("mau/<slug:form>/<slug:kind>/", template_views.shipped_template, name="shipped_template"),
    path("mau/<slug:form>/<slug:kind>/thay/", template_views.upload, name="upload_template"),
    path("da-ban-hanh/<int:pk>/", views.issued, name="issued"),
    path("da-ban-hanh/<int:pk>/<slug:kind>/", views.issued_file, name="issued_file"),
    path("<int:pk>/", views.unit_papers, name="unit"),
    path("<int:pk>/<int:year>/", views.unit_papers, name="year"),
    path("<int:pk>/<int:year>/<slug:form>/", views.paper, name="paper"),
]

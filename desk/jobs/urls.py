from django.urls import path

from desk.jobs import views

app_name = "jobs"

urlpatterns = [
    path("<uuid:pk>/", views.job, name="job"),
    path("<uuid:pk>/lam-lai/", views.again, name="again"),
]

from django.urls import path

from cells import views

app_name = "cells"

urlpatterns = [
    path("<int:pk>/tep/", views.decision_file, name="decision_file"),
]

from django.urls import path

from desk.reorganisation.views import lists

app_name = "reorganisations"

urlpatterns = [
    path("<int:pk>/", lists.event, name="event"),
]

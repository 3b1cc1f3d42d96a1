"""Records of people, beside the list and the page of each person."""

from django.urls import path

from desk.people.views import papers

app_name = "records"

urlpatterns = [
    path("<int:pk>/trich-ngang/", papers.paper, name="paper"),
    path("<int:pk>/trich-ngang/<slug:kind>/", papers.paper_file, name="file"),
    path("trich-ngang/", papers.paper_of_people, name="list"),
    path("trich-ngang/<slug:kind>/", papers.list_file, name="list_file"),
]

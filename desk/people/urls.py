"""Records of people, beside the list and the page of each person."""

from django.urls import path

from desk.exporting.views import export_view
from desk.people.accesses import access_export
from desk.people.views import accesses, merging, papers, requests

app_name = "records"

urlpatterns = [
    path("<int:pk>/trich-ngang/", papers.paper, name="paper"),
    path("<int:pk>/trich-ngang/<slug:kind>/", papers.paper_file, name="file"),
    path("trich-ngang/", papers.paper_of_people, name="list"),
    path("trich-ngang/<slug:kind>/", papers.list_file, name="list_file"),
    path("trung-lap/", merging.duplicates, name="duplicates"),
    path("trung-lap/<int:pk>/<int:other>/", merging.merge_two, name="merge"),
    path("trung-lap/<int:pk>/<int:other>/hai-nguoi/", merging.set_apart, name="set_apart"),
    path("hai-nguoi/<int:pk>/hoan-tac/", merging.set_together, name="set_together"),
    path("da-gop/<int:pk>/", merging.merged, name="merged"),
    path("da-gop/<int:pk>/hoan-tac/", merging.undo_merge, name="undo_merge"),
    path("yeu-cau/", requests.requests, name="requests"),
    path("yeu-cau/moi/<int:pk>/", requests.ask, name="ask"),
    path("yeu-cau/<int:pk>/", requests.request_page, name="request"),
    path("yeu-cau/<int:pk>/khong-giao/", requests.decline_page, name="decline"),
    path("yeu-cau/<int:pk>/rut-lai/", requests.recall_page, name="recall"),
    path("da-xem/", accesses.accesses, name="accesses"),
    path("da-xem/excel/", export_view(access_export), name="accesses_export"),
]

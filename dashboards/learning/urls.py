"""Training at /boi-duong/, commendations at /khen-thuong/."""

from django.urls import path

from dashboards.learning import commendation_views as given
from dashboards.learning import course_views as taught
from dashboards.learning import proposal_views as proposals

app_name = "learning"

urlpatterns = [
    path("boi-duong/", taught.course_list, name="courses"),
    path("boi-duong/them/", taught.course_new, name="course_new"),
    path("boi-duong/chua-boi-duong/", taught.never, name="never"),
    path("boi-duong/<int:pk>/", taught.course, name="course"),
    path("boi-duong/<int:pk>/sua/", taught.course_edit, name="course_edit"),
    path("boi-duong/<int:pk>/chon/", taught.tick, name="tick"),
    path("boi-duong/<int:pk>/dan-danh-sach/", taught.paste, name="paste"),
    path("boi-duong/<int:pk>/ket-qua/", taught.results, name="results"),
    path("khen-thuong/", given.commendation_list, name="commendations"),
    path("khen-thuong/them/", given.commendation_new, name="commendation_new"),
    path("khen-thuong/nhieu-nam/", proposals.proposal, name="proposal"),
    path("khen-thuong/nhieu-nam/ghi/", proposals.record, name="record"),
    path("khen-thuong/<int:pk>/", given.commendation, name="commendation"),
    path("khen-thuong/<int:pk>/sua/", given.commendation_edit, name="commendation_edit"),
    path("khen-thuong/<int:pk>/bo/", given.commendation_remove, name="commendation_remove"),
]

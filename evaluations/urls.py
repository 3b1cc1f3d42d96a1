"""The pages of one commune in the review of a year; the key is that of its file."""

from django.urls import path

from evaluations import views

app_name = "review"

_FILE = "<int:year>/xa/<int:pk>/"

urlpatterns = [
    path(_FILE, views.grid, name="grid"),
    path(f"{_FILE}luu/", views.save, name="save"),
    path(f"{_FILE}thay-doi/", views.changes, name="changes"),
    path(f"{_FILE}con-lai/", views.fill_rest_view, name="fill_rest"),
    path(f"{_FILE}buoc/", views.step, name="step"),
    path(f"{_FILE}trao-doi/", views.message, name="message"),
    path(f"{_FILE}quyet-dinh/", views.decide, name="decide"),
    path(f"{_FILE}danh-sach/", views.review_list, name="list"),
    path(f"{_FILE}bieu-excel/", views.workbook_file, name="workbook"),
    path(f"{_FILE}dinh-chinh/<str:kind>/<int:row>/", views.correct, name="correct"),
]

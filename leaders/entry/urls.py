from django.urls import path, register_converter

from leaders.entry import confirming, handing_over, views
from leaders.entry.converters import OfficeConverter

app_name = "leaders"

register_converter(OfficeConverter, "office")

urlpatterns = [
    path("chi-bo/<int:pk>/chuc-vu/<office:office>/", views.fill_cell_seat, name="fill_cell_seat"),
    path("thon/<int:pk>/chuc-vu/<office:office>/", views.fill_hamlet_seat, name="fill_hamlet_seat"),
    path("nhan-su/thay-nguoi/<int:pk>/", views.replace, name="replace"),
    path("nhan-su/thay-nguoi/", handing_over.start, name="hand_over"),
    path("nhan-su/<int:pk>/thoi-giu-chuc/", handing_over.leave, name="leave"),
    path("nhan-su/<int:pk>/kien-toan/", handing_over.successors, name="successors"),
    path("xac-nhan/<int:pk>/", confirming.confirm, name="confirm"),
    path("nhan-su/<int:pk>/sua/", views.person_edit, name="person_edit"),
]

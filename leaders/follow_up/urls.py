"""The addresses on which officers are assigned and visits recorded; those that show are in dashboards."""

from django.urls import path

from leaders.follow_up.views import assigning, inspecting, minutes, visiting

app_name = "follow_up"

urlpatterns = [
    path("phan-cong/", assigning.assign_page, name="assign"),
    path("phan-cong/<int:pk>/", assigning.assignment_edit, name="assignment_edit"),
    path("can-bo/<int:pk>/ban-giao/", assigning.hand_over_page, name="hand_over"),
    path("can-bo/<int:pk>/tai-khoan/", assigning.account_page, name="account"),
    path("can-bo/<int:pk>/ghi/", visiting.log, name="log"),
    path("buoi/<int:pk>/", visiting.visit_edit, name="visit_edit"),
    path("buoi/<int:pk>/cam-ket/", visiting.promise, name="promise"),
    path("kiem-tra/", inspecting.inspection_new, name="inspection_new"),
    path("xa/<int:pk>/bien-ban/", minutes.minutes, name="minutes"),
]

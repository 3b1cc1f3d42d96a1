"""The addresses of titles: what is read stands in dashboards, what is changed in evaluations."""

from django.urls import path

from dashboards.titling.views import case as reading
from dashboards.titling.views import lists
from evaluations.titling.views import case, checking, criteria, registering, steps

app_name = "titles"

urlpatterns = [
    path("", lists.board, name="board"),
    path("danh-sach/", lists.case_list, name="list"),
    path("dang-ky/", registering.register_page, name="register"),
    path("cong-nhan/", steps.recognise, name="recognise"),
    path("cong-nhan/<int:pk>/danh-sach/<slug:kind>/", lists.decision_list, name="decision_list"),
    path("kiem-tra/", lists.checks, name="checks"),
    path("kiem-tra/<int:year>/giu-vung/", checking.keep_all, name="keep_all"),
    path("tieu-chi/", criteria.sets, name="sets"),
    path("tieu-chi/<int:pk>/", criteria.one_set, name="set"),
    path("tieu-chi/<int:pk>/sao-chep/", criteria.copy, name="copy_set"),
    path("tieu-chi/<int:pk>/sua/", criteria.edit, name="edit_set"),
    path("<int:pk>/", reading.case, name="case"),
    path("<int:pk>/phieu/<slug:kind>/", reading.sheet, name="sheet"),
    path("<int:pk>/sua/", case.edit, name="edit"),
    path("<int:pk>/tieu-chi/", case.criteria, name="criteria"),
    path("<int:pk>/tham-dinh/", case.appraise, name="appraise"),
    path("<int:pk>/thang/", case.month, name="month"),
    path("<int:pk>/kiem-tra/<int:year>/", checking.check, name="check"),
    path("<int:pk>/buoc/<slug:kind>/", steps.step, name="step"),
]

"""The addresses of the review as the province runs and reads it; those of a commune are in evaluations."""

from django.urls import path

from dashboards.review.views import board, communes, files, opening, results

app_name = "review_board"

urlpatterns = [
    path("", board.years, name="years"),
    path("mo/", opening.open_page, name="open"),
    path("<int:year>/", board.year_page, name="year"),
    path("<int:year>/ket-qua/", board.summary, name="summary"),
    path("<int:year>/tien-do/", board.board, name="board"),
    path("<int:year>/goi-dien/", board.call_list, name="call_list"),
    path("<int:year>/luu-y/", board.attention, name="attention"),
    path("<int:year>/ty-le/", board.shares, name="shares"),
    path("<int:year>/chi-bo/", results.results, name="results"),
    path("<int:year>/ca-nhan/", results.people, name="people"),
    path("<int:year>/thong-bao/", opening.notice_page, name="notice"),
    path("<int:year>/thoi-han/", opening.days, name="days"),
    path("<int:year>/chot-danh-sach/", opening.fix, name="fix"),
    path("<int:year>/bo-dot/", opening.discard, name="discard"),
    path("<int:year>/khoa-so-lieu/", opening.close, name="close"),
    path("<int:year>/tiep-nhan/", files.receive_many, name="receive"),
    path("<int:year>/ho-so/<int:pk>/", files.file_page, name="file"),
    path("<int:year>/ho-so/<int:pk>/thoi-han/", files.deadline, name="deadline"),
    path("<int:year>/ho-so/<int:pk>/dien-thoai/", files.phones, name="phones"),
    path("<int:year>/ho-so/<int:pk>/ty-le/", files.outstanding, name="outstanding"),
    path("<int:year>/ho-so/<int:pk>/them/<slug:kind>/", files.add, name="add"),
    path("<int:year>/ho-so/<int:pk>/dua-ra/<slug:kind>/<int:row>/", files.take_off, name="take_off"),
    path("<int:year>/cap-uy/", communes.committees, name="committees"),
    path("<int:year>/cap-uy/quyet-dinh/", communes.decide, name="decide_committees"),
    path("<int:year>/cap-uy/<int:pk>/dinh-chinh/", communes.correct, name="correct_committee"),
]

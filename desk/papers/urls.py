"""Papers as files, beside the pages that show them."""

from django.urls import path

from desk.papers import views

app_name = "paper_files"

urlpatterns = [
    path("<int:pk>/<int:year>/<slug:form>/tai-ve/<slug:kind>/", views.paper_file, name="file"),
    path("<int:pk>/<int:year>/<slug:form>/ban-hanh/", views.issue_page, name="issue"),
]

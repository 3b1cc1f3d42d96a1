"""Every address of the site, in the words users read aloud on the telephone."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("dashboards.urls")),
    path("", include("cells.entry.urls")),
    path("", include("leaders.entry.urls")),
    path("", include("dashboards.staffing.urls")),
    path("", include("desk.exporting.urls")),
    path("nhan-su/", include("desk.people.urls")),
    path("danh-gia/", include("dashboards.review.urls")),
    path("danh-gia/", include("evaluations.urls")),
    path("chi-tieu/", include("dashboards.targets.urls")),
    path("danh-hieu/", include("dashboards.titling.urls")),
    path("bau-cu/", include("dashboards.contests.urls")),
    path("bau-cu/", include("leaders.contests.urls")),
    path("bao-cao/", include("dashboards.papers.urls")),
    path("bao-cao/", include("desk.papers.urls")),
    path("so-lieu/", include("dashboards.citing.urls")),
    path("", include("dashboards.learning.urls")),
    path("sinh-hoat/", include("dashboards.meetings.urls")),
    path("theo-doi/", include("dashboards.follow_up.urls")),
    path("theo-doi/", include("leaders.follow_up.urls")),
    path("sap-nhap/", include("desk.reorganisation.urls")),
    path("nhap-excel/", include("desk.importing.urls")),
    path("tai-khoan/", include("accounts.urls")),
    path("van-ban/", include("cells.urls")),
    path("viec/", include("desk.jobs.urls")),
    path("admin/", admin.site.urls),
]

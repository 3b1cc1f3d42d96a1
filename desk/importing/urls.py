from django.urls import path

from desk.exporting.views import export_view
from desk.importing.views import acts, batch, beside, first_load, lists, reconciliation

app_name = "importing"

urlpatterns = [
    path("", lists.desk, name="desk"),
    path("nap-lan-dau/", first_load.first_load, name="first_load"),
    path("nap-lan-dau/chay-thu/", first_load.rehearse, name="rehearse"),
    path("doi-chieu/<int:year>/", reconciliation.reconciliation, name="reconciliation"),
    path(
        "doi-chieu/<int:year>/excel/",
        export_view(reconciliation.reconciliation_export),
        name="reconciliation_export",
    ),
    path("mau/<slug:kind>/", lists.template, name="template"),
    path("<int:pk>/", batch.batch, name="batch"),
    path("<int:pk>/tra-loi/", batch.answer, name="answer"),
    path("<int:pk>/bieu-khac/<slug:kind>/", beside.take_beside, name="beside"),
    path("<int:pk>/sua-loi/", batch.mend, name="mend"),
    path("<int:pk>/kiem-tra/", batch.check, name="check"),
    path("<int:pk>/danh-dau/", batch.marked_file, name="marked"),
    path("<int:pk>/ghi/", acts.write, name="write"),
    path("<int:pk>/gui-tinh/", acts.submit, name="submit"),
    path("<int:pk>/rut-lai/", acts.withdraw, name="withdraw"),
    path("<int:pk>/tra-lai/", acts.send_back, name="send_back"),
    path("<int:pk>/bo/", acts.drop, name="drop"),
    path("<int:pk>/hoan-tac/", acts.undo, name="undo"),
]

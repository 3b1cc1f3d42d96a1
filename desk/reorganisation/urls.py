from django.urls import path, register_converter

from desk.reorganisation.converters import LineKindConverter
from desk.reorganisation.views import (
    acts,
    corrections,
    drafts,
    lists,
    printing,
    proposals,
    rehearsal,
    workbooks,
)

app_name = "reorganisations"

register_converter(LineKindConverter, "line_kind")

urlpatterns = [
    path("", lists.event_list, name="list"),
    path("<int:pk>/", lists.event, name="event"),
    # Drafting.
    path("moi/", drafts.event_new, name="new"),
    path("de-nghi/", proposals.merger, name="propose"),
    path("chi-bo/", proposals.cell_join, name="propose_cells"),
    path("mau/", workbooks.template, name="sheet_template"),
    path("<int:pk>/sua/", drafts.event_edit, name="event_edit"),
    path("<int:pk>/bo/", drafts.event_discard, name="event_discard"),
    path("<int:pk>/tu-file/", workbooks.upload, name="sheet"),
    path("<int:pk>/them/<line_kind:kind>/", drafts.line_add, name="line_add"),
    path("dong/<int:pk>/sua/", drafts.line_edit, name="line_edit"),
    path("dong/<int:pk>/bo/", drafts.line_remove, name="line_remove"),
    # What it would bring about, and the choices.
    path("<int:pk>/xem-truoc/", rehearsal.rehearsal, name="rehearsal"),
    path("<int:pk>/xem-truoc/lai/", rehearsal.rehearse_anew, name="rehearse_anew"),
    path("<int:pk>/xem-truoc/<int:step>/<slug:code>/", rehearsal.finding, name="finding"),
    path("<int:pk>/xem-truoc/<int:step>/<slug:code>/excel/", rehearsal.finding_export, name="finding_export"),
    path("<int:pk>/lua-chon/", rehearsal.decide, name="decide"),
    path("<int:pk>/in/", printing.print_view, name="print"),
    # What is done with it.
    path("<int:pk>/gui/", acts.submit, name="submit"),
    path("<int:pk>/tra-lai/", acts.send_back, name="send_back"),
    path("<int:pk>/kiem-tra/", acts.check, name="check"),
    path("<int:pk>/thuc-hien/", acts.apply, name="apply"),
    path("<int:pk>/hoan-tac/", acts.undo, name="undo"),
    path("<int:pk>/mo-lai/", acts.reopen, name="reopen"),
    path("<int:pk>/dinh-chinh/", corrections.correct, name="correct"),
    path("<int:pk>/dinh-chinh/<int:line>/ten/", corrections.correct_name, name="correct_name"),
    path("<int:pk>/dinh-chinh/<int:line>/ngay/", corrections.correct_day, name="correct_day"),
    path("<int:pk>/dinh-chinh/<int:line>/van-ban/", corrections.correct_decision, name="correct_decision"),
]

"""The commune's workbook: taken out to be filled in anywhere, handed in again at the import desk."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import ExportLog
from evaluations.models import ReviewCycle
from evaluations.review.grid import shows_levels
from evaluations.review.workbook import file_name, people_in, row_count, workbook_of
from evaluations.views.files import taking_part
from leaders.accesses import note_taken_out

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def workbook_file(request, year, pk):
    """Hand out the rows of the file; to the province once the commune has sent it."""
    file = taking_part(request, year, pk)
    if not shows_levels(file, request.user):
        raise PermissionDenied
    if file.cycle.state == ReviewCycle.State.PREPARING:
        raise Http404
    data = workbook_of(file, request.user)
    what = _("Workbook of the annual review")
    note_taken_out(request.user, people_in(file), what)
    ExportLog.note(
        by=request.user,
        what=what,
        filters=f"{file.cycle.year}; {file.commune}",
        rows=row_count(file),
    )
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, file_name(file))
    return response

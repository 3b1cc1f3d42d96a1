"""Files of decisions, for those who may see the decision."""

from pathlib import PurePath

from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from cells.models import Decision


@require_safe
@permission_required("cells.view_decision", raise_exception=True)
def decision_file(request, pk):
    decision = get_object_or_404(Decision.objects.visible_to(request.user).exclude(file=""), pk=pk)
    try:
        content = decision.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    # To be saved, never shown by the browser: an upload is not a page of ours.
    response = FileResponse(content, as_attachment=True, filename=PurePath(decision.file.name).name)
    response["Content-Type"] = "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response

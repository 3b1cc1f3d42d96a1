"""Where the sheet and the file of an overview are fetched."""

from django.urls import reverse

from dashboards.basis import frame_query
from dashboards.figures.frames import Frame

SHEET_KINDS = {"pdf": "application/pdf", "png": "image/png"}


def sheet_url(frame: Frame, kind: str) -> str:
    """Return the address of the sheet of this frame, as a file of this kind."""
    if frame.unit is None:
        address = reverse("dashboards:sheet_country", args=[kind])
    else:
        address = reverse("dashboards:sheet", args=[frame.unit.pk, kind])
    return address + frame_query(frame)


def export_url(frame: Frame) -> str:
    """Return the address of the figures of every unit below as a workbook."""
    if frame.unit is None:
        address = reverse("exporting:overview_country")
    else:
        address = reverse("exporting:overview", args=[frame.unit.pk])
    return address + frame_query(frame)

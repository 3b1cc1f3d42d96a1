"""Papers: the templates a province has put in place, and what was issued under a number."""

from dashboards.models.issued import IssuedFile, IssuedReport
from dashboards.models.templates import PaperTemplate

__all__ = ["IssuedFile", "IssuedReport", "PaperTemplate"]

"""What the pages keep: templates and issued papers, quoted and disputed figures, the tiles of a role."""

from dashboards.models.issued import IssuedFile, IssuedReport
from dashboards.models.quotes import FigureReport, Quote, Tiles
from dashboards.models.templates import PaperTemplate

__all__ = ["FigureReport", "IssuedFile", "IssuedReport", "PaperTemplate", "Quote", "Tiles"]

from desk.models.exports import KeptExport, KeptExportPart
from desk.models.first_load import KeptLoadRehearsal, StatedTotal
from desk.models.imports import BatchCheck, BatchFile, ImportBatch, RememberedColumn
from desk.models.jobs import DailyRun, Job
from desk.models.rehearsals import KeptRehearsal

__all__ = [
    "BatchCheck",
    "BatchFile",
    "DailyRun",
    "ImportBatch",
    "Job",
    "KeptExport",
    "KeptExportPart",
    "KeptLoadRehearsal",
    "KeptRehearsal",
    "RememberedColumn",
    "StatedTotal",
]

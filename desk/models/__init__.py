from desk.models.jobs import DailyRun, Job
from desk.models.rehearsals import KeptRehearsal

__all__ = ["DailyRun", "Job", "KeptRehearsal"]

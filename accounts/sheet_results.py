"""What came of each row of a file, as the preview of the administration shows it."""

from import_export.results import RowResult

from accounts.sheet_lines import Line


class LineResult(RowResult):
    """What came of a line; its words are made when somebody looks at them, which nobody does after a commit."""

    def __init__(self, resource, line: Line):
        self._resource, self._line = resource, line
        super().__init__()

    @property
    def diff(self) -> list | None:
        return None if self._line.faults else self._resource.differences(self._line)

    @diff.setter
    def diff(self, _nothing) -> None:
        """The package sets it to None."""

    @property
    def object_repr(self) -> str:
        return "" if self._line.faults else str(self._line.obj or "")

    @object_repr.setter
    def object_repr(self, _nothing) -> None:
        """The package sets it to None."""


def printed(value) -> str:
    """Return a value as the preview shows it: days as 03/02/1985."""
    if value is None:
        return ""
    if hasattr(value, "strftime"):
        return f"{value:%d/%m/%Y}"
    return str(value)

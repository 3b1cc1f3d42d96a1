"""What somebody does with a list in the administration, in as many words: a table goes in, and what came of it."""

from tablib import Dataset


def headings(resource) -> dict[str, str]:
    """Return the headings of a list by the keys of its columns."""
    return {column.key: str(column.header) for column in resource.columns}


def sheet(headers: dict[str, str], *rows: dict) -> Dataset:
    """Return a table of these rows, with the columns that any of them fills."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    return Dataset(*[[row.get(key) for key in keys] for row in rows], headers=[headers[key] for key in keys])


def faults(result) -> dict[int, dict]:
    """Return what is wrong, by row and column."""
    assert not result.base_errors, [str(error.error) for error in result.base_errors]
    return {row.number: row.error_dict for row in result.invalid_rows}


def counts(result) -> tuple[int, int, int]:
    """Return how many rows are new, changed and unchanged; nothing may be wrong."""
    assert faults(result) == {}
    return result.totals["new"], result.totals["update"], result.totals["skip"]

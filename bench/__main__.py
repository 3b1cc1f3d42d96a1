"""Measure against named rivals, side by side in one run: ``make bench``, or chosen parts of it by name.

Imports and exports are measured on SQLite unless DATABASE_URL names a PostgreSQL database of its own; the
overview, which makes a country of 100 000 hamlets, on PostgreSQL only.
"""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402 -- after the set-up

from bench import boards, country, exports, imports, overview, province  # noqa: E402


def main(chosen: list[str]) -> int:
    if unknown := set(chosen) - PARTS.keys():
        print(f"There is no such part: {', '.join(sorted(unknown))}. Parts are: {', '.join(PARTS)}.")
        return 2
    return max([PARTS[name]() for name in chosen or PARTS])


def show_overview() -> int:
    if connection.vendor != "postgresql":
        print(
            "The country of 100 000 hamlets is measured on PostgreSQL: set DATABASE_URL to a database of its own."
        )
        return 2
    print("A country of some 100 000 hamlets and 1 000 000 ratings is made ready …")
    country.ensure()
    print(f"{'overview of':<12}{'ours':>10}{'by hand':>10}{'ratio':>8}{'queries':>9}")
    for result in overview.measure():
        print(
            f"{result.where:<12}{result.ours * 1000:>7.0f} ms{result.rival * 1000:>7.0f} ms"
            f"{result.ratio:>8.2f}{result.queries:>9}"
        )
    return 0


def show_boards() -> int:
    if connection.vendor != "postgresql":
        print(
            "Boards are measured in the country of the overview: set DATABASE_URL to a PostgreSQL database."
        )
        return 2
    country.ensure()
    print(
        f"{'board of a province':<34}{'server':>10}{'database':>10}{'by hand':>10}{'ratio':>8}{'stock':>7}{'queries':>9}"
    )
    results = []
    for one in boards.measure():
        results.append(one)
        said = ", ".join(one.misses)
        print(
            f"{one.what:<34}{one.server * 1000:>7.0f} ms{one.database * 1000:>7.0f} ms{one.rival * 1000:>7.0f} ms"
            f"{one.ratio:>8.2f}{one.of_stock or '–':>7.3}{one.queries:>9}{'  over: ' + said if said else ''}",
            flush=True,
        )
    missing = [one.what for one in results if one.misses]
    print(f"Over a limit: {', '.join(missing) or 'none'}.")
    return 0


def show_imports() -> int:
    _make_province()
    print(f"{imports.ROWS} ratings taken in on {connection.vendor}: the seconds of each, and against ours")
    print(f"{'rows':<20}{'ours':>9}{'plain':>18}{'plain, checked':>18}{'by hand':>18}{'queries':>9}")
    for result in imports.measure():
        for by in ("clock", "processor"):
            ours, plain, checked, by_hand = (
                getattr(time, by) for time in (result.ours, result.plain, result.checked, result.by_hand)
            )
            print(
                f"{result.what + ', ' + by:<20}{ours:>7.2f} s{plain:>8.1f} s {plain / ours:>5.1f} ×"
                f"{checked:>8.1f} s {checked / ours:>5.1f} ×{by_hand:>8.2f} s {ours / by_hand:>5.2f} ×"
                f"{result.queries:>9}"
            )
    print("plain: as many times as quick; by hand: as many times its time")
    return 0


def show_exports() -> int:
    _make_province()
    result = exports.measure()
    print(f"{exports.ROWS} ratings written as xlsx on {connection.vendor}, each in a process of its own:")
    for name, run in (("ours", result.ours), ("plain", result.plain), ("ours, a tenth", result.tenth)):
        print(
            f"{name:<14}{run.seconds:>8.1f} s, of the processor {run.processor:>6.1f} s, memory {run.taken:>6.0f} MB"
        )
    print(
        f"ours is {result.plain.seconds / result.ours.seconds:.1f} × as quick, "
        f"by the processor {result.plain.processor / result.ours.processor:.1f} ×"
    )
    return 0


def _make_province() -> None:
    print("A province of 10 000 cells and 100 000 ratings is made ready …")
    province.ensure()


PARTS = {"overview": show_overview, "boards": show_boards, "imports": show_imports, "exports": show_exports}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

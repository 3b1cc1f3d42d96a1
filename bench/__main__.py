"""Measure against named rivals, side by side in one run: ``make bench`` with DATABASE_URL on PostgreSQL."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402 -- after the set-up

from bench import country, overview  # noqa: E402


def main() -> int:
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


if __name__ == "__main__":
    sys.exit(main())

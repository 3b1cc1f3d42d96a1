# Everything is done by start.py; this file only makes it shorter to type.
# On Windows, or without make: py start.py run

PYTHON ?= python3

.PHONY: help run test lint bench soak backup restore

help:
	@$(PYTHON) start.py --help

run:
	@$(PYTHON) start.py run

test:
	@$(PYTHON) start.py test

lint:
	@$(PYTHON) start.py lint

bench:
	@$(PYTHON) start.py bench

soak:
	@$(PYTHON) start.py soak

backup:
	@$(PYTHON) start.py backup

# make restore FILE=var/backups/2026-01-31_15-20-05.sqlite3
restore:
	@$(PYTHON) start.py restore "$(FILE)"

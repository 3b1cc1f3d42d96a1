"""What only PostgreSQL can do: these tests are not collected on SQLite, where the rest runs too."""

from django.conf import settings

if "postgresql" not in settings.DATABASES["default"]["ENGINE"]:
    collect_ignore_glob = ["test_*.py"]

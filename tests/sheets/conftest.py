"""These tests measure what comes out, never how long it took on a busy machine."""

from hypothesis import settings

settings.register_profile("sheets", deadline=None)
settings.load_profile("sheets")

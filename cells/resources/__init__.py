"""Hamlets with their cells, and counts of members and households, as lists out and in."""

from cells.resources.counts import HouseholdCountResource, MemberCountResource
from cells.resources.hamlets import HamletResource

__all__ = ["HamletResource", "HouseholdCountResource", "MemberCountResource"]

"""Hamlets with their cells, counts of members and households, and meetings, as lists out and in."""

from cells.resources.counts import HouseholdCountResource, MemberCountResource
from cells.resources.hamlets import HamletResource
from cells.resources.meetings import MeetingResource

__all__ = ["HamletResource", "HouseholdCountResource", "MeetingResource", "MemberCountResource"]

"""The members of populations, as a run saw them: how they are made, stored and read."""

from kept.measures.members.making import Progress, members_of
from kept.measures.members.reading import reading

__all__ = ["Progress", "members_of", "reading"]

"""Fictional people for demonstrations and benchmarks: the same seed gives the same people, whatever the size."""

from veche.desk.fiction.past import World, made_up
from veche.desk.fiction.people import FictionalPerson, people

__all__ = ["FictionalPerson", "World", "made_up", "people"]

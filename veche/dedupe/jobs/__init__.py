"""The background work of the room. Each file registers its kinds of job."""

from veche.dedupe.jobs import households, searching, sweeping

__all__ = ["households", "searching", "sweeping"]

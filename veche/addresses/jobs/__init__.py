"""Work of this room that is longer than a click. Each file registers its jobs."""

from veche.addresses.jobs import register

__all__ = ["register"]

"""What is measured of contacts: `veche bench bulk`, `list`, `card`, `own`, `presented`, `quality`; a file registers its
groups."""

from veche.contacts.bench import bulk, own_fields, pages, presented, quality

__all__ = ["bulk", "own_fields", "pages", "presented", "quality"]

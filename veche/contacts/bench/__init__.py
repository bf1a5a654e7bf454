"""What is measured of contacts: `veche bench bulk`, `list`, `card`, `own`, `quality`; a file registers its groups."""

from veche.contacts.bench import bulk, own_fields, pages, quality

__all__ = ["bulk", "own_fields", "pages", "quality"]

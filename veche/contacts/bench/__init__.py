"""What is measured of contacts: `veche bench bulk`, `list`, `card`, `own`, `presented`, `quality`, `territories`; a
file registers its groups."""

from veche.contacts.bench import bulk, own_fields, pages, presented, quality, territories

__all__ = ["bulk", "own_fields", "pages", "presented", "quality", "territories"]

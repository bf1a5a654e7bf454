"""What is measured of contacts: `veche bench list`, `card` and `own`. Each file registers its groups."""

from veche.contacts.bench import own_fields, pages

__all__ = ["own_fields", "pages"]

"""What is measured of contacts: `veche bench bulk`, `list`, `card`, `own`, `presented`, `quality`, `territories`,
`houses`, `likely`; a file registers its groups."""

from veche.contacts.bench import (
    bulk,
    houses,
    likely,
    own_fields,
    pages,
    presented,
    quality,
    suggestions,
    territories,
)

__all__ = [
    "bulk",
    "houses",
    "likely",
    "own_fields",
    "pages",
    "presented",
    "quality",
    "suggestions",
    "territories",
]

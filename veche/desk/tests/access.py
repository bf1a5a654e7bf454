"""Every address of the room against every role."""

from veche.ui.testing import Access

ACCESS = [
    Access("desk:home", everyone=200),
    Access("desk:search", everyone=200, query={"q": "Иванов"}),
    Access("desk:search", everyone=200, query={"q": "Иванов"}, htmx=True),
    Access("desk:health", everyone=200, anonymous=200),
]

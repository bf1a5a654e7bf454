"""Sets of OBJECTIDs: a bit each. A region's lie close together, so millions of them take a few megabytes."""

from __future__ import annotations

PAGE_BITS = 16


class Ids:
    """What a set of whole numbers is asked, in an eighth of a byte for each."""

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}

    def add(self, number: int) -> None:
        page = self._pages.get(number >> PAGE_BITS)
        if page is None:
            page = self._pages[number >> PAGE_BITS] = bytearray(2 ** (PAGE_BITS - 3))
        low = number & (2**PAGE_BITS - 1)
        page[low >> 3] |= 1 << (low & 7)

    def __contains__(self, number: int) -> bool:
        page = self._pages.get(number >> PAGE_BITS)
        if page is None:
            return False
        low = number & (2**PAGE_BITS - 1)
        return bool(page[low >> 3] & 1 << (low & 7))

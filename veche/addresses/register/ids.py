"""Sets of OBJECTIDs: a bit each. A region's lie close together, so millions of them take a few megabytes."""

from __future__ import annotations

from typing import Any

import numpy as np

PAGE_BITS = 16
LOW = 2**PAGE_BITS - 1
Numbers = np.ndarray[Any, np.dtype[np.int64]]


class Ids:
    """What a set of whole numbers is asked, one by one or by the column, in an eighth of a byte for each."""

    def __init__(self) -> None:
        self._rows: dict[int, int] = {}  # page → its row in `_bits`
        self._bits = np.zeros((4, 2 ** (PAGE_BITS - 3)), np.uint8)

    def add(self, number: int) -> None:
        row, low = self._row(number >> PAGE_BITS), number & LOW
        self._bits[row, low >> 3] |= 1 << (low & 7)

    def __contains__(self, number: int) -> bool:
        row, low = self._rows.get(number >> PAGE_BITS), number & LOW
        return row is not None and bool(self._bits[row, low >> 3] & 1 << (low & 7))

    def add_all(self, numbers: Numbers) -> None:
        pages, which = np.unique(numbers >> PAGE_BITS, return_inverse=True)
        rows = np.array([self._row(page) for page in pages.tolist()], np.int64)
        low = numbers & LOW
        np.bitwise_or.at(self._bits, (rows[which], low >> 3), (1 << (low & 7)).astype(np.uint8))

    def among(self, numbers: Numbers) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """For each number whether it is one of these."""
        pages, which = np.unique(numbers >> PAGE_BITS, return_inverse=True)
        rows = np.array([self._rows.get(page, -1) for page in pages.tolist()], np.int64)[which]
        low = numbers & LOW
        return (rows >= 0) & (self._bits[rows, low >> 3] >> (low & 7) & 1).astype(bool)

    def _row(self, page: int) -> int:
        row = self._rows.setdefault(page, len(self._rows))
        if row == len(self._bits):
            self._bits = np.concatenate([self._bits, np.zeros_like(self._bits)])
        return row

"""The number of a row that goes down with it: which download, which contact, and a signature over both.

It survives whatever keeps text: CSV, LibreOffice, Google. One that was typed or altered does not verify. It gives no
rights: whoever brings it back still sees only whom he may see.
"""

from __future__ import annotations

import base64
import re

from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "veche.exchange.bridge"
LETTERS = 13  # of base32: 65 bits
_SHAPE = re.compile(r"V(\d{1,18})-(\d{1,18})-([A-Z2-7]{13})")


class Forged(ValueError):
    """It looks like a row's number and was not made by us."""


def row_id(sheet_id: int, contact_id: int) -> str:
    """V12-3456-KQXW2LMNP7ABC: letters and digits only, so that no program takes it for a number or a date."""
    return f"V{sheet_id}-{contact_id}-{_signature(sheet_id, contact_id)}"


def read_row_id(text: object) -> tuple[int, int] | None:
    """(download, contact); None for an empty cell; `Forged` for anything else."""
    bare = str(text or "").strip().upper()
    if not bare:
        return None
    found = _SHAPE.fullmatch(bare)
    if not found:
        raise Forged(bare)
    sheet_id, contact_id = int(found[1]), int(found[2])
    if not constant_time_compare(found[3], _signature(sheet_id, contact_id)):
        raise Forged(bare)
    return sheet_id, contact_id


def looks_like_row_id(text: object) -> bool:
    return isinstance(text, str) and bool(_SHAPE.fullmatch(text.strip().upper()))


def _signature(sheet_id: int, contact_id: int) -> str:
    digest = salted_hmac(SALT, f"{sheet_id}:{contact_id}", algorithm="sha256").digest()
    return base64.b32encode(digest).decode()[:LETTERS]

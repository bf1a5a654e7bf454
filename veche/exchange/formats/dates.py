"""Dates written in ISO 8601, as OpenDocument and XML Spreadsheet keep them."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def iso_date(text: str) -> Any:
    """A datetime without a zone, or the text itself where there is no such day."""
    try:
        moment = datetime.fromisoformat(text.strip().removesuffix("Z"))
    except ValueError:
        return text
    return moment.replace(tzinfo=None, microsecond=0)

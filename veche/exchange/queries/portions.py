"""A list of what was made, the newest first, portion by portion: by the last one shown, never by an offset."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet


def portion(rows: QuerySet[Any], before: str, size: int) -> tuple[list[Any], int | None]:
    """The `size` rows that are older than the one numbered `before` (else the newest), and whose number leads on."""
    if before.isdecimal() and len(before) < 19 and (last := rows.filter(pk=before).first()):
        rows = rows.filter(Q(made_at__lt=last.made_at) | Q(made_at=last.made_at, pk__lt=last.pk))
    found = list(rows[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else None

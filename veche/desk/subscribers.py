"""Each kind of notice reads the ledger with a cursor of its own, so that one that fails holds up no other.

What has been told is not told again (`veche/desk/actions/notices.py`), so a second delivery is harmless.
"""

from __future__ import annotations

from functools import partial

from veche.core.delivery import subscriber
from veche.core.ledger import Entry
from veche.core.tidings import NoticeKind, kinds
from veche.desk.actions.notices import keep_tidings

PREFIX = "desk.notice:"
BATCH = 5_000


def subscribe_kinds() -> None:
    """Called once every room has added its kinds."""
    for kind in kinds:
        react = partial(_react, kind)
        react.__qualname__ = f"{PREFIX}{kind.key}"  # by which a second one of the same name is recognised
        subscriber(f"{PREFIX}{kind.key}", kinds=kind.events, batch=BATCH)(react)


def _react(kind: NoticeKind, entries: list[Entry]) -> None:
    keep_tidings(kind, kind.read(entries))

"""Who is to be told of what: kinds of notices, added by any room in its `apps.py`, kept and shown by the desk.

    tidings.kinds.add(tidings.NoticeKind(
        key="tasks.given", title=_("A task was given to me"), why=_("You are to do this task."), icon="checkbox",
        order=40, events=frozenset({events.TaskGiven.kind}), read=queries.read_given, tell=queries.tell_given))

- ``read(entries)`` gets ledger entries of `events`, oldest first, and yields a `Tiding` for each person who is to be
  told. It asks the database in sets, leaves out who did it himself, and may run twice: an entry tells nobody twice.
- Tidings of one person, kind and `group` (by default the entry itself) become one notice with a count: of twelve
  people given in one go one notice, with `group=str(entry.request_id)`-like codes.
- ``tell(actor, notices)`` says a page of notices in the reader's language: ``{notice.pk: Words}``. It asks the database
  once for all of them, on behalf of the reader; whatever he may not see any more it leaves out or tells namelessly.
- `title` names the switch in the user's account, `why` is the sentence under every notice. An `urgent` kind can't be
  switched off and does not wait for the end of quiet hours: a stranger's sign-in.
- A new kind starts with what happens from now on: nobody is told of last year.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from veche.core.actor import Actor
    from veche.core.ledger import Entry


@dataclass(frozen=True, kw_only=True)
class Tiding:
    """One person is to be told of one ledger entry. `by` is the user who did it, `group` a code of at most 80 signs."""

    user_id: int
    entry: int
    at: dt.datetime
    group: str = ""
    by: int | None = None
    contact_id: int | None = None
    object_id: int | None = None


class Kept(Protocol):
    """What `tell` gets of a notice. `contact_id` and `object_id` are those of the newest of `count` tidings."""

    pk: int
    count: int
    by_id: int | None
    contact_id: int | None
    object_id: int | None
    at: dt.datetime


@dataclass(frozen=True)
class Words:
    """A notice for its reader: a whole sentence, a second line in grey, where to look. `tone` is ok, warn or stop."""

    text: str
    more: str = ""
    url: str = ""
    tone: str = ""
    icon: str = ""  # instead of the kind's


@dataclass(frozen=True, kw_only=True)
class NoticeKind:
    key: str
    title: Any
    why: Any
    icon: str
    order: int
    events: frozenset[str]
    read: Callable[[list[Entry]], Iterable[Tiding]]
    tell: Callable[[Actor, Collection[Any]], Mapping[int, Words]]
    permission: str | None = None  # who has not got it is never told, and sees no switch
    urgent: bool = False


class Kinds:
    """By their keys; iterated in their order."""

    def __init__(self) -> None:
        self._by_key: dict[str, NoticeKind] = {}

    def add(self, kind: NoticeKind) -> None:
        """A second kind of the same key stops the start."""
        if kind.key in self._by_key:
            raise ImproperlyConfigured(f"tidings: the kind {kind.key!r} is there already")
        self._by_key[kind.key] = kind

    def get(self, key: str) -> NoticeKind | None:
        return self._by_key.get(key)

    def __iter__(self) -> Iterator[NoticeKind]:
        return iter(sorted(self._by_key.values(), key=lambda kind: (kind.order, kind.key)))


kinds = Kinds()

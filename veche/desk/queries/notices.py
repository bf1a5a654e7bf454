"""An actor's own notices: a page of them in words, the number that lights up, his wishes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from veche.core.actor import Actor
from veche.core.refusal import NotFound
from veche.core.tidings import NoticeKind, Words, kinds
from veche.desk.models import Notice, NoticeWishes

PAGE = 30
MOST_COUNTED = 100  # the bell says "99+" from there on


@dataclass(frozen=True)
class Line:
    """A notice as it is shown."""

    notice: Notice
    kind: NoticeKind
    words: Words

    @property
    def icon(self) -> str:
        return self.words.icon or self.kind.icon

    @property
    def is_new(self) -> bool:
        return self.notice.read_at is None


@dataclass(frozen=True)
class Page:
    """Lines, newest first; `after` is the key of the next page or blank, `newest` the highest number shown and
    `entry` the newest entry of the ledger that is told of: by both `mark_all_read` knows what was seen."""

    lines: list[Line]
    after: str
    newest: int
    entry: int


def notices_for(actor: Actor) -> QuerySet[Notice]:
    """The actor's own, of kinds that are still known."""
    keys = [kind.key for kind in kinds_for(actor)]
    return (
        Notice.objects.filter(user_id=actor.user_id, kind__in=keys)
        if actor.user_id
        else Notice.objects.none()
    )


def kinds_for(actor: Actor) -> list[NoticeKind]:
    """Those that the actor may get."""
    return [kind for kind in kinds if kind.permission is None or actor.may(kind.permission)]


def notice_of(actor: Actor, notice_id: int) -> Notice:
    """One of the actor's own notices, or `NotFound`."""
    notice = notices_for(actor).filter(pk=notice_id).first()
    if notice is None:
        raise NotFound
    return notice


def notices_page(actor: Actor, after: str = "", *, size: int = PAGE) -> Page:
    """A page of the actor's notices, the newest first, older than the key `after`."""
    found = notices_for(actor).order_by("-at", "-pk")
    if key := _key(after):
        found = found.filter(Q(at__lt=key[0]) | Q(at=key[0], pk__lt=key[1]))
    notices = list(found[: size + 1])
    shown = notices[:size]
    more = f"{shown[-1].at.timestamp():.6f}_{shown[-1].pk}" if len(notices) > size else ""
    newest, entry = (max((getattr(each, name) for each in shown), default=0) for name in ("pk", "entry"))
    return Page(_told(actor, shown), more, newest, entry)


def _key(after: str) -> tuple[dt.datetime, int] | None:
    moment, _sep, number = after.partition("_")
    try:
        return dt.datetime.fromtimestamp(float(moment), tz=dt.UTC), int(number)
    except (ValueError, OverflowError, OSError):
        return None


def line_of(actor: Actor, notice: Notice) -> Line:
    """One notice in words."""
    return _told(actor, [notice])[0]


def _told(actor: Actor, notices: list[Notice]) -> list[Line]:
    by_kind: dict[str, list[Notice]] = defaultdict(list)
    for notice in notices:
        by_kind[notice.kind].append(notice)
    words: dict[int, Words] = {}
    for key, those in by_kind.items():
        words.update(kinds.get(key).tell(actor, those))
    return [
        Line(notice, kinds.get(notice.kind), words[notice.pk]) for notice in notices if notice.pk in words
    ]


def unread_count(actor: Actor) -> int:
    """How many of the actor's notices light up now, at most `MOST_COUNTED`. In quiet hours those that came before."""
    hours = ("user__notice_wishes__quiet_from", "user__notice_wishes__quiet_to")
    unread = notices_for(actor).filter(read_at=None)
    found = list(unread.values_list(*hours)[:MOST_COUNTED])  # with the wishes, since every page asks
    if found and (begun := quiet_since(NoticeWishes(quiet_from=found[0][0], quiet_to=found[0][1]))):
        urgent = [kind.key for kind in kinds if kind.urgent]
        return len(unread.filter(Q(at__lt=begun) | Q(kind__in=urgent)).values_list("pk")[:MOST_COUNTED])
    return len(found)


def wishes_of(actor: Actor) -> NoticeWishes:
    """The actor's wishes, unsaved defaults when there are none."""
    found = NoticeWishes.objects.filter(user_id=actor.user_id).first()
    return found or NoticeWishes(user_id=actor.user_id)


def quiet_since(wishes: NoticeWishes, now: dt.datetime | None = None) -> dt.datetime | None:
    """When the quiet hours that last now began; None when it is not quiet. They may pass midnight."""
    if wishes.quiet_from is None or wishes.quiet_to is None:
        return None
    now = timezone.localtime(now)
    begun = now.replace(hour=wishes.quiet_from.hour, minute=wishes.quiet_from.minute, second=0, microsecond=0)
    if begun > now:
        begun -= dt.timedelta(days=1)
    minutes = (
        (wishes.quiet_to.hour - wishes.quiet_from.hour) * 60
        + wishes.quiet_to.minute
        - wishes.quiet_from.minute
    )
    return begun if now < begun + dt.timedelta(minutes=minutes % (24 * 60)) else None

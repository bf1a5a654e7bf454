"""Notices: kept when tidings come, read by their owner, forgotten after a time."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.accounts.models import User
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.live import tell_of_notices
from veche.core.refusal import Refusal
from veche.core.tidings import NoticeKind, Tiding, kinds
from veche.desk.events import NoticesChosen
from veche.desk.models import Notice, NoticeWishes

KEPT = dt.timedelta(days=60)
NEWS = dt.timedelta(days=2)  # what is older when a subscriber comes to it is no news


def keep_tidings(kind: NoticeKind, tidings: Iterable[Tiding]) -> int:
    """Make or count up the notices of these tidings; returns how many are new or say more than before.

    In the transaction of the subscriber that read them. An entry that was counted is passed over.
    """
    groups: dict[tuple[int, str], list[Tiding]] = defaultdict(list)
    horizon = timezone.now() - NEWS
    for tiding in tidings:
        if tiding.at > horizon:
            groups[(tiding.user_id, tiding.group or str(tiding.entry))].append(tiding)
    wanted = _who_want(kind, {user_id for user_id, _group in groups})
    groups = {key: found for key, found in groups.items() if key[0] in wanted}
    known = {
        (notice.user_id, notice.group): notice
        for notice in Notice.objects.select_for_update().filter(
            kind=kind.key, user_id__in=wanted, group__in={group for _user_id, group in groups}
        )
    }
    new, told = [], set()
    for key, found in groups.items():
        notice = known.get(key)
        fresh = [tiding for tiding in found if notice is None or tiding.entry > notice.entry]
        if not fresh:
            continue
        told.add(key[0])
        if notice is None:
            new.append(_first(kind, key, fresh))
        else:
            _count_up(notice, fresh)
    Notice.objects.bulk_create(new, ignore_conflicts=True)
    tell_of_notices(told)
    return len(told)


def _who_want(kind: NoticeKind, user_ids: set[int]) -> set[int]:
    """Active users who did not switch the kind off."""
    active = User.objects.filter(pk__in=user_ids, is_active=True)
    if not kind.urgent:
        active = active.exclude(notice_wishes__off__contains=[kind.key])
    return set(active.values_list("pk", flat=True))


def _first(kind: NoticeKind, key: tuple[int, str], fresh: list[Tiding]) -> Notice:
    last = max(fresh, key=lambda tiding: tiding.entry)
    return Notice(
        user_id=key[0],
        kind=kind.key,
        group=key[1],
        entry=last.entry,
        count=len(fresh),
        by_id=last.by,
        contact_id=last.contact_id,
        object_id=last.object_id,
        at=last.at,
    )


def _count_up(notice: Notice, fresh: list[Tiding]) -> None:
    last = max(fresh, key=lambda tiding: tiding.entry)
    Notice.objects.filter(pk=notice.pk).update(
        count=F("count") + len(fresh),
        entry=last.entry,
        contact_id=last.contact_id,
        object_id=last.object_id,
        at=last.at,
        read_at=None,
    )


# Reading is no event of the ledger: it changes nothing for anybody else.


@action("desk.use")
def mark_read(*, by: Actor, notice: Notice) -> None:
    if Notice.objects.filter(pk=notice.pk, user_id=by.user_id, read_at=None).update(read_at=timezone.now()):
        tell_of_notices([notice.user_id])
    unchanged()


@action("desk.use")
def mark_all_read(*, by: Actor, until: int, entry: int) -> int:
    """Mark the actor's notices up to number `until` as read, so that what came since he looked stays new; those that
    have counted on meanwhile, past the ledger's `entry`, too. Returns how many it marked."""
    unread = Notice.objects.filter(user_id=by.user_id, read_at=None, pk__lte=until, entry__lte=entry)
    if count := unread.update(read_at=timezone.now()):
        tell_of_notices([by.user_id])
    unchanged()
    return count


@action("desk.use")
def choose_notices(
    *, by: Actor, wanted: Iterable[str], quiet_from: dt.time | None = None, quiet_to: dt.time | None = None
) -> NoticeWishes:
    """Keep which kinds the actor wants (all others are off), and his quiet hours."""
    if (quiet_from is None) != (quiet_to is None) or (quiet_from is not None and quiet_from == quiet_to):
        sentence = _("Say both: from when and until when it is to be quiet.")
        raise Refusal("desk.quiet_half", sentence, fields={"quiet_to": [sentence]})
    wanted = set(wanted)
    off = [kind.key for kind in kinds if kind.key not in wanted and not kind.urgent]
    values = {"off": off, "quiet_from": quiet_from, "quiet_to": quiet_to}
    wishes, _made = NoticeWishes.objects.update_or_create(user_id=by.user_id, defaults=values)
    publish(NoticesChosen(object_id=by.user_id, off=tuple(off), quiet=quiet_from is not None), by=by)
    tell_of_notices([by.user_id])
    return wishes


def forget_old_notices() -> int:
    """Delete what is older than `KEPT`; returns how many."""
    return Notice.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]

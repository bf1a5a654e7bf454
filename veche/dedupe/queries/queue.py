"""The queue as its reader has it: how much is left, what they did today, the group in front of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from veche.contacts.queries.scope import contacts_for
from veche.core.actor import Actor
from veche.core.refusal import NotFound
from veche.dedupe.models import Decision, Group, Member, Verdict
from veche.dedupe.queries.asked import SKIPPED, who_sql

REVIEW = "dedupe.review"  # the permission
COUNTED = 1_000  # groups; of more we say that there are more
A_DAY = 5_000  # decisions: nobody makes more in a day


@dataclass(frozen=True)
class Progress:
    """`left` stops at one more than `COUNTED`. `mine` are the reader's decisions of today by verdict,
    `last` is the number of the latest one."""

    left: int = 0
    skipped: int = 0
    mine: Counter[str] = field(default_factory=Counter)
    last: int | None = None

    @property
    def is_more(self) -> bool:
        return self.left > COUNTED

    @property
    def decided(self) -> int:
        return sum(self.mine.values()) - self.mine[Verdict.SKIPPED]

    @property
    def merged(self) -> int:
        return self.mine[Verdict.MERGED]

    @property
    def apart(self) -> int:
        return self.mine[Verdict.APART]

    @property
    def family(self) -> int:
        return self.mine[Verdict.FAMILY]


@dataclass(frozen=True)
class Asked:
    """A group to be decided on: `ids` of its people as they are now, `revisions` of each as it is shown."""

    group: Group
    ids: list[int]
    found_as: dict[int, int]
    revisions: dict[int, int]
    changed_since: bool = False

    @property
    def seen(self) -> str:
        """What the form sends back, so that a change made meanwhile is noticed."""
        return ",".join(f"{key}:{revision}" for key, revision in self.revisions.items())


def progress(actor: Actor) -> Progress:
    """How the queue stands for `actor`; 403 for who may not review."""
    actor.require(REVIEW)
    who = who_sql(actor)
    with connection.cursor() as sql:
        sql.execute(
            f"""
            SELECT count(*) FILTER (WHERE NOT skipped), count(*) FILTER (WHERE skipped) FROM (
                SELECT {SKIPPED} AS skipped FROM dedupe_group AS asked {who.text}
                WHERE asked.state = 'open' AND NOT asked.certain LIMIT {COUNTED + 1}) AS each
            """,
            [actor.user_id, *who.params],
        )
        left, skipped = sql.fetchone()
    own = Decision.objects.filter(by=actor.user_id, by__isnull=False, undone_at=None, sweep=None)
    newest = list(own.order_by("-at").values_list("pk", "verdict", "at")[:A_DAY])
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    mine = Counter(verdict for _key, verdict, at in newest if at >= today)
    return Progress(left, skipped, mine, newest[0][0] if newest else None)


def get_asked(actor: Actor, group_id: int) -> Asked:
    """The group with this number; `NotFound` unless `actor` sees all of its people."""
    actor.require(REVIEW)
    groups = Group.objects.select_related("search").annotate(all=Count("members"))
    group = groups.filter(pk=group_id).first()
    if group is None:
        raise NotFound
    seen = Member.objects.filter(group=group, contact__in=contacts_for(actor)).select_related("contact")
    members = list(seen.order_by("contact_id"))
    if len(members) < max(group.all, 1):
        raise NotFound
    return Asked(
        group=group,
        ids=list(dict.fromkeys(member.contact_id for member in members)),
        found_as={member.found_as: member.contact_id for member in members},
        revisions={member.contact_id: member.contact.revision for member in members},
        changed_since=any(member.contact.changed_at > group.search.begun_at for member in members),
    )


def certainly_one_with(contact_ids: Collection[int]) -> dict[int, set[int]]:
    """Contact → those who are certainly one with it, by the open certain groups."""
    found: dict[int, set[int]] = {key: set() for key in contact_ids}
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT one.contact_id, two.contact_id FROM dedupe_member AS one
            JOIN dedupe_group AS asked ON asked.id = one.group_id AND asked.certain AND asked.state = 'open'
            JOIN dedupe_member AS two ON two.group_id = asked.id
            JOIN contacts_contact AS contact ON contact.id = two.contact_id
            WHERE one.contact_id = ANY(%s) AND two.contact_id <> one.contact_id
            """,
            [list(contact_ids)],
        )
        for contact_id, other in sql.fetchall():
            found[contact_id].add(other)
    return found


def get_decision(actor: Actor, decision_id: int) -> Decision:
    """A decision of the actor's own, else `NotFound`."""
    actor.require(REVIEW)
    decision = Decision.objects.filter(pk=decision_id, by=actor.user_id).select_related("group").first()
    if decision is None or actor.user_id is None:
        raise NotFound
    return decision


def people_of(decision: Decision) -> list[int]:
    """Who was decided on, by the numbers they have now."""
    members = Member.objects.filter(group=decision.group_id).order_by("contact_id")
    return list(dict.fromkeys(members.values_list("contact_id", flat=True)))

"""`veche bench queue`: a reviewer's next group and a decision, when many questions are open.

The questions are made for it between neighbours of the base, which is left as it was. Three readers: of the whole base,
of one campaign, and one who is responsible for two hundred people, whom a hundred questions are about. The rival
for the next group goes through the groups as objects and asks of each whether its people may be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db import connection, transaction

from veche.accounts.models import User
from veche.accounts.queries import every_permission
from veche.contacts.queries.merging import comparison
from veche.contacts.queries.scope import contacts_for
from veche.core.actor import Actor
from veche.core.measuring import Figure, bench_group, milliseconds, percentile
from veche.dedupe.actions.deciding import decide
from veche.dedupe.actions.taking import take_next
from veche.dedupe.models import Group, Member, Search
from veche.dedupe.queries.queue import get_asked, progress

QUESTIONS = 25_000
OWN = 100  # groups of the reader who sees few
ROUNDS = 20
BAR = 200  # ms
_PAIRS = """
CREATE TEMP TABLE bench_pair ON COMMIT DROP AS
SELECT low, high, row_number() OVER (ORDER BY low) AS n FROM (
    SELECT id AS low, lead(id) OVER (ORDER BY id) AS high, row_number() OVER (ORDER BY id) AS place
    FROM contacts_contact WHERE kind = 'person' AND removed_at IS NULL) AS each
WHERE place %% 2 = 1 AND high IS NOT NULL LIMIT %s
"""
_GROUPS = """
INSERT INTO dedupe_group (search_id, mark, certain, probability, reasons, state, made_at)
SELECT %s, low || '-' || high, false, 0.2 + 0.7 * (hashint8(low) & 65535) / 65536.0,
       jsonb_build_array(jsonb_build_object('low', low, 'high', high, 'probability', 0.5, 'clues', '{}'::jsonb)),
       'open', now()
FROM bench_pair
"""
_MEMBERS = """
INSERT INTO dedupe_member (group_id, contact_id, found_as)
SELECT asked.id, person, person FROM bench_pair JOIN dedupe_group AS asked ON asked.mark = low || '-' || high,
LATERAL unnest(ARRAY[low, high]) AS person
"""
_OWNED = (
    "UPDATE contacts_contact SET responsible_id = %s FROM bench_pair WHERE id IN (low, high) AND n %% %s = 0"
)


@bench_group("queue")
def queue(contacts: int) -> Iterator[Figure]:
    """The next group of three readers; a group's cards; a merge decided on and the next one shown."""
    with transaction.atomic():
        asked = _questions()
        readers = _readers(asked)
        rival = milliseconds(lambda: _one_by_one(readers["who sees few"]))
        for name, reader in readers.items():
            times = _times(lambda reader=reader: _next(reader))
            yield Figure(name=f"next group, {name}, p95", value=percentile(times, 95), unit="ms", bar=BAR)
        yield Figure(
            name="next group, who sees few, against objects", value=percentile(times, 50), unit="ms",
            ratio_to="group by group", ratio=percentile(times, 50) / rival,
        )  # fmt: skip
        everybody = readers["who sees all"]
        times = _times(lambda: _merge_next(everybody))
        yield Figure(name="a merge and the next group, p95", value=percentile(times, 95), unit="ms")
        transaction.set_rollback(True)


def _questions() -> int:
    search = Search.objects.create(state=Search.State.DONE)
    with connection.cursor() as sql:
        sql.execute("DELETE FROM dedupe_member")
        sql.execute("UPDATE dedupe_group SET state = 'decided' WHERE state = 'open'")
        sql.execute(_PAIRS, [QUESTIONS])
        sql.execute(_GROUPS, [search.pk])
        made = sql.rowcount
        sql.execute(_MEMBERS)
        for table in ("dedupe_group", "dedupe_member"):
            sql.execute(f"ANALYZE {table}")
    return made


def _readers(asked: int) -> dict[str, Actor]:
    """The one who sees few last."""
    with connection.cursor() as sql:
        sql.execute("SELECT id FROM accounts_user ORDER BY id LIMIT 2")
        first, second = (row[0] for row in sql.fetchall())
        third = User.objects.create(email="bench-queue@example.org").pk
        sql.execute(_OWNED, [third, max(asked // OWN, 1)])
        sql.execute("SELECT campaign_id FROM contacts_membership GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
        campaign = sql.fetchone()[0]
    may = every_permission()
    return {
        "who sees all": Actor(user_id=first, sees_all=True, permissions=may),
        "who sees a campaign": Actor(
            user_id=second, permissions=may, scopes={"campaign": frozenset({campaign})}
        ),
        "who sees few": Actor(user_id=third, permissions=may),
    }


def _times(work: Callable[[], object]) -> list[float]:
    return [milliseconds(work) for _n in range(ROUNDS)]


def _next(reader: Actor) -> None:
    """What a page of the queue asks for, the last group being given up for it."""
    Group.objects.filter(held_by=reader.user_id).update(held_by=None)
    group_id = take_next(by=reader)
    progress(reader)
    if group_id is not None:
        comparison(reader, get_asked(reader, group_id).ids)


def _merge_next(reader: Actor) -> None:
    group_id = take_next(by=reader)
    asked = get_asked(reader, group_id)
    decide(by=reader, group_id=group_id, verdict="merged", kept_id=asked.ids[0], seen=asked.revisions)
    _next(reader)


def _one_by_one(reader: Actor) -> int | None:
    """As with objects: the groups in order, each asked for its people."""
    for group in Group.objects.filter(state=Group.State.OPEN, certain=False).order_by("-probability", "id"):
        people = set(Member.objects.filter(group=group).values_list("contact_id", flat=True))
        if len(people) > 1 and contacts_for(reader).filter(pk__in=people).count() == len(people):
            return group.pk
    return None

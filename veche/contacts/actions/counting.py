"""Numbers and words kept ready: people per campaign, figures of the base, words of names. All made anew in sets.

None of it is an act of anybody's, so nothing is published. Each function may run twice: it counts, it does not add.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from veche.contacts.models import Figure, Membership

TOTAL, HOME = "contacts.total", "contacts.home"
GROWTH_DAYS = 84
SMALL = 20_000  # contacts; so few are counted at once
REST = dt.timedelta(seconds=60)  # between two counts of a large base

_MEMBERS = """
INSERT INTO contacts_campaigntally (campaign_id, contacts, counted_at)
SELECT campaign.id,
       (SELECT count(*) FROM contacts_membership AS member WHERE member.campaign_id = campaign.id)
       - (SELECT count(*) FROM contacts_membership AS member
          JOIN contacts_contact AS contact ON contact.id = member.contact_id AND contact.removed_at IS NOT NULL
          WHERE member.campaign_id = campaign.id),
       now()
FROM campaigns_campaign AS campaign WHERE %(ids)s::bigint[] IS NULL OR campaign.id = ANY(%(ids)s)
ON CONFLICT (campaign_id) DO UPDATE SET contacts = EXCLUDED.contacts, counted_at = EXCLUDED.counted_at
"""
_TOTAL = """
SELECT (SELECT count(*) FROM contacts_contact)
       - (SELECT count(*) FROM contacts_contact WHERE removed_at IS NOT NULL),
       (SELECT count(*) FROM (SELECT DISTINCT contact_id FROM contacts_membership) AS member)
       - (SELECT count(DISTINCT member.contact_id) FROM contacts_membership AS member
          JOIN contacts_contact AS contact ON contact.id = member.contact_id AND contact.removed_at IS NOT NULL)
"""
_WORDS = """
INSERT INTO contacts_nameword (word)
SELECT DISTINCT word FROM contacts_contact AS contact, string_to_table(replace(contact.name_key, '|', ' '), ' ') AS word
WHERE (%(ids)s::bigint[] IS NULL OR contact.id = ANY(%(ids)s)) AND length(word) BETWEEN 3 AND 100
ON CONFLICT DO NOTHING
"""
_HOME: dict[str, str] = {
    "kinds": "SELECT kind, count(*) FROM contacts_contact WHERE removed_at IS NULL GROUP BY 1",
    "channels": """
        SELECT unnest(ARRAY['phone', 'email', 'messenger', 'any']),
               unnest(ARRAY[count(*) FILTER (WHERE phone), count(*) FILTER (WHERE email),
                            count(*) FILTER (WHERE messenger), count(*)])
        FROM (SELECT bool_or(kind = 'phone') AS phone, bool_or(kind = 'email') AS email,
                     bool_or(kind NOT IN ('phone', 'email')) AS messenger
              FROM contacts_contactpoint AS point WHERE validity <> 'invalid' AND contact_id <> ALL (%(removed)s)
              GROUP BY contact_id) AS reached""",
    "growth": """
        SELECT to_char(made_at AT TIME ZONE %(zone)s, 'YYYY-MM-DD'), count(*) FROM contacts_contact
        WHERE removed_at IS NULL AND made_at >= %(since)s GROUP BY 1 ORDER BY 1""",
    "sources": """
        SELECT channel, count(*) FROM (
            SELECT DISTINCT channel, contact_id FROM contacts_origin WHERE contact_id <> ALL (%(removed)s)) AS origin
        GROUP BY 1 ORDER BY 2 DESC""",
}


@transaction.atomic
def recount_campaigns(campaign_ids: Collection[int] | None = None) -> None:
    """Count the people of these campaigns (None: of all), of the whole base, and those outside all campaigns."""
    ids = sorted(campaign_ids) if campaign_ids is not None else None
    with connection.cursor() as sql:
        if ids != []:
            sql.execute(_MEMBERS, {"ids": ids})
        sql.execute(_TOTAL)
        total, members = sql.fetchone()
        # A null is equal to nothing, so ON CONFLICT does not know it; the figure's row is locked first and guards this.
        _store(TOTAL, {"count": total})
        sql.execute(
            "UPDATE contacts_campaigntally SET contacts = %s, counted_at = now() WHERE campaign_id IS NULL",
            [total - members],
        )
        if not sql.rowcount:
            sql.execute(
                "INSERT INTO contacts_campaigntally (campaign_id, contacts, counted_at) VALUES (NULL, %s, now())",
                [total - members],
            )


def campaigns_of(contact_ids: Collection[int]) -> set[int]:
    """The campaigns that any of these contacts is in."""
    found = (
        Membership.objects.filter(contact__in=contact_ids).order_by().values_list("campaign_id", flat=True)
    )
    return set(found.distinct())


def refresh_home(*, hurry: bool = False) -> bool:
    """Count the figures of the home page anew where they are stale; a large base is left at rest for a while between.

    `hurry` counts in any case. Returns whether it counted; what was not counted stays marked as stale.
    """
    figure = Figure.objects.filter(name=HOME).first()
    if figure and not hurry:
        total = Figure.objects.filter(name=TOTAL).values_list("value__count", flat=True).first() or 0
        fresh = timezone.now() - figure.counted_at < REST
        if figure.stale_since is None or (total > SMALL and fresh):
            return False
    _store(HOME, _count_home())
    return True


def mark_home_stale() -> None:
    """Say that something happened which the home page's figures do not know of yet."""
    Figure.objects.filter(name=HOME, stale_since=None).update(stale_since=timezone.now())


def learn_words(contact_ids: Collection[int] | None = None) -> None:
    """Keep the words of these contacts' names (None: of all) for search to correct a mistyped one by."""
    with connection.cursor() as sql:
        sql.execute(_WORDS, {"ids": sorted(contact_ids) if contact_ids is not None else None})


def _count_home() -> dict[str, Any]:
    since = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    given: dict[str, Any] = {
        "zone": timezone.get_current_timezone_name(),
        "since": since - dt.timedelta(days=GROWTH_DAYS - 1),
    }
    counted = {}
    with connection.cursor() as sql:
        sql.execute("SELECT id FROM contacts_contact WHERE removed_at IS NOT NULL")
        given["removed"] = [row[0] for row in sql.fetchall()]
        for name, query in _HOME.items():
            sql.execute(query, given)
            counted[name] = [list(row) for row in sql.fetchall()]
    return counted


def _store(name: str, value: dict[str, Any]) -> None:
    with connection.cursor() as sql:
        sql.execute(
            """
            INSERT INTO contacts_figure (name, value, counted_at, stale_since) VALUES (%s, %s, now(), NULL)
            ON CONFLICT (name) DO UPDATE
            SET value = EXCLUDED.value, counted_at = EXCLUDED.counted_at, stale_since = NULL
            """,
            [name, json.dumps(value)],
        )

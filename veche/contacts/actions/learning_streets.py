"""Saying what a misspelt street is to be read as: for all who live there, now and later. The texts stay as they are.

People's territories follow their addresses, and colleagues see people by territory. So whoever sees a part of the base
could bring a whole street within reach by having it read as one of their own: only who sees all may say it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from veche.addresses.actions.territories import hold_streets, note_places
from veche.addresses.actions.territories_placing import has_rules
from veche.contacts.actions.address_reading import AT_ONCE, keep_addresses_for_later, read_addresses_of
from veche.contacts.address_texts import street_named
from veche.contacts.events import StreetForgotten, StreetLearned
from veche.contacts.models import LearnedStreet
from veche.contacts.queries.learned_streets import (
    insist_whole_sight,
    learned_streets,
    name_of_street,
    open_slips,
    people_of_street,
    state_of,
)
from veche.core.action import action
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import NotFound, Refusal, Stale

Key = tuple[str, str]  # town and street, as they are compared
# no version of the parser is 0: whoever has it is read anew
_FORGET = """
UPDATE contacts_addressreading AS reading SET version = 0
FROM unnest(%s::text[], %s::text[]) AS said(town, street)
WHERE town_key = said.town AND town_key <> '' AND street_key = said.street RETURNING contact_id
"""


@action("contacts.shape")
def learn_street(*, by: Actor, town_key: str, street_key: str, right: str = "") -> LearnedStreet:
    """Read this street of this town as `right` from now on; without it the street is right as it is.

    `Refusal` for a text that names no street, or the same one.
    """
    insist_whole_sight(by)
    _wait_for_others()
    named = name_of_street(town_key, street_key)
    if named is None:
        raise NotFound
    right = " ".join(right.split())
    if right:
        key, right = street_named(right)
        if not key or key == street_key:
            sentence = _("Write the street as it should be, for example “ul. Lenina”.")
            raise Refusal("contacts.street", sentence, fields={"right": sentence})
    town, wrong = named
    row, _made = LearnedStreet.objects.update_or_create(
        town_key=town_key,
        street_key=street_key,
        defaults={
            "town": town, "wrong": wrong, "right": right[:200], "made_by_id": by.user_id, "together": None,
            "people": people_of_street(town_key, street_key),
        },
    )  # fmt: skip
    publish(StreetLearned(object_id=row.pk, corrected=bool(right)), by=by)
    if right:
        _read_anew([(town_key, street_key)])
        _lay_out([(town_key, street_key), (town_key, key)])
    return row


@action("contacts.shape")
def learn_offered(*, by: Actor, seen: str) -> list[LearnedStreet]:
    """Put right every street of the queue as it is offered; `Stale` when that is not what was `seen` (`state_of`).

    Ids of one press stand in `together`, so that one press takes all of them back.
    """
    insist_whole_sight(by)
    _wait_for_others()
    slips = list(open_slips())
    if state_of(slips) != seen or not slips:
        raise Stale(_("The list has changed meanwhile. Look at it once more."))
    rows = LearnedStreet.objects.bulk_create(
        LearnedStreet(
            town_key=slip.town_key, street_key=slip.street_key, town=slip.town, wrong=slip.wrong,
            right=slip.right, people=slip.people, made_by_id=by.user_id,
        )
        for slip in slips
    )  # fmt: skip
    LearnedStreet.objects.filter(pk__in=[row.pk for row in rows]).update(together=rows[0].pk)
    publish(*(StreetLearned(object_id=row.pk, corrected=True) for row in rows), by=by)
    _read_anew([(slip.town_key, slip.street_key) for slip in slips])
    _lay_out((slip.town_key, key) for slip in slips for key in (slip.street_key, street_named(slip.right)[0]))
    return rows


@action("contacts.shape")
def forget_street(*, by: Actor, learned_id: int) -> None:
    """Read the street as it is written again."""
    if not _forget(LearnedStreet.objects.filter(pk=learned_id), by):
        raise NotFound


@action("contacts.shape")
def forget_together(*, by: Actor, together: int) -> int:
    """Take back all that one press put right; returns how many streets."""
    forgotten = _forget(LearnedStreet.objects.filter(together=together), by)
    if not forgotten:
        raise NotFound
    return forgotten


def _wait_for_others() -> None:
    """Two who press at once settle the queue one after the other: the second finds what the first has said. And who
    lays streets out reads addresses, too."""
    hold_streets()


def _forget(rows: QuerySet[LearnedStreet], by: Actor) -> int:
    insist_whole_sight(by)
    _wait_for_others()
    found = list(rows)
    learned = learned_streets()
    read_as = {(row.town_key, row.street_key): street_named(learned.get((row.town_key, row.street_key), ""))[0]
               for row in found if row.right}  # fmt: skip
    rows.delete()
    publish(*(StreetForgotten(object_id=row.pk) for row in found), by=by)
    _read_anew([(town, street) for (town, _written), street in read_as.items()])
    _lay_out([*read_as, *((town, street) for (town, _written), street in read_as.items())])
    return len(found)


def _read_anew(streets: Collection[Key]) -> None:
    """All addresses that were read as these streets: at once where they are few, else by the job."""
    if not streets:
        return
    with connection.cursor() as sql:
        sql.execute(_FORGET, [list(column) for column in zip(*streets, strict=True)])
        contacts = {row[0] for row in sql.fetchall()}
    if len(contacts) > AT_ONCE:
        keep_addresses_for_later()
    else:
        read_addresses_of(contacts)


def _lay_out(streets: Iterable[Key]) -> None:
    """The territories of whoever lives there follow, as soon as the addresses are read."""
    if has_rules():
        note_places(set(streets))

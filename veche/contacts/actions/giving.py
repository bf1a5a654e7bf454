"""Giving people to a colleague or a team for a time, and taking them back."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Collection
from urllib.parse import urlencode

from django.db import connection, transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.accounts.models import Team, User
from veche.contacts.events import ListGiven, ListRevoked
from veche.contacts.models import GivenList
from veche.contacts.queries.matching import Sql
from veche.contacts.queries.people_filters import asked_of, query_of
from veche.contacts.queries.people_found import found
from veche.contacts.queries.scope import visible_sql
from veche.core.action import action, unchanged
from veche.core.actor import JOB, Actor, actor_of_user
from veche.core.ledger import publish
from veche.core.refusal import Refusal

MOST = 20_000  # people on one list: more than anybody can call
NOBODY = Sql("SELECT 0::bigint WHERE false")
LONGEST = dt.timedelta(days=366)
LONGEST_ASKED = GivenList._meta.get_field("asked").max_length


@action("contacts.give")
def give_list(
    *,
    by: Actor,
    name: str,
    to: User | Team,
    until: dt.date,
    asked: str = "",
    ids: Collection[int] | None = None,
    grows: bool = False,
) -> GivenList:
    """Give the people of the list's query `asked`, or those with these `ids`, to a user or a team until a last day.

    Nobody gives whom he doesn't see. With `grows` those who come to match `asked` later join by themselves.
    """
    _check(name, until, asked=asked, grows=grows, ids=ids)
    given = GivenList.objects.create(
        name=name.strip(),
        asked=_tidied(asked) if grows else "",
        user=to if isinstance(to, User) else None,
        team=to if isinstance(to, Team) else None,
        by_id=by.user_id,
        until=until,
    )
    _fill(given, _who(by, asked, ids))
    if not given.people:
        raise Refusal(
            "given.nobody", _("Nobody is on this list."), fields={"name": _("Nobody is on this list.")}
        )
    to_kind = "user" if given.user_id else "team"
    event = ListGiven(
        object_id=given.pk,
        to=to_kind,
        to_id=to.pk,
        people=given.people,
        until=f"{until}",
        grows=bool(given.asked),
    )
    publish(event, by=by)
    return given


@action("contacts.give")
def revoke_list(*, by: Actor, given: GivenList) -> GivenList:
    """Take a list back: whoever had it stops seeing its people with the next click."""
    now = timezone.now()
    taken = GivenList.objects.filter(pk=given.pk, revoked_at=None).update(
        revoked_at=now, revoked_by_id=by.user_id
    )
    if not taken:
        unchanged()
    else:
        publish(ListRevoked(object_id=given.pk), by=by)
    given.refresh_from_db()
    return given


def refresh_growing_lists() -> int:
    """Look anew for the people of lists that grow, with what their givers may see now. A second run finds the same.

    Nothing is published: it is what was given already. A giver who is gone or switched off gives nobody any longer.
    """
    lists = GivenList.objects.filter(revoked_at=None, until__gte=timezone.localdate()).exclude(asked="")
    for given in lists.order_by("pk"):
        giver = actor_of_user(given.by_id, via=JOB) if given.by_id else Actor()
        people = found(giver, given.asked) if giver.may("contacts.give") else None
        if people and any(each.waits_for for each in people.filters):
            continue  # nobody can be found before the index stands: whoever is on the list stays
        who = people.ids if people else NOBODY
        with (
            contextlib.suppress(Refusal),
            transaction.atomic(),
        ):  # one that has grown too large stays as it was
            _fill(given, who)
    return len(lists)


def forget_ended_lists(*, days: int = 30) -> int:
    """The people of lists that ended some time ago go; the lists stay for the record. A second run finds none."""
    limit = timezone.now() - dt.timedelta(days=days)
    with connection.cursor() as sql:
        sql.execute(
            """
            DELETE FROM contacts_givencontact USING contacts_givenlist AS given
            WHERE list_id = given.id AND (given.until < %s OR given.revoked_at < %s)
            """,
            [limit.date(), limit],
        )
        return sql.rowcount


def _check(name: str, until: dt.date, *, asked: str, grows: bool, ids: Collection[int] | None) -> None:
    today = timezone.localdate()
    problems = {}
    if not name.strip():
        problems["name"] = _("Call it something, so that it can be found again.")
    if until < today:
        problems["until"] = _("This day is over.")
    elif until > today + LONGEST:
        problems["until"] = _("A year at most: who needs it longer is given it again.")
    if grows and (ids is not None or QueryDict(asked.removeprefix("?")).get("ids")):
        problems["grows"] = _("People picked one by one cannot grow by themselves.")
    elif grows and not _tidied(asked):
        problems["grows"] = _("Set a filter first: without one it is the whole base.")
    elif grows and len(_tidied(asked)) > LONGEST_ASKED:
        problems["grows"] = _("There are too many conditions for a list that grows by itself.")
    if problems:
        raise Refusal("given.wrong", next(iter(problems.values())), fields=problems)


def _tidied(asked: str) -> str:
    """The filters of the query alone, without its order, columns and pages; empty when it has none."""
    query = QueryDict(asked.removeprefix("?"))
    kept = query_of(query)
    kept.pop("sort", None)
    return urlencode(kept, doseq=True) if asked_of(query) else ""


def _who(by: Actor, asked: str, ids: Collection[int] | None) -> Sql:
    if ids is None:
        return found(by, asked).usable().ids
    where, params = visible_sql(by)
    return Sql(
        f"SELECT contact.id FROM contacts_contact AS contact WHERE contact.id = ANY(%s) AND {where}",
        (sorted(ids), *params),
    )


def _fill(given: GivenList, who: Sql) -> None:
    """Make the people of `who` the people of the list, in one statement each way."""
    with connection.cursor() as sql:
        sql.execute(f"SELECT id FROM ({who.text} LIMIT {MOST + 1}) AS given(id)", who.params)
        ids = [row[0] for row in sql.fetchall()]
        if len(ids) > MOST:
            sentence = _("These are more than %(most)s people. Give a part of them.") % {"most": MOST}
            raise Refusal("given.too_many", sentence, fields={"name": sentence})
        sql.execute(
            "DELETE FROM contacts_givencontact WHERE list_id = %s AND contact_id <> ALL(%s)", [given.pk, ids]
        )
        sql.execute(
            "INSERT INTO contacts_givencontact (list_id, contact_id) SELECT %s, unnest(%s::bigint[])"
            " ON CONFLICT DO NOTHING",
            [given.pk, sorted(ids)],
        )
    given.people, given.counted_at = len(ids), timezone.now()
    given.save(update_fields=["people", "counted_at"])

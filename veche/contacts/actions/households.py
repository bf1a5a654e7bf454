"""Households: gathered, left, renamed, given a head; thousands at once by a rule.

Contacts are locked in the order of their numbers, then households in theirs. What a household was before and after
stands in a `FieldChange` of the person from whose card it was changed (or of the head), by which `household_undo` puts
it back.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from itertools import chain

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.contacts.actions.changing import present
from veche.contacts.actions.household_undo import changed, lock, remember, state
from veche.contacts.events import HouseholdJoined, HouseholdLeft
from veche.contacts.models import Contact, FieldChange, Household, HouseholdMember, Kind
from veche.contacts.queries.households import household_for
from veche.contacts.queries.merged_away import not_there
from veche.contacts.queries.scope import contacts_for, visible_sql
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish, publish_set
from veche.core.refusal import Refusal, Stale

MOST = 50  # people of one household; more are a dormitory
_FIND_HOMES = """
WITH held AS (
    SELECT n, min(household_id) AS home, count(DISTINCT household_id) AS homes
    FROM gathering JOIN contacts_householdmember USING (contact_id) GROUP BY n)
UPDATE gathering SET home = CASE WHEN homes > 1 THEN -1 ELSE held.home END FROM held WHERE held.n = gathering.n
"""
_LEAVE_ALONE = """
DELETE FROM gathering WHERE home = -1
    OR home IS NULL AND n IN (SELECT n FROM gathering GROUP BY n HAVING count(*) < 2 OR count(*) > %(most)s)
    OR EXISTS (SELECT 1 FROM contacts_householdmember AS there WHERE there.contact_id = gathering.contact_id)
    OR home IN (
        SELECT home FROM gathering AS came GROUP BY home
        HAVING count(*) + (SELECT count(*) FROM contacts_householdmember WHERE household_id = home) > %(most)s)
"""
_MAKE_HOMES = """
WITH fresh AS (
    SELECT n, min(place) AS first, nextval(pg_get_serial_sequence('contacts_household', 'id')) AS id
    FROM gathering WHERE home IS NULL GROUP BY n ORDER BY n),
made AS (
    INSERT INTO contacts_household (id, name, letter, made_at) SELECT id, '', 'family', %(now)s FROM fresh)
UPDATE gathering SET home = fresh.id, is_head = place = fresh.first FROM fresh WHERE fresh.n = gathering.n
"""
_MOVE_IN = """
INSERT INTO contacts_householdmember (household_id, contact_id, is_head, since, together)
SELECT home, contact_id, is_head, %(now)s, %(together)s FROM gathering ORDER BY n, place
"""
_LEFT_ALONE = """
WITH alone AS (
    DELETE FROM contacts_householdmember WHERE household_id IN (
        SELECT household_id FROM contacts_householdmember WHERE household_id = ANY(%s)
        GROUP BY household_id HAVING count(*) < 2)
    RETURNING household_id, contact_id)
INSERT INTO ungathering SELECT * FROM alone
"""
_EMPTIED = """
DELETE FROM contacts_household AS home WHERE id = ANY(%s)
    AND NOT EXISTS (SELECT 1 FROM contacts_householdmember AS member WHERE member.household_id = home.id)
"""

Groups = Iterable[Collection[int]]


@action("contacts.edit")
def gather_household(
    *, by: Actor, contact_ids: Sequence[int], head: int | None = None, name: str = "", join: bool = False
) -> Household:
    """Make a household of these people, or have them join the one that some of them are of.

    Without a `head` the first named is the head of a new one. People of two households are refused unless `join`,
    which makes one of both: the household of the first named stays.
    """
    people = _locked(by, contact_ids)
    places = dict(_places(people))
    if head is not None and head not in people:
        raise Refusal("contacts.household_head", _("The head must be one of the household."))
    homes = list(dict.fromkeys(places[each] for each in people if each in places))
    if len(homes) > 1 and not join:
        sentence = _(
            "These people are of different households already. Join the households, or take somebody out."
        )
        raise Refusal("contacts.two_households", sentence)
    if not homes and len(people) < 2:
        raise Refusal("contacts.household_alone", _("A household is two people or more."))
    before = state(homes)
    if dict(_places(people)) != places:
        raise Stale
    moved = sorted(
        HouseholdMember.objects.filter(household__in=homes[1:]).values_list("contact_id", flat=True)
    )
    household = Household.objects.get(pk=homes[0]) if homes else Household.objects.create()
    _move_in(household, [each for each in people if each not in places], moved)
    Household.objects.filter(pk__in=homes[1:]).delete()
    _settle(household, head if homes else head or next(iter(people)), name)
    after = state([household.pk])
    if before == after:
        unchanged()
        return household
    remember(by, next(iter(people)), before, after)
    came = [each for each in people if each not in places] + moved
    if came:
        publish(*(HouseholdJoined(contact_id=each, object_id=household.pk) for each in came), by=by)
    else:
        publish(changed(household, next(iter(people)), "head" if head else "name"), by=by)
    return household


@action("contacts.edit")
def leave_household(*, by: Actor, contact_id: int) -> FieldChange | None:
    """Take somebody out of the household they are of; with one left it is none any more. Returns what undoes it.

    Nothing happens to who is of none.
    """
    present(by, contact_id)
    place = HouseholdMember.objects.filter(contact=contact_id).first()
    if place is None:
        unchanged()
        return None
    before = state([place.household_id])
    if dict(_places([contact_id])) != {contact_id: place.household_id}:
        raise Stale
    gone = [contact_id]
    HouseholdMember.objects.filter(pk=place.pk).delete()
    left = list(HouseholdMember.objects.filter(household=place.household_id))
    if len(left) < 2:
        gone += [each.contact_id for each in left]
        Household.objects.filter(pk=place.household_id).delete()
    elif place.is_head and not any(each.is_head for each in left):
        HouseholdMember.objects.filter(pk=left[0].pk).update(is_head=True)
    publish(*(HouseholdLeft(contact_id=each, object_id=place.household_id) for each in gone), by=by)
    return remember(by, contact_id, before, state([place.household_id]))


@action("contacts.edit")
def end_household(*, by: Actor, household_id: int) -> FieldChange:
    """The people stay, the household goes. Returns what undoes it."""
    _taken(by, household_id)
    before = state([household_id])
    members = list(
        HouseholdMember.objects.filter(household=household_id).values_list("contact_id", flat=True)
    )
    seen = contacts_for(by).filter(pk__in=members).order_by("pk").values_list("pk", flat=True).first()
    Household.objects.filter(pk=household_id).delete()
    publish(*(HouseholdLeft(contact_id=each, object_id=household_id) for each in members), by=by)
    return remember(by, seen, before, {})


@action("contacts.edit")
def set_head(*, by: Actor, household_id: int, contact_id: int) -> Household:
    """Make one of the members the head."""
    contacts = contacts_for(by).filter(pk=contact_id)
    household = _taken(by, household_id)
    if not household.members.filter(contact__in=contacts).exists():
        raise Refusal("contacts.household_head", _("The head must be one of the household."))
    return _change(by, household, "head", lambda: _settle(household, contact_id, ""))


@action("contacts.edit")
def rename_household(*, by: Actor, household_id: int, name: str) -> Household:
    """Call it otherwise; an empty name brings back the one after its members."""
    household = _taken(by, household_id)
    household.name = _clean(name)
    return _change(by, household, "name", lambda: household.save(update_fields=["name"]))


@action("contacts.edit")
def change_household(*, by: Actor, household_id: int, name: str, head: int | str, letter: str) -> Household:
    """All that its form says, each if it differs."""
    household = rename_household(by=by, household_id=household_id, name=name)
    first = household.members.first()
    if first is None or str(first.contact_id) != str(head):
        household = set_head(by=by, household_id=household_id, contact_id=int(head))
    if household.letter != letter:
        household = choose_letter(by=by, household_id=household_id, letter=letter)
    return household


@action("contacts.edit")
def choose_letter(*, by: Actor, household_id: int, letter: str) -> Household:
    """Say how it is written to: one letter to the family or to the head, or a letter to each."""
    if letter not in Household.Letter.values:
        raise Refusal("contacts.household_letter", _("Choose one of the list."))
    household = _taken(by, household_id)
    household.letter = letter
    return _change(by, household, "letter", lambda: household.save(update_fields=["letter"]))


# --- by a rule, in sets


@action("contacts.edit")
def gather_many(*, by: Actor, groups: Groups, together: uuid.UUID | None = None) -> int:
    """Make a household of each group of people, in sets; returns how many households were made or grew.

    Left alone are: whom `by` doesn't see, organisations, people whom an earlier group has named, groups of whom fewer
    than two remain, and those whose people are of two households already; a second run changes nothing. The first of
    a group is the head. `together` marks the work, for `ungather_many`.
    """
    numbered = [(n, each, place) for n, group in enumerate(groups) for place, each in enumerate(group)]
    columns = [list(each) for each in zip(*numbered, strict=True)] or [[], [], []]
    with connection.cursor() as sql:
        seen, params = visible_sql(by, "mine")
        sql.execute("DROP TABLE IF EXISTS gathering")
        sql.execute(
            f"""
            CREATE TEMP TABLE gathering ON COMMIT DROP AS
            WITH named(n, contact_id, place) AS (SELECT * FROM unnest(%s::int[], %s::bigint[], %s::int[])),
            locked AS (
                SELECT mine.id FROM contacts_contact AS mine
                WHERE mine.id IN (SELECT contact_id FROM named) AND mine.kind = %s AND {seen}
                ORDER BY mine.id FOR NO KEY UPDATE OF mine)
            SELECT DISTINCT ON (named.contact_id) named.*, NULL::bigint AS home, false AS is_head
            FROM named JOIN locked ON locked.id = named.contact_id ORDER BY named.contact_id, named.n, named.place
            """,
            [*columns, Kind.PERSON, *params],
        )
        sql.execute(
            "SELECT DISTINCT household_id FROM contacts_householdmember JOIN gathering USING (contact_id)"
        )
        lock(list(chain.from_iterable(sql.fetchall())))
        for step in (_FIND_HOMES, _LEAVE_ALONE, _MAKE_HOMES, _MOVE_IN):
            sql.execute(step, {"most": MOST, "together": together, "now": timezone.now()})
    came = "SELECT contact_id, home, NULL::jsonb FROM gathering"
    if not publish_set(HouseholdJoined(), by=by, select=came):
        unchanged()
    with connection.cursor() as sql:
        sql.execute("SELECT count(DISTINCT home) FROM gathering")
        return sql.fetchone()[0]


@action("contacts.edit")
def ungather_many(*, by: Actor, together: uuid.UUID) -> int:
    """Undo `gather_many`: whoever it put into a household that nobody has touched since is out of it again.

    Returns from how many households somebody went; one with a single person left ends.
    """
    seen, params = visible_sql(by, "mine")
    with connection.cursor() as sql:
        sql.execute(
            "SELECT DISTINCT household_id FROM contacts_householdmember WHERE together = %s", [together]
        )
        homes = [row[0] for row in sql.fetchall()]
        lock(homes)
        sql.execute("DROP TABLE IF EXISTS ungathering")
        sql.execute(
            "CREATE TEMP TABLE ungathering ON COMMIT DROP AS SELECT member.household_id, member.contact_id"
            " FROM contacts_householdmember AS member JOIN contacts_contact AS mine ON mine.id = member.contact_id"
            f" WHERE member.together = %s AND {seen}",
            [together, *params],
        )
        sql.execute(
            "DELETE FROM contacts_householdmember WHERE contact_id IN (SELECT contact_id FROM ungathering)"
        )
        sql.execute(_LEFT_ALONE, [homes])
    publish_set(
        HouseholdLeft(), by=by, select="SELECT contact_id, household_id, NULL::jsonb FROM ungathering"
    )
    with connection.cursor() as sql:
        sql.execute(_EMPTIED, [homes])
        sql.execute("SELECT count(DISTINCT household_id) FROM ungathering")
        gone = sql.fetchone()[0]
    if not gone:
        unchanged()
    return gone


def _locked(by: Actor, contact_ids: Collection[int]) -> dict[int, Contact]:
    """These people in the order they were named, locked in the order of their numbers; their households too."""
    wanted = list(dict.fromkeys(contact_ids))
    if len(wanted) > MOST:
        sentence = _("At most %(most)d people can be of one household.")
        raise Refusal("contacts.household_full", sentence % {"most": MOST})
    rows = contacts_for(by).filter(pk__in=wanted).order_by("pk")
    found = {each.pk: each for each in rows.select_for_update(of=("self",), no_key=True)}
    for each in wanted:
        if each not in found:
            raise not_there(by, each)
    if any(each.kind != Kind.PERSON for each in found.values()):
        sentence = _("Only people live in a household. Link an organisation by a relation.")
        raise Refusal("contacts.household_people", sentence)
    return {each: found[each] for each in wanted}


def _taken(by: Actor, household_id: int) -> Household:
    """The household, locked with those of its people whom `by` sees."""
    household_for(by, household_id)
    members = HouseholdMember.objects.filter(household=household_id).values("contact")
    list(contacts_for(by).filter(pk__in=members).order_by("pk").select_for_update(of=("self",), no_key=True))
    lock([household_id])
    return household_for(by, household_id)


def _places(people: Collection[int]):
    """Who of them is of which household."""
    return HouseholdMember.objects.filter(contact__in=people).values_list("contact_id", "household_id")


def _move_in(household: Household, newcomers: list[int], moved: list[int]) -> None:
    there = household.members.count()
    if there + len(newcomers) + len(moved) > MOST:
        sentence = _("At most %(most)d people can be of one household.")
        raise Refusal("contacts.household_full", sentence % {"most": MOST})
    HouseholdMember.objects.bulk_create(
        HouseholdMember(household=household, contact_id=each) for each in newcomers
    )
    HouseholdMember.objects.filter(contact__in=moved).update(household=household, is_head=False)


def _settle(household: Household, head: int | None, name: str) -> None:
    """The head and the name if they are given. From now on a colleague's work, which no undo of a rule takes."""
    if head is not None:
        household.members.filter(is_head=True).exclude(contact=head).update(is_head=False)
        household.members.filter(contact=head, is_head=False).update(is_head=True)
    household.members.exclude(together=None).update(together=None)
    if _clean(name):
        household.name = _clean(name)
        household.save(update_fields=["name"])


def _change(by: Actor, household: Household, what: str, write) -> Household:
    before = state([household.pk])
    write()
    household.members.exclude(together=None).update(together=None)
    after = state([household.pk])
    if before == after:
        unchanged()
        return household
    people = contacts_for(by).filter(in_households__household=household)
    shown_at = (
        people.order_by("-in_households__is_head", "in_households").values_list("pk", flat=True).first()
    )
    remember(by, shown_at, before, after)
    publish(changed(household, shown_at, what), by=by)
    return household


def _clean(name: str) -> str:
    return " ".join(name.split())[:200]

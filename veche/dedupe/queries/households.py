"""Households that a search suggests, as their reader has them: how many are left, the one in front of them.

A suggestion is only for who sees all of its people; it is a question only while two of them are not of one household
yet, and of no two different ones. What nobody can decide is passed over when it is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from veche.contacts.models import Household, RelationKind
from veche.contacts.queries.matching import Sql
from veche.contacts.queries.relations import word
from veche.contacts.queries.scope import contacts_for, visible_sql
from veche.core.actor import Actor
from veche.core.refusal import NotFound
from veche.dedupe.finding import Evidence
from veche.dedupe.kinship import Kinship, kinships
from veche.dedupe.models import HouseholdDecision, HouseholdSweep, SuggestedHousehold, SuggestedMember
from veche.dedupe.queries.evidence import evidence_about
from veche.dedupe.queries.household_cards import why
from veche.dedupe.queries.queue import REVIEW
from veche.dedupe.queries.rules import insist_whole_base

COUNTED = 1_000  # suggestions; of more we say that there are more
PAGE = 50
TICKED = ("spouse", "parent", "sibling")  # relations said with one press; other relatives are chosen by hand

# `visible` may be unknown (nobody is responsible): that is not seen, so never `NOT visible`
_WHO = """
JOIN LATERAL (
    SELECT count(DISTINCT member.contact_id) AS people, bool_and(({visible}) IS TRUE) AS seen,
           count(DISTINCT home.household_id) AS homes, count(DISTINCT home.contact_id) AS housed
    FROM dedupe_suggestedmember AS member LEFT JOIN contacts_contact AS contact ON contact.id = member.contact_id
    LEFT JOIN contacts_householdmember AS home ON home.contact_id = member.contact_id
    WHERE member.household_id = asked.id
) AS who ON who.seen AND who.people > 1 AND who.homes < 2 AND who.housed < who.people
"""

# Who sees a part of the base is not led past all the rest of it.
_NEAR = """
JOIN (
    SELECT DISTINCT member.household_id FROM contacts_contact AS contact
    JOIN dedupe_suggestedmember AS member ON member.contact_id = contact.id WHERE {visible}
) AS near ON near.household_id = asked.id
"""

# of the suggestion `asked`, by the user whose id is the parameter
SKIPPED = """EXISTS (
    SELECT FROM dedupe_householddecision AS said WHERE said.suggestion_id = asked.id AND said.verdict = 'skipped'
    AND said.by_id = %s AND said.undone_at IS NULL)"""


@dataclass(frozen=True)
class Progress:
    """`left` stops at one more than `COUNTED`; `last` is the number of the reader's latest decision."""

    left: int = 0
    skipped: int = 0
    last: int | None = None

    @property
    def is_more(self) -> bool:
        return self.left > COUNTED


@dataclass(frozen=True)
class Suggestion:
    """A household to be decided on: `ids` of its people as they are now, the eldest first; `home` is that of some of
    them already."""

    found: SuggestedHousehold
    ids: list[int]
    home: Household | None = None


@dataclass(frozen=True)
class Tie:
    """Who may be what to whom: `key` is what the form sends, `words` and `other_words` what each of them is."""

    key: str
    name: str
    words: str
    other_name: str
    other_words: str
    why: str
    ticked: bool


def who_sql(actor: Actor) -> Sql:
    """The join to put after `dedupe_suggestedhousehold AS asked`: it leaves those that `actor` may be asked about."""
    visible, params = visible_sql(actor)
    if actor.sees_all:
        return Sql(_WHO.format(visible=visible), tuple(params))
    return Sql((_NEAR + _WHO).format(visible=visible), (*params, *params))


def progress(actor: Actor) -> Progress:
    """How the suggestions stand for `actor`; 403 for who may not review."""
    actor.require(REVIEW)
    who = who_sql(actor)
    with connection.cursor() as sql:
        sql.execute(
            f"""
            SELECT count(*) FILTER (WHERE NOT skipped), count(*) FILTER (WHERE skipped) FROM (
                SELECT {SKIPPED} AS skipped FROM dedupe_suggestedhousehold AS asked {who.text}
                WHERE asked.state = 'open' LIMIT {COUNTED + 1}) AS each
            """,
            [actor.user_id, *who.params],
        )
        left, skipped = sql.fetchone()
    own = HouseholdDecision.objects.filter(by=actor.user_id, by__isnull=False, undone_at=None)
    return Progress(left, skipped, own.order_by("-at").values_list("pk", flat=True).first())


def get_suggestion(actor: Actor, suggestion_id: int) -> Suggestion:
    """The suggestion with this number; `NotFound` unless `actor` sees all of its people."""
    actor.require(REVIEW)
    rows = SuggestedHousehold.objects.annotate(all=Count("members"))
    found = rows.filter(pk=suggestion_id).first()
    if found is None:
        raise NotFound
    seen = SuggestedMember.objects.filter(household=found, contact__in=contacts_for(actor))
    home = "contact__in_households__household"
    members = list(seen.values_list("contact_id", "contact__birth_year", home))
    if len(members) < max(found.all, 1):
        raise NotFound
    born = {contact: year or 9999 for contact, year, _home in members}
    homes = {each for *_person, each in members if each}
    household = Household.objects.filter(pk=homes.pop()).first() if len(homes) == 1 else None
    return Suggestion(found, sorted(born, key=lambda each: (born[each], each)), household)


def get_decision(actor: Actor, decision_id: int) -> HouseholdDecision:
    """A decision of the actor's own, else `NotFound`."""
    actor.require(REVIEW)
    rows = HouseholdDecision.objects.filter(pk=decision_id, by=actor.user_id, by__isnull=False)
    decision = rows.select_related("suggestion").first()
    if decision is None:
        raise NotFound
    return decision


def kinships_of(actor: Actor, contact_ids: Collection[int]) -> list[Kinship]:
    """Who of these may be what to whom, by what their cards say now; nothing of whom `actor` doesn't see."""
    return _kinships(contact_ids, contacts_for(actor).filter(pk__in=contact_ids).values_list("pk", flat=True))


def plain_kinships(actor: Actor, families: Iterable[Collection[int]]) -> list[Kinship]:
    """Who is what to whom within each of these families, of what is said with one press; read together."""
    families = list(families)
    people = {each for family in families for each in family}
    seen = contacts_for(actor).filter(pk__in=people).values_list("pk", flat=True)
    rows = {row.id: row for row in evidence_about(sorted(seen), of_points=False)} if people else {}
    year = timezone.localdate().year
    found = [
        kin
        for family in families
        for kin in kinships({str(each): rows[str(each)] for each in family if str(each) in rows}, year)
    ]
    return [kin for kin in found if kin.kind in TICKED]


def _kinships(contact_ids: Collection[int], seen: Iterable[int]) -> list[Kinship]:
    rows = evidence_about(sorted(seen), of_points=False)
    people: Mapping[str, Evidence] = {row.id: row for row in rows}
    order = {str(each): people[str(each)] for each in contact_ids if str(each) in people}
    return kinships(order, timezone.localdate().year)


def ties_of(actor: Actor, contact_ids: Collection[int]) -> list[Tie]:
    """The same in words, what is said with one press first."""
    people = contacts_for(actor).filter(pk__in=contact_ids).values_list("pk", "name", "gender")
    named = {str(pk): (name, gender) for pk, name, gender in people}
    found = _kinships(contact_ids, map(int, named))
    kinds = {
        each.code: each
        for each in RelationKind.objects.filter(code__in={kin.kind for kin in found}, archived_at=None)
    }
    ties = []
    for kin in found:
        kind = kinds.get(kin.kind)
        if kind is None:  # the team has put it away
            continue
        (name, gender), (other_name, other_gender) = named[kin.one], named[kin.other]
        ties.append(
            Tie(
                key_of(kin), name, word(kind, of_one=True, gender=gender).lower(), other_name,
                word(kind, of_one=False, gender=other_gender).lower(), why(kin.why, kin.years),
                kin.kind in TICKED,
            )
        )  # fmt: skip
    return sorted(ties, key=lambda tie: not tie.ticked)


def key_of(kin: Kinship) -> str:
    return f"{kin.one}-{kin.kind}-{kin.other}"


# --- the plain ones, which a rule gathers


@dataclass(frozen=True)
class Figures:
    households: int = 0
    people: int = 0


@dataclass(frozen=True)
class Line:
    """One plain suggestion in the list, with the names of its people."""

    id: int
    names: list[tuple[int, str]]


def plain_figures(actor: Actor) -> Figures:
    """How many of one flat and one surname could be gathered now, and of how many people."""
    insist_whole_base(actor)
    who = who_sql(actor)
    with connection.cursor() as sql:
        sql.execute(
            "SELECT count(*), COALESCE(sum(who.people), 0)::int FROM dedupe_suggestedhousehold AS asked"
            f" {who.text} WHERE asked.state = 'open' AND asked.plain",
            list(who.params),
        )
        return Figures(*sql.fetchone())


def next_plain(actor: Actor, *, after: int, upto: int, portion: int) -> list[tuple[int, list[int]]]:
    """(suggestion, its people, the eldest first) of the next plain ones by number."""
    who = who_sql(actor)
    with connection.cursor() as sql:
        sql.execute(
            f"""
            SELECT asked.id, (
                SELECT array_agg(each.id ORDER BY COALESCE(each.birth_year, 9999), each.id)
                FROM contacts_contact AS each WHERE each.id IN (
                    SELECT member.contact_id FROM dedupe_suggestedmember AS member
                    WHERE member.household_id = asked.id))
            FROM dedupe_suggestedhousehold AS asked {who.text}
            WHERE asked.state = 'open' AND asked.plain AND asked.id > %s AND asked.id <= %s
            ORDER BY asked.id LIMIT %s
            """,
            [*who.params, after, upto, portion],
        )
        return sql.fetchall()


def plain_page(actor: Actor, *, after: str = "") -> tuple[list[Line], str]:
    """Plain suggestions by number; and the key of the next page."""
    insist_whole_base(actor)
    start = int(after) if after.isdecimal() and len(after) < 19 else 0
    found = next_plain(actor, after=start, upto=2**62, portion=PAGE + 1)
    page = found[:PAGE]
    people = contacts_for(actor).filter(pk__in={each for _id, ids in page for each in ids})
    names = dict(people.values_list("pk", "name"))
    lines = [Line(key, [(each, names.get(each) or f"№ {each}") for each in ids]) for key, ids in page]
    return lines, str(page[-1][0]) if len(found) > PAGE else ""


def sweeps(actor: Actor) -> list[HouseholdSweep]:
    """The newest first."""
    insist_whole_base(actor)
    return list(HouseholdSweep.objects.select_related("by").order_by("-pk")[:5])


def get_sweep(actor: Actor, sweep_id: int) -> HouseholdSweep:
    insist_whole_base(actor)
    found = HouseholdSweep.objects.filter(pk=sweep_id).first()
    if found is None:
        raise NotFound
    return found

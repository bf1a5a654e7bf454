"""Who is what to whom, as a viewer may know of it: of those he doesn't see, only how many there are."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from veche.contacts.models import Kind, Relation, RelationKind
from veche.contacts.queries.scope import contacts_for, visible_sql
from veche.contacts.relation_words import word
from veche.core.actor import Actor
from veche.core.refusal import NotFound


def kind_of(code: str) -> RelationKind | None:
    """The kind in use that is called so from either end."""
    return RelationKind.objects.filter(Q(code=code) | Q(reverse_code=code), archived_at=None).first()


def relation_for(actor: Actor, relation_id: int) -> Relation:
    """A relation of which `actor` sees both; else `NotFound`."""
    people = contacts_for(actor)
    found = Relation.objects.filter(pk=relation_id, one__in=people, other__in=people)
    relation = found.select_related("kind").first()
    if relation is None:
        raise NotFound
    return relation


MOST = 100  # relatives shown on a card


@dataclass(frozen=True)
class Tie:
    """Somebody whom the viewer sees, and what they are to the one whose card it is."""

    relation_id: int
    contact_id: int
    name: str
    word: str
    note: str
    is_organisation: bool


@dataclass(frozen=True)
class Ties:
    """`hidden` counts those whom the viewer may not see: not even what they are is told of them."""

    shown: list[Tie]
    hidden: int = 0

    @property
    def organisations(self) -> list[Tie]:
        return [tie for tie in self.shown if tie.is_organisation]

    @property
    def people(self) -> list[Tie]:
        return [tie for tie in self.shown if not tie.is_organisation]


_TIES = """
SELECT tie.id, far.id, far.name, far.gender, far.kind, tie.note, tie.far_is_one, kind.code, kind.reverse_code,
       kind.name, kind.reverse_name
FROM (
    SELECT id, kind_id, note, other_id AS far_id, false AS far_is_one FROM contacts_relation WHERE one_id = %s
    UNION ALL SELECT id, kind_id, note, one_id, true FROM contacts_relation WHERE other_id = %s) AS tie
JOIN contacts_contact AS far ON far.id = tie.far_id AND far.removed_at IS NULL
JOIN contacts_relationkind AS kind ON kind.id = tie.kind_id
WHERE {seen} ORDER BY kind.position, far.name_key, tie.id LIMIT %s
"""
_ALL = """
SELECT count(*) FROM (
    SELECT other_id AS far_id FROM contacts_relation WHERE one_id = %s
    UNION ALL SELECT one_id FROM contacts_relation WHERE other_id = %s) AS tie
JOIN contacts_contact AS far ON far.id = tie.far_id AND far.removed_at IS NULL
"""


def ties_of(actor: Actor, contact_id: int) -> Ties:
    """Who is what to a contact that `actor` has looked up."""
    seen, params = visible_sql(actor, "far")
    with connection.cursor() as sql:
        sql.execute(_TIES.format(seen=seen), [contact_id, contact_id, *params, MOST])
        rows = sql.fetchall()
        sql.execute(_ALL, [contact_id, contact_id])
        everybody = sql.fetchone()[0]
    shown = []
    for relation_id, far, name, gender, kind, note, is_one, *names in rows:
        code, reverse_code, own, reverse = names
        said = RelationKind(code=code, reverse_code=reverse_code, name=own, reverse_name=reverse)
        words = word(said, of_one=is_one, gender=gender)
        shown.append(Tie(relation_id, far, name, words, note, kind == Kind.ORGANISATION))
    return Ties(shown, everybody - len(shown) if len(shown) < MOST else 0)


def kinds_for(kind: str) -> list[tuple[str, str]]:
    """What somebody can be to a person (or an organisation): code and words, to choose of."""
    options = []
    for each in RelationKind.objects.filter(archived_at=None):
        ends = [(each.code, each.other_is, True)]
        if not each.is_symmetric:
            ends.append((each.reverse_code, each.one_is, False))
        options += [(code, word(each, of_one=of_one)) for code, mine, of_one in ends if mine in ("", kind)]
    return options


def own_kinds_of_people() -> list[tuple[str, str, bool]]:
    """What somebody is to a person by the team's own kinds in use: code, words, and whether it is an organisation."""
    found = []
    for each in RelationKind.objects.filter(archived_at=None):
        ends = [(each.code, each.one_is, each.other_is, True)]
        if not each.is_symmetric:
            ends.append((each.reverse_code, each.other_is, each.one_is, False))
        if not each.is_shipped:
            found += [
                (code, word(each, of_one=of_one), named == Kind.ORGANISATION)
                for code, named, mine, of_one in ends
                if mine in ("", Kind.PERSON)
            ]
    return found

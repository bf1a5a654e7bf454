"""Who is what to whom: said, taken back, put back. The kinds themselves are the team's lists."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from veche.contacts.actions.contacts import add_contact
from veche.contacts.actions.household_undo import put_household_back
from veche.contacts.actions.households import gather_household
from veche.contacts.events import RelationEnded, RelationMade
from veche.contacts.models import Contact, FieldChange, Kind, Relation
from veche.contacts.queries.merged_away import not_there
from veche.contacts.queries.relations import kind_of, relation_for
from veche.contacts.queries.scope import contacts_for
from veche.core.action import action
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import NotFound, Refusal, Stale
from veche.core.uniqueness import unless_taken

FIELD = "relation"  # of the FieldChange that undoes


@action("contacts.edit")
def relate(*, by: Actor, one_id: int, other_id: int, kind_code: str, note: str = "") -> Relation:
    """“One is `kind_code` of the other”: `relate(one_id=mother, other_id=son, kind_code="parent")`.

    A reverse code says it from the other end: with "child" the one is the child. `Refusal` for oneself, for the same
    said already from either end, and for a kind that is not of such two.
    """
    kind = kind_of(kind_code)
    if kind is None:
        raise _refusal("contacts.relation_kind", "kind", _("Choose one of the list."))
    if one_id == other_id:
        sentence = _("Nobody is anything to themselves. Choose somebody else.")
        raise _refusal("contacts.relation_itself", "other", sentence)
    people = _both(by, one_id, other_id)
    one, other = (people[one_id], people[other_id])
    if kind.code != kind_code:
        one, other = other, one
    if kind.one_is not in ("", one.kind) or kind.other_is not in ("", other.kind):
        sentence = _(
            "This relation is not one between such two: of people and organisations, see which it links."
        )
        raise _refusal("contacts.relation_of_kinds", "kind", sentence)
    relation = Relation(kind=kind, one=one, other=other, note=" ".join(note.split())[:300])
    with unless_taken({"contacts_relation_once": _said_already}):
        relation.save()
    _tell(by, relation, RelationMade)
    return relation


@action("contacts.edit")
def add_relative(
    *,
    by: Actor,
    contact_id: int,
    kind_code: str = "",
    other_id: int | None = None,
    new_name: str = "",
    note: str = "",
    together: bool = False,
) -> int:
    """In one go: somebody of the base, or somebody new of `new_name`, is `kind_code` to the contact; with `together`
    they are of one household. Without a kind they only live together. Returns whose number it is.
    """
    if other_id is None and not new_name.strip():
        raise _refusal("contacts.relation_whom", "q", _("Say who it is."))
    if not kind_code and not together:
        raise _refusal("contacts.relation_kind", "kind", _("Choose one of the list."))
    if other_id is None:
        kind = kind_of(kind_code) if kind_code else None
        is_one = kind is not None and kind.code == kind_code
        wanted = "" if kind is None else kind.one_is if is_one else kind.other_is
        other_id = add_contact(by=by, name=new_name, kind=wanted or Kind.PERSON).pk
    if kind_code:
        relate(by=by, one_id=other_id, other_id=contact_id, kind_code=kind_code, note=note)
    if together:
        gather_household(by=by, contact_ids=[contact_id, other_id])
    return other_id


@action("contacts.edit")
def unrelate(*, by: Actor, relation_id: int, contact_id: int | None = None) -> FieldChange:
    """Take a relation away, from the card of `contact_id` or of the one. Returns what undoes it."""
    relation = _taken(by, relation_id)
    if contact_id not in (None, relation.one_id, relation.other_id):
        raise NotFound
    before = relation_snapshot(relation)
    Relation.objects.filter(pk=relation_id).delete()
    _tell(by, relation, RelationEnded)
    return FieldChange.objects.create(
        contact_id=contact_id or relation.one_id, field=FIELD, before=before, after=None, at=timezone.now(),
        by_id=by.user_id, request_id=by.request_id,
    )  # fmt: skip


@action("contacts.edit")
def put_relation_back(*, by: Actor, contact_id: int, change_id: int) -> Relation:
    """Undo a removal; `Stale` when one of the two is gone or the same was said anew."""
    change = FieldChange.objects.filter(pk=change_id, contact=contact_id, field=FIELD).first()
    if change is None:
        raise NotFound
    row = change.before
    ends = (row["one_id"], row["other_id"])
    if contact_id not in ends or contacts_for(by).filter(pk__in=ends).count() < 2:
        raise Stale
    _both(by, *ends)
    relation = Relation(
        pk=row["id"], kind_id=row["kind"], one_id=ends[0], other_id=ends[1], note=row["note"],
        made_at=row["made_at"],
    )  # fmt: skip
    if Relation.objects.filter(pk=row["id"]).exists():
        raise Stale
    with unless_taken({"contacts_relation_once": _said_already}):
        relation.save(force_insert=True)
    _tell(by, relation, RelationMade)
    return relation


@action("contacts.edit")
def put_tie_back(*, by: Actor, contact_id: int, change_id: int) -> None:
    """Undo what a change did to a relation or to a household."""
    change = FieldChange.objects.filter(pk=change_id, contact=contact_id).first()
    put_back = put_relation_back if change and change.field == FIELD else put_household_back
    put_back(by=by, contact_id=contact_id, change_id=change_id)


def relation_snapshot(relation: Relation) -> dict[str, Any]:
    """All of a relation that an undo needs."""
    return {
        "id": relation.pk, "kind": relation.kind_id, "one_id": relation.one_id, "other_id": relation.other_id,
        "note": relation.note, "made_at": relation.made_at.isoformat(),
    }  # fmt: skip


def _both(by: Actor, one_id: int, other_id: int) -> dict[int, Contact]:
    """The two, locked in the order of their numbers."""
    rows = contacts_for(by).filter(pk__in=(one_id, other_id)).order_by("pk")
    found = {each.pk: each for each in rows.select_for_update(of=("self",), no_key=True)}
    for each in (one_id, other_id):
        if each not in found:
            raise not_there(by, each)
    return found


def _taken(by: Actor, relation_id: int) -> Relation:
    """A relation of which `by` sees both, with the two locked."""
    relation = relation_for(by, relation_id)
    _both(by, relation.one_id, relation.other_id)
    return relation_for(by, relation_id)


def _tell(by: Actor, relation: Relation, event: type[RelationMade] | type[RelationEnded]) -> None:
    kind = relation.kind
    ends = (
        (relation.one_id, relation.other_id, kind.reverse_code),
        (relation.other_id, relation.one_id, kind.code),
    )
    publish(
        *(event(contact_id=me, object_id=relation.pk, other=they, code=code) for me, they, code in ends),
        by=by,
    )


def _said_already() -> Refusal:
    sentence = _("This relation between these two is written down already.")
    return _refusal("contacts.relation_twice", "kind", sentence)


def _refusal(code: str, field: str, sentence: str) -> Refusal:
    return Refusal(code, sentence, fields={field: sentence})

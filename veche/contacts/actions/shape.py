"""The team's own words and fields: tags, statuses, roles, kinds of relations, own fields.

They are made, renamed, put in order, archived. Nothing here is ever deleted: what is archived is offered nowhere, and
contacts keep it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.campaigns.models import Campaign
from veche.contacts.events import IndexWanted, ShapeAdded, ShapeArchived, ShapeChanged, ShapeRestored
from veche.contacts.models import Kind, OwnField, Relation, RelationKind, RoleKind, Status, Tag
from veche.contacts.relation_words import word
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.background import start_job
from veche.core.ledger import publish
from veche.core.refusal import Refusal
from veche.core.uniqueness import unless_taken

Entry = Tag | Status | RoleKind | RelationKind | OwnField

PARTS: dict[str, type[Entry]] = {
    "tags": Tag, "statuses": Status, "roles": RoleKind, "relations": RelationKind, "fields": OwnField,
}  # fmt: skip
COLOURS = range(1, 7)
MOST_CHOICES = 200
STEP = 10  # between neighbours in an order
WITH_CHOICES = (OwnField.Type.CHOICE, OwnField.Type.MANY_CHOICES)


def part_of(entry: Entry) -> str:
    """The list an entry belongs to, as it stands in addresses and events."""
    return next(name for name, model in PARTS.items() if isinstance(entry, model))


@action("contacts.shape")
def add_tag(*, by: Actor, name: str, colour: int = 3, campaign: Campaign | None = None) -> Tag:
    """A tag of the whole base or of one campaign. `Refusal` when there is one of that name, archived or not."""
    name = _clean_name(name)
    _refuse_twin(Tag.objects.filter(name__iexact=name, campaign=campaign))
    with _once():
        tag = Tag.objects.create(name=name, colour=_clean_colour(colour), campaign=campaign)
    publish(ShapeAdded(part="tags", object_id=tag.pk), by=by)
    return tag


@action("contacts.shape")
def add_status(*, by: Actor, name: str) -> Status:
    name = _clean_name(name)
    _refuse_shown_twin(Status, name)
    with _once():
        status = Status.objects.create(name=name, position=_last(Status))
    publish(ShapeAdded(part="statuses", object_id=status.pk), by=by)
    return status


@action("contacts.shape")
def add_role_kind(*, by: Actor, name: str, colour: int = 3) -> RoleKind:
    name = _clean_name(name)
    _refuse_shown_twin(RoleKind, name)
    with _once():
        role = RoleKind.objects.create(name=name, colour=_clean_colour(colour), position=_last(RoleKind))
    publish(ShapeAdded(part="roles", object_id=role.pk), by=by)
    return role


@action("contacts.shape")
def add_relation_kind(
    *, by: Actor, name: str, reverse_name: str = "", one_is: str = "", other_is: str = ""
) -> RelationKind:
    """A kind of relations: “one is `name` of the other, the other `reverse_name` of the one”; without a
    `reverse_name` it reads alike both ways. `one_is`, `other_is`: a value of Kind, blank for anybody."""
    _lock_relation_kinds()
    kind = RelationKind(code=f"r_{uuid.uuid4().hex[:10]}", position=_last(RelationKind))
    _name_relation_kind(kind, _clean_name(name), reverse_name)
    _set_ends(kind, one_is, other_is)
    kind.save()
    publish(ShapeAdded(part="relations", object_id=kind.pk), by=by)
    return kind


@action("contacts.shape")
def change_relation_kind(
    *, by: Actor, kind: RelationKind, name: str, reverse_name: str = "", one_is: str = "", other_is: str = ""
) -> RelationKind:
    """Rename it and, while nobody is related so, say otherwise whom it links and whether it reads alike both ways.

    A shipped kind links whom it links; without a name it is called as it came.
    """
    _lock_relation_kinds()
    kind.refresh_from_db()
    fields = ("name", "reverse_name", "reverse_code", "one_is", "other_is")
    before = [getattr(kind, each) for each in fields]
    if kind.is_shipped:
        names = [" ".join(each.split()) and _clean_name(each) for each in (name, reverse_name)]
        kind.name, kind.reverse_name = names[0], "" if kind.is_symmetric else names[1]
        _refuse_relation_twin(kind)
    else:
        _name_relation_kind(kind, _clean_name(name), reverse_name)
        _set_ends(kind, one_is, other_is)
    changed = [each for each, was in zip(fields, before, strict=True) if getattr(kind, each) != was]
    if set(changed) - {"name", "reverse_name"} and Relation.objects.filter(kind=kind).exists():
        sentence = _(
            "People are related so already, so whom it links stays. Put it into the archive and make another."
        )
        raise _refusal("one_is", sentence)
    return _save(by, kind, changed)


@action("contacts.shape")
def add_own_field(
    *, by: Actor, label: str, type: str = OwnField.Type.TEXT, choices: Sequence[str] = ()
) -> OwnField:
    """An own field; `choices` are labels of a list, in its order. `Refusal` for a twin or a list without choices."""
    label = _clean_name(label)
    if type not in OwnField.Type.values:
        raise _refusal("type", _("There is no such type of field."))
    _refuse_twin(OwnField.objects.filter(label__iexact=label, archived_at__isnull=True), "label")
    made = [{"id": f"c{n}", "label": each} for n, each in enumerate(_clean_choices(choices), 1)]
    if type in WITH_CHOICES and not made:
        raise _refusal("choices", _("Write what may be chosen, each on its own line."))
    with _once():
        field = OwnField.objects.create(
            key=f"f_{uuid.uuid4().hex[:10]}",
            label=label,
            type=type,
            choices=made if type in WITH_CHOICES else [],
            position=_last(OwnField),
        )
    publish(ShapeAdded(part="fields", object_id=field.pk), by=by)
    return field


@action("contacts.shape")
def rename_entry(*, by: Actor, entry: Entry, name: str, colour: int | None = None) -> Entry:
    """Give an entry another name and, where it has one, another colour."""
    name = _clean_name(name)
    attribute = "label" if isinstance(entry, OwnField) else "name"
    changed = []
    if str(entry) != name:
        _refuse_other(entry, name)
        setattr(entry, attribute, name)
        changed.append(attribute)
    if colour is not None and hasattr(entry, "colour") and entry.colour != _clean_colour(colour):
        entry.colour = _clean_colour(colour)
        changed.append("colour")
    return _save(by, entry, changed)


@action("contacts.shape")
def change_choices(
    *, by: Actor, field: OwnField, labels: Mapping[str, str], added: Sequence[str] = ()
) -> OwnField:
    """Rename choices (`labels`: id to new label) and add new ones at the end. None goes: contacts may have it."""
    renamed = [
        {**each, "label": labels.get(each["id"], "").strip() or each["label"]} for each in field.choices
    ]
    taken = {each["label"].casefold() for each in renamed}
    fresh = [each for each in _clean_choices(added) if each.casefold() not in taken]
    used = max((int(each["id"][1:]) for each in renamed if each["id"][1:].isdecimal()), default=0)
    renamed += [{"id": f"c{n}", "label": each} for n, each in enumerate(fresh, used + 1)]
    if len(renamed) > MOST_CHOICES:
        raise _refusal("choices", _("A list may have at most %(n)s choices.") % {"n": MOST_CHOICES})
    changed = ["choices"] if renamed != field.choices else []
    field.choices = renamed
    return _save(by, field, changed)


@action("contacts.shape")
def archive_entry(*, by: Actor, entry: Entry) -> Entry:
    """Offer it no more. Contacts keep it."""
    if type(entry).objects.filter(pk=entry.pk, archived_at=None).update(archived_at=timezone.now()):
        publish(ShapeArchived(part=part_of(entry), object_id=entry.pk), by=by)
    else:
        unchanged()
    entry.refresh_from_db()
    return entry


@action("contacts.shape")
def restore_entry(*, by: Actor, entry: Entry) -> Entry:
    """Offer it again; refused while a newer one has its name."""
    if isinstance(entry, OwnField):
        _refuse_other(entry, entry.label)
    elif isinstance(entry, RelationKind):
        _lock_relation_kinds()
        _refuse_relation_twin(entry)
    with _once():
        restored = type(entry).objects.filter(pk=entry.pk, archived_at__isnull=False).update(archived_at=None)
    if restored:
        publish(ShapeRestored(part=part_of(entry), object_id=entry.pk), by=by)
    else:
        unchanged()
    entry.refresh_from_db()
    return entry


@action("contacts.shape")
def move_entry(*, by: Actor, entry: Status | RoleKind | RelationKind | OwnField, down: bool) -> None:
    """Change places with the neighbour above or below; at the end of the list nothing changes."""
    model = type(entry)
    order = list(model.objects.select_for_update().filter(archived_at=None))
    place = next((n for n, each in enumerate(order) if each.pk == entry.pk), None)
    other = None if place is None else place + (1 if down else -1)
    if other is None or not 0 <= other < len(order):
        return unchanged()
    order[place], order[other] = order[other], order[place]
    for n, each in enumerate(order, 1):
        each.position = n * STEP
    model.objects.bulk_update(order, ["position"])
    publish(ShapeChanged(part=part_of(entry), object_id=entry.pk, fields=("position",)), by=by)
    return None


@action("contacts.edit")  # an auditor looks and starts no work
def want_index(*, by: Actor, field: OwnField) -> None:
    """Have the index built that makes filters by this field fast; once is enough."""
    none = OwnField.objects.filter(pk=field.pk, index_state=OwnField.IndexState.NONE)
    if not none.update(index_state=OwnField.IndexState.WANTED):
        return unchanged()
    publish(IndexWanted(object_id=field.pk), by=by)
    start_job("contacts.own_index", by=by, subject=field.label, object_id=field.pk)
    return None


def _save(by: Actor, entry: Entry, changed: list[str]) -> Entry:
    if not changed:
        unchanged()
        return entry
    with _once():
        entry.save(update_fields=changed)
    publish(ShapeChanged(part=part_of(entry), object_id=entry.pk, fields=tuple(changed)), by=by)
    return entry


def _clean_name(name: str, field: str = "name") -> str:
    name = " ".join(name.split())
    if not name:
        raise _refusal(field, _("Write a name."))
    if len(name) > 100:
        raise _refusal(field, _("The name is longer than 100 letters."))
    return name


def _lock_relation_kinds() -> None:
    """Nobody else names one meanwhile, and nobody is related by one: a relation locks its kind."""
    list(RelationKind.objects.select_for_update().order_by("pk").values_list("pk"))


def _name_relation_kind(kind: RelationKind, name: str, reverse_name: str) -> None:
    reverse = " ".join(reverse_name.split()) and _clean_name(reverse_name, "reverse_name")
    alike = reverse.casefold() in ("", name.casefold())
    kind.name, kind.reverse_name = name, "" if alike else reverse
    kind.reverse_code = kind.code if alike else f"{kind.code}_back"
    _refuse_relation_twin(kind)


def _refuse_relation_twin(kind: RelationKind) -> None:
    """No end of two kinds in use is called alike: nobody could choose between them."""
    ends = {"name": word(kind, of_one=True), "reverse_name": word(kind, of_one=False)}
    for other in RelationKind.objects.exclude(pk=kind.pk):
        taken = {word(other, of_one=of_one).casefold() for of_one in (True, False)}
        for field, called in ends.items():
            if called.casefold() in taken:
                _refuse_twin(RelationKind.objects.filter(pk=other.pk), field)


def _set_ends(kind: RelationKind, one_is: str, other_is: str) -> None:
    if not {one_is, other_is} <= {"", *Kind.values}:
        raise _refusal("one_is", _("Choose one of the list."))
    if kind.is_symmetric and one_is != other_is:
        sentence = _(
            "What reads alike both ways links two of the same. Say what it is called the other way round."
        )
        raise _refusal("reverse_name", sentence)
    kind.one_is, kind.other_is = one_is, other_is


def _clean_colour(colour: int) -> int:
    return colour if colour in COLOURS else 3


def _clean_choices(choices: Sequence[str]) -> list[str]:
    cleaned: dict[str, str] = {}
    for each in (" ".join(choice.split())[:100] for choice in choices):
        if each:
            cleaned.setdefault(each.casefold(), each)
    return list(cleaned.values())[:MOST_CHOICES]


def _refuse_twin(twins, field: str = "name") -> None:
    twin = twins.first()
    if twin is None:
        return
    if twin.archived_at:
        raise _refusal(field, _("There is one of this name in the archive. Take it out of there."))
    raise _refusal(field, _("There is one of this name already."))


def _once() -> AbstractContextManager[None]:
    """Somebody made one of the same name since we looked: the same sentence."""
    taken = _("There is one of this name already.")
    names = ("contacts_tag_once", "contacts_status_once", "contacts_role_once")
    return unless_taken(
        {
            **dict.fromkeys(names, lambda: _refusal("name", taken)),
            "contacts_own_field_once": lambda: _refusal("label", taken),
        }
    )


def _refuse_shown_twin(model: type[Status | RoleKind], name: str, *, but: int | None = None) -> None:
    """A shipped entry has its name only in translation, so names are compared as they are shown."""
    for each in model.objects.exclude(pk=but):
        if str(each).casefold() == name.casefold():
            _refuse_twin(model.objects.filter(pk=each.pk))


def _refuse_other(entry: Entry, name: str) -> None:
    if isinstance(entry, Tag):
        _refuse_twin(Tag.objects.filter(name__iexact=name, campaign=entry.campaign_id).exclude(pk=entry.pk))
    elif isinstance(entry, OwnField):
        others = OwnField.objects.filter(label__iexact=name, archived_at__isnull=True)
        _refuse_twin(others.exclude(pk=entry.pk), "label")
    else:
        _refuse_shown_twin(type(entry), name, but=entry.pk)


def _last(model: type[Status | RoleKind | RelationKind | OwnField]) -> int:
    return (model.objects.aggregate(last=Max("position"))["last"] or 0) + STEP


def _refusal(field: str, sentence: str) -> Refusal:
    return Refusal("contacts.shape", sentence, fields={field: sentence})

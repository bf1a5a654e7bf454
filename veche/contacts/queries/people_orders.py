"""The orders of the list by every column that can be sorted by.

A column of the contact itself sorts a base of any size; one whose values lie in other tables only as many people as
`MOST_SORTED`, for every one of them must be looked up; an own field any number, once its index is ready.

In a presentation what is invented sorts `LOOKED_THROUGH` people, and more stand by number, the newest first. Their real
order would tell where their real names stand among the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from veche.accounts.models import Territory, User
from veche.contacts.models import OwnField, Status
from veche.contacts.queries.masking import sees_phones
from veche.contacts.queries.own_index import expression, filled_where
from veche.contacts.queries.people_places import PART_ORDERS
from veche.contacts.queries.people_presented import LOOKED_THROUGH, OPEN_ORDERS
from veche.contacts.queries.people_question import DEFAULT_SORT, SORTS, Sort
from veche.core import presenting
from veche.core.actor import Actor

MOST_SORTED = 30_000  # people whose values are looked up in other tables

_POINT = (
    "SELECT link.value FROM contacts_contactpoint AS link WHERE link.contact_id = contact.id AND link.kind = '{}'"
    " ORDER BY link.validity = 'invalid', link.position, link.id LIMIT 1"
)
_ADDRESS = (
    "SELECT link.text FROM contacts_postaladdress AS link WHERE link.contact_id = contact.id"
    " ORDER BY link.position, link.id LIMIT 1"
)
_PART = (
    "SELECT NULLIF({}, '') FROM contacts_postaladdress AS held JOIN contacts_addressreading AS link"
    " ON link.address_id = held.id WHERE held.contact_id = contact.id ORDER BY held.position, held.id LIMIT 1"
)
_SOURCE = (
    "SELECT COALESCE(NULLIF(link.batch_name, ''), link.words) FROM contacts_origin AS link"
    " WHERE link.contact_id = contact.id ORDER BY link.id LIMIT 1"
)
_BIRTHDAY = (
    "contact.birth_year * 10000 + COALESCE(contact.birth_month, 0) * 100 + COALESCE(contact.birth_day, 0)"
)


def _seen_names(actor: Actor, table: str, link: str, key: str, campaign: str) -> str:
    """The first name of what belongs to a contact, of those that the actor may know of."""
    known = ", ".join(str(int(each)) for each in sorted(actor.scope("campaign"))) or "NULL"
    seen = "" if actor.sees_all else f" AND ({campaign} IS NULL OR {campaign} IN ({known}))"
    return (
        f"SELECT min(lower(named.name)) FROM {link} AS link JOIN {table} AS named ON named.id = link.{key}"
        f" WHERE link.contact_id = contact.id{seen}"
    )


def _ranked(column: str, ids: list[int]) -> str:
    """The place of a linked row in its own order."""
    return f"array_position(ARRAY[{', '.join(str(int(each)) for each in ids)}]::bigint[], contact.{column})"


def _statuses() -> list[int]:
    return list(Status.objects.order_by("position", "name").values_list("pk", flat=True))


def _by_name(model: type[User | Territory]) -> list[int]:
    return list(model.objects.order_by("name", "pk").values_list("pk", flat=True))


# of the contact itself
_OWN_ROW: dict[str, Callable[[], str]] = {
    "surname": lambda: "NULLIF(lower(contact.surname), '')",
    "given_name": lambda: "NULLIF(lower(contact.given_name), '')",
    "patronymic": lambda: "NULLIF(lower(contact.patronymic), '')",
    "gender": lambda: "NULLIF(contact.gender, '')",
    "kind": lambda: "contact.kind",
    "birthday": lambda: _BIRTHDAY,
    "caution": lambda: "NULLIF(lower(contact.caution), '')",
    "status": lambda: _ranked("status_id", _statuses()),
    "responsible": lambda: _ranked("responsible_id", _by_name(User)),
    "territory": lambda: _ranked("territory_id", _by_name(Territory)),
}
# of other tables
_LOOKED_UP: dict[str, Callable[[Actor], str]] = {
    "phone": lambda actor: _POINT.format("phone"),
    "email": lambda actor: _POINT.format("email"),
    "address": lambda actor: _ADDRESS,
    **{key: lambda actor, value=value: _PART.format(value) for key, value in PART_ORDERS.items()},
    "source": lambda actor: _SOURCE,
    "tags": lambda actor: _seen_names(
        actor, "contacts_tag", "contacts_tagassignment", "tag_id", "named.campaign_id"
    ),
    "campaigns": lambda actor: _seen_names(
        actor, "campaigns_campaign", "contacts_membership", "campaign_id", "link.campaign_id"
    ),
}


def read_sort(actor: Actor, text: str) -> Sort | None:
    """The order that an address asks for; None where it means nothing to this viewer."""
    sort = _read(actor, text)
    if sort is None or not presenting.is_on() or text.removeprefix("-") in OPEN_ORDERS:
        return sort
    value = sort.value or f"contact.{sort.column}"
    return replace(sort, column="id", value=value, everywhere=False, index="", most=LOOKED_THROUGH)


def sort_or_usual(actor: Actor, text: str) -> Sort:
    """The order that an address asks for, else the usual one."""
    return read_sort(actor, text) or read_sort(actor, DEFAULT_SORT) or SORTS[DEFAULT_SORT]


def sort_of_many() -> str:
    """The order of those who are too many for the one asked for."""
    return "newest" if presenting.is_on() else DEFAULT_SORT


def _read(actor: Actor, text: str) -> Sort | None:
    if text in SORTS:
        return SORTS[text]
    key, descending = text.removeprefix("-"), text.startswith("-")
    if key == "phone" and not sees_phones(actor):
        return None  # the order would tell hidden digits
    if key in _OWN_ROW:
        return Sort(value=_OWN_ROW[key](), descending=descending, everywhere=True)
    if key in _LOOKED_UP:
        return Sort(value=_LOOKED_UP[key](actor), descending=descending, most=MOST_SORTED)
    return _own_sort(key.removeprefix("own."), descending) if key.startswith("own.") else None


def _own_sort(key: str, descending: bool) -> Sort | None:
    if not key.isprintable():
        return None
    field = OwnField.objects.filter(key=key, archived_at__isnull=True).first()
    if field is None or field.type == OwnField.Type.MANY_CHOICES:
        return None
    ready = field.index_state == OwnField.IndexState.READY
    index = filled_where(field).text if ready else ""
    return Sort(value=expression(field, "contact.own"), descending=descending, index=index, most=MOST_SORTED)

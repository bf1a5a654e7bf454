"""What an order of houses asks for: the filters of their list, in codes for the log and in words for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from veche.contacts.queries.houses import Asked, houses_page, read_filters
from veche.core.actor import Actor
from veche.core.refusal import Refusal

LONGEST = 200  # letters of a value
_TEXTS = frozenset({"street", "town", "management"})  # what somebody typed is no code


def view_of(query: Mapping[str, Any]) -> dict[str, str]:
    """The part of the list's address that says which houses it shows and in which order."""
    asked = {key: str(query[key]).replace("\0", "")[:LONGEST] for key in query}
    return {key: value for key, value in asked.items() if value and key not in ("after", "before")}


def filters_of(actor: Actor, view: Mapping[str, Any]) -> list[Asked]:
    """The filters in force; `Refusal` for one that asks for what isn't here."""
    found = read_filters(actor, view)
    for each in found:
        if each.unknown:
            words = _("The filter “%(name)s” asks for something that is not here.")
            raise Refusal("export.filter_unknown", words % {"name": each.label})
    return found


def words_of(filters: list[Asked]) -> str:
    """The filters for people, after the word that says that it is houses."""
    asked = "; ".join(f"{each.label}: {each.words}" for each in filters)
    return f"{_('Houses')}: {asked}" if asked else _("All houses")


def codes_of(filters: list[Asked], view: Mapping[str, str]) -> tuple[str, ...]:
    """Codes such as elder:no; of a text only that there is one."""
    return tuple(
        name if each.key in _TEXTS else f"{name}:{view[name][:60]}"
        for each in filters
        for name in each.params
        if name in view
    )


def how_many(actor: Actor, view: Mapping[str, Any]) -> int:
    return houses_page(actor, view).count

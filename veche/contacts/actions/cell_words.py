"""What the words of a spreadsheet mean in a column of the list, where the card's form sends numbers of rows."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from veche.contacts.birthdays import Birthday, check_birthday
from veche.contacts.fields import clean_value, stored_value
from veche.contacts.models import Gender, OwnField
from veche.contacts.own_values import clean_own
from veche.contacts.queries import choices
from veche.contacts.queries.people_columns import Column
from veche.core.refusal import Refusal


def in_words(column: Column, typed: Any) -> Any:
    """`typed` as the card's form would send it: a status, a colleague and a territory by their names."""
    word = str(typed or "").strip()
    if not word or word == "—":
        return ""
    lists: dict[str, QuerySet[Any]] = {
        "status": choices.statuses(),
        "responsible": choices.colleagues(),
        "territory": choices.territories(),
    }
    if column.key == "gender":
        named = {str(label).casefold(): value for value, label in Gender.choices}
        return named.get(word.casefold(), word)
    if column.field and column.field.type == OwnField.Type.USER and not word.isdecimal():
        return _named(column, choices.colleagues(), word)
    return _named(column, lists[column.key], word) if column.key in lists else word


def fields_of(column: Column, text: str) -> dict[str, Any]:
    """Values by field code for what was pasted into a column, cleaned and as `FieldChange` keeps them."""
    typed = in_words(column, text)
    if column.field:
        return {column.key: clean_own(column.field, typed)}
    columns = clean_value(column.key, typed)
    if column.key == "birthday":
        check_birthday(Birthday(*columns.values()))
    return {name.removesuffix("_id"): stored_value(value) for name, value in columns.items()}


def _named(column: Column, rows: QuerySet[Any], word: str) -> int:
    found = [each.pk for each in rows if str(each).casefold() == word.casefold()]
    if len(found) != 1:
        sentence = _("“%(text)s” is not on the list of this column.") % {"text": word[:60]}
        raise Refusal("contacts.cell", sentence, fields={column.key: sentence})
    return found[0]

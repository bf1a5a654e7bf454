"""Which value of several contacts stays when they become one: pure functions, without a database.

The first of the contacts is the one that stays. What nobody has said is filled in from the others; of a dispute the
fuller, the more frequent, then the first one's value is suggested. A mark that protects somebody is no matter of
choice: the stricter one wins.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from veche.contacts.birthdays import Birthday, written
from veche.contacts.fields import stored_value
from veche.contacts.models import Contact, Kind
from veche.contacts.naming import compose_name, key_of

NAMES = ("surname", "given_name", "patronymic")
BIRTH = ("birth_year", "birth_month", "birth_day")
OF_PEOPLE = (*NAMES, "gender", "birthday", "status", "responsible", "territory")
OF_ORGANISATIONS = ("name", "status", "responsible", "territory")
LINKS = ("status", "responsible", "territory")
STRICTNESS = {"died": 5, "refused": 4, "moved": 3, "incorrect": 2, "": 1, "active": 0}
STRICT = 4  # from here on the status is no matter of choice
LONGEST_CAUTION = 500


@dataclass(frozen=True)
class Chosen:
    """What becomes of the one that stays: columns to store, changes (code, before, after), and what is kept aside.

    `others` are (code, value, whose, key): values that were not chosen, with the search key of a name.
    """

    columns: dict[str, Any] = field(default_factory=dict)
    changes: list[tuple[str, Any, Any]] = field(default_factory=list)
    others: list[tuple[str, Any, int, str]] = field(default_factory=list)


def codes_of(people: Sequence[Contact]) -> list[str]:
    """The fields of which one value stays, in the order of the page."""
    fixed = OF_ORGANISATIONS if people[0].kind == Kind.ORGANISATION else OF_PEOPLE
    return [*fixed, *(f"own.{key}" for key in dict.fromkeys(key for each in people for key in each.own))]


def value_of(contact: Contact, code: str) -> Any:
    """A field as `FieldChange` keeps it; an empty one is None or an empty string."""
    if code == "birthday":
        return written(Birthday(*(getattr(contact, part) for part in BIRTH)))
    if code in LINKS:
        return getattr(contact, f"{code}_id")
    if code.startswith("own."):
        return contact.own.get(code.removeprefix("own."))
    return stored_value(getattr(contact, code))


def is_empty(value: Any) -> bool:
    return value is None or value == "" or value == []


def suggested(people: Sequence[Contact], code: str, statuses: Mapping[int, str]) -> Contact | None:
    """Whose value is the best guess; None where nobody has one. `statuses`: id of a status → its code."""
    said = [each for each in people if not is_empty(value_of(each, code))]
    if not said:
        return None
    number = Counter(repr(value_of(each, code)) for each in said)

    def worth(each: Contact) -> tuple[int, int]:
        value = value_of(each, code)
        if code == "status":
            return (STRICTNESS.get(statuses.get(value, ""), 1), 0)
        full = len(value) if code == "birthday" else int(code not in NAMES or len(value.strip(". ")) > 1)
        return (full, number[repr(value)])

    return max(said, key=worth)  # the first of equals


def is_settled(people: Sequence[Contact], code: str, statuses: Mapping[int, str]) -> bool:
    """Whether the stricter mark wins, whatever anybody chooses."""
    if code != "status":
        return False
    return any(STRICTNESS.get(statuses.get(each.status_id, ""), 1) >= STRICT for each in people)


def choose(
    people: Sequence[Contact], choices: Mapping[str, int], statuses: Mapping[int, str], today: dt.date
) -> Chosen:
    """What the first of `people` becomes: `choices` say by field code whose value stays, the rest is suggested."""
    kept, done = people[0], Chosen()
    by_id = {each.pk: each for each in people}
    own = dict(kept.own)
    for code in codes_of(people):
        guess = suggested(people, code, statuses)
        if guess is None:
            continue
        whose = by_id[choices[code]] if code in choices and not is_settled(people, code, statuses) else guess
        before, after = value_of(kept, code), value_of(whose, code)
        if before != after:
            done.changes.append((code, before, after))
            _take(done.columns, own, whose, code)
        if code not in (*NAMES, "name"):
            _put_aside(done, people, code, after)
    if own != kept.own:
        done.columns["own"] = own
    _settle_name(done, people)
    _settle_caution(done, people, today)
    made_at = min(each.made_at for each in people)
    if made_at != kept.made_at:
        done.columns["made_at"] = made_at
    return done


def _take(columns: dict[str, Any], own: dict[str, Any], whose: Contact, code: str) -> None:
    if code.startswith("own."):
        own[code.removeprefix("own.")] = value_of(whose, code)
    elif code == "birthday":
        columns |= {part: getattr(whose, part) for part in BIRTH}
    elif code == "territory":  # whether it follows the address goes with it
        columns |= {
            "territory_id": whose.territory_id,
            "territory_by_address": whose.territory_by_address,
        }
    else:
        column = f"{code}_id" if code in LINKS else code
        columns[column] = getattr(whose, column)


def _put_aside(done: Chosen, people: Sequence[Contact], code: str, stays: Any) -> None:
    for each in people:
        value = value_of(each, code)
        if not is_empty(value) and value != stays:
            done.others.append((code, value, each.pk, ""))


def _settle_name(done: Chosen, people: Sequence[Contact]) -> None:
    """The line that lists show, and the names that anybody had besides."""
    kept, columns = people[0], done.columns
    if kept.kind == Kind.PERSON and columns.keys() & set(NAMES):
        parts = [columns.get(part, getattr(kept, part)) for part in NAMES]
        columns |= {"name": compose_name(*parts), "name_key": key_of(*parts)}
    elif "name" in columns:
        columns["name_key"] = key_of(columns["name"])
    given = next((each.name_as_given for each in people if each.name_as_given), "")
    if given != kept.name_as_given:
        columns["name_as_given"] = given
    name = columns.get("name", kept.name)
    known = {name}
    for code in ("name", "name_as_given"):
        for each in people:
            value = getattr(each, code)
            if value and value not in known:
                known.add(value)
                done.others.append((code, value, each.pk, key_of(value) if code == "name" else ""))
        known.add(given)


def _settle_caution(done: Chosen, people: Sequence[Contact], today: dt.date) -> None:
    """All cautions that hold stand together, until the last of them ends; those that do not fit or are over, aside."""
    kept = people[0]
    holds = [
        each for each in people if each.caution and not (each.caution_until and each.caution_until < today)
    ]
    holds = holds or [each for each in people if each.caution][:1]
    if not holds:
        return
    words = list(dict.fromkeys(each.caution for each in holds))
    caution = "; ".join(words)[:LONGEST_CAUTION]
    ends = [each.caution_until for each in holds]
    until = None if None in ends else max(ends)
    for code, after in (("caution", caution), ("caution_until", until)):
        before = getattr(kept, code)
        if before != after:
            done.columns[code] = after
            done.changes.append((code, stored_value(before), stored_value(after)))
    for each in people:
        if each.caution and each.caution not in caution:
            done.others.append(("caution", each.caution, each.pk, ""))

"""Are two records the same person? Pure: what is compared comes from rows of a file and from contacts alike.

A shared phone proves little: a family has one, and so has a campaign's coordinator. So a phone or an e-mail only names
candidates, and the names decide. What is not certain is never guessed: it is told.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, NamedTuple

from veche.exchange.mapping import REJECT, WARN

MOST_HOLDERS = 8  # a phone or e-mail that more people have identifies nobody
_ALONE = ("fits_several_rows", "number_in_row")


def plain(text: str) -> str:
    """A part of a name as it is compared: lower case, е for ё, no hyphens and full stops."""
    return " ".join(text.lower().replace("ё", "е").replace("-", " ").replace(".", "").split())


class Likeness(enum.Enum):
    SAME = "same"  # surname and given name agree, nothing contradicts
    FITS = "fits"  # nothing contradicts, but less is known
    SIMILAR = "similar"  # nearly: a person should look at it
    DIFFERENT = "different"


class Person(NamedTuple):
    """What is compared. `given` has the name as written first, then the full forms of a short one."""

    kind: str = "person"
    surname: str = ""
    given: tuple[str, ...] = ()
    patronymic: str = ""
    birthday: tuple[int | None, int | None, int | None] = (None, None, None)

    @property
    def is_nameless(self) -> bool:
        return not (self.surname or self.given or self.patronymic)

    @property
    def completeness(self) -> int:
        return sum(map(bool, (self.surname, self.given, self.patronymic, *self.birthday)))


def _agree(one: str, other: str) -> bool | None:
    """None when a side is missing; an initial agrees with the name it begins."""
    if not one or not other:
        return None
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    return one == other


def _given_agree(one: Sequence[str], other: Sequence[str]) -> bool | None:
    if not one or not other:
        return None
    return bool(_agree(one[0], other[0]) or set(one) & set(other))


def compare(one: Person, other: Person) -> Likeness:
    """How alike two records are by name and birthday; what they share besides is the caller's business."""
    if one.is_nameless or other.is_nameless:
        return Likeness.FITS if _birthdays_agree(one, other) else Likeness.DIFFERENT
    if one.kind != other.kind:
        return Likeness.DIFFERENT
    surname = _agree(one.surname, other.surname)
    given = _given_agree(one.given, other.given)
    patronymic = _agree(one.patronymic, other.patronymic)
    if given is False or patronymic is False:
        return Likeness.DIFFERENT
    if surname is False:  # she may have married
        return (
            Likeness.SIMILAR if given and patronymic and _birthdays_agree(one, other) else Likeness.DIFFERENT
        )
    if not surname and not given:
        return Likeness.DIFFERENT
    if not _birthdays_agree(one, other):  # father and son, or a slip of the pen
        return Likeness.SIMILAR
    whole = surname and given and one.given[0] == other.given[0] and len(one.surname) > 1
    return Likeness.SAME if whole or one.kind == "organisation" else Likeness.FITS


def _only_birthdays_differ(one: Person, other: Person) -> bool:
    names = one.surname and one.given and one.patronymic
    return bool(names) and one[1:4] == other[1:4]


def _birthdays_agree(one: Person, other: Person) -> bool:
    return all(a is None or b is None or a == b for a, b in zip(one.birthday, other.birthday, strict=True))


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody in the base who shares a key with a row: `key` is of `models.MATCH_KEYS`."""

    contact_id: int
    key: str
    person: Person


@dataclass(slots=True)
class Decision:
    """`contact_id` None means somebody new, unless `rejected`. `doubts` are problems for the row."""

    contact_id: int | None = None
    key: str = ""
    doubts: list[dict[str, Any]] = field(default_factory=list)

    @property
    def rejected(self) -> bool:
        return any(doubt["severity"] == REJECT for doubt in self.doubts)


def doubt(code: str, severity: str = WARN, **params: Any) -> dict[str, Any]:
    """A problem of the whole row, in the shape of `RowDraft.problems`."""
    return {"column": None, "code": code, "params": params, "value": "", "severity": severity}


def decide(person: Person, candidates: Iterable[Candidate]) -> Decision:
    """Which of the candidates a row is about.

    A number of the team's own decides by itself, unless both surname and given name speak against it. Else the one
    with the same name is taken, else the only one who fits; several of a kind are a reason to keep the row out. The
    same whole name with another birthday needs two keys, a phone and an e-mail.
    """
    likeness: dict[Likeness, dict[int, str]] = {each: {} for each in Likeness}
    before: int | None = None
    nearly: dict[int, set[str]] = {}
    for candidate in candidates:
        alike = compare(person, candidate.person)
        if candidate.key == "external_id":
            if alike is Likeness.DIFFERENT and _is_another(person, candidate.person):
                return Decision(doubts=[doubt("number_of_another", REJECT, contact=candidate.contact_id)])
            return Decision(candidate.contact_id, "external_id")
        if candidate.key == "file":
            if alike is not Likeness.DIFFERENT or not _is_another(person, candidate.person):
                before = candidate.contact_id
            continue
        if candidate.key == "name_birthday" and alike is Likeness.FITS:
            alike = Likeness.SIMILAR
        if alike is Likeness.SIMILAR and _only_birthdays_differ(person, candidate.person):
            seen = nearly.setdefault(candidate.contact_id, set())
            seen.add(candidate.key)
            if len(seen) > 1:
                return Decision(candidate.contact_id, candidate.key, [doubt("birthday_differs")])
        likeness[alike].setdefault(candidate.contact_id, candidate.key)
    if before is not None and len(likeness[Likeness.SAME]) != 1:
        return Decision(before, "file")
    for alike in (Likeness.SAME, Likeness.FITS):
        found = likeness[alike]
        if len(found) == 1:
            ((contact_id, key),) = found.items()
            return Decision(contact_id, key)
        if found:
            return Decision(doubts=[doubt("fits_several", REJECT, contacts=sorted(found)[:10])])
    if similar := sorted(likeness[Likeness.SIMILAR])[:3]:
        return Decision(doubts=[doubt("looks_like", contacts=similar)])
    return Decision()


def _is_another(one: Person, other: Person) -> bool:
    if one.kind != other.kind:
        return True
    surname, given = _agree(one.surname, other.surname), _given_agree(one.given, other.given)
    return (given is False and surname is not True) or (surname is False and given is None)


class Repeats:
    """Rows of one file about the same person. Feed it the rows that share a key, key by key; then ask for leaders."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}
        self._people: dict[int, Person] = {}
        self._nearly: dict[frozenset[Person], set[str]] = {}
        self.doubts: dict[int, list[dict[str, Any]]] = {}

    def add(self, key: str, rows: Sequence[tuple[int, Person]]) -> None:
        """`rows` are (number, person) with the same `key`, in the order of their numbers."""
        self._people.update(rows)
        personas: dict[Person, list[int]] = {}
        for number, person in rows:
            personas.setdefault(person, []).append(number)
        if len(personas) <= MOST_HOLDERS or key.startswith("external_id:"):
            clusters = self._cluster(key, personas)
        else:
            clusters = [numbers for person, numbers in personas.items() if not person.is_nameless]
        for numbers in clusters:
            for number in numbers[1:]:
                self._join(numbers[0], number)
        if 1 < len(personas) <= MOST_HOLDERS:
            self._look_at_nearly(key, personas)

    def _look_at_nearly(self, key: str, personas: dict[Person, list[int]]) -> None:
        """The same whole name with two birthdays: one person if a second key says so too, else told."""
        for one, other in combinations(personas, 2):
            if compare(one, other) is not Likeness.SIMILAR:
                continue
            keys = self._nearly.setdefault(frozenset((one, other)), set())
            keys.add(key.partition(":")[0])
            first, second = sorted((personas[one][0], personas[other][0]))
            if len(keys) > 1 and _only_birthdays_differ(one, other):
                self._join(first, second)
            elif self._root(first) != self._root(second):
                doubts = self.doubts.setdefault(second, [])
                if all(each["code"] != "looks_like_row" for each in doubts):
                    doubts.append(doubt("looks_like_row", row=first))

    def _cluster(self, key: str, personas: dict[Person, list[int]]) -> list[list[int]]:
        clusters: list[tuple[list[Person], list[int]]] = []
        for person, numbers in sorted(personas.items(), key=lambda item: (-item[0].completeness, item[1][0])):
            fitting = [each for each in clusters if all(self._fits(key, person, other) for other in each[0])]
            if len(fitting) == 1:
                fitting[0][0].append(person)
                fitting[0][1].extend(numbers)
                continue
            if fitting:
                others = sorted(each[1][0] for each in fitting)
                for number in numbers:
                    severity = REJECT if person.is_nameless else WARN
                    self.doubts.setdefault(number, []).append(
                        doubt("fits_several_rows", severity, rows=others)
                    )
            elif key.startswith("external_id:") and clusters:
                for number in numbers:
                    row = clusters[0][1][0]
                    self.doubts.setdefault(number, []).append(doubt("number_in_row", REJECT, row=row))
                continue
            clusters.append(([person], list(numbers)))
        return [sorted(numbers) for _people, numbers in clusters]

    @staticmethod
    def _fits(key: str, one: Person, other: Person) -> bool:
        alike = compare(one, other)
        if key.startswith("external_id:"):
            return alike is not Likeness.DIFFERENT or not _is_another(one, other)
        if key.startswith("name_birthday:"):
            return alike is Likeness.SAME
        return alike in (Likeness.SAME, Likeness.FITS)

    def _root(self, number: int) -> int:
        root = number
        while (above := self._parent.get(root, root)) != root:
            root = above
        while (above := self._parent.get(number, number)) != root:
            self._parent[number], number = root, above
        return root

    def _join(self, one: int, other: int) -> None:
        one, other = sorted((self._root(one), self._root(other)))
        if one != other:
            self._parent[other] = one

    def leaders(self) -> dict[int, int]:
        """Row number → number of the first row about the same person, for rows that are not the first. Ask once."""
        found = {}
        for number in self._parent:
            root = self._root(number)
            if root == number or any(each["code"] in _ALONE for each in self.doubts.get(number, ())):
                continue
            one, other = self._people[number], self._people[root]
            alike = compare(one, other)
            if alike is Likeness.DIFFERENT and _is_another(one, other):
                continue  # two keys led to two people
            found[number] = root
            self.doubts.pop(number, None)
            if alike is Likeness.SIMILAR and not _birthdays_agree(one, other):
                self.doubts[number] = [doubt("birthday_differs_row", row=root)]
        return found

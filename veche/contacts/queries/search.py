"""Finding a contact by whatever is typed: part of a name, a phone, an e-mail, a house, another system's id.

The steps go from sure to daring and stop as soon as the answer is full: exact beginnings first (one look into an index
each), then words in any order, then the other keyboard layout, and one typo only where nothing else was found. So a
surname that fifteen thousand people have costs no more than a rare one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from veche.contacts.models.reach import AddressWords
from veche.contacts.queries.masking import sees_phones
from veche.contacts.queries.matching import (
    MOST_WORDS,
    Sql,
    all_of,
    any_of,
    digits_of,
    has_word,
    international,
    is_full_number,
    like,
    name_forms,
    seen_digits,
    text_where,
    words_of,
)  # fmt: skip
from veche.contacts.queries.people_presented import among_newest
from veche.contacts.queries.scope import visible_sql
from veche.contacts.queries.typos import corrections, known
from veche.core import presenting
from veche.core.actor import Actor
from veche.names import fold, switch_layout
from veche.ui import formats

LIMIT = 8
MOST_HOUSEMATES = 200  # of one look for an address, out of whom the nearest are shown
LATEST = 8_000  # the newest contacts are looked through first: a common word is found among them at once
LONGEST = 100  # letters of a query
PATIENCE = 400  # milliseconds for one statement; then what was found so far is the answer
MOST_READINGS = 8  # of a query with typos
END = "\U0010ffff"  # after every letter
MOST_RECENT = 6
ADDRESS_WORDS = AddressWords.template % {
    "expressions": "link.text"
}  # as the index contacts_address_words has it
# Before the name of a street and the number of a house: some write them, some don't.
PLACE_MARKS = frozenset(
    "г город ул улица пр пркт проспект пер переулок пл площадь ш шоссе наб набережная бр бульвар д дом корп к стр кв"
    " квартира street st avenue ave house apt".split()
)


@dataclass(frozen=True)
class Hit:
    """A found contact. `name` is cut into (text, whether it matched); `reason` says why it is here; `detail` is the
    matching phone or e-mail, masked where it must be."""

    id: int
    is_organisation: bool
    name: tuple[tuple[str, bool], ...]
    reason: str
    detail: str = ""


@dataclass
class Found:
    """Hits, best first. `incomplete` when a search was stopped for taking too long."""

    hits: list[Hit] = field(default_factory=list)
    incomplete: bool = False

    @property
    def is_full(self) -> bool:
        return len(self.hits) >= LIMIT

    def add(self, hits: Iterable[Hit]) -> None:
        known = {hit.id for hit in self.hits}
        for hit in hits:
            if hit.id not in known and not self.is_full:
                known.add(hit.id)
                self.hits.append(hit)


def search_contacts(actor: Actor, text: str) -> Found:
    """At most `LIMIT` contacts that the actor may see; nothing for fewer than two letters or three digits."""
    text = text.strip()[:LONGEST]
    found = Found()
    if len(fold(text)) < 2 or not actor.may("contacts.view"):
        return found
    try:
        with transaction.atomic():
            with connection.cursor() as sql:
                sql.execute(f"SET LOCAL statement_timeout = {PATIENCE}")
            for step in _steps(actor, text, found):
                found.add(step())
                if found.is_full:
                    break
            _tell_apart(actor, found)
    except OperationalError:  # stopped by the timeout
        found.incomplete = True
    return found


Step = Callable[[], list[Hit]]


def _steps(actor: Actor, text: str, found: Found) -> Iterator[Step]:
    if presenting.is_on():
        yield lambda: _of_inventions(actor, text)
        return
    if digits_of(text):
        yield lambda: _by_external_id(actor, text)
        yield from _phone_steps(actor, text)
        return
    if "@" in text:
        yield from _email_steps(actor, text.lower())
        return
    yield lambda: _by_external_id(actor, text)
    if has_digits := any(map(str.isdigit, text)):
        yield lambda: _by_address(actor, text)
    forms = name_forms(text)
    switched = words_of(switch_layout(text))
    for number, words in enumerate(forms):
        reason = (
            _("name")
            if number == 0
            else _("other keyboard layout")
            if words == switched
            else _("Latin letters")
        )
        yield lambda words=words, reason=reason: _by_beginning(actor, words, reason)
        yield lambda words=words, reason=reason: _by_known_words(actor, words, reason)
    yield lambda: _by_former_name(actor, forms)
    if text.isascii():
        yield from _email_steps(actor, text.lower())
    if not has_digits:
        yield lambda: [] if found.hits else _by_address(actor, text)
    yield lambda: [] if found.hits else _by_typo(actor, forms)


def _of_inventions(actor: Actor, text: str) -> list[Hit]:
    """In a presentation: among the newest, for no index knows what is invented as it is read."""
    source, where = (
        among_newest(actor, Sql("true")),
        text_where(text, sees_phones=sees_phones(actor)).looked_up,
    )
    rows = _fetch(
        f"SELECT contact.id, contact.kind, contact.name FROM {source.text} WHERE {where.text} LIMIT {LIMIT}",
        (*source.params, *where.params),
    )
    reason = "" if digits_of(text) or "@" in text else _("name")
    return [_hit(row, words_of(text), reason) for row in rows]


def recent_contacts(actor: Actor, ids: list[int]) -> Found:
    """The contacts with these numbers, in this order, as hits; those that the actor may not see are left out."""
    visible = Sql(*_visible(actor))
    rows = _fetch(
        f"""
        SELECT contact.id, contact.kind, contact.name FROM contacts_contact AS contact
        WHERE contact.id = ANY(%s) AND {visible.text}
        """,
        (ids[:MOST_RECENT], *visible.params),
    )
    found = Found()
    found.add(_hit(row, [], "") for row in sorted(rows, key=lambda row: ids.index(row[0])))
    _tell_apart(actor, found)
    return found


def _phone_steps(actor: Actor, text: str) -> Iterator[Step]:
    """Who sees masked phones finds by the digits that they see of it, as in `matching.phone_where`."""
    digits, open_ = digits_of(text), sees_phones(actor)
    start = like(international(digits, text))
    if is_full_number(digits) and not open_:
        seen = ("reverse(link.value) LIKE %s", seen_digits(digits, text))
        yield lambda: _by_point(actor, "phone", *seen, _("last digits of the phone"))
    elif is_full_number(digits):
        yield lambda: _by_point(actor, "phone", "link.value = %s", start, _("the phone matches wholly"))
    if open_ or len(digits) == 4:
        ending = ("reverse(link.value) LIKE %s", f"{digits[::-1]}%")
        yield lambda: _by_point(actor, "phone", *ending, _("last digits of the phone"))
    if open_:
        yield lambda: _by_point(actor, "phone", "link.value LIKE %s", f"{start}%", _("the phone begins so"))
        part = digits[1:] if len(digits) > 4 and digits[0] == "8" else digits
        yield lambda: _by_point(
            actor, "phone", "link.value LIKE %s", f"%{part}%", _("digits within the phone")
        )


def _email_steps(actor: Actor, text: str) -> Iterator[Step]:
    start = like(text)
    yield lambda: _by_point(actor, "email", "link.value LIKE %s", f"{start}%", _("e-mail"))
    if len(text) > 3:
        yield lambda: _by_point(actor, "email", "link.value LIKE %s", f"%{start}%", _("part of the e-mail"))


def _by_point(actor: Actor, kind: str, test: str, pattern: str, reason: str) -> list[Hit]:
    """Contacts by a phone or an e-mail. The kind is a literal, so that the planner sees the partial index of phones."""
    visible = Sql(*_visible(actor))
    rows = _fetch(
        f"""
        SELECT contact.id, contact.kind, contact.name, link.value FROM contacts_contactpoint AS link
        JOIN contacts_contact AS contact ON contact.id = link.contact_id
        WHERE link.kind = '{kind}' AND {test} AND {visible.text} LIMIT {LIMIT}
        """,
        (pattern, *visible.params),
    )
    masked = not sees_phones(actor)
    return [
        _hit(row, [], reason, formats.phone(row[3], masked=masked) if kind == "phone" else row[3])
        for row in rows
    ]


def _by_address(actor: Actor, text: str) -> list[Hit]:
    """Who lives there: every word begins a word of the address, every number of a house is one. “Ленина 5” is house 5
    before flat 5 of another house: first come those in whose address the words stand together."""
    words = _place_words(text)
    if not any(len(word) > 2 and not word.isdigit() for word in words):
        return []
    wanted = " & ".join(f"{word}" if word[0].isdigit() else f"{word}:*" for word in words[:MOST_WORDS])
    visible = Sql(*_visible(actor))
    rows = _fetch(
        f"""
        SELECT contact.id, contact.kind, contact.name, link.text FROM contacts_postaladdress AS link
        JOIN contacts_contact AS contact ON contact.id = link.contact_id
        WHERE {ADDRESS_WORDS} @@ to_tsquery('simple', %s) AND {visible.text} LIMIT {MOST_HOUSEMATES}
        """,
        (wanted, *visible.params),
    )
    rows.sort(key=lambda row: not _stand_together(words, _place_words(row[3])))
    return [_hit(row, [], _("address"), row[3][:LONGEST]) for row in rows[:LIMIT]]


def _place_words(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W_]+", fold(text)) if word not in PLACE_MARKS]


def _stand_together(words: list[str], address: list[str]) -> bool:
    """Whether the words follow one another in the address; numbers whole, of others the beginning."""
    stretches = zip(*(address[place:] for place in range(len(words))), strict=False)
    return any(
        all(there == word or (there.startswith(word) and not word[0].isdigit()) for word, there in pairs)
        for pairs in (zip(words, stretch, strict=True) for stretch in stretches)
    )


def _by_external_id(actor: Actor, text: str) -> list[Hit]:
    visible = Sql(*_visible(actor))
    rows = _fetch(
        f"""
        SELECT contact.id, contact.kind, contact.name, link.system, link.value FROM contacts_externalid AS link
        JOIN contacts_contact AS contact ON contact.id = link.contact_id
        WHERE link.value = %s AND {visible.text} LIMIT {LIMIT}
        """,
        (text, *visible.params),
    )
    return [_hit(row, [], _("number in another list"), f"{row[3]} {row[4]}".strip()) for row in rows]


def _by_beginning(actor: Actor, words: list[str], reason: str) -> list[Hit]:
    """Names that begin with the words, whatever their order: one look into the index for each order."""
    orders = itertools.permutations(words) if len(words) <= 3 else [tuple(words)]
    visible = Sql(*_visible(actor))
    part = (
        f"(SELECT contact.id, contact.kind, contact.name, contact.name_key FROM contacts_contact AS contact"
        f" WHERE contact.name_key >= %s AND contact.name_key < %s AND {visible.text}"
        f" ORDER BY contact.name_key LIMIT {LIMIT})"
    )
    starts = ["|".join(order) for order in orders]
    params = [param for start in starts for param in (start, start + END, *visible.params)]
    union = " UNION ALL ".join([part] * len(starts))
    rows = _fetch(f"SELECT * FROM ({union}) AS beginning LIMIT {LIMIT}", tuple(params))
    return [_hit(row, words, reason) for row in rows]


def _by_known_words(actor: Actor, words: list[str], reason: str) -> list[Hit]:
    """Names with all the words; where some word begins no name that we know, only a contact just made may have it."""
    return _by_words(actor, [[word] for word in words], reason, only_newest=not all(known(words)))


def _by_words(actor: Actor, choices: list[list[str]], reason: str, *, only_newest: bool = False) -> list[Hit]:
    """Names with a word for each of `choices`, a list of words any of which will do, in any order.

    First among the newest contacts, where common words are found at once; only if that is not enough through the index
    of words, whose cost grows with how many match, and then they are few.
    """
    words = list(itertools.chain.from_iterable(choices))
    test = all_of([any_of([has_word(word) for word in each]) for each in choices])
    visible = Sql(*_visible(actor))
    columns = "contact.id, contact.kind, contact.name"
    newest = f"(SELECT * FROM contacts_contact ORDER BY id DESC LIMIT {LATEST}) AS contact"
    rows = _fetch(
        f"SELECT {columns} FROM {newest} WHERE {test.text} AND {visible.text} LIMIT {4 * LIMIT}",
        (*test.params, *visible.params),
    )
    if len(rows) < LIMIT and not only_newest:
        rows = _fetch(
            f"""
            WITH contact AS MATERIALIZED (SELECT * FROM contacts_contact AS contact WHERE {test.text})
            SELECT {columns} FROM contact WHERE {visible.text} LIMIT {LIMIT}
            """,
            (*test.params, *visible.params),
        )
    # «Александр Александрович» also matches who is only an Александрович: those with a word for each come first
    hits = [_hit(row, words, reason) for row in rows]
    return sorted(hits, key=lambda hit: sum(is_match for _text, is_match in hit.name) < len(choices))[:LIMIT]


def _by_former_name(actor: Actor, forms: list[list[str]]) -> list[Hit]:
    """Who was called so on a card that was merged into theirs."""
    test = any_of([all_of([has_word(word) for word in words]) for words in forms]) if forms else Sql("false")
    visible = Sql(*_visible(actor))
    former = test.text.replace("contact.name_key", "other.key")
    rows = _fetch(
        f"""
        SELECT DISTINCT contact.id, contact.kind, contact.name FROM contacts_othervalue AS other
        JOIN contacts_contact AS contact ON contact.id = other.contact_id
        WHERE other.key <> '' AND {former} AND {visible.text} LIMIT {LIMIT}
        """,
        (*test.params, *visible.params),
    )
    return [_hit(row, [], _("former name")) for row in rows]


def _by_typo(actor: Actor, forms: list[list[str]]) -> list[Hit]:
    """Names one typo away: in the words that nobody's name has, or, if each is known by itself, in any of them."""
    reason = _("one letter otherwise")
    for words in forms[:2]:
        are_known = known(words)
        doubted = [not each for each in are_known] if not all(are_known) else [True] * len(words)
        choices = [corrections(word) if doubt else [word] for word, doubt in zip(words, doubted, strict=True)]
        if not all(choices) or choices == [[word] for word in words]:
            continue
        hits: list[Hit] = []
        for chosen in itertools.islice(itertools.product(*choices), MOST_READINGS):
            hits += _by_beginning(actor, list(chosen), reason)
        if len(hits) < LIMIT and len(choices) < 4:
            hits += _by_words(actor, choices, reason)
        if hits:
            return hits
    return []


def _tell_apart(actor: Actor, found: Found) -> None:
    """Give each hit without a detail its main phone, for there are many of a name."""
    bare = [hit.id for hit in found.hits if not hit.detail]
    rows = _fetch(
        """
        SELECT DISTINCT ON (contact_id) contact_id, value FROM contacts_contactpoint
        WHERE contact_id = ANY(%s) AND kind = 'phone' ORDER BY contact_id, position, id
        """,
        (bare,),
    )
    phones = {contact: formats.phone(value, masked=not sees_phones(actor)) for contact, value in rows}
    found.hits = [replace(hit, detail=hit.detail or phones.get(hit.id, "")) for hit in found.hits]


def _hit(row: tuple[Any, ...], words: list[str], reason: str, detail: str = "") -> Hit:
    contact_id, kind, name = row[:3]
    return Hit(contact_id, kind == "organisation", marked(name or f"№ {contact_id}", words), reason, detail)


def marked(name: str, words: list[str]) -> tuple[tuple[str, bool], ...]:
    """The name cut at the beginnings of its words that the query's words match; folding changes no lengths of words."""
    pieces: list[tuple[str, bool]] = []
    for piece in _split(name):
        folded = fold(piece)
        length = max((len(word) for word in words if word and folded.startswith(word)), default=0)
        if length:
            pieces.append((piece[:length], True))
        if piece[length:]:
            pieces.append((piece[length:], False))
    return tuple(pieces)


def _split(name: str) -> Iterator[str]:
    for _is_word, letters in itertools.groupby(name, key=str.isalnum):
        yield "".join(letters)


def _visible(actor: Actor) -> tuple[str, tuple[Any, ...]]:
    text, params = visible_sql(actor)
    return text, tuple(params)


def _fetch(sql: str, params: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()

"""`veche bench likely`: whom a record that is being typed may be, and a portion of rows of a file, over the whole base.

A tenth of the base gets a birthday for it; the base is left as it was. The rival is what does without our indexes: a
likeness of trigrams over all names.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from veche.accounts.queries import every_permission
from veche.contacts.queries.hints import hints
from veche.contacts.queries.likely import asked_of, likely
from veche.core.actor import Actor
from veche.core.measuring import Figure, bench_group, milliseconds, percentile

ACTOR = Actor(user_id=1, sees_all=True, permissions=every_permission())
TYPED, ROWS = 250, 2000
BAR = 150  # ms, issue 6
_BORN = """
UPDATE contacts_contact SET birth_year = COALESCE(birth_year, 1940 + id % 60), birth_month = 1 + id % 12,
    birth_day = 1 + id % 28 WHERE id % 10 = 0 AND kind = 'person'
"""
_PEOPLE = """
SELECT c.surname, c.given_name, c.patronymic, c.birth_year, c.birth_month, c.birth_day, p.value, a.text
FROM contacts_contact AS c
LEFT JOIN contacts_contactpoint AS p ON p.contact_id = c.id AND p.kind = 'phone' AND p.position = 0
LEFT JOIN contacts_postaladdress AS a ON a.contact_id = c.id AND a.position = 0
WHERE c.id %% 10 = 0 AND c.kind = 'person' AND c.patronymic <> '' ORDER BY hashint8(c.id) LIMIT %s
"""


@bench_group("likely")
def likely_(contacts: int) -> Iterator[Figure]:
    """From every side: a slip in the surname, a birthday, a phone, an address, and all of them."""
    with transaction.atomic():
        with connection.cursor() as sql:
            sql.execute(_BORN)
            sql.execute("ANALYZE contacts_contact")
            sql.execute(_PEOPLE, [ROWS])
            people = sql.fetchall()
        for name, typed in _typed(people[:TYPED]).items():
            times = [milliseconds(lambda given=given: hints(ACTOR, given)) for given in typed]
            yield Figure(name=f"{name}, p50", value=percentile(times, 50), unit="ms")
            yield Figure(name=f"{name}, p95", value=percentile(times, 95), unit="ms", bar=BAR)
        asked = {
            number: asked_of(surname=surname, given=given, patronymic=patronymic, birthday=tuple(born))
            for number, (surname, given, patronymic, *born, _phone, _text) in enumerate(people)
        }
        taken = milliseconds(lambda: likely(ACTOR, asked))
        rival = _trigrams(people[0])
        each = taken / len(asked)
        yield Figure(
            name=f"{len(asked)} rows of a file, each", value=each, unit="ms", ratio_to="trigrams of one name",
            ratio=each / rival,
        )  # fmt: skip
        transaction.set_rollback(True)


def _typed(people: list[Any]) -> dict[str, list[dict[str, str]]]:
    dice = random.Random(7)
    found: dict[str, list[dict[str, str]]] = {}
    for surname, given, patronymic, year, month, day, phone, text in people:
        place = dice.randrange(1, len(surname))
        name = f"{surname} {given} {patronymic}"
        slip = f"{surname[:place]}{surname[place + 1 :]} {given} {patronymic}"
        birthday = f"{day:02}.{month:02}.{year}"
        each = {
            "name with a slip": {"name": slip},
            "name and birthday": {"name": slip, "birthday": birthday},
            "name and phone": {"name": name, "phone": phone or ""},
            "name and address": {"name": slip, "address": text or ""},
            "all of it": {"name": slip, "birthday": birthday, "phone": phone or "", "address": text or ""},
        }
        for title, given_fields in each.items():
            found.setdefault(title, []).append(given_fields)
    return found


def _trigrams(person: Any) -> float:
    """One record, its name compared by trigrams with all names."""
    name = "|".join(person[:3]).lower()

    def ask() -> None:
        with connection.cursor() as sql:
            sql.execute(
                "SELECT id FROM contacts_contact WHERE similarity(name_key, %s) > 0.8 LIMIT 3", [name]
            )
            sql.fetchall()

    return milliseconds(ask)

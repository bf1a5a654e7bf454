"""`veche bench search`, `palette` and `home`, on the base that `contacts.bench` makes.

The rival of search is what a search box does by itself in most CRMs: `icontains` on names and phones, no index.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterator

from django.db import connection
from django.db.models import Q

from veche.accounts.queries import every_permission
from veche.contacts.models import Contact
from veche.core.actor import Actor
from veche.core.measuring import Figure, bench_group, milliseconds, percentile
from veche.desk.queries.finding import find
from veche.desk.queries.overview import overview
from veche.names import switch_layout

SEARCH_BAR, HOME_BAR = 100, 150  # ms: issue 2; the house
PEOPLE = 60
ROUNDS = 3
ACTOR = Actor(user_id=1, sees_all=True, permissions=every_permission())


@bench_group("search")
def search(contacts: int) -> Iterator[Figure]:
    """As people type it: whole and half names of real weight, typos, the other layout, phones, e-mails, nonsense."""
    texts = _texts()
    find(ACTOR, "bdfyjd")  # dictionaries are loaded once a process
    times = {
        text: min(milliseconds(lambda text=text: find(ACTOR, text)) for _n in range(ROUNDS)) for text in texts
    }
    rival = statistics.median(
        milliseconds(lambda text=text: _icontains(text)) for text in texts[:: len(texts) // 9]
    )
    p95 = percentile(list(times.values()), 95)
    slowest = max(times, key=times.__getitem__)
    rivals = {"ratio_to": "icontains without an index", "ratio": p95 / rival}
    yield Figure(name=f"search p95 of {len(texts)} texts", value=p95, unit="ms", bar=SEARCH_BAR, **rivals)
    yield Figure(name="search p50", value=statistics.median(times.values()), unit="ms")
    yield Figure(name=f"search slowest ({slowest})", value=times[slowest], unit="ms")
    yield Figure(name="icontains without an index, p50", value=rival, unit="ms")


@bench_group("palette")
def palette(contacts: int) -> Iterator[Figure]:
    """What the palette asks beside names and phones: who lives in a house, signs, commands, those opened last."""
    asked = _asked()
    find(ACTOR, "bdfyjd")
    times = {
        (text, bool(recent)): min(
            milliseconds(lambda text=text, recent=recent: find(ACTOR, text, recent)) for _n in range(ROUNDS)
        )
        for text, recent in asked
    }
    p95 = percentile(list(times.values()), 95)
    slowest = max(times, key=times.__getitem__)
    yield Figure(name=f"palette p95 of {len(times)} questions", value=p95, unit="ms", bar=SEARCH_BAR)
    yield Figure(name="palette p50", value=statistics.median(times.values()), unit="ms")
    yield Figure(
        name=f"palette slowest ({slowest[0] or 'those opened last'})", value=times[slowest], unit="ms"
    )


def _asked() -> list[tuple[str, list[int]]]:
    """(text, numbers of those opened last): streets and houses of the base, each sign, and the empty box."""
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT contact_id, text FROM contacts_postaladdress TABLESAMPLE SYSTEM (1) REPEATABLE (3)
            ORDER BY md5(id::text) LIMIT %s
            """,
            [PEOPLE],
        )
        drawn = sql.fetchall()
        sql.execute("SELECT id FROM contacts_contact TABLESAMPLE SYSTEM (1) REPEATABLE (3) LIMIT 6")
        recent = [row[0] for row in sql.fetchall()]
    houses = [" ".join(text.replace(",", " ").split()[-3:]) for _contact, text in drawn]
    common = ["ленина 5", "мира 1", "советская 10", "красная площадь", "улица которой нет 77"]
    signs = [">", ">лю", ">k.lb", "#", "#вод", "@", "@ан", "тёмная", "выйти"]
    return [("", recent), *((text, []) for text in ["", *houses, *common, *signs])]


@bench_group("home")
def home(contacts: int) -> Iterator[Figure]:
    """The figures of the home page."""
    times = [milliseconds(lambda: overview(ACTOR)) for _n in range(20)]
    yield Figure(name="home p95", value=percentile(times, 95), unit="ms", bar=HOME_BAR)


def _texts() -> list[str]:
    """Queries made out of people drawn from the base, so that common names weigh as they do; the same every time."""
    dice = random.Random(7)
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT surname, given_name, patronymic, coalesce(phone.value, '+79160000014'),
                   coalesce(mail.value, 'a@mail.ru')
            FROM (SELECT * FROM contacts_contact TABLESAMPLE SYSTEM (1) REPEATABLE (3)
                  WHERE surname <> '' AND given_name <> '' ORDER BY md5(id::text) LIMIT %s) AS contact
            LEFT JOIN contacts_contactpoint AS phone ON phone.contact_id = contact.id AND phone.kind = 'phone'
            LEFT JOIN contacts_contactpoint AS mail ON mail.contact_id = contact.id AND mail.kind = 'email'
            """,
            [PEOPLE],
        )
        drawn = sql.fetchall()
    texts = ["иванов", "иванов иван", "анна", "ив ан", "ова", "несуществующий", "@mail.ru", "916"]
    for surname, given, patronymic, phone, mail in drawn:
        place = dice.randrange(1, len(surname) - 1)
        typo = surname[:place] + surname[place + 1] + surname[place] + surname[place + 2 :]
        texts += [
            surname, f"{surname} {given}", f"{given} {surname}"[:-1], f"{given} {patronymic}", surname[:3].lower(),
            switch_layout(surname.lower()), typo, f"8 ({phone[2:5]}) {phone[5:8]}-{phone[8:]}", phone[-4:], phone[4:9],
            mail, mail[:4],
        ]  # fmt: skip
    return texts


def _icontains(text: str) -> None:
    wanted = Q(name__icontains=text) | Q(points__value__icontains=text)
    list(Contact.objects.filter(wanted).order_by("name").distinct()[:8])

"""A random base and a random file that is much like it, for property tests."""

from __future__ import annotations

import random

from veche.contacts.testing import make_person
from veche.core.actor import Actor

IMPOSSIBLE = "29.02.1970"
SURNAMES = ("Органа Лея", "Соло Хан", "Тано Асока", "Эрсо Джин", "Фетт Боба")
PHONES = [f"8 904 000-27-{n:02}" for n in range(9)]
MAILS = [f"p{n}@example.org" for n in range(9)]
DAYS = (IMPOSSIBLE, "31.04.1981", "01.02.1960", "03.05.1971", "")
STATUSES = ("Активист", "актив.", "донор", "")
CITIES = ("Москва, ул. Мира, д. 1", "Тверь, д. 7", "")
COLUMNS = {
    "ФИО": SURNAMES,
    "Телефон": (*PHONES, "8 904", ""),
    "Email": (*MAILS, "", ""),
    "Дата рождения": DAYS,
    "ID": ("", "", "7", "8", "9"),
    "Статус": STATUSES,
    "Адрес": CITIES,
    "Дата подписи": ("14.06.2019", "15.06.2019", ""),
}


def fill_base(chance: random.Random, by: Actor) -> None:
    for _each in range(7):
        born = {"birth_day": 1, "birth_month": 2, "birth_year": 1960} if chance.random() < 0.5 else {}
        make_person(
            chance.choice(SURNAMES),
            by=by,
            phone=chance.choice(PHONES),
            email=chance.choice(MAILS),
            fields=born,
        )


def random_table(chance: random.Random, rows: int = 40) -> list[list[str]]:
    """Rows of COLUMNS, three of them empty."""
    table = [[chance.choice(values) for values in COLUMNS.values()] for _row in range(rows)]
    for place in chance.sample(range(rows), 3):
        table[place] = [""] * len(COLUMNS)
    return table

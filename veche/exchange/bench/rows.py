"""The spreadsheets of `veche bench import`: one with every defect we know, and a plain one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

CAPTIONS = ("№", "ФИО", "Телефон", "E-mail", "Адрес", "Дата рождения", "Комментарий")
SERVICES = ("mail.ru", "yandex.ru", "gmail.com", "bk.ru", "rambler.ru")
SURNAMES = (
    "Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов Новиков Фёдоров Морозов Волков".split()
)
MEN = "Александр Сергей Дмитрий Андрей Алексей Максим Евгений Иван Михаил Владимир Пётр Артём".split()
FATHERS = "Александров Сергеев Дмитриев Андреев Алексеев Иванов Михайлов Владимиров".split()
STREETS = ("ул. Ленина", "пр-т Мира", "ул 8 Марта", "наб. р. Фонтанки", "Б. Садовая", "мкр Северный")
KEYS = str.maketrans("йцукенгшщзхъфывапролджэячсмитьбю", "qwertyuiop[]asdfghjkl;'zxcvbnm,.")


def dirty_rows(count: int, known: list[tuple[str, str]], seed: int = 1) -> Iterator[dict[str, Any]]:
    """Rows with every defect we know: `known` are (name, phone) of people in the base, who make a third of them."""
    dice = random.Random(seed)
    last: tuple[str, str] = ("", "")
    for number in range(1, count + 1):
        luck = dice.random()
        if luck < 0.04 and last[0]:
            name, phone = last
        elif luck < 0.33 and known:
            name, phone = dice.choice(known)
        else:
            root = dice.choice(SURNAMES) if dice.random() < 0.3 else f"{_syllables(dice)}ов"
            name = f"{root} {dice.choice(MEN)} {dice.choice(FATHERS)}ич"
            phone = f"+79{dice.randrange(10**9):09}"
        last = (name, phone)
        yield dict(
            zip(
                CAPTIONS,
                (
                    number,
                    _spoilt_name(dice, name),
                    _spelt_phone(dice, phone),
                    _email(dice, number),
                    f"{dice.choice(STREETS)} д.{dice.randrange(1, 150)}, кв {dice.randrange(1, 300)}",
                    _date(dice),
                    dice.choice(("", "", "", "сторонник", "старший по дому", "не звонить после 20")),
                ),
                strict=True,
            )
        )


def _syllables(dice: random.Random) -> str:
    return "".join(
        dice.choice("бвгдклмнпрст") + dice.choice("аеиоу") for _ in range(3)
    ).title() + dice.choice("лнрт")


def _spoilt_name(dice: random.Random, name: str) -> str:
    surname, given, *rest = name.split()
    father = rest[0] if rest else ""
    match dice.randrange(20):
        case 0 | 1:
            return name.upper()
        case 2:
            return name.lower()
        case 3:
            return f"{surname} {given[0]}.{father[:1]}."
        case 4 | 5:
            return f"{given} {surname}"
        case 6:
            return name.lower().replace("ё", "е").translate(KEYS)
        case 7:
            return name.replace("о", "o").replace("а", "a")
        case 8:
            return f"  {surname}  {given} {father} (сын)"
        case 9 | 10 | 11:
            return f"{surname} {given}"
    return name


def _spelt_phone(dice: random.Random, phone: str) -> Any:
    digits = phone[2:]
    match dice.randrange(10):
        case 0:
            return float("7" + digits)
        case 1:
            return f"8 ({digits[:3]}) {digits[3:6]}-{digits[6:8]}-{digits[8:]}"
        case 2:
            return digits
        case 3:
            return f"8{digits} / 8{dice.randrange(9000000000, 9999999999)} жена"
        case 4:
            return "нет"
        case 5:
            return f"8-{digits[:3]}-{digits[3:6]}-{digits[6:]} доб. 12"
    return phone


def _email(dice: random.Random, number: int) -> str:
    return f"User{number}.{dice.randrange(10**6)}@Mail.ru" if dice.random() < 0.3 else ""


def _date(dice: random.Random) -> Any:
    day, month, year = dice.randrange(1, 29), dice.randrange(1, 13), dice.randrange(1940, 2005)
    return dice.choice(
        (
            f"{day:02}.{month:02}.{year}",
            f"{day}.{month}.{year % 100:02}",
            str(year),
            "",
            "",
            f"{year}-{month:02}-{day:02}",
        )
    )


def plain_rows(count: int, seed: int = 2) -> Iterator[dict[str, Any]]:
    """Rows as a well kept register has them: each another person, in columns of their own."""
    dice = random.Random(seed)
    for number in range(count):
        day, month, year = dice.randrange(1, 29), dice.randrange(1, 13), dice.randrange(1940, 2005)
        yield {
            "Фамилия": f"{_syllables(dice)}ов",
            "Имя": dice.choice(MEN),
            "Отчество": f"{dice.choice(FATHERS)}ич",
            "Телефон": f"+79{(number * 7919 + 104_729) % 10**9:09}",
            "E-mail": f"person{number}@{SERVICES[number % len(SERVICES)]}" if number % 2 else "",
            "Дата рождения": f"{day:02}.{month:02}.{year}",
        }

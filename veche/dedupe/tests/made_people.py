"""A few hundred made-up people, some written twice, some of one family: with who is who and who lives with whom."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from veche.dedupe.finding import Evidence, read_evidence

_SURNAMES = [f"{root}{end}" for root in "Берёз Калин Рябин Ольхов Ясен Клён Лип Верес Туманов Ветр Снеж Зорин".split()
             for end in ("ов", "иков", "цев", "ский")]  # fmt: skip
_MEN = "Игорь Олег Роман Глеб Артур Фёдор Захар Тимур".split()
_WOMEN = "Вера Лидия Ирина Полина Алиса Жанна Нина Рита".split()
_FATHERS = "Игоревич Олегович Романович Глебович Артурович Фёдорович Захарович Тимурович".split()
_STREETS = "Полевая Речная Озёрная Луговая Горная".split()


@dataclass
class Made:
    """Rows of cells, and for each the person and the household that it is of."""

    rows: list[dict[str, str]] = field(default_factory=list)
    person: dict[str, int] = field(default_factory=dict)
    home: dict[str, int] = field(default_factory=dict)

    def evidence(self) -> list[Evidence]:
        return [
            read_evidence(row["id"], **{part: cell for part, cell in row.items() if part != "id"})
            for row in self.rows
        ]


def made_people(households: int = 120, seed: int = 1) -> Made:
    """Families of one to four; everybody has one to three rows, each of which leaves something out."""
    chance = random.Random(seed)
    made = Made()
    people = 0
    for home in range(households):
        surname = chance.choice(_SURNAMES)
        flat = f"г. Калязин, ул. {chance.choice(_STREETS)}, д. {chance.randint(1, 90)}, кв. {chance.randint(1, 200)}"
        father = chance.choice(_FATHERS)
        givens = [
            name
            for pair in zip(chance.sample(_MEN, 2), chance.sample(_WOMEN, 2), strict=True)
            for name in pair
        ]
        for place in range(chance.randint(1, 4)):
            people += 1
            woman, year = place % 2 == 1, 1940 + 28 * (place // 2)
            known = {
                "name": _name(surname, givens[place], father, woman),
                "phones": f"8 9{chance.randint(10, 49)} {chance.randint(1000000, 9999999)}",
                "emails": f"box{people}{chance.randint(100, 999)}@mail.ru",
                "address": flat,
                "birthday": f"{chance.randint(2, 28):02}.{chance.randint(1, 12):02}.{year + chance.randint(0, 25)}",
            }
            for copy in range(chance.choice([1, 1, 2, 3])):
                left_out = chance.sample(sorted(set(known) - {"name"}), 1)
                row = {"id": str(len(made.rows) + 1)} | {
                    part: cell for part, cell in known.items() if part not in left_out
                }
                if copy and chance.random() < 0.3:
                    row["name"] = row["name"].upper()
                made.rows.append(row)
                made.person[row["id"]], made.home[row["id"]] = people, home
    return made


def _name(surname: str, given: str, father: str, woman: bool) -> str:
    if not woman:
        return f"{surname} {given} {father}"
    feminine = surname.removesuffix("ий") + "ая" if surname.endswith("ий") else f"{surname}а"
    return f"{feminine} {given} {father.removesuffix('ич')}на"

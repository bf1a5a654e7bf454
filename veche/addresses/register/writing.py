"""Addresses as the post writes them, out of the register's types and names: Russian, whatever the screen's language."""

from __future__ import annotations

from collections.abc import Iterable

from veche.addresses.register.keys import STEAD, split_house

# Types that stand behind the name: "Свердловская обл", "Сысертский р-н".
BEHIND = frozenset(["обл", "край", "р-н", "м.р-н", "м.о.", "ао", "аобл", "с/с", "с/п"])
# These do where the name is an adjective: "Невский пр-кт", but "пр-кт Мира".
BEHIND_ADJECTIVES = frozenset(["пр-кт", "б-р", "пер", "пр-д", "ш", "наб", "пл", "туп", "проезд"])
ADJECTIVE_ENDS = ("ий", "ый", "ой", "ая", "яя", "ое", "ее")


def named(kind: str, name: str) -> str:
    """An object with its type, before or behind its name."""
    short = kind.lower().rstrip(".") if kind.lower() not in BEHIND else kind.lower()
    behind = short in BEHIND or (short in BEHIND_ADJECTIVES and name.endswith(ADJECTIVE_ENDS))
    return f"{name} {kind}".strip() if behind else f"{kind} {name}".strip()


def house_text(key: str, kind: int = 2) -> str:
    """A house by its key: "д. 12А корп. 2 стр. 3 лит. Б"."""
    number, block, building, letter = split_house(key)
    words = (
        ("уч." if kind == STEAD else "д.", number),
        ("корп.", block),
        ("стр.", building),
        ("лит.", letter),
    )
    return " ".join(f"{word} {value}" for word, value in words if value)


def joined(parts: Iterable[str]) -> str:
    return ", ".join(part for part in parts if part)

"""Cells of own fields by type: money, numbers, yes or no, choices, links; and the gender of a person."""

import re
from datetime import datetime
from typing import Any

from veche.exchange.reading import Cell, cell_text

from .probes import NO, YES

_SPACES = re.compile(r"(?<=\d)[\s\u00a0'’](?=\d{3}(\D|$))")
_CURRENCY = {
    "RUB": re.compile(r"₽|\bруб\w*\.?|\brub\b|(?<=[\d\s.,])[рp]\.?$", re.IGNORECASE),
    "USD": re.compile(r"\$|\busd\b|\bдол\w*\.?", re.IGNORECASE),
    "EUR": re.compile(r"€|\beur\b|\bевро\b", re.IGNORECASE),
}
_TIMES = re.compile(r"(тыс|млн)[а-я]*\.?$|([кk])$", re.IGNORECASE)
_KOPECKS = re.compile(r"(\d+)\s*(?:р|руб)[а-я]*\.?\s*(\d{1,2})\s*к[а-я]*\.?$|(\d+)-(\d\d)$", re.IGNORECASE)
LARGEST = 10**15  # as for what is typed on a card
_PLAIN = re.compile(r"[-+]?\d+(?:\.\d+)?")
_SPLIT = re.compile(r"[,;\n|]+")


def read_number(cell: Cell) -> int | float | None:
    """«1 234,5», «1,234.50», «−3»: the number, or None where it is none. True and dates are no numbers."""
    if isinstance(cell, bool | datetime) or cell is None:
        return None
    if isinstance(cell, int | float):
        return cell
    text = cell.strip().replace("−", "-").replace("–", "-")
    while (shorter := _SPACES.sub("", text)) != text:
        text = shorter
    comma, point = text.rfind(","), text.rfind(".")
    if comma >= 0 and point >= 0:
        text = text.replace("," if comma < point else ".", "").replace(",", ".")
    elif text.count(",") > 1:
        text = text.replace(",", "")
    elif text.count(".") > 1:
        text = text.replace(".", "")
    else:
        text = text.replace(",", ".")
    if not _PLAIN.fullmatch(text):
        return None
    number = float(text)
    if abs(number) >= LARGEST:  # no quantity: a card number, or nonsense
        return None
    return int(number) if number.is_integer() else number


def read_money(cell: Cell) -> dict[str, Any] | None:
    """{"minor": kopecks, "currency": "RUB"}; roubles where no currency is named. «1 тыс» is 1000, «5р 50к» 5,50."""
    currency, times = "RUB", 1
    if isinstance(cell, str):
        text = cell.strip().rstrip(".,=— ")
        if kopecks := _KOPECKS.fullmatch(re.sub(r"\s", "", text)):
            whole, part = (kopecks[1], kopecks[2]) if kopecks[1] else (kopecks[3], kopecks[4])
            return {"minor": int(whole) * 100 + int(part), "currency": "RUB"} if len(whole) <= 13 else None
        for code, pattern in _CURRENCY.items():
            shorter = pattern.sub("", text)
            if shorter != text:
                currency, text = code, shorter.strip()
                break
        if found := _TIMES.search(text):
            times = 1_000_000 if (found[1] or "").lower() == "млн" else 1000
            text = text[: found.start()].strip()
        cell = text
    number = read_number(cell)
    if number is None or abs(number) > 1e13:
        return None
    return {"minor": round(number * times * 100), "currency": currency}


def read_yes_no(cell: Cell) -> bool | None:
    """«да», «+», «v», 1 are True; «нет», «-», 0 are False; None where it is neither."""
    if isinstance(cell, bool):
        return cell
    text = cell_text(cell).lower().rstrip(".!")
    if text in NO:
        return False
    return True if text in YES else None


_GENDERS = {
    **dict.fromkeys(["м", "муж", "мужской", "мужчина", "мужчины", "m", "male", "man", "1", "парень"], "m"),
    **dict.fromkeys(
        ["ж", "жен", "женский", "женщина", "женщины", "f", "female", "woman", "w", "2", "девушка"], "f"
    ),
}


def read_gender(cell: Cell) -> str | None:
    """`m` or `f`; None where it is neither."""
    return _GENDERS.get(cell_text(cell).lower().strip(". "))


def split_words(cell: Cell) -> list[str]:
    """Tags, roles and choices of one cell: divided by comma, semicolon, bar or line break, each once."""
    seen: dict[str, str] = {}
    for word in _SPLIT.split(cell_text(cell)):
        word = " ".join(word.split()).lstrip("#").strip()
        if word:
            seen.setdefault(word.lower(), word[:100])
    return list(seen.values())

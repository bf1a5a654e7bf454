"""Cheap looks at one cell: what kind of thing is it? Run on a sample, so rough and fast; parsing comes later."""

import re
from collections.abc import Callable
from datetime import datetime

from veche.exchange.reading import Cell, cell_text

EMPTY_MARKS = frozenset(
    [
        "-",
        "--",
        "---",
        "—",
        "–",
        ".",
        "..",
        "?",
        "??",
        "*",
        "/",
        "нет",
        "н/д",
        "нд",
        "н.д.",
        "n/a",
        "na",
        "none",
        "null",
        "nil",
        "0",
        "отсутствует",
        "неизвестно",
        "неизвестен",
        "пусто",
        "xxx",
        "ххх",
        "x",
        "х",
        "#н/д",
        "#n/a",
        "#ссылка!",
        "#ref!",
        "#знач!",
        "#value!",
        "#имя?",
        "#name?",
        "#дел/0!",
        "#div/0!",
        "#пусто!",
        "#null!",
        "#число!",
        "#num!",
        "(пусто)",
        "(нет)",
        "[нет]",
        "отсутств.",
        "отс",
    ]
) | frozenset(
    [
        "не указан",
        "не указана",
        "не указано",
        "не известен",
        "не известно",
        "нет данных",
        "нет телефона",
        "нет почты",
        "нет адреса",
        "нет тел",
        "нет тел.",
        "не знаю",
        "не помнит",
    ]
)

YES = frozenset(
    [
        "да",
        "yes",
        "y",
        "true",
        "+",
        "✓",
        "✔",
        "v",
        "д",
        "есть",
        "был",
        "была",
        "истина",
        "согласен",
        "согласна",
        "on",
        "вкл",
        "1",
        "x",
        "х",
    ]
)
NO = frozenset(
    [
        "нет",
        "no",
        "n",
        "false",
        "-",
        "—",
        "✗",
        "✘",
        "н",
        "ложь",
        "не",
        "отказ",
        "не",
        "был",
        "не",
        "была",
        "off",
        "выкл",
        "0",
    ]
) | {"не был", "не была"}

_SEPARATED = re.compile(r"[\s()\-–—.+'/]")
_PHONE = re.compile(r"\+?[\d\s()\-–.]{6,}\d")
_DATE = re.compile(
    r"\d{1,2}[./-]\d{1,2}([./-]\d{2,4})?\.?( ?г\.?)?|\d{4}-\d\d-\d\d([T ][\d:.Z+]*)?|(\d{1,2} )?"
    r"(янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[а-я]*( \d{4})?( ?г\.?| года)?|(19|20)\d\d ?г?\.?",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^\s@,;]+@[^\s@;]+")
_URL = re.compile(r"(https?://|www\.)\S+|\S+\.(ru|рф|com|org|net|info|su)/\S*", re.IGNORECASE)
_HANDLE = re.compile(r"@[A-Za-z]\w{3,31}|(https?://)?(t\.me|telegram\.me)/\w+", re.IGNORECASE)
_VK = re.compile(r"(https?://)?(m\.)?vk\.(com|ru)/\S+", re.IGNORECASE)
_MONEY = re.compile(
    r"[-–−]?[₽$€]? ?\d{1,3}([  ]\d{3})*([.,]\d{1,2})? ?(₽|р\.?|p\.?|руб\w*\.?|коп\w*|\$|€|usd|eur|тыс\.?.*|млн\.?.*)"
    r"|[-–−]?\d+([.,-]\d{2}) ?(₽|р\.?|руб\w*\.?)?|[-–−]?\d+ ?(₽|р\.?|p\.?|руб\w*\.?|rub)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[-–−+]?\d{1,3}( \d{3})+([.,]\d+)?|[-–−+]?\d+([.,]\d+)?")
_PATRONYMIC = re.compile(
    r"\b[а-яё]{3,}(ович|евич|ьич|ич|овна|евна|ична|инична)\b|\b(оглы|кызы|оглу|гызы|улы)\b", re.IGNORECASE
)
_NAME_WORDS = re.compile(
    r"[А-ЯЁа-яёA-Za-z'’`-]{2,}\.?([ .]+([А-ЯЁа-яёA-Za-z]\.?|[А-ЯЁа-яёA-Za-z'’`-]{2,})){1,3}\.?( \([^)]*\))?"
)
_ONE_WORD = re.compile(r"[А-ЯЁа-яёA-Za-z'’-]{2,25}(-[А-ЯЁа-яё]+)?")
_SURNAME = re.compile(
    r".{2,}([оеё]ва?|[иы]на?|[цс]к(ий|ой|ая)|енко|[иы]х|ук|юк|чак|ян|дзе|швили|ко)", re.IGNORECASE
)
_ADDRESS = re.compile(
    r"\b(ул|улица|пр|пр-т|просп|проспект|пер|переулок|пл|площадь|ш|шоссе|наб|бул|б-р|бульвар|мкр|мкрн|микрорайон|проезд"
    r"|г|гор|город|обл|область|р-н|район|д|дом|кв|к|корп|стр|пос|п|дер|с|село|снт|street|st|ave)\b\.?",
    re.IGNORECASE,
)
_CITIES = re.compile(
    r"\b(москва|санкт-петербург|спб|мск|екатеринбург|новосибирск|казань|химки|самара|омск|пермь|уфа|тверь)\b",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"\b(ооо|оао|зао|пао|ао|ип|нко|ано|фонд|тсж|тсн|снт|жск|гбу|гбоу|мбоу|мку|мбу|фгбу|общество|школа|партия|союз)\b|[«\"]\w",
    re.IGNORECASE,
)
_EXTERNAL = re.compile(r"[0-9A-Za-zА-Яа-я]*\d[0-9A-Za-zА-Яа-я_-]*", re.IGNORECASE)
_GENDER = frozenset(
    [
        "м",
        "ж",
        "муж",
        "жен",
        "муж.",
        "жен.",
        "мужской",
        "женский",
        "мужчина",
        "женщина",
        "m",
        "f",
        "male",
        "female",
        "man",
        "woman",
        "м.",
        "ж.",
    ]
)


def is_empty_mark(text: str) -> bool:
    """«нет», «—», «н/д» and their like: somebody wrote that there is nothing."""
    return len(text) <= 16 and text.lower() in EMPTY_MARKS


def is_phone(cell: Cell, text: str) -> bool:
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return 70_000_000_000 <= cell < 90_000_000_000 or 3_000_000_000 <= cell < 9_999_999_999
    found = _PHONE.search(text)
    if not found:
        return False
    digits = _SEPARATED.sub("", found[0])
    return digits.isdigit() and (10 <= len(digits) <= 12 or (len(digits) in (6, 7) and "-" in found[0]))


def is_date(cell: Cell, text: str) -> bool:
    if isinstance(cell, datetime):
        return True
    return not isinstance(cell, int | float) and bool(_DATE.fullmatch(text))


def is_serial_date(cell: Cell, text: str) -> bool:
    """A day counted as Excel does, 1927 to 2036; only among real dates is it a date."""
    return text.isdigit() and len(text) == 5 and 10_000 <= int(text) <= 50_000


def is_number(cell: Cell, text: str) -> bool:
    if isinstance(cell, bool):
        return False
    return isinstance(cell, int | float) or bool(_NUMBER.fullmatch(text))


def is_address(cell: Cell, text: str) -> bool:
    marks = len(_ADDRESS.findall(text))
    if _CITIES.search(text) or (len(text) > 6 and text[:6].isdigit() and text[6] in " ,"):
        marks += 1
    return (
        marks >= 2 or (marks == 1 and any(char.isdigit() for char in text)) or bool(_CITIES.fullmatch(text))
    )


def is_person(cell: Cell, text: str) -> bool:
    return len(text) <= 80 and bool(_NAME_WORDS.fullmatch(text))


def is_yes_no(cell: Cell, text: str) -> bool:
    return isinstance(cell, bool) or text.lower() in YES or text.lower() in NO


def _matches(pattern: re.Pattern[str]) -> Callable[[Cell, str], bool]:
    return lambda cell, text: bool(pattern.fullmatch(text))


PROBES: dict[str, Callable[[Cell, str], bool]] = {
    "phone": is_phone,
    "email": lambda cell, text: bool(_EMAIL.search(text)),
    "date": is_date,
    "serial_date": is_serial_date,
    "number": is_number,
    "money": _matches(_MONEY),
    "yes_no": is_yes_no,
    "gender": lambda cell, text: text.lower() in _GENDER,
    "handle": lambda cell, text: bool(_HANDLE.fullmatch(text)),
    "vk": _matches(_VK),
    "url": _matches(_URL),
    "address": is_address,
    "patronymic": lambda cell, text: len(text) <= 80 and bool(_PATRONYMIC.search(text)),
    "person": is_person,
    "word": _matches(_ONE_WORD),
    "surname": lambda cell, text: bool(_ONE_WORD.fullmatch(text)) and bool(_SURNAME.fullmatch(text)),
    "organisation": lambda cell, text: bool(_ORGANISATION.search(text)),
    "external_id": lambda cell, text: len(text) <= 40 and bool(_EXTERNAL.fullmatch(text)),
    "long_text": lambda cell, text: len(text) > 40 and " " in text,
}


def probe(cell: Cell) -> list[str]:
    """The names of the probes that a filled cell answers to."""
    text = cell_text(cell)
    return [name for name, test in PROBES.items() if test(cell, text)]

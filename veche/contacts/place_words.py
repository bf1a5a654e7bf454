"""By which words a text is known to be a place: what stands before a street or a house, and the large cities.

Not an address parser: that will be the room addresses. Here an address is only told from a name and a remark.
"""

from __future__ import annotations

import re

from veche.names import fold

# Before or after the name of a town, a street, a house. Those of one letter need more: see `begins_place`.
MARKS = frozenset(
    "гор город обл область край респ республика р-н рн район пос посёлок поселок пгт село дер деревня станица хутор"
    " снт днт ул улица пр-т пр-кт пркт просп проспект пер переулок пл площадь шоссе наб набережная б-р бул бульвар"
    " проезд тупик аллея мкр мкрн микрорайон квартал кв-л дом корп корпус стр строение кв квартира литер"
    " street avenue road house apartment apt city".split()
)
_NEEDS_NAME = frozenset(["г", "с", "д", "п", "ст", "х", "ш", "пр", "st", "ave"])
_NEEDS_NUMBER = frozenset(["д", "к", "стр", "кв", "корп", "офис", "оф", "пом", "подъезд"])
_AFTER_ADJECTIVE = frozenset(
    "область обл край район р-н улица ул площадь пл проспект пр-т пр-кт просп шоссе набережная наб бульвар б-р"
    " переулок пер проезд".split()
)
_ENGLISH = frozenset("street st avenue ave road".split())
_ADJECTIVE = re.compile(r"[А-ЯЁа-яё-]{2,30}(?:ая|яя|ое|ее|ый|ий|ой)")
NUMBER = re.compile(r"\d{1,4}(?:-?[а-яёa-z])?(?:[/-]\d{1,4}[а-яёa-z]?){0,2}", re.IGNORECASE)
INDEX = re.compile(r"\d{6}")

CITIES = frozenset(
    fold(name)
    for name in """
    Москва; Санкт-Петербург; Петербург; Питер; СПб; Мск; Новосибирск; Екатеринбург; Казань; Нижний Новгород; Красноярск;
    Челябинск; Самара; Уфа; Ростов-на-Дону; Ростов; Краснодар; Омск; Воронеж; Пермь; Волгоград; Саратов; Тюмень;
    Тольятти; Барнаул; Махачкала; Ижевск; Хабаровск; Ульяновск; Иркутск; Владивосток; Ярославль; Кемерово; Томск;
    Набережные Челны; Севастополь; Ставрополь; Оренбург; Новокузнецк; Рязань; Балашиха; Пенза; Чебоксары; Липецк;
    Калининград; Астрахань; Тула; Киров; Сочи; Курск; Улан-Удэ; Тверь; Магнитогорск; Сургут; Брянск; Иваново; Якутск;
    Владимир; Симферополь; Белгород; Нижний Тагил; Калуга; Чита; Грозный; Волжский; Смоленск; Подольск; Саранск;
    Вологда; Курган; Череповец; Орёл; Архангельск; Владикавказ; Нижневартовск; Йошкар-Ола; Стерлитамак; Мурманск;
    Кострома; Новороссийск; Тамбов; Химки; Мытищи; Нальчик; Таганрог; Нижнекамск; Благовещенск; Комсомольск-на-Амуре;
    Петрозаводск; Королёв; Шахты; Энгельс; Великий Новгород; Новгород; Люберцы; Братск; Старый Оскол; Ангарск;
    Сыктывкар; Дзержинск; Псков; Орск; Красногорск; Армавир; Абакан; Балаково; Бийск; Южно-Сахалинск; Одинцово;
    Уссурийск; Прокопьевск; Рыбинск; Норильск; Волгодонск; Сызрань; Петропавловск-Камчатский; Каменск-Уральский;
    Новочеркасск; Альметьевск; Златоуст; Северодвинск; Хасавюрт; Керчь; Домодедово; Салават; Миасс; Копейск; Пятигорск;
    Электросталь; Майкоп; Находка; Березники; Коломна; Щёлково; Серпухов; Ковров; Нефтекамск; Кисловодск; Батайск;
    Рубцовск; Обнинск; Кызыл; Дербент; Нефтеюганск; Назрань; Каспийск; Долгопрудный; Новочебоксарск; Невинномысск;
    Ессентуки; Раменское; Первоуральск; Михайловск; Реутов; Черкесск; Жуковский; Димитровград; Пушкино; Артём; Камышин;
    Муром; Ханты-Мансийск; Новый Уренгой; Северск; Орехово-Зуево; Арзамас; Ногинск; Новошахтинск; Бердск; Элиста;
    Сергиев Посад; Видное; Ачинск; Тобольск; Ноябрьск; Магадан; Анадырь; Салехард; Биробиджан; Горно-Алтайск; Гатчина;
    Выборг; Минск; Киев; Алматы; Астана; Бишкек; Ереван; Тбилиси; Баку; Рига; Вильнюс; Таллин; Берлин; London; Berlin;
    Moscow; Paris; New York
    """.split(";")
)


def is_city(words: list[str]) -> bool:
    """Whether these words are a city that we know, and nothing else."""
    return fold(" ".join(words)) in CITIES


def begins_place(words: list[str]) -> int:
    """The number of the word where a place begins; the length of the list if none does."""
    for n, word in enumerate(words):
        bare, following = word.strip(".,").lower(), words[n + 1] if n + 1 < len(words) else ""
        named = word[:1].islower() and following[:1].isupper() and following[1:2].isalpha()
        named = named and (word.endswith(".") or bare != "с")
        if (
            bare in MARKS
            or (bare in _NEEDS_NAME and named)
            or (bare in _NEEDS_NUMBER and following[:1].isdigit())
            or (re.match(r"(?:ул|г|пер|пр-т|наб|пос|просп|пл|мкр)\.[а-яё]", word.lower()))
        ):
            return _with_adjectives(words, n, bare)
        if INDEX.fullmatch(bare):
            return n
    return len(words)


def _with_adjectives(words: list[str], n: int, mark: str) -> int:
    """«Ленинский проспект» begins before its mark, «улица Ленина» with it."""
    while mark in _AFTER_ADJECTIVE and n and _ADJECTIVE.fullmatch(words[n - 1]):
        n -= 1
    while mark in _ENGLISH and n and (words[n - 1][:1].isupper() or words[n - 1].isdecimal()):
        n -= 1
    return n


def ends_place(words: list[str]) -> int:
    """How many words of a text that begins with a place belong to it: after a number small letters are a remark."""
    numbered = False
    for n, word in enumerate(words):
        bare = word.strip(".,")
        if NUMBER.fullmatch(bare):
            numbered = True
        elif numbered and begins_place(words[n : n + 2]) and not bare[:1].isdigit():
            return n
    return len(words)

"""Names written in Latin letters, back in Cyrillic: «IVANOV IVAN», «Iuliia Shcheglova», «Sergey Solovyev».

There is no exact inverse (iuliia knows 28 ways there and none back). Given names are found by writing every
known one in the
ways that people and passports use; surnames and patronymics are read letter by letter, and of several
readings the one
that the dictionary or a surname's ending knows wins.
"""

import re
from functools import cache, lru_cache

from veche.names import lexicon

_SCHEMAS = [
    "ICAO_DOC_9303",
    "MVD_310",
    "MVD_782",
    "WIKIPEDIA",
    "GOST_779_ALT",
    "GOST_52535",
    "TELEGRAM",
    "YANDEX_MONEY",
]


def _pairs(table: str) -> list[tuple[str, str]]:
    return [(one, other) for one, _colon, other in (entry.partition(":") for entry in table.split())]


_LETTERS = dict(
    _pairs(
        """
    shch:щ tch:ч sch:щ zh:ж kh:х ts:ц tc:ц ch:ч sh:ш yu:ю iu:ю ju:ю ya:я ia:я ja:я yo:ё jo:ё ye:е je:е
    yi:ьи x:кс ph:ф th:т ck:к a:а b:б v:в w:в g:г d:д e:е z:з i:и y:ы j:й k:к q:к l:л m:м n:н o:о p:п
    r:р s:с t:т u:у f:ф h:х c:ц ':ь
    """
    )
)
_CHUNKS = re.compile("|".join(sorted(map(re.escape, _LETTERS), key=len, reverse=True)))
_VOWELS = "аеёиоуыэюя"

# Endings first: in them the reading is certain. Longest first; the rest of the word is read letter by letter.
_ENDINGS = _pairs(
    """
    skaya:ская skaa:ская tskaa:цкая skaia:ская skaja:ская tskaya:цкая tskaia:цкая skiy:ский skii:ский skij:ский sky:ский
    ski:ский skoy:ской skoi:ской ovich:ович evich:евич ovna:овна evna:евна ichna:ична enko:енко
    yevich:ьевич ievich:ьевич jevich:ьевич yevna:ьевна ievna:ьевна jevna:ьевна
    yeva:ьева ieva:ьева jeva:ьева yev:ьев iev:ьев jev:ьев yov:ьёв ova:ова eva:ева ina:ина ov:ов off:ов
    ev:ев eff:ев in:ин iy:ий ii:ий ij:ий yy:ый yi:ый ay:ай ai:ай ey:ей ei:ей oy:ой oi:ой uy:уй iya:ия
    iia:ия ija:ия ia:ия ya:я aya:ая y:ий
    """
)
_ENDINGS_BY_LENGTH = sorted(_ENDINGS, key=lambda pair: len(pair[0]), reverse=True)
# Doubtful places of a plain reading and what else may stand there; every combination is tried, at most 64.
_OTHER_READINGS = _pairs(
    """
    ьев:иев ьев:ев йев:ев э:е лц:льц лс:льс лк:льк лм:льм нк:ньк ю:иу щ:сч ы:и ы:й х:г ия:я
    """
)


# How people write who know no scheme: one sign a letter, and «а» for «я».
_HABIT = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфхцыэюяь", "abvgdezijklmnoprstufhcyeua'", strict=True))
    | {"ё": "e", "ж": "zh", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": ""}
)
# Spellings that no scheme gives.
_USUAL_SPELLINGS = _pairs(
    """
    alexander:Александр alexandr:Александр alexandra:Александра alexey:Алексей alexei:Алексей
    maxim:Максим xenia:Ксения eugene:Евгений julia:Юлия catherine:Екатерина sophia:София victor:Виктор
    victoria:Виктория dmitry:Дмитрий dmitri:Дмитрий yury:Юрий yuri:Юрий mikhail:Михаил michael:Михаил
    maria:Мария olga:Ольга igor:Игорь tatiana:Татьяна natalia:Наталия ludmila:Людмила lubov:Любовь
    ulia:Юлия vacheslav:Вячеслав dar'a:Дарья natalya:Наталья andrew:Андрей helen:Елена peter:Пётр
    paul:Павел anastasya:Анастасия
    """
)


@cache
def _known_names() -> dict[str, str]:
    """Every usual Latin spelling, lower case -> the given name (full or short), the commonest name first."""
    import iuliia

    schemas = [getattr(iuliia, name) for name in _SCHEMAS]
    spellings = dict(_USUAL_SPELLINGS)
    names = [name for name, _gender in lexicon.first_names().values()]
    names += [short.capitalize() for short in lexicon.short_names()]
    for name in names:
        spellings.setdefault(name.lower().translate(_HABIT), name)
        for schema in schemas:
            for form in (name, name.replace("ё", "е").replace("Ё", "Е")):
                spelling = _spelling(form, schema)
                spellings.setdefault(spelling, name)
                spellings.setdefault(spelling.replace("'", ""), name)
                spellings.setdefault(spelling.replace("ks", "x"), name)
    return spellings


def _spelling(text: str, schema) -> str:
    """Lower-case transliteration of a name by one of iuliia's schemas, with plain apostrophes."""
    return schema.translate(text).lower().replace("ʹ", "'").replace("`", "'").replace('"', "'")


def _plain(latin: str) -> str:
    read = "".join(_LETTERS[chunk] for chunk in _CHUNKS.findall(latin))
    read = re.sub(f"(?<=[{_VOWELS}])[ыи](?![{_VOWELS}])", "й", read)
    if read.startswith("е") and latin.startswith("e"):
        return "э" + read[1:] if latin[1:2] in "lmr" and latin[1:2] else read
    return read


def _readings(latin: str) -> list[str]:
    first = [_plain(latin)]
    for ending, russian in _ENDINGS_BY_LENGTH:
        if latin.endswith(ending) and len(latin) > len(ending) + 1:
            head = _plain(latin[: -len(ending)])
            first.insert(0, head + (russian.removeprefix("ь") if head[-1:] in _VOWELS else russian))
            break
    readings = list(dict.fromkeys(first))
    for one, other in _OTHER_READINGS:
        for reading in list(readings):
            if one in reading and len(readings) < 64:
                readings.append(reading.replace(one, other, 1))
    return list(dict.fromkeys(readings))


@lru_cache(maxsize=16384)
def to_cyrillic(latin: str) -> tuple[str, float]:
    """A word of Latin letters read in Russian, and how sure (0..1) that reading is. Lower case; ("", 0) if
    unreadable.
    """
    latin = latin.lower()
    if "-" in latin:
        halves = [to_cyrillic(half) for half in latin.split("-") if half]
        return "-".join(half for half, _sure in halves), min((sure for _half, sure in halves), default=0.0)
    if len(latin) > 40 or not re.fullmatch("[a-z']+", latin):
        return "", 0.0
    name = _known_names().get(latin)
    if name:
        return name.lower(), 0.9
    best, best_score = "", 0.0
    for place, reading in enumerate(_readings(latin)):
        known = lexicon.word(lexicon.fold_word(reading))
        score = max(known.surname, known.given, known.patronymic) + 0.2 - place * 0.005
        if score > best_score:
            best, best_score = reading, score
    return best, min(0.75, max(0.3, best_score - 0.3))

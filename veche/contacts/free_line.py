"""A line as people write it on paper, taken apart: «Дарт Вейдер, 89999999999, Москва, ул. Мира, 1, сторонник Империи».

What is sure by its form goes first (e-mails, accounts, dates, phones); the rest is cut at commas, and each chunk is an
address, a known word, the name, or a remark. Nothing is lost: what is not understood stands in the note. Nothing
raises, and the work grows with the length of the line.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from veche.contacts.dates import ParsedDate, parse_date
from veche.contacts.emails import ParsedEmail, parse_emails
from veche.contacts.phones import ParsedPhone, parse_phones
from veche.contacts.place_words import INDEX, NUMBER, begins_place, ends_place, is_city
from veche.names import ParsedName, clean, fold, parse_name

LONGEST = 1000
"""Letters of a line that are taken apart; what stands behind them goes to the note as it is."""
MOST_LINES = 100
LONGEST_NAME = 6  # words
YOUNGEST = 5  # years: a date later than that is no birthday
_CUT = "\x1f"
_BULLET = re.compile(r"^(?:\d{1,3}[.)]|[-–—•*·])\s+")
_SEPARATORS = re.compile(rf"[,;|\t{_CUT}]+|\s[-–—/]\s")
_SENTENCE = re.compile(r"([а-яёa-z]{5})\.\s+(?=[А-ЯЁA-Z])")
_EMAIL = re.compile(rf"[^\s,;|<>()@{_CUT}]{{1,64}}@[^\s,;|<>()@{_CUT}]{{1,120}}")
_ACCOUNT = re.compile(
    r"(?:https?://)?(?:www\.)?(?P<host>t\.me|telegram\.me|(?:m\.)?vk\.com|vk\.ru|(?:m\.)?ok\.ru|wa\.me)/[\w.\-/]{1,100}"
    r"|(?<![\w@.])@[A-Za-z]\w{3,31}"
)
_NETWORKS = {
    "t.me": "telegram",
    "telegram.me": "telegram",
    "wa.me": "whatsapp",
    "ok.ru": "ok",
    "m.ok.ru": "ok",
}
_MONTH = (
    r"(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек"
    r"|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[а-яa-z]{0,8}"
)
_BORN = r"(?P<born>(?:д\.?\s?р\.?|дата рождения|день рождения|род(?:ил(?:ся|ась)|\.)?|рожд\.?|born|b\.)\s?[:.]?\s?)?"
_OF_BIRTH = r"(?P<of>\s?(?:г\.\s?р\.?|гр\b|г(?:ода?)?\.?\s?рожд(?:ения|\.)?))?(?:\s?г(?:ода?)?\.?(?!\w))?"
_DATE = re.compile(
    rf"(?<![\w.]){_BORN}(?P<date>\d{{4}}-\d\d-\d\d|\d{{1,2}}-\d\d-\d{{4}}|\d{{1,2}}[./]\d{{1,2}}[./](?:\d{{4}}|\d\d)(?!\d)"
    rf"|\d{{1,2}}\s{_MONTH}(?:\s\d{{4}})?|\d{{1,2}}[./]\d{{1,2}}(?![./]?\d)|(?:18|19|20)\d\d(?!\d))(?!-\d){_OF_BIRTH}",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\d.\w])(?:(?:\+?7|8)?[ \-–.(]{0,3}\d{3}[ \-–.)]{0,3}\d{3}[ \-–.]{0,2}\d\d[ \-–.]{0,2}\d\d"
    r"|(?:\+?7|8)?[ \-]{0,2}\(\d{3,5}\)[ \-]{0,2}\d{1,3}[ \-]\d\d[ \-]\d\d|\+\d[\d \-()]{7,18}\d|\d{9,13}"
    r"|8[ \-(]{1,2}9\d\d[\d \-()]{4,12}\d"
    r"|(?<=тел )\d{1,3}-\d\d-\d\d|(?<=тел\. )\d{1,3}-\d\d-\d\d)(?![\d])(?:\s?(?:доб|вн|ext)\.?\s?\d{1,7})?"
)
_OTHER_NUMBER = re.compile(r"(?:инн|огрн|огрнип|снилс|паспорт|кпп|счет|счёт)\W{0,3}$", re.IGNORECASE)
_BEFORE_NUMBER = re.compile(r"\s+(?=(?:инн|огрн|огрнип|снилс|паспорт|кпп|доб)\b)|\s+(?=#\w)", re.IGNORECASE)
_LABELS = frozenset(
    "т тел телефон моб мобильный сот phone tel mobile email e-mail mail почта адрес address эл фио имя name др tg тг"
    " telegram телеграм vk вк др".split()
)  # fmt: skip
_SHOW_ONLY = str.maketrans("", "", ".:()")


@dataclass(frozen=True)
class Known:
    """The team's own words, by their folded form: what a chunk may say of somebody's status, tags and role."""

    statuses: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, statuses: Iterable[str], tags: Iterable[str], roles: Iterable[str] = ()) -> Known:
        return cls(*({fold(name): name for name in names} for names in (statuses, tags, roles)))


@dataclass
class FreeLine:
    """What was understood of a line. Texts stand as they were written; the note holds whatever is left."""

    original: str
    is_organisation: bool = False
    name: str = ""
    parsed: ParsedName | None = None
    phones: list[ParsedPhone] = field(default_factory=list)
    emails: list[ParsedEmail] = field(default_factory=list)
    accounts: list[tuple[str, str]] = field(default_factory=list)  # (kind of contact point, text)
    birthday: str = ""
    address: str = ""
    status: str = ""
    tags: list[str] = field(default_factory=list)
    role: str = ""
    role_note: str = ""  # of what: of which house, party, newspaper
    note: str = ""


def read_lines(text: str, known: Known | None = None, *, most: int = MOST_LINES) -> list[FreeLine]:
    """Each line that says anything, at most `most` of them."""
    lines = (line for line in text.splitlines() if any(map(str.isalnum, line)))
    return [read_line(line, known) for _n, line in zip(range(most), lines, strict=False)]


def read_line(text: str, known: Known | None = None) -> FreeLine:
    """One line, taken apart."""
    known = known or Known()
    found = FreeLine(text)
    end = len(text) if len(text) <= LONGEST else max(text.rfind(" ", 0, LONGEST), LONGEST // 2)
    tidy = _BULLET.sub("", "\t".join(clean(cell) for cell in text[:end].replace(_CUT, " ").split("\t")))
    tidy = _take_forms(tidy, found)
    chunks = [words for chunk in _chunks(tidy) if (words := _unlabelled(chunk.split()))]
    remarks = _take_places(chunks, found)
    remarks = _take_known(remarks, known, found)
    _take_name(remarks, found)
    left = [" ".join(words).rstrip(".") for words in remarks if words]
    if rest := text[end:].strip():
        left.append(rest)
    found.note = ", ".join(left)
    return found


def _take_forms(text: str, found: FreeLine) -> str:
    """Takes out what is known by its form; a cut stays where it stood."""

    def email(match: re.Match[str]) -> str:
        found.emails += parse_emails(match[0].strip(".:"))
        return _CUT

    def account(match: re.Match[str]) -> str:
        host = (match["host"] or "t.me").lower()
        found.accounts.append((_NETWORKS.get(host, "vk"), match[0].rstrip("./")))
        return _CUT

    def birthday(match: re.Match[str]) -> str:
        said = bool(match["born"] or match["of"])
        if found.birthday or not (text := _birthday(match["date"], said=said)):
            return match[0]
        found.birthday = text
        return _CUT

    def phone(match: re.Match[str]) -> str:
        if _OTHER_NUMBER.search(match.string, max(0, match.start() - 12), match.start()):
            return match[0]
        found.phones += parse_phones(match[0])
        return _CUT

    for pattern, take in ((_EMAIL, email), (_ACCOUNT, account), (_DATE, birthday), (_PHONE, phone)):
        text = pattern.sub(take, text)
    return text


def _birthday(text: str, *, said: bool) -> str:
    """A birthday as its field takes it. Without a word that it is one, only a whole date of somebody old enough."""
    read = parse_date(re.sub(r"\s+", " ", text))
    if not (said or read.whole) or not (read.year or read.month):
        return ""
    if read.problem and read.problem.code not in ("two_digit_year", "ambiguous", "placeholder"):
        return ""
    if not said and read.year and read.year > dt.date.today().year - YOUNGEST:
        return ""
    return _typed(read)


def _typed(read: ParsedDate) -> str:
    parts = (f"{read.day:02}" if read.day else "", f"{read.month:02}" if read.month else "", read.year or "")
    return ".".join(str(part) for part in parts if part)


def _chunks(text: str) -> list[str]:
    return _SEPARATORS.split(_BEFORE_NUMBER.sub(_CUT, _SENTENCE.sub(rf"\1{_CUT}", text)))


def _unlabelled(words: list[str]) -> list[str]:
    """Without «тел.:» and the like at the ends, and without what is no word at all."""
    words = [word for word in words if any(map(str.isalnum, word)) or word in ("№", "#")]
    while words and words[-1].lower().translate(_SHOW_ONLY) in _LABELS:
        words.pop()
    while words and words[0].endswith(":") and words[0].lower().translate(_SHOW_ONLY) in _LABELS:
        words.pop(0)
    return words


def _take_places(chunks: list[list[str]], found: FreeLine) -> list[list[str]]:
    """Takes the address out of the chunks; a house stands after a street, a number alone is nothing."""
    address, remarks, is_open = [], [], False
    for number, words in enumerate(chunks):
        bare = words[0].strip(".,") if len(words) == 1 else ""
        if is_open and (NUMBER.fullmatch(bare) or _is_street(words)):
            address.append(" ".join(words))
            continue
        start = begins_place(words)
        town = start == len(words) and is_city(words) and (number or len(chunks) > 1)
        if start == len(words) and not town:
            is_open = False
            remarks.append(words)
            continue
        start = 0 if town else start
        end = start + ends_place(words[start:])
        head, place, tail = words[:start], words[start:end], words[end:]
        if head and is_city(head):
            head, place = [], head + place
        is_index = len(place) == 1 and bool(INDEX.fullmatch(place[0]))
        address.append(" ".join(place))
        remarks += [part for part in (head, tail) if part]
        is_open = not tail or is_index
    found.address = ", ".join(address)
    return remarks


def _is_street(words: list[str]) -> bool:
    """«Мира 5» after a town: a few words with a capital and a house."""
    *name, house = words
    return 0 < len(name) < 4 and name[0][:1].isupper() and bool(NUMBER.fullmatch(house.strip(".")))


def _take_known(remarks: list[list[str]], known: Known, found: FreeLine) -> list[list[str]]:
    """Takes statuses, tags and a role. A chunk that says more stays as a remark, whole; but what stands behind a role
    («сторонник Империи») says of what."""
    left = []
    for words in remarks:
        spans = [
            (start, end)
            for start in range(min(len(words), 12))
            for end in range(min(len(words), start + 3), start, -1)
            if _take_word(words[start:end], known, found)
        ]
        taken = {n for start, end in spans for n in range(start, end)}
        rest = [word for n, word in enumerate(words) if n not in taken]
        is_asked = any(words[start].startswith("#") for start, _end in spans)
        if spans and rest and not is_asked and not _is_name(parse_name(" ".join(rest[:LONGEST_NAME]))):
            rest = words
        left.append(rest if spans else _take_role(words, known, found))
    return [words for words in left if words]


def _take_role(words: list[str], known: Known, found: FreeLine) -> list[str]:
    """What is left of a chunk that begins or ends with a role. Between other words a role may be anybody's."""
    for size in range(min(len(words), 3), 0, -1):
        for start in (0, len(words) - size) if not found.role else ():
            role = known.roles.get(_folded(words[start : start + size]))
            rest = words[size:] if start == 0 else words[:start]
            named = bool(rest) and _is_name(parse_name(" ".join(rest[:LONGEST_NAME])))
            if role and (start == 0 or named):
                found.role = role
                found.role_note = "" if named else " ".join(rest).rstrip(".")
                return rest if named else []
    return words


def _folded(words: list[str]) -> str:
    return fold(" ".join(words).strip("#.")).strip(".")


def _take_word(words: list[str], known: Known, found: FreeLine) -> bool:
    text = _folded(words)
    if tag := known.tags.get(text):
        if tag not in found.tags:
            found.tags.append(tag)
        return True
    if (status := known.statuses.get(text)) and found.status in ("", status):
        found.status = status
        return True
    return False


def _take_name(remarks: list[list[str]], found: FreeLine) -> None:
    """Takes the best name out of the remarks: one chunk, or columns of one word each."""
    best: tuple[float, int, int, ParsedName] | None = None
    for number, words in enumerate(remarks[:12]):
        for end in _ends(remarks, number):
            text = " ".join(word for each in remarks[number:end] for word in each[:LONGEST_NAME])
            parsed = parse_name(text)
            score = _score(parsed, words, first=number == 0, columns=end - number)
            if score > 0 and (best is None or score > best[0]):
                best = score, number, end, parsed
    if best is None:
        return
    _score_of, number, end, parsed = best
    words = [word for each in remarks[number:end] for word in each]
    found.is_organisation = parsed.kind == "organisation"
    named = {fold(word) for word in _own_words(parsed)}
    name = words if found.is_organisation or not parsed.rest else [w for w in words if fold(w) in named]
    name = name or words
    found.name, found.parsed = _unpointed(" ".join(name)), None if found.is_organisation else parsed
    left = list(words)
    for word in name:
        left.remove(word)
    remarks[number:end] = [left] if left else []


def _ends(remarks: list[list[str]], number: int) -> list[int]:
    """The chunk by itself, and with the one or two after it when each is one word (a line out of a table)."""
    ends, end = [number + 1], number + 1
    while len(remarks[number]) == 1 and end < min(len(remarks), number + 3) and len(remarks[end]) == 1:
        end += 1
        ends.append(end)
    return ends


def _score(parsed: ParsedName, words: list[str], *, first: bool, columns: int) -> float:
    """How much this looks like the name of whom the line is about."""
    if parsed.kind == "organisation":
        return 0.45 + 0.2 * first if columns == 1 else 0
    if not _is_name(parsed) and not (first and words[0][:1].isupper() and len(words) <= 3):
        return 0
    if not (parsed.surname or parsed.given_name or parsed.patronymic) or not parsed.is_person:
        return 0
    if columns > 1 and (parsed.rest or parsed.confidence < 0.5):
        return 0
    parts = sum(map(bool, (parsed.surname, parsed.given_name, parsed.patronymic)))
    rest = 0.2 * bool(parsed.rest)
    return parsed.confidence + 0.15 * parts + 0.3 * first - rest - 0.5 * (len(words) > LONGEST_NAME)


def _is_name(parsed: ParsedName) -> bool:
    return parsed.is_person and parsed.confidence >= 0.5 and bool(parsed.surname or parsed.given_name)


def _unpointed(name: str) -> str:
    """Without the full stop of the sentence; that of an initial stays."""
    return name[:-1] if name.endswith(".") and name[-4:-1].isalpha() else name


def _own_words(parsed: ParsedName) -> list[str]:
    return f"{parsed.surname} {parsed.given_name} {parsed.patronymic} {parsed.former_surname}".split()

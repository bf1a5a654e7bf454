"""Which encoding a text file is in, and whether its letters were already spoiled before us.

The rule: a byte order mark, then UTF-16 by its zero bytes, then strict UTF-8 over the whole file, then the old
Russian encodings scored by how often neighbouring letters are those of Russian (detectors that know all
languages take koi8-r for Hebrew on a list of names).
"""

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

OLD_ENCODINGS = ("cp1251", "cp866", "koi8-r")
SAMPLE = 256 * 1024

_COMMON = frozenset(
    [
        "ст",
        "но",
        "то",
        "на",
        "ен",
        "ов",
        "ни",
        "ра",
        "во",
        "ко",
        "ал",
        "ли",
        "по",
        "ре",
        "ос",
        "пр",
        "го",
        "ро",
        "ка",
        "ва",
        "ер",
        "ор",
        "от",
        "ет",
        "ол",
        "ан",
        "ло",
        "ел",
        "ом",
        "ин",
        "ит",
        "об",
        "ла",
        "та",
        "ти",
        "те",
        "ть",
        "ев",
        "ич",
        "на",
        "ая",
        "ий",
        "ый",
        "ой",
        "ви",
        "ик",
        "се",
        "мо",
        "ск",
        "ма",
        "ле",
        "ми",
        "ме",
        "да",
        "де",
        "до",
        "из",
        "ис",
        "им",
        "ам",
        "ас",
        "ат",
        "ар",
        "ав",
        "ад",
        "ак",
        "ае",
        "ие",
        "ия",
        "ул",
        "ку",
        "ру",
        "ша",
        "га",
        "ге",
        "га",
        "ги",
        "св",
        "вн",
        "вл",
        "вс",
        "ся",
        "са",
        "си",
        "со",
        "су",
        "не",
        "ны",
        "ну",
        "од",
        "ог",
        "ок",
        "оз",
        "оп",
        "он",
        "ое",
        "па",
        "пе",
        "пе",
        "ри",
        "ся",
        "тр",
        "ту",
        "ья",
        "юл",
        "юр",
        "ял",
        "яр",
        "лю",
        "лы",
        "ль",
        "ки",
        "кс",
        "кв",
        "кт",
        "же",
        "жд",
        "за",
        "зд",
        "зи",
        "ок",
        "ве",
        "вг",
        "ир",
        "ид",
        "ив",
        "ие",
        "дм",
        "ми",
        "мм",
        "ми",
        "му",
        "нд",
        "ег",
        "ек",
        "ес",
        "ем",
        "еп",
        "ей",
        "еи",
        "ча",
        "че",
        "чт",
        "шк",
    ]
)
_PAIR = re.compile(r"(?=([а-яёА-ЯЁ]{2}))")
_MIXED = re.compile(r"[a-zA-Z][а-яё]|[а-яё][a-zA-Z]", re.IGNORECASE)
_UPPER_INSIDE = re.compile(r"[а-яё][А-ЯЁ]")
_FOREIGN = re.compile("[^\x00-\x7fа-яёА-ЯЁ№«»–—…“”„‘’•°§©®₽€\u00a0\u00ad]")


def russian_score(text: str) -> float:
    """How much the letters look like Russian: about 0.5 and more for real text, below 0.2 for a wrong guess."""
    pairs = _PAIR.findall(text)
    foreign = len(_FOREIGN.findall(text))
    if not pairs:
        return -1.0 if foreign else 0.0
    good = sum(pair.lower() in _COMMON for pair in pairs)
    bad = len(_UPPER_INSIDE.findall(text)) + 2 * foreign + 2 * len(_MIXED.findall(text))
    return (good - bad) / len(pairs)


def find_encoding(path: Path) -> str:
    """The name of a Python codec for the file; `utf-8-sig` where there is a byte order mark."""
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if head.startswith(mark):
            return name
    return utf16_without_mark(head) or _utf8(path) or _old(head)


def utf16_without_mark(head: bytes) -> str | None:
    """UTF-16 is told by the high bytes: nearly all are 00 (digits, separators) or 04 (Cyrillic)."""
    even, odd = head[0::2], head[1::2]
    if len(odd) < 4:
        return None
    share_even = (even.count(0) + even.count(4)) / len(even)
    share_odd = (odd.count(0) + odd.count(4)) / len(odd)
    if share_odd > 0.8 and share_even < 0.5:
        return "utf-16-le"
    if share_even > 0.8 and share_odd < 0.5:
        return "utf-16-be"
    return None


def _utf8(path: Path) -> str | None:
    """`utf-8` where the file is that, a few damaged bytes allowed (one among a thousand good letters)."""
    good = bad = 0
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            text = decoder.decode(block)
            if not text.isascii():
                bad += text.count("\ufffd") - block.count(b"\xef\xbf\xbd")
                good += sum(map(len, re.findall("[^\x00-\x7f\ufffd]+", text)))
    bad += decoder.decode(b"", True).count("\ufffd")
    return "utf-8" if bad * 1000 <= good else None


def _old(head: bytes) -> str:
    lines = head.rpartition(b"\n")[0] or head
    return max(OLD_ENCODINGS, key=lambda name: russian_score(lines.decode(name, "replace")))


@dataclass(frozen=True)
class Mojibake:
    """Letters spoiled by an earlier program, and the way back: `text.encode(wrong).decode(right)`."""

    wrong: str
    right: str
    before: str
    after: str

    @property
    def repair(self) -> str:
        """The value for `open_source(repair=…)`, such as `cp1251>utf-8`."""
        return f"{self.wrong}>{self.right}"


_SPOILINGS = (
    ("cp1251", "utf-8"), ("latin-1", "utf-8"), ("cp866", "utf-8"),
    ("latin-1", "cp1251"), ("cp1252", "cp1251"), ("cp866", "cp1251"),
    ("cp1251", "cp866"), ("cp1251", "koi8-r"), ("koi8-r", "cp1251"),
)  # fmt: skip
_LOST = re.compile(rb"\xd0(?=[\xd0\xd1]|[^\x80-\xbf]|\Z)")


def repair_text(text: str, repair: str) -> str:
    """The text set right, or the same text where this way of repair does not make it more Russian."""
    if text.isascii():
        return text
    wrong, _, right = repair.partition(">")
    restored = _turn_back(text, wrong, right)
    if restored is None or not _PAIR.search(restored) or _MIXED.search(restored):
        return text
    if russian_score(restored) <= russian_score(text):
        return text
    return restored


def _turn_back(text: str, wrong: str, right: str) -> str | None:
    if right == "utf-8":
        text = text.replace("\ufffd", "")
    try:
        raw = b"".join(_encode_char(char, wrong) for char in text)
        if right == "utf-8":
            # cp1251 has no character 98, the second byte of «И»; programs drop it or leave a control character.
            # Likewise «Р» ends in a no-break space, which they make a plain one.
            raw = _LOST.sub(b"\xd0\x98", raw.replace(b"\xd0 ", b"\xd0\xa0"))
        return raw.decode(right)
    except (UnicodeError, ValueError):
        return None


def _encode_char(char: str, encoding: str) -> bytes:
    return bytes((ord(char),)) if "\x80" <= char <= "\x9f" else char.encode(encoding)


def find_mojibake(texts: Iterable[str]) -> Mojibake | None:
    """The spoiling that most of the non-English texts share, or None where they read well as they are."""
    spoiled = [text for text in texts if len(text) > 2 and not text.isascii()][:400]
    if not spoiled:
        return None
    best: tuple[int, Mojibake] | None = None
    for wrong, right in _SPOILINGS:
        pairs = [(text, _turn_back(text, wrong, right)) for text in spoiled]
        better = [
            (text, back) for text, back in pairs
            if back and russian_score(back) > max(0.15, russian_score(text) + 0.3)
        ]  # fmt: skip
        if len(better) * 2 > len(spoiled) and (best is None or len(better) > best[0]):
            best = (len(better), Mojibake(wrong, right, *better[0]))
    return best[1] if best else None

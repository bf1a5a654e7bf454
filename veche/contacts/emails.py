"""E-mail addresses out of dirty cells: a comma for a dot, Cyrillic letters, `mailto:`, two in a cell, domains
misspelt.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from veche.contacts.empty_marks import is_empty_mark
from veche.contacts.phones import cell_text
from veche.contacts.problems import Problem
from veche.names import latin_look_alikes, switch_layout

LONGEST = 1000
"""Characters of a cell that are looked at."""

# Common endings after which a comma in a domain can only be a dot.
_ENDINGS = "ru|com|net|org|ua|by|kz|su|info|biz|me|eu|de|uk|us|io|edu|gov|pro|online|site|рф"
_COMMA_DOT = re.compile(rf"(@[\w.-]*),\s*(?=(?:[\w-]+\.)?(?:{_ENDINGS})\b)", re.IGNORECASE)
_SPACED_AT = re.compile(r"(?<=[\w-])\s+@\s*(?=[\w-]+\s*[.,])|(?<=\w)@\s+")
_SPACED_DOT = re.compile(rf"(@[\w-]+)\s*\.\s*({_ENDINGS})\b", re.IGNORECASE)
_WORD_AT = re.compile(r"\s*(?:\(at\)|\[at\]|\(собака\)|\[собака\])\s*", re.IGNORECASE)
_SPLIT = re.compile(r"[\s;,|<>()\[\]\"«»]+|(?<=\w)/(?=\S+@)|\\")
_MAILTO = re.compile(r"^(?:mailto|e-?mail|почта|эл\.?почта)\s*:\s*", re.IGNORECASE)
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")
_TOP = re.compile(r"[^\W\d_]{2,24}|xn--[a-z0-9-]{2,59}")
_HIDDEN = re.compile(r"\.{2,}|…|\*{2,}")

_SERVICES = [
    "mail.ru",
    "yandex.ru",
    "gmail.com",
    "bk.ru",
    "list.ru",
    "inbox.ru",
    "rambler.ru",
    "ya.ru",
    "icloud.com",
    "outlook.com",
    "hotmail.com",
    "yahoo.com",
    "protonmail.com",
    "proton.me",
    "live.com",
    "internet.ru",
    "vk.com",
    "yandex.com",
    "mail.com",
    "narod.ru",
    "me.com",
    "ngs.ru",
    "e1.ru",
    "sibmail.com",
    "ukr.net",
    "tut.by",
    "gmx.de",
    "gmx.net",
    "aol.com",
]
# Misspellings further than one letter away, or nearer to another service.
_TYPOS = dict(
    pair.split(":")
    for pair in [
        "yandeks.ru:yandex.ru",
        "jandex.ru:yandex.ru",
        "yndx.ru:yandex.ru",
        "gmail.ru:gmail.com",
        "mail.com.ru:mail.ru",
        "meil.ru:mail.ru",
        "maill.ru:mail.ru",
        "mail.ry:mail.ru",
        "mail.tu:mail.ru",
        "mail.r:mail.ru",
        "yandex.ry:yandex.ru",
        "yandex.r:yandex.ru",
        "gmail.co:gmail.com",
        "gmail.cm:gmail.com",
    ]
)
_MADE_UP_LOCALS = frozenset(
    ["no", "none", "net", "нет", "test", "asd", "qwe", "noemail", "nomail", "email", "xxx", "example"]
)
_MADE_UP_DOMAINS = frozenset(
    ["нет.ру", "no.no", "test.test", "test.ru", "test.com", "example.com", "example.ru", "example.test"]
)


class ParsedEmail(NamedTuple):
    """One address of a cell. `value` is the normal form (lower case, usable) or ""; `raw` is what stood in
    the cell.

    A suggestion is never applied: somebody may really own a mailbox at a misspelt domain.
    """

    raw: str
    value: str = ""
    problem: Problem | None = None
    suggestion: str = ""


def parse_emails(value: object) -> list[ParsedEmail]:
    """Every address of one cell in its order; nothing for an empty cell or mark; never an exception.

    What stands beside addresses in the same cell (names, nicknames, links) is left to the caller, who has the
    cell.
    """
    cell = cell_text(value)
    plain = cell.lower()
    if plain.isascii() and plain.count("@") == 1 and _is_address(plain):
        return [_judge(cell, plain, "")]
    return list(_parse_cell(cell))


@lru_cache(maxsize=8192)
def _parse_cell(cell: str) -> tuple[ParsedEmail, ...]:
    text = unicodedata.normalize("NFKC", cell[:LONGEST])
    text = re.sub("[\u200b\u00ad\ufeff\u0000]", "", text).strip()
    if is_empty_mark(text) or not any(map(str.isalnum, text)):
        return ()
    joined = _SPACED_AT.sub("@", _WORD_AT.sub("@", text))
    joined = _SPACED_DOT.sub(r"\1.\2", _COMMA_DOT.sub(r"\1.", joined))
    parts = (_MAILTO.sub("", piece).strip(".,;:'") for piece in _SPLIT.split(joined))
    found = [part for part in parts if "@" in part[1:]]
    mended = joined != text
    emails = [_read(part, cell if mended and len(found) == 1 else part) for part in found]
    emails = list({email.value or email.raw: email for email in emails}.values())
    return tuple(emails) or (_without_at(cell, text),)


def _is_address(address: str) -> bool:
    """Whether a lower-case text is an address by its form; the domain may be Cyrillic."""
    local, at, domain = address.rpartition("@")
    return bool(at) and len(local) <= 64 and bool(_LOCAL.fullmatch(local)) and _is_domain(domain)


@lru_cache(maxsize=8192)
def _is_domain(domain: str) -> bool:
    labels = domain.split(".")
    return (
        len(domain) <= 253
        and len(labels) > 1
        and all(_LABEL.fullmatch(label) for label in labels)
        and bool(_TOP.fullmatch(labels[-1]))
    )


def _read(part: str, raw: str) -> ParsedEmail:
    """One text with an «@» in it."""
    if _HIDDEN.search(part):
        return ParsedEmail(raw, problem=Problem("email", "hidden"))
    address = part.lower()
    if address.rpartition("@")[2] in _MADE_UP_DOMAINS:
        return ParsedEmail(raw, problem=Problem("email", "made_up"))
    if not _is_address(address):
        address = _mend(address)
    if not address:
        return ParsedEmail(
            raw, problem=Problem("email", _why_not(part.lower())), suggestion=_completed(part.lower())
        )
    return _judge(raw, address, address if raw is not part or address != part.lower() else "")


def _mend(address: str) -> str:
    """Cyrillic twins of Latin letters, the other keyboard layout; "" if neither gives an address."""
    typed = switch_layout(address.replace("@", '"')).replace('"', "@")
    for candidate in (latin_look_alikes(address), _look_alikes_before_at(address), typed):
        candidate = candidate.lower()
        if candidate != address and candidate.count("@") == 1 and _is_address(candidate):
            return candidate
    return ""


def _look_alikes_before_at(address: str) -> str:
    """«аnna@пример.рф»: twins in the mailbox only, because the domain is meant to be Cyrillic."""
    local, _at, domain = address.rpartition("@")
    return f"{latin_look_alikes(local)}@{domain}"


def _judge(raw: str, address: str, mended_to: str) -> ParsedEmail:
    local, _at, domain = address.rpartition("@")
    if (local in _MADE_UP_LOCALS and domain in _SERVICES) or domain in _MADE_UP_DOMAINS:
        return ParsedEmail(raw, address, Problem("email", "made_up"))
    meant = _service_meant(domain)
    if meant:
        suggestion = f"{local}@{meant}"
        return ParsedEmail(
            raw, address, Problem("email", "domain_typo", before=address, after=suggestion), suggestion
        )
    if mended_to:
        return ParsedEmail(raw, address, Problem("email", "mended", before=raw.strip(), after=mended_to))
    return ParsedEmail(raw, address)


@lru_cache(maxsize=8192)
def _service_meant(domain: str) -> str:
    """The great mail service one slip of the fingers away from a domain, or ""."""
    if domain in _SERVICES:
        return ""
    if domain in _TYPOS:
        return _TYPOS[domain]
    return next((service for service in _SERVICES if len(service) > 6 and _one_slip(domain, service)), "")


def _one_slip(one: str, other: str) -> bool:
    """One letter lost, added, changed, or two neighbours swapped. The ending counts too: «gmail.con»."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest_one, rest_other = one[start:], other[start:]
    return (
        rest_one[1:] == rest_other[1:]
        or rest_one[1:] == rest_other
        or rest_one == rest_other[1:]
        or (len(rest_one) > 1 and rest_one[:2] == rest_other[1::-1] and rest_one[2:] == rest_other[2:])
    )


def _why_not(address: str) -> str:
    local, _at, domain = address.rpartition("@")
    if not domain or not any(map(str.isalnum, domain)):
        return "no_domain"
    if "." not in domain and local:
        return "no_top_domain"
    return "broken"


def _completed(address: str) -> str:
    """«anna@mail» -> «anna@mail.ru»: the service whose name has lost its ending."""
    local, _at, domain = address.rpartition("@")
    service = next((service for service in _SERVICES if service.split(".")[0] == domain), "")
    return f"{local}@{service}" if service and _LOCAL.fullmatch(local) else ""


def _without_at(cell: str, text: str) -> ParsedEmail:
    """A text without a usable «@»: an address that lost it («ivanovmail.ru»), or something else."""
    if "@" in text and _HIDDEN.search(text):
        return ParsedEmail(cell, problem=Problem("email", "hidden"))
    word = text.lower().strip(" .,;")
    service = next(
        (service for service in _SERVICES if word.endswith(service) and len(word) > len(service) + 1), ""
    )
    is_link = "/" in word or word.startswith(("www.", "@")) or word.endswith(f".{service}")
    if service and not is_link and _LOCAL.fullmatch(word):
        suggestion = f"{word[: -len(service)].rstrip('.')}@{service}"
        return ParsedEmail(cell, problem=Problem("email", "no_at"), suggestion=suggestion)
    return ParsedEmail(cell, problem=Problem("email", "not_an_email"))

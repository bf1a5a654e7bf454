"""Colleagues mentioned in a note: kept as a reference, `@{12}`, so that a new name or a namesake changes nothing.

While it is typed, and when it is read, it is “@” and the colleague's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

REFERENCE = re.compile(r"@\{(\d{1,18})\}")
_BEGINNING = re.compile(r"(?<![\w@])@(?=\w)")


def mentioned(text: str) -> list[int]:
    """The numbers of the colleagues that a kept text refers to, each once, in their order."""
    return list(dict.fromkeys(int(number) for number in REFERENCE.findall(text)))


def may_mention(text: str) -> bool:
    """Whether somebody may be meant by what was typed, so that names are worth looking up."""
    return bool(_BEGINNING.search(text))


def referring(text: str, names: Iterable[tuple[int, str]]) -> str:
    """The text as it is kept: “@” and one of `names` (the first to fit, longer ones before) becomes a reference."""
    ordered = sorted(((name, number) for number, name in names if name), key=lambda pair: -len(pair[0]))
    found, at = [], 0
    for start in (match.start() for match in _BEGINNING.finditer(text)):
        if start < at:
            continue
        fits = next((pair for pair in ordered if _begins(text, pair[0], start + 1)), None)
        if fits:
            found += [text[at:start], f"@{{{fits[1]}}}"]
            at = start + 1 + len(fits[0])
    return "".join(found) + text[at:]


def in_words(text: str, names: Mapping[int, str], gone: str) -> str:
    """The text as it is read; `gone` stands for a colleague who is no longer known."""
    return REFERENCE.sub(lambda match: f"@{names.get(int(match[1])) or gone}", text)


def _begins(text: str, name: str, start: int) -> bool:
    end = start + len(name)
    whole = end >= len(text) or not text[end].isalnum()
    return whole and text[start:end].casefold() == name.casefold()

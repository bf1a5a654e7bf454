"""Sentences for the terminal, in Russian or English after LANG.

Standard library only, and straight from the catalogue's source: the set-up speaks before there is a
virtual environment, compiled translations or Django.
"""

import ast
import os
from functools import cache
from pathlib import Path

CATALOGUE = Path(__file__).resolve().parents[2] / "locale" / "ru" / "config.po"

DONE, FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 130


class Trouble(Exception):
    """Something outside the program is not as it must be. Shown as its one sentence, never as a traceback."""

    def __init__(self, sentence: str, *, exit_code: int = FAILED):
        super().__init__(sentence)
        self.exit_code = exit_code


def language() -> str:
    """'ru' or 'en', by the first of LC_ALL, LC_MESSAGES and LANG that is set (the order of POSIX)."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(variable):
            return "ru" if os.environ[variable].lower().startswith("ru") else "en"
    return "en"


@cache
def russian() -> dict[str, str]:
    """msgid -> msgstr of this project's terminal sentences (plural entries have no place here)."""
    sentences: dict[str, str] = {}
    entry: dict[str, str] = {}
    field = ""
    for line in [*CATALOGUE.read_text(encoding="utf-8").splitlines(), ""]:
        keyword, _space, rest = line.partition(" ")
        if keyword in ("msgid", "msgstr"):
            field = keyword
            entry[field] = ast.literal_eval(rest)
        elif line.startswith('"') and field:
            entry[field] += ast.literal_eval(line)
        elif not line.strip():
            if entry.get("msgid") and entry.get("msgstr"):
                sentences[entry["msgid"]] = entry["msgstr"]
            entry, field = {}, ""
    return sentences


def gettext(sentence: str) -> str:
    """The sentence in the terminal's language; its {placeholders} are filled by the caller."""
    return russian().get(sentence, sentence) if language() == "ru" else sentence

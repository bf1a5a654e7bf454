"""The sentences of a room's sources, as gettext's tools would extract them, and what its Russian catalogue lacks."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.utils.translation import template

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
CYRILLIC = re.compile("[А-Яа-яЁё]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|{\w*[^{}]*}")
PLURALS = "nplurals=3"

# (context, sentence, its plural or "")
Key = tuple[str, str, str]


def sources(room: Path) -> Iterator[tuple[Path, str]]:
    """(path, Python text) of a room's modules and templates; a template as the Python that gettext's tools read."""
    for path in sorted(room.rglob("*")):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        if path.suffix == ".py":
            yield path, path.read_text(encoding="utf-8")
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            python = template.templatize(path.read_text(encoding="utf-8"), origin=str(path))
            yield path, "\n".join(line.strip() for line in python.splitlines())


def sentences(room: Path) -> dict[Key, str]:
    """Every sentence marked for translation, with the first place where it stands."""
    found: dict[Key, str] = {}
    for path, text in sources(room):
        for line, message, _comments, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
            parts = [message] if isinstance(message, str) else [part for part in message if part]
            if parts and parts[0]:
                found.setdefault(
                    (context or "", parts[0], parts[1] if len(parts) > 1 else ""), f"{path}:{line}"
                )
    return found


def untranslated_text(room: Path) -> list[str]:
    """Russian sentences in templates: they would be shown to an English reader."""
    found = []
    for path in sorted(room.glob("templates/**/*.html")):
        text = re.sub(
            r"{#.*?#}|{%\s*comment\b.*?endcomment\s*%}", "", path.read_text(encoding="utf-8"), flags=re.S
        )
        found += [f"{path}: {line.strip()[:80]}" for line in text.splitlines() if CYRILLIC.search(line)]
    return found


def faults(wanted: dict[Key, str], catalogue: Path) -> list[str]:
    """What is missing, stale, fuzzy, half translated or has lost a placeholder."""
    entries = {}
    if catalogue.exists():
        entries = {
            (e.msgctxt or "", e.msgid, e.msgid_plural): e
            for e in polib.pofile(str(catalogue))
            if not e.obsolete
        }
    found = [f"missing, {place}: {key[1]}" for key, place in wanted.items() if key not in entries]
    found += [f"stale: {key[1]}" for key in entries if key not in wanted]
    found += [f"not English, {place}: {key[1]}" for key, place in wanted.items() if CYRILLIC.search(key[1])]
    for key, entry in entries.items():
        if not entry.translated() or (entry.msgid_plural and len(entry.msgstr_plural) != 3):
            found.append(f"untranslated or fuzzy: {key[1]}")
            continue
        asked = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for text in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            given = set(PLACEHOLDER.findall(text))
            # A plural form for one may leave the number out.
            if not given <= asked or (given != asked and not entry.msgid_plural):
                found.append(f"placeholders differ: {key[1]}")
    if any(key[2] for key in entries) and PLURALS not in polib.pofile(str(catalogue)).metadata.get(
        "Plural-Forms", ""
    ):
        found.append(f"{catalogue.name} has no Plural-Forms header with three forms")
    return found

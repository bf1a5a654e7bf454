"""Writes `docs/events.md` out of the events themselves: `python -m config.event_list`. A test says when it is old."""

from __future__ import annotations

import dataclasses
import inspect
from pathlib import Path

from config.running.places import ROOT

FILE = ROOT / "docs" / "events.md"
HEAD = """# What can happen

Every event that the ledger keeps, by room: made by `python -m config.event_list`, checked by
`config/tests/test_events.py`. Each row of the ledger also has the time, the actor, the request, and where it concerns
them the contact and the object.
"Heard by" names the subscribers; timeline, audit and reports read all of it.
"""


def event_list() -> str:
    """The whole document, in English. Needs Django with all rooms."""
    from django.utils import translation

    from veche.core.ledger import EVENTS

    rooms: dict[str, list[str]] = {}
    with translation.override("en"):
        for kind, event in sorted(EVENTS.items()):
            if ".tests." in event.__module__:
                continue
            rooms.setdefault(kind.partition(".")[0], []).append(_line(kind))
    parts = [HEAD]
    for room, lines in rooms.items():
        head = "| kind | what happened | of | its own fields | heard by |\n|---|---|---|---|---|"
        parts.append(f"## {room}\n\n{head}\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


def _line(kind: str) -> str:
    from veche.core.delivery import SUBSCRIBERS
    from veche.core.ledger import EVENTS, Event

    event = EVENTS[kind]
    envelope = {field.name for field in dataclasses.fields(Event)}
    own = [f"`{f.name}`: {f.type}" for f in dataclasses.fields(event) if f.name not in envelope]
    heard = sorted(each.name for each in SUBSCRIBERS.values() if each.kinds is None or kind in each.kinds)
    cells = [f"`{kind}`", _in_words(event), event.object_kind, ", ".join(own), ", ".join(heard)]
    return "| " + " | ".join(cell.replace("|", "or") or "—" for cell in cells) + " |"


def _in_words(event: type) -> str:
    """The label and the docstring; dataclasses write a docstring of their own where there is none."""
    said = inspect.cleandoc(event.__doc__ or "")
    if said.startswith(f"{event.__name__}("):
        said = ""
    return " ".join(f"{event.label}. {said}".split())


def write(file: Path = FILE) -> None:
    """Bring the document up to date."""
    file.write_text(event_list(), encoding="utf-8")


if __name__ == "__main__":
    from config.running import preparation

    preparation.set_up_django()
    write()

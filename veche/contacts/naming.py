"""How a contact is called: one line out of its parts. The parsing is the names room's."""

from __future__ import annotations

from veche.names import name_key


def compose_name(surname: str, given_name: str, patronymic: str) -> str:
    """The line that lists show: surname first, as Russian lists have it; what is missing leaves no gap."""
    return " ".join(part for part in (surname, given_name, patronymic) if part)


def shorter_names(surname: str, given_name: str, patronymic: str) -> list[str]:
    """How the line shortens where it does not fit: first the patronymic to an initial, then the first name as well.
    The surname is never cut; without one there is nothing to shorten to."""
    if not (surname and given_name):
        return []
    lines = [compose_name(surname, given_name, _initial(patronymic))] if patronymic else []
    return [*lines, compose_name(surname, _initial(given_name), _initial(patronymic))]


def _initial(part: str) -> str:
    return f"{part[0].upper()}." if part else ""


def key_of(*parts: str) -> str:
    """What a contact is sorted and searched by, out of surname, given name and patronymic, or of one name."""
    return name_key(*parts)[:600]


def initials(name: str) -> str:
    """At most two capital letters for the round mark: Иванова Анна Петровна gives ИА."""
    letters = [word[0] for word in name.split() if word[:1].isalpha()]
    return "".join(letters[:2]).upper()

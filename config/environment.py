"""Typed readers of the environment. Nonsense stops the start with one sentence that names the variable."""

from __future__ import annotations

import os
import secrets
import zoneinfo
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from config.running.speech import gettext as _


class Nonsense(SystemExit):
    """A variable that cannot be meant; ends the process with status 2 and the sentence on stderr."""

    def __init__(self, sentence: str):
        import sys

        print(sentence, file=sys.stderr)
        super().__init__(2)


def text(name: str, default: str) -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool) -> bool:
    value = text(name, str(int(default))).lower()
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"0", "no", "false", "off"}:
        return False
    raise Nonsense(_("{name} must be 1 or 0, not “{value}”.").format(name=name, value=value))


def names(name: str, default: list[str]) -> list[str]:
    given = [part.strip() for part in os.environ.get(name, "").split(",")]
    return [part for part in given if part] or default


def needed(name: str) -> str:
    """A text that another setting asks for."""
    value = text(name, "")
    if not value:
        raise Nonsense(_("{name} must be set.").format(name=name))
    return value


def one_of(name: str, values: Sequence[str]) -> str:
    """One of the values, or "" where nothing is set."""
    value = text(name, "")
    if value and value not in values:
        sentence = _("{name} must be one of {values}, not “{value}”.")
        raise Nonsense(sentence.format(name=name, values=", ".join(values), value=value))
    return value


def whole(name: str, default: int, *, most: int) -> int:
    """A whole number from 1 on."""
    value = text(name, str(default))
    if not (value.isascii() and value.isdecimal() and 1 <= int(value[:18]) <= most):
        sentence = _("{name} must be a number from 1 to {most}, not “{value}”.")
        raise Nonsense(sentence.format(name=name, most=most, value=value))
    return int(value)


def folder(name: str) -> str:
    """A folder by its whole path, or "" where nothing is set."""
    value = text(name, "")
    if value and not Path(value).is_absolute():
        raise Nonsense(
            _("{name} must be the whole path of a folder, not “{value}”.").format(name=name, value=value)
        )
    return value


def url(name: str, default: str) -> str:
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        sentence = _("{name} must be an address such as https://crm.example.org, not “{value}”.")
        raise Nonsense(sentence.format(name=name, value=value))
    return value


def time_zone(name: str, default: str) -> str:
    value = text(name, default)
    if value not in zoneinfo.available_timezones():
        sentence = _("{name} must be a time zone such as Europe/Moscow, not “{value}”.")
        raise Nonsense(sentence.format(name=name, value=value))
    return value


def secret_key(folder: Path) -> str:
    """The installation's own key: VECHE_SECRET_KEY, else one made once and kept in the data folder (mode 0600)."""
    if given := text("VECHE_SECRET_KEY", ""):
        return given
    path = folder / "secret-key"
    try:
        return path.read_text()
    except FileNotFoundError:
        pass
    except OSError as error:
        sentence = _("The secret key {path} cannot be read: {reason}.")
        raise Nonsense(sentence.format(path=path, reason=error.strerror)) from error
    key = secrets.token_urlsafe(50)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key)
    except FileExistsError:
        return path.read_text()
    except OSError as error:
        sentence = _("The data folder {folder} cannot be written ({reason}): set VECHE_DATA to one that can.")
        raise Nonsense(sentence.format(folder=folder, reason=error.strerror)) from error
    return key


def database(name: str, *, embedded: Mapping[str, Any]) -> dict[str, Any]:
    """Django's settings of the PostgreSQL server that variable `name` gives as a URL, else of the embedded one.

    `embedded` holds libpq parameters: host (the socket's folder), user, dbname.
    """
    given = text(name, "")
    if given:
        if urlsplit(given).scheme not in {"postgres", "postgresql"}:
            sentence = _("{name} must start with postgresql://: Veche works with PostgreSQL only.")
            raise Nonsense(sentence.format(name=name))
        try:
            parts = conninfo_to_dict(given)
        except psycopg.ProgrammingError as error:
            sentence = _("{name} cannot be understood: {reason}.")
            raise Nonsense(sentence.format(name=name, reason=str(error).strip())) from error
    else:
        parts = dict(embedded)
    named = {key: str(parts.pop(key, "") or "") for key in ("dbname", "user", "password", "host", "port")}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": named["dbname"],
        "USER": named["user"],
        "PASSWORD": named["password"],
        "HOST": named["host"],
        "PORT": named["port"],
        "OPTIONS": {**parts, "pool": {"min_size": 1, "max_size": 12, "timeout": 20}},
        "TEST": {"NAME": f"test_{named['dbname']}"},
    }

"""`veche bench`: figures measured on a base of a given size, in a database of its own that is kept for next time."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec

import click
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from config.running import database, places, preparation
from config.running.speech import REFUSED, Trouble
from config.running.speech import gettext as _

# The order of the floors, so that a base is filled from below.
FLOORS = ("accounts", "addresses", "campaigns", "names", "contacts", "exchange", "dedupe", "desk")
FILLED = "veche bench base"


def report(group: str | None, *, contacts: int, only_list: bool, as_json: bool) -> int:
    """Measure and print; the exit status is 1 when a bar is not held."""
    groups = load_groups()
    if only_list:
        click.echo("\n".join(groups))
        return 0
    if group and group not in groups:
        known = ", ".join(groups)
        sentence = _("There is no group {group}; there are: {groups}").format(group=group, groups=known)
        raise Trouble(sentence, exit_code=REFUSED)
    figures = []
    with database.running(), own_database(contacts) as wants_filling:
        from django.db import connection

        connection.settings_dict["NAME"] = name_of(contacts)  # nothing has connected yet
        try:
            preparation.migrate()
            if wants_filling:
                fill(contacts)
            for name in [group] if group else groups:
                print(name, file=sys.stderr)
                for figure in groups[name](contacts):
                    figures.append(figure)
                    if not as_json:
                        click.echo(line(figure))
        finally:
            preparation.close_connections()
    if as_json:
        click.echo(json.dumps([figure.as_json() for figure in figures], ensure_ascii=False))
    return 0 if all(figure.ok for figure in figures) else 1


def load_groups() -> dict:
    """Every group that a room's `bench` registers, be it a file or a folder."""
    preparation.set_up_django()
    from veche.core import measuring

    for room in FLOORS:
        if find_spec(f"veche.{room}.bench"):
            import_module(f"veche.{room}.bench")
    return measuring.GROUPS


@contextmanager
def own_database(contacts: int) -> Iterator[bool]:
    """DATABASE_URL names `veche_bench_<size>` in the same server during the block; yields whether it wants filling.

    A base that was left half filled is thrown away first.
    """
    before = os.environ.get("DATABASE_URL")
    server = conninfo_to_dict(before) if before else dict(places.dsn())
    name = name_of(contacts)
    with database.connect(make_conninfo("", **{**server, "dbname": "postgres"})) as db:
        query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
        is_filled = db.execute(query, [name]).fetchone() == (FILLED,)
        if not is_filled:
            db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            db.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    os.environ["DATABASE_URL"] = address({**server, "dbname": name})
    try:
        yield not is_filled
    finally:
        if before is None:
            del os.environ["DATABASE_URL"]
        else:
            os.environ["DATABASE_URL"] = before


def name_of(contacts: int) -> str:
    return f"veche_bench_{contacts}"


def fill(contacts: int) -> None:
    """Fill the base, and mark it whole at the end."""
    from django.db import connection

    from veche.core import measuring

    for each in measuring.FILLS:
        began = time.monotonic()
        print(f"{each.__module__}.{each.__name__}({contacts})", end="… ", flush=True, file=sys.stderr)
        each(contacts)
        print(f"{time.monotonic() - began:.0f} s", file=sys.stderr)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        name = sql.Identifier(connection.settings_dict["NAME"])
        cursor.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(FILLED)))


def address(parts: dict) -> str:
    """A postgresql:// address out of libpq parameters; a socket's folder goes into the query."""
    from urllib.parse import quote, urlencode

    rest = {key: value for key, value in parts.items() if key != "dbname" and value is not None}
    return f"postgresql:///{quote(str(parts['dbname']))}?{urlencode(rest)}"


def line(figure) -> str:
    """A figure for people."""
    sign = "+" if figure.ok else "-"
    bar = "" if figure.bar is None else f"  ({'≥' if figure.at_least else '≤'} {figure.bar:g})"
    ratio = "" if figure.ratio is None else f"  {figure.ratio:.3g} × {figure.ratio_to}"
    return f"{sign} {figure.name}: {figure.value:.4g} {figure.unit}{bar}{ratio}"

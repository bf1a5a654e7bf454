"""The database a command works on: the server DATABASE_URL names, else the embedded one, started for as long."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg import sql

from config import environment
from config.running import folder, places
from config.running.postgres import EmbeddedPostgres
from config.running.speech import Trouble
from config.running.speech import gettext as _

OLDEST_SERVER = 15
CONNECT_SECONDS = 10
LOOK_EVERY = 1.0  # seconds between two looks whether the server still lives


@contextmanager
def running() -> Iterator[None]:
    """The database answers, exists, and is fit for Veche during the block; raises Trouble otherwise."""
    environment.database("DATABASE_URL", embedded=places.dsn())  # nonsense is told as such
    folder.prepare(places.data_dir())
    if url := os.environ.get("DATABASE_URL", "").strip():
        check(url)
        yield
        return
    cluster = EmbeddedPostgres(places.data_dir())
    with cluster.use():
        create_missing(cluster.dsn("postgres"), places.dsn()["dbname"])
        check(cluster.dsn())
        yield


def revive() -> None:
    """Start the embedded server again if it has died; a server of DATABASE_URL is somebody else's care."""
    if not os.environ.get("DATABASE_URL", "").strip():
        EmbeddedPostgres(places.data_dir()).revive()


@contextmanager
def kept_up() -> Iterator[None]:
    """The embedded server is started again whenever it dies during the block: a command has no supervisor to do it."""
    over = threading.Event()

    def look_after() -> None:
        while not over.wait(LOOK_EVERY):
            with suppress(
                Trouble, OSError
            ):  # at the next look again; whoever needs the server says what ails it
                revive()

    keeper = threading.Thread(target=look_after, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def connect(dsn: str) -> psycopg.Connection:
    """A connection in autocommit, or Trouble with the server's own reason."""
    try:
        return psycopg.connect(dsn, connect_timeout=CONNECT_SECONDS, autocommit=True)
    except psycopg.Error as error:
        reason = (str(error).strip().splitlines() or ["?"])[0].strip()
        raise Trouble(_("The database cannot be reached: {reason}").format(reason=reason)) from error


def create_missing(dsn: str, name: str) -> bool:
    """Create a database if the server has none of that name; True when it did."""
    with connect(dsn) as db:
        if db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return False
        try:
            db.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except psycopg.errors.DuplicateDatabase:  # another process was quicker
            return False
        except psycopg.errors.DiskFull as error:
            raise folder.full_disk(places.data_dir()) from error
    return True


def check(dsn: str) -> dict[str, str]:
    """What the server is, as {"server", "encoding"}; Trouble when Veche cannot work with it.

    The last test is the one that matters: under the wrong locale everything seems to work, and nobody is ever found
    by a name spelt a little differently.
    """
    with connect(dsn) as db:
        major = db.info.server_version // 10000
        if major < OLDEST_SERVER:
            raise Trouble(
                _("The server is PostgreSQL {major}, and Veche needs {oldest} or newer.").format(
                    major=major, oldest=OLDEST_SERVER
                )
            )
        encoding = db.execute("SHOW server_encoding").fetchone()[0]
        if encoding != "UTF8":
            raise Trouble(
                _("The database is in {encoding}: create it with ENCODING 'UTF8'.").format(encoding=encoding)
            )
        if not _knows_russian(db):
            raise Trouble(
                _(
                    "The database's locale does not know Russian letters: "
                    "create it with LC_CTYPE 'C.UTF-8' or 'ru_RU.UTF-8'."
                )
            )
        return {"server": db.info.parameter_status("server_version") or str(major), "encoding": encoding}


def _knows_russian(db: psycopg.Connection) -> bool:
    try:
        if not db.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'").fetchone():
            with suppress(psycopg.errors.UniqueViolation):  # another process was quicker
                db.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        return db.execute("SELECT similarity('Иванова', 'иванов') > 0 AND lower('Ё') = 'ё'").fetchone()[0]
    except psycopg.errors.DiskFull as error:
        raise folder.full_disk(places.data_dir()) from error
    except psycopg.Error as error:
        raise Trouble(
            _("The database has no extension pg_trgm and we may not create it: {reason}").format(
                reason=str(error).strip().splitlines()[0]
            )
        ) from error

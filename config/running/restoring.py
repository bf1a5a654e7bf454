"""A copy of the embedded database into a file, and back."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import psycopg

from config.running import database, folder, places, postgres, serving
from config.running.postgres import EmbeddedPostgres
from config.running.speech import Trouble
from config.running.speech import gettext as _

# Rows of the ledger bear the transaction number of the server they were written on, and the subscribers' places are
# numbers of that server too. In another cluster they would lie in its future: nothing new would be delivered. So all
# rows move to one number before any of here, and every place to the first row that was not delivered yet; what
# follows may be delivered twice, as it always may.
SETTLE = """
UPDATE core_cursor AS place SET xid = 1, entry = COALESCE(
    (SELECT min(id) - 1 FROM core_ledger WHERE (xid, id) > (place.xid::text::xid8, place.entry)),
    (SELECT max(id) FROM core_ledger), 0);
UPDATE core_ledger SET xid = '1'::xid8;
"""


def dump(cluster: EmbeddedPostgres, file: Path) -> int:
    """Write the whole database into `file`, as of one moment, while others work; returns pg_dump's status."""
    return tool("pg_dump", "--format=custom", "--no-owner", f"--file={file}", "--dbname", cluster.dsn())


def restore(cluster: EmbeddedPostgres, file: Path) -> int:
    """Put the copy in the place of the database; the old one goes only once the copy is whole."""
    if serving.is_serving(places.data_dir()):
        raise Trouble(_("Veche is running: stop it first, then restore."))
    name, fresh = places.dsn()["dbname"], "veche_restored"
    with database.connect(cluster.dsn("postgres")) as server:
        server.execute(f"DROP DATABASE IF EXISTS {fresh}")
        server.execute(f"CREATE DATABASE {fresh}")
        if tool("pg_restore", "--no-owner", "--exit-on-error", "--dbname", cluster.dsn(fresh), str(file)):
            server.execute(f"DROP DATABASE {fresh}")
            raise Trouble(_("{file} could not be restored; the database is as it was.").format(file=file))
        settle(cluster.dsn(fresh))
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")
        server.execute(f"ALTER DATABASE {fresh} RENAME TO {name}")
    return 0


def settle(dsn: str) -> None:
    """Make a restored database at home on its new server; harmless when it was there already."""
    with database.connect(dsn) as db, db.transaction():
        try:
            db.execute(SETTLE)
        except psycopg.errors.UndefinedTable as error:
            raise Trouble(_("That is no database of Veche.")) from error
        except psycopg.errors.DiskFull as error:
            raise folder.full_disk(places.data_dir()) from error


def tool(name: str, *words: str | Sequence[str]) -> int:
    """Run one of PostgreSQL's own tools; its exit status, 1 for any failure."""
    return min(subprocess.run([str(postgres.binaries() / name), *words]).returncode, 1)

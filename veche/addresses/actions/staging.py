"""The staging tables: what was read of one region. Unlogged, made for a region and dropped after it.

Killed server, empty tables: so a row of `addresses_stage_mark` stands in them, and without it the region is read anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection

from veche.addresses.register.rows import BINARY, STAGING, TEXTS, Intake

HEAD, TAIL = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"  # of COPY's binary format
# For joins and indexes of one region; a small machine has that much beside everything else.
MEMORY = ("SET LOCAL work_mem = '96MB'", "SET LOCAL maintenance_work_mem = '192MB'")
# How many rows there are is what the joins of a switch must know; a tenth of the usual sample tells it.
SAMPLE, USUAL = "SET LOCAL default_statistics_target = 10", "SET LOCAL default_statistics_target TO DEFAULT"


def begin_region(load_id: int, region: int) -> None:
    """Empty staging tables for a region."""
    with connection.cursor() as sql:
        sql.execute(
            "CREATE UNLOGGED TABLE IF NOT EXISTS addresses_stage_mark (load_id bigint, region smallint)"
        )
        for name, columns in STAGING.items():
            sql.execute(f"CREATE UNLOGGED TABLE IF NOT EXISTS addresses_stage_{name} ({columns})")
        sql.execute(
            f"TRUNCATE {', '.join(f'addresses_stage_{name}' for name in STAGING)}, addresses_stage_mark"
        )
        sql.execute("INSERT INTO addresses_stage_mark VALUES (%s, %s)", [load_id, region])


def is_begun(load_id: int, region: int) -> bool:
    """Whether the staging tables hold what was read of this region for this load."""
    with connection.cursor() as sql:
        sql.execute("SELECT to_regclass('addresses_stage_mark') IS NOT NULL")
        if not sql.fetchone()[0]:
            return False
        sql.execute(
            "SELECT EXISTS (SELECT FROM addresses_stage_mark WHERE load_id = %s AND region = %s)",
            [load_id, region],
        )
        return sql.fetchone()[0]


def remember(intake: Intake) -> None:
    """Tell a load that goes on what it has staged already."""
    sets = {"flat": intake.flats} if intake.with_flats else {"object": intake.known, "house": intake.known}
    with connection.cursor() as sql:
        sql.execute("SELECT id FROM addresses_stage_object WHERE actual AND NOT active")
        intake.gone.update(id_ for (id_,) in sql.fetchall())
        for name, known in sets.items():
            with sql.copy(f"COPY (SELECT id FROM addresses_stage_{name}) TO STDOUT") as copy:
                for (id_,) in copy.rows():
                    known.add(int(id_))


def stage(lines: Mapping[str, Sequence[bytes]]) -> None:
    """Lines of `rows.Intake`, and rows of `packing.Packer`, into the staging tables."""
    for told, rows in lines.items():
        if not rows:
            continue
        name, binary, _rest = told.partition(BINARY)
        if binary:
            how, rows = "WITH (FORMAT BINARY)", [HEAD, *rows, TAIL]
        else:
            how = "" if name in TEXTS else "WITH (NULL '')"
        columns = ", ".join(column.split()[0] for column in STAGING[name].split(", "))
        with (
            connection.cursor() as sql,
            sql.copy(f"COPY addresses_stage_{name} ({columns}) FROM STDIN {how}") as copy,
        ):
            copy.write(b"".join(rows))


def begin_switch(sql) -> None:
    """Memory for the joins of one region; temporary tables of an earlier switch in the same transaction go."""
    for statement in MEMORY:
        sql.execute(statement)
    sql.execute(
        "SELECT string_agg(format('pg_temp.%I', relname), ', ') FROM pg_class"
        " WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r' AND starts_with(relname, 'addresses_')"
    )
    if names := sql.fetchone()[0]:
        sql.execute(f"DROP TABLE {names}")
    sql.execute(SAMPLE)
    for name in STAGING:
        sql.execute(f"ANALYZE addresses_stage_{name}")
    sql.execute(USUAL)


def end_region() -> None:
    """Drop the staging tables."""
    with connection.cursor() as sql:
        names = ", ".join(f"addresses_stage_{name}" for name in (*STAGING, "mark"))
        sql.execute(f"DROP TABLE IF EXISTS {names}")

"""`veche bench lookup`: look-ups and suggestions among five times as many houses as the base has contacts.

5 M houses are the promise, and an archive of them would take longer to write than all that is measured. So only a small
archive is read; the staging tables of each of its regions are then filled by the database itself with the rows that
reading a large one leaves there, and the regions are built by what builds them always. Nobody has flats here.
VECHE_BENCH_HOUSES asks for another number, VECHE_BENCH_STREETS for another than a twelfth of it.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import connection, transaction

from veche.accounts.queries import every_permission
from veche.addresses.actions.building import build_region
from veche.addresses.actions.register import start_load
from veche.addresses.actions.staging import begin_region, end_region, stage
from veche.addresses.bench.gar import A_REGION, asking, typing
from veche.addresses.register.crowds import KINDS, Crowd, write_crowds
from veche.addresses.register.generating import guid_of
from veche.addresses.register.keys import object_key
from veche.core.actor import SHELL, Actor
from veche.core.background import run_job
from veche.core.measuring import Figure, bench_group

BUILT_BEHIND = 1_000_000  # a build's number, behind those of real loads
HOUSES = """
INSERT INTO addresses_stage_house (version, id, guid, actual, active, kind, key)
SELECT id, id, lpad(to_hex(id), 32, '0')::uuid, true, true, 2,
       n / {streets} * 2 + 1 + n % {streets} % 2 || CASE WHEN n * 7 % 40 = 0 THEN 'А' ELSE '' END
       || CASE WHEN n % 25 = 0 THEN '|2' ELSE '' END
FROM (SELECT n, {first} + n AS id FROM generate_series(0, {houses} - 1) AS n) AS house
"""
LINKS = """
INSERT INTO addresses_stage_{tree} (version, id, parent_id, active)
SELECT {first} + n, {first} + n, {streets_from} + n % {streets}, true FROM generate_series(0, {houses} - 1) AS n
"""
VALUES = """
INSERT INTO addresses_stage_{name} (version, id, live, value)
SELECT {first} + n, {first} + n, true, {value} FROM generate_series(0, {houses} - 1) AS n
"""


@bench_group("lookup")
def measure(contacts: int) -> Iterator[Figure]:
    """Look-ups and suggestions in a large register."""
    houses = int(os.environ.get("VECHE_BENCH_HOUSES", max(contacts * 5, 2000)))
    streets = int(os.environ.get("VECHE_BENCH_STREETS", houses // 12))
    regions = -(-houses // A_REGION)
    share, ways = houses // regions, max(streets // regions, 8)
    crowds = [Crowd(code, share, streets=ways) for code in range(10, 10 + regions)]
    _read_small([Crowd(crowd.region, 8) for crowd in crowds])
    began = time.monotonic()
    for crowd in crowds:
        _build(crowd)
    yield Figure(name="houses in the register", value=share * regions, unit="houses")
    yield Figure(name="streets in the register", value=ways * regions, unit="streets")
    yield Figure(name="built by region in", value=time.monotonic() - began, unit="s")
    yield from asking(crowds)
    yield from typing(crowds)


def _read_small(crowds: list[Crowd]) -> None:
    """The register's dictionaries and regions."""
    by = Actor(name="bench", permissions=every_permission(), sees_all=True, via=SHELL)
    with tempfile.TemporaryDirectory() as folder:
        path = write_crowds(Path(folder) / "gar.zip", crowds, dt.date(2026, 9, 8))
        run_job(job_id=start_load(by=by, path=path).job_id or 0)


def _build(crowd: Crowd) -> None:
    told = {"first": crowd.house_id(0), "houses": crowd.houses, "streets": crowd.streets,
            "streets_from": crowd.street_id(0)}  # fmt: skip
    with transaction.atomic(), connection.cursor() as sql:
        begin_region(BUILT_BEHIND, crowd.region)
        stage(_objects(crowd))
        sql.execute(HOUSES.format(**told))
        for tree in ("adm", "mun"):
            sql.execute(LINKS.format(tree=tree, **told))
        postcode = f"100000 + {crowd.region * 1000} + n % {crowd.streets} % 1000"
        for name, value in (("postcode", postcode), ("oktmo", "65701000001")):
            sql.execute(VALUES.format(name=name, value=value, **told))
        sql.execute("SELECT coalesce(max(id), 0) + 1 FROM addresses_load")
        build_region(crowd.region, BUILT_BEHIND + sql.fetchone()[0])
        end_region()


def _objects(crowd: Crowd) -> dict[str, list[bytes]]:
    """The region, its places and streets, as reading leaves them in the staging tables."""
    root = crowd.base + 1
    rows = [(root, 0, f"Область{crowd.region}", "обл", 1)]
    for n in range(crowd.places):
        rows.append((crowd.place_id(n), root, crowd.place_name(n), "с" if n else "г", 6 if n else 5))
    for n, place in enumerate(crowd.parents):
        rows.append((crowd.street_id(n), crowd.place_id(place), crowd.street_name(n), KINDS[n % 8], 8))
    lines: dict[str, list[bytes]] = {"object": [], "adm": [], "mun": []}
    for id_, parent, name, kind, level in rows:
        said = f"{id_}\t{id_}\t{guid_of(id_)}\t{level}\t1\t1\t{kind}\t{name}\t{object_key(name, level)}\n"
        lines["object"].append(said.encode())
        lines["adm"].append(f"{id_}\t{id_}\t{parent}\t1\n".encode())
        lines["mun"].append(f"{id_}\t{id_}\t{parent}\t65701000\t1\n".encode())
    return lines

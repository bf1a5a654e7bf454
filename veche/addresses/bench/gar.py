"""`veche bench gar`: a made-up register loaded from an archive, then asked, beside what is usual.

A fifth as many houses as the base has contacts; VECHE_BENCH_HOUSES and VECHE_BENCH_STREETS ask for others (5000000 and
3000000 are the promise). As many flats as houses.

An object is a place, street, house or flat that the archive brings and the register then has. The rows that tell of it
(older versions, two trees, nine parameters of a house: some eight rows for each object) are not counted as objects.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from django.db import connection, transaction

from veche.accounts.queries import every_permission
from veche.addresses.actions.register import start_load
from veche.addresses.models import AddressObject, House, Load
from veche.addresses.queries.lookup import find
from veche.addresses.queries.suggest import suggest
from veche.addresses.register.archive import Archive
from veche.addresses.register.crowds import KINDS, Crowd, write_crowds
from veche.addresses.register.elements import ByExpat, Reader, Spot
from veche.addresses.register.generating import guid_of
from veche.addresses.register.keys import house_key
from veche.addresses.register.parts import Parts
from veche.addresses.register.schema import TABLES
from veche.core.actor import SHELL, Actor
from veche.core.background import run_job
from veche.core.measuring import Figure, bench_group, milliseconds, percentile
from veche.core.refusal import Refusal

A_REGION = 500_000  # houses
NAIVE_HOUSES = 3000
ASKED, TYPED, ILIKE_ASKED = 400, 300, 8
FULL_TYPES = {"ул": "улица", "пер": "переулок", "пр-кт": "проспект", "б-р": "бульвар", "наб": "набережная"}


@bench_group("gar")
def measure(contacts: int) -> Iterator[Figure]:
    """Loading, looking up, suggesting."""
    houses = int(os.environ.get("VECHE_BENCH_HOUSES", max(contacts // 5, 2000)))
    streets = int(os.environ.get("VECHE_BENCH_STREETS", houses // 12))
    regions = -(-houses // A_REGION)
    share, ways = houses // regions, max(streets // regions, 8)
    crowds = [Crowd(code, share, flats=share, streets=ways) for code in range(10, 10 + regions)]
    with tempfile.TemporaryDirectory() as folder:
        path = write_crowds(Path(folder) / "gar.zip", crowds, dt.date(2026, 9, 8))
        yield from _loading(path, crowds)
        yield from _reading(path, crowds[0])
    yield from asking(crowds)
    yield from typing(crowds)


def _loading(path: Path, crowds: list[Crowd]) -> Iterator[Figure]:
    by = Actor(name="bench", permissions=every_permission(), sees_all=True, via=SHELL)
    began, worked = time.monotonic(), time.process_time()
    load = start_load(by=by, path=path)
    run_job(job_id=load.job_id or 0)
    seconds, worked = time.monotonic() - began, time.process_time() - worked
    load.refresh_from_db()
    if load.state != Load.State.DONE:
        raise Refusal("bench.failed", f"The load stands at {load.state}: {load.error}")
    objects, rows = sum(crowd.objects for crowd in crowds), load.totals["rows"]
    naive = _naive(path, crowds[0])
    yield Figure(name="naive: iterparse, bulk_create, one by one", value=naive, unit="objects/s")
    yield Figure(name="elements of the archive", value=rows / seconds, unit="rows/s")
    yield Figure(
        name=f"load of {objects} objects", value=objects / seconds, unit="objects/s", bar=50_000, at_least=True,
        ratio_to="naive loader", ratio=objects / seconds / naive,
    )  # fmt: skip
    yield Figure(name="of that, reading", value=load.totals["seconds_reading"], unit="s")
    yield Figure(name="of that, building", value=load.totals["seconds_building"], unit="s")
    yield Figure(name="of that, work of this process", value=worked, unit="s")
    with connection.cursor() as sql:
        sql.execute(
            "SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent IN"
            " ('addresses_object'::regclass, 'addresses_house'::regclass, 'addresses_alias'::regclass)"
        )
        yield Figure(name="on disk", value=int(sql.fetchone()[0]) / objects, unit="bytes/object")


def _naive(path: Path, crowd: Crowd) -> float:
    """What loaders usually do: elements by ElementTree, dictionaries in memory, bulk_create. Nothing of it stays."""
    with Archive(path) as archive, transaction.atomic():
        began = time.monotonic()
        found: dict[str, dict] = {}
        counted = 0
        for table in ("HOUSES", "ADM_HIERARCHY", "MUN_HIERARCHY", "HOUSES_PARAMS"):
            limit = NAIVE_HOUSES * (9 if table == "HOUSES_PARAMS" else 1)
            with archive.open(archive.files(crowd.region, table)[0]) as file:
                for _event, element in ET.iterparse(file):
                    given = element.attrib
                    if given.get("ISACTIVE", "1") == "1" and given.get("CHANGEIDEND", "0") == "0":
                        row = found.setdefault(given.get("OBJECTID", ""), {})
                        row.update(given if "TYPEID" not in given else {given["TYPEID"]: given["VALUE"]})
                    element.clear()
                    counted += 1
                    if counted % limit == 0:
                        break
        houses = [
            House(id=-n, parent_id=int(row.get("PARENTOBJID", 0)), guid=row.get("OBJECTGUID", guid_of(1)),
                  region=crowd.region, kind=2, key=house_key(row["HOUSENUM"]), postcode=row.get("5"),
                  oktmo=row.get("7"))
            for n, row in enumerate(found.values(), 1) if "HOUSENUM" in row
        ]  # fmt: skip
        House.objects.bulk_create(houses, batch_size=1000)
        seconds = time.monotonic() - began
        transaction.set_rollback(True)
    return len(houses) / seconds


def _reading(path: Path, crowd: Crowd) -> Iterator[Figure]:
    """Our reading of one file beside expat with a handler and ElementTree's iterparse, in seconds of the processor."""
    with Archive(path) as archive:
        entry = archive.files(crowd.region, "ADM_HIERARCHY")[0]
        table = TABLES["ADM_HIERARCHY"]

        def ours() -> int:
            return sum(block.seen for block in Reader(archive, entry, table, Spot()).blocks())

        def expat() -> int:
            slow = ByExpat(table, entry, (), rooted=True)
            with archive.open(entry) as file:
                while chunk := file.read(2**20):
                    slow.feed(chunk)
                    slow.take()
            return slow.count

        def iterparse() -> int:
            counted = 0
            with archive.open(entry) as file:
                for _event, element in ET.iterparse(file):
                    counted += 1
                    element.clear()
            return counted

        rates = {}
        for work in (iterparse, expat, ours):
            began = time.process_time()
            rates[work.__name__] = work() / (time.process_time() - began)
    yield Figure(
        name="reading one table by ElementTree.iterparse", value=rates["iterparse"], unit="rows/CPU s"
    )
    yield Figure(name="reading one table by expat", value=rates["expat"], unit="rows/CPU s")
    yield Figure(
        name="reading one table", value=rates["ours"], unit="rows/CPU s", ratio_to="expat",
        ratio=rates["ours"] / rates["expat"],
    )  # fmt: skip


def asking(crowds: list[Crowd]) -> Iterator[Figure]:
    dice = random.Random(5)
    times, wrong_times, right = [], [], 0
    for _n in range(ASKED):
        crowd = dice.choice(crowds)
        parts, house_id = _address(crowd, dice)
        answers: list = []
        times.append(milliseconds(lambda parts=parts, answers=answers: answers.append(find(parts))))
        right += house_id in {each.object_id for each in answers[0].candidates}
    for _n in range(ASKED // 4):
        parts, _id = _address(dice.choice(crowds), dice, misspelt=True)
        wrong_times.append(milliseconds(lambda parts=parts: find(parts)))
    slow = [_ilike(crowds[0], dice) for _n in range(ILIKE_ASKED)]
    usual = percentile(slow, 50)
    yield Figure(name="the same by ILIKE without an index, median", value=usual, unit="ms")
    yield Figure(name="looked up and found", value=100 * right / ASKED, unit="%", bar=99, at_least=True)
    yield Figure(name="look-up p50", value=percentile(times, 50), unit="ms")
    yield Figure(
        name="look-up p95", value=percentile(times, 95), unit="ms", bar=5, ratio_to="ILIKE without an index",
        ratio=percentile(times, 95) / usual,
    )  # fmt: skip
    yield Figure(name="look-up of a misspelt street p95", value=percentile(wrong_times, 95), unit="ms")


def _address(crowd: Crowd, dice: random.Random, *, misspelt: bool = False) -> tuple[Parts, int]:
    n = dice.randrange(crowd.houses)
    street, number = crowd.house(n)
    place = crowd.parents[street]
    name = crowd.street_name(street)
    if misspelt and len(name) > 4:
        name = name[:2] + name[3] + name[2] + name[4:]
    where = {"city": crowd.place_name(place)} if place == 0 else {"settlement": crowd.place_name(place)}
    return Parts(
        region=f"Область{crowd.region}", street=name, street_type=FULL_TYPES[KINDS[street % 8]], house=number,
        block="2" if n % 25 == 0 else "", **where,
    ), crowd.house_id(n)  # fmt: skip


def _ilike(crowd: Crowd, dice: random.Random) -> float:
    parts, _id = _address(crowd, dice)
    with transaction.atomic(), connection.cursor() as sql:
        for way in ("indexscan", "bitmapscan", "indexonlyscan"):
            sql.execute(f"SET LOCAL enable_{way} = off")
        asked = AddressObject.objects.filter(name__icontains=parts.street, level=8).values_list(
            "id", flat=True
        )
        number = house_key(parts.house, parts.block)
        return milliseconds(lambda: list(House.objects.filter(parent_id__in=list(asked), key__iexact=number)))


def typing(crowds: list[Crowd]) -> Iterator[Figure]:
    """Every letter of towns and streets as they are typed: "Лук", "Луканово Лен", "Луканово Ленина 1"."""
    dice = random.Random(6)
    texts = []
    while len(texts) < TYPED:
        parts, _id = _address(dice.choice(crowds), dice)
        place = parts.city or parts.settlement
        whole = dice.choice(
            (place, parts.street, f"{place} {parts.street}", f"{place} {parts.street} {parts.house}")
        )
        texts.append(whole[: dice.randint(1, len(whole))])
    times = [milliseconds(lambda text=text: suggest(text)) for text in texts]
    yield Figure(name="suggestions p50", value=percentile(times, 50), unit="ms")
    yield Figure(name="suggestions p95", value=percentile(times, 95), unit="ms", bar=50)

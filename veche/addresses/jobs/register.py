"""Loading the register, killed at any moment without harm: each portion of a file commits with its place in it.

The cursor names the region, the file and the spot up to which its rows stand in the staging tables. A region's switch
is one transaction; a load that is taken up again goes on with what was being read, or reads that region anew when the
server has lost the (unlogged) staging tables.
"""

from __future__ import annotations

import time
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.utils import DataError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from veche.addresses.actions import staging
from veche.addresses.actions.delta import unplaced_flats
from veche.addresses.actions.register import LOAD, end_load, switch_region, tables_of
from veche.addresses.models import Load, Region, Word
from veche.addresses.register.ahead import ahead
from veche.addresses.register.archive import Archive, BadArchive
from veche.addresses.register.dictionaries import Dictionaries
from veche.addresses.register.elements import Lines, Making, Reader, Spot
from veche.addresses.register.packing import Packer
from veche.addresses.register.rows import Intake
from veche.addresses.register.schema import FLAT_TABLES, TABLES
from veche.core.background import Cancelled, JobRun, job_kind
from veche.core.refusal import Refusal

PORTION = 64 * 2**20  # bytes of XML that are staged with one commit
BLOCKS_AHEAD = 4


@dataclass
class Place:
    """How far a load has come: what the job's cursor holds."""

    region: int = 0
    file: int = 0  # the number of the file among those of the region, in the order of reading
    spot: Spot = field(default_factory=Spot)
    done: int = 0  # bytes of XML
    told: dict[str, Any] = field(default_factory=dict)  # sums of this region's reading

    @classmethod
    def of(cls, cursor: dict[str, Any]) -> Place:
        if not cursor:
            return cls()
        spot = Spot(cursor["offset"], cursor["skip"])
        return cls(cursor["region"], cursor["file"], spot, cursor["done"], cursor["told"])

    def cursor(self) -> dict[str, Any]:
        return {"region": self.region, "file": self.file, "offset": self.spot.offset, "skip": self.spot.skip,
                "done": self.done, "told": self.told}  # fmt: skip


@job_kind(LOAD, label=gettext_lazy("Loading the address register"))
def load_register(run: JobRun) -> None:
    """Read and switch one region after another. A second run goes on where the first was killed."""
    load = Load.objects.get(pk=run.job.object_id)
    try:
        with Archive(load.path) as archive:
            if archive.fingerprint != load.fingerprint:
                raise BadArchive(_("The archive has changed since its load began: start the load again."))
            for region in load.regions:
                if region not in load.done:
                    _load_region(run, load, archive, region)
        end_load(by=run.actor, load=load, state=Load.State.DONE)
    except Cancelled:
        end_load(by=run.actor, load=load, state=Load.State.CANCELLED)
        raise
    except DataError as error:
        said = _("The archive holds a value that the register cannot have: %(reason)s") % {
            "reason": str(error).splitlines()[0]
        }
        end_load(by=run.actor, load=load, state=Load.State.FAILED, error=said)
        raise BadArchive(said) from error
    except Refusal as refusal:
        end_load(by=run.actor, load=load, state=Load.State.FAILED, error=str(refusal))
        raise


def _load_region(run: JobRun, load: Load, archive: Archive, region: int) -> None:
    began = time.monotonic()
    place = Place.of(run.cursor)
    if place.region != region or not staging.is_begun(load.pk, region):
        place = Place(region=region, done=archive.size(load.done, tables_of(load)))
        with transaction.atomic():
            staging.begin_region(load.pk, region)
            run.checkpoint(done=place.done, cursor=place.cursor(), stage="read")
    _read(run, load, archive, place)
    if load.is_delta:
        place.told["flats_unplaced"] = unplaced_flats()
    place.told["seconds_reading"] = round(place.told.get("seconds_reading", 0) + time.monotonic() - began, 1)
    with transaction.atomic():
        run.checkpoint(cursor=place.cursor(), stage="build")
    with transaction.atomic():
        switch_region(by=run.actor, load=load, region=region, told=place.told)
        run.checkpoint(done=place.done, cursor=Place(done=place.done).cursor())


def _read(run: JobRun, load: Load, archive: Archive, place: Place) -> None:
    words = Word.objects.order_by("pk").values_list("vocabulary", "code", "short", "name")
    intake = Intake(Dictionaries.of(words), load.version, load.is_delta, load.with_flats)
    if not load.is_delta:
        staging.remember(intake)
    for number, (table, entry) in enumerate(_files(load, archive, place.region)):
        if number < place.file:
            continue
        if number > place.file:
            place.file, place.spot = number, Spot()
        types = intake.params if table.endswith("_PARAMS") else ()
        reader = Reader(archive, entry, TABLES[table], place.spot, types)
        making = None if load.is_delta else _at_once(table, intake)
        for lines, seen, spot, size in ahead(_portions(reader, intake, making)):
            with transaction.atomic():
                staging.stage(lines)
                place.spot, place.done = spot, place.done + size
                place.told["rows"] = place.told.get("rows", 0) + seen
                run.checkpoint(done=place.done, cursor=place.cursor())


def _at_once(table: str, intake: Intake) -> Making:
    """What `Reader.blocks` asks for lines instead of rows, block by block; a thread unpacks the next ones meanwhile."""
    packer = Packer(table, intake)
    return lambda texts: (packer.made(text) for text in ahead(texts, most=BLOCKS_AHEAD))


def _files(load: Load, archive: Archive, region: int) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    no_flats = load.is_delta and not Region.objects.get(code=region).with_flats  # as the region was loaded
    for table in tables_of(load):
        if no_flats and table in FLAT_TABLES:
            continue
        for entry in archive.files(region, table):
            yield table, entry


def _portions(
    reader: Reader, intake: Intake, making: Making | None
) -> Iterator[tuple[Lines, int, Spot, int]]:
    """(lines, elements seen, the spot after them, bytes) of a whole file, some megabytes at a time."""
    lines: Lines = defaultdict(list)
    seen = size = 0
    for block in reader.blocks(making):
        made = block.rows if isinstance(block.rows, dict) else intake.lines(reader.table.name, block.rows)
        for name, more in made.items():
            lines[name] += more
        seen, size = seen + block.seen, size + block.bytes
        if size >= PORTION:
            yield lines, seen, block.after, size
            lines, seen, size = defaultdict(list), 0, 0
        last = block.after
    if seen:
        yield lines, seen, last, size

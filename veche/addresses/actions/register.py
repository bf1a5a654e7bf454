"""Loading the state register: begun by a person, done region by region by a job."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.addresses.actions.building import build_region
from veche.addresses.actions.delta import apply_delta
from veche.addresses.actions.staging import end_region
from veche.addresses.events import RegionLoaded, RegisterLoadEnded, RegisterLoadStarted
from veche.addresses.models import AddressObject, Load, Region, Word
from veche.addresses.register.archive import Archive
from veche.addresses.register.dictionaries import read_dictionaries
from veche.addresses.register.schema import FLAT_TABLES, NEEDED, TABLES
from veche.addresses.register.steps import insist_next
from veche.core.action import action
from veche.core.actor import Actor
from veche.core.background import start_job
from veche.core.ledger import publish
from veche.core.models import Job
from veche.core.refusal import Refusal

LOAD = "addresses.load_register"
ONE_AT_A_TIME = 0x4741520001  # "GAR": held by whoever looks whether a load is under way


@action("addresses.load")
def start_load(
    *, by: Actor, path: str | Path, regions: Sequence[int] = (), is_delta: bool = False,
    follows: dt.date | None = None, with_flats: bool = True,
) -> Load:  # fmt: skip
    """Load regions of an archive of the register in the background: those named, else all that are in it.

    A delta goes to the regions that are loaded already, in strict order: `follows` is the release before it, where the
    calendar would expect another between them. `Refusal` says what is wrong; then nothing has changed.
    """
    path = Path(path).expanduser().absolute()
    with Archive(path) as archive:
        chosen = (
            _regions_of_delta(archive, regions, follows) if is_delta else _whole_regions(archive, regions)
        )
        _insist_alone()
        if is_delta:
            with_flats = Region.objects.filter(code__in=chosen, with_flats=True).exists()
        load = Load.objects.create(
            path=str(path), fingerprint=archive.fingerprint, version=archive.version, is_delta=is_delta,
            follows=follows, with_flats=with_flats, regions=chosen,
        )  # fmt: skip
        _remember_words(archive)
        total = archive.size(chosen, tables_of(load))
    job = start_job(LOAD, by=by, subject=path.name, object_id=load.pk, total=total)
    load.job_id = job.pk
    load.save(update_fields=["job_id"])
    publish(
        RegisterLoadStarted(object_id=load.pk, version=load.version, is_delta=is_delta, regions=len(chosen)),
        by=by,
    )
    return load


def tables_of(load: Load) -> list[str]:
    """The tables that a load reads, in order."""
    return [name for name in TABLES if load.with_flats or name not in FLAT_TABLES]


def _whole_regions(archive: Archive, regions: Sequence[int]) -> list[int]:
    if "delta" in archive.path.name.lower():
        said = _(
            "%(file)s is a delta by its name, and would replace whole regions by what has changed: add --delta."
        )
        raise Refusal("register.looks_like_delta", said % {"file": archive.path.name})
    missing = sorted(set(regions) - set(archive.regions))
    if missing or not archive.regions:
        said = {"missing": _listed(missing or [0]), "regions": _listed(archive.regions) or "—"}
        raise Refusal(
            "register.no_region", _("The archive has no region %(missing)s; it has: %(regions)s.") % said
        )
    chosen = sorted(set(regions)) or archive.regions
    for region in chosen:
        if lacking := [name for name in NEEDED if not archive.files(region, name)]:
            said = {"region": f"{region:02}", "files": ", ".join(f"AS_{name}" for name in lacking)}
            raise Refusal(
                "register.incomplete",
                _("The archive's folder %(region)s lacks %(files)s, without which there is no register.")
                % said,
            )
    archive.version  # noqa: B018  raises where there is none
    return chosen


def _regions_of_delta(archive: Archive, regions: Sequence[int], follows: dt.date | None) -> list[int]:
    loaded = {region.code: region for region in Region.objects.order_by("code")}
    if missing := sorted(set(regions) - set(loaded)):
        raise Refusal(
            "register.not_loaded",
            _(
                "A delta changes what is loaded, and region %(missing)s is not: load it from a whole archive first."
            )
            % {"missing": _listed(missing)},
        )
    if not loaded:
        raise Refusal("register.empty", _("No region is loaded yet: begin with a whole archive."))
    chosen = sorted(set(regions) or loaded)
    behind = [code for code in chosen if loaded[code].version != archive.version]
    for code in behind or chosen:  # a delta that was stopped between two regions goes on with the others
        insist_next(loaded[code].version, archive.version, follows, region=str(loaded[code]))
    return behind


def _insist_alone() -> None:
    with connection.cursor() as sql:
        sql.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    if Job.objects.filter(kind=LOAD, state__in=[Job.State.QUEUED, Job.State.RUNNING]).exists():
        raise Refusal(
            "register.busy",
            _("The register is being loaded already: wait until that load has ended, or stop it."),
            status=409,
        )


def _remember_words(archive: Archive) -> None:
    words = [
        Word(vocabulary=each.vocabulary, code=each.code, level=each.level, short=each.short, name=each.name)
        for each in read_dictionaries(archive)
    ]
    Word.objects.bulk_create(
        words,
        update_conflicts=True,
        unique_fields=["vocabulary", "code"],
        update_fields=["level", "short", "name"],
    )


@action("addresses.load")
def switch_region(*, by: Actor, load: Load, region: int, told: dict[str, Any]) -> None:
    """Put what was staged of a region into the register, in one transaction; `told` are the sums of its reading."""
    began = time.monotonic()
    counts = apply_delta(region) if load.is_delta else build_region(region, load.pk)
    told = {**told, "seconds_building": round(time.monotonic() - began, 1)}
    values = {
        "version": load.version, "loaded_at": timezone.now(), "objects_count": counts.objects,
        "houses_count": counts.houses, "flats_count": counts.flats,
    }  # fmt: skip
    root = AddressObject.objects.filter(region=region, level=1).order_by("-active", "id").first()
    if root:
        values |= {"object_id": root.pk, "name": root.name, "type": root.type}
    if not load.is_delta:
        values |= {"load": load, "with_flats": load.with_flats}
    Region.objects.update_or_create(code=region, defaults=values)
    load.done = [*load.done, region]
    load.totals = {
        **load.totals, **{name: round(load.totals.get(name, 0) + value, 1) for name, value in told.items()}
    }  # fmt: skip
    load.save(update_fields=["done", "totals"])
    publish(
        RegionLoaded(
            object_id=load.pk, region=region, version=load.version, is_delta=load.is_delta,
            objects=counts.objects, houses=counts.houses, flats=counts.flats,
        ),
        by=by,
    )  # fmt: skip
    end_region()


@action("addresses.load")
def end_load(*, by: Actor, load: Load, state: str, error: str = "") -> Load:
    """Note that a load has come to its end; regions that it has loaded stay as they are."""
    load.state, load.error, load.ended_at = state, error[:4000], timezone.now()
    load.save(update_fields=["state", "error", "ended_at"])
    end_region()
    publish(RegisterLoadEnded(object_id=load.pk, state=state, regions=len(load.done)), by=by)
    return load


def _listed(codes: Sequence[int]) -> str:
    return ", ".join(f"{code:02}" for code in codes)

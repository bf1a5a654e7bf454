"""The list of houses as an export. The right, the log, the job and the end of the file are those of every export."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from veche.contacts.queries.houses import Line, houses_found, lines_of
from veche.core.action import action
from veche.core.actor import Actor
from veche.core.background import start_job
from veche.core.ledger import publish
from veche.core.refusal import Refusal
from veche.exchange.actions.exports import MAKE
from veche.exchange.events import ExportOrdered
from veche.exchange.models import Export
from veche.exchange.queries import house_orders, orders
from veche.exchange.writing import NUMBER, Column, Sheet, write_text, write_workbook

PORTION = 2000  # houses that are read at once
COLUMNS = (
    "region", "postcode", "town", "street", "number", "people", "flats", "flats_known", "share", "elder", "kind",
    "entrances", "floors", "management", "management_phone", "problems", "latitude", "longitude", "note",
)  # fmt: skip


@action("exchange.export")
def order_houses(*, by: Actor, query: Mapping[str, Any], form: str) -> Export:
    """Order the houses of a list (`query`: its address) as a file; a job makes it. `Refusal` for what cannot be."""
    by.require("contacts.view")
    view = house_orders.view_of(query)
    filters = house_orders.filters_of(by, view)
    if form not in dict(Export.TABLES):
        raise Refusal("export.format", _("Choose Excel or CSV."))
    export = Export.objects.create(
        made_by_id=by.user_id, view=view, words=house_orders.words_of(filters)[:1000], columns=list(COLUMNS),
        form=form, options={"delimiter": ";", "houses": True}, language=by.language,
        titles=orders.titles(lambda: house_orders.words_of(house_orders.filters_of(by, view))),
    )  # fmt: skip
    codes = house_orders.codes_of(filters, view)
    publish(ExportOrdered(object_id=export.pk, form=form, filters=codes, columns=COLUMNS), by=by)
    job = start_job(MAKE, by=by, subject=export.words, export=export.pk)
    Export.objects.filter(pk=export.pk).update(job_id=job.pk)
    export.job_id = job.pk
    return export


def write(
    path: Path, *, by: Actor, export: Export, begun: Callable[..., None], tell: Callable[[int], None]
) -> int:
    """Write the file of an order; returns how many houses. `begun` is told how many they will be. May run twice."""
    ids = houses_found(by, export.view)
    begun(total=len(ids))
    columns = _columns()
    rows = _rows(by, ids, tell)
    if path.suffix == ".csv":
        return write_text(path, columns, rows, delimiter=export.options["delimiter"])
    return write_workbook(path, [Sheet(_("Houses"), columns, rows, count=len(ids))])


def _columns() -> list[Column]:
    captions: dict[str, tuple[str, str]] = {
        "region": (_("Region"), ""), "postcode": (_("Postcode"), ""), "town": (_("Town or village"), ""),
        "street": (_("Street"), ""), "number": (pgettext("address", "House"), ""), "people": (_("People"), NUMBER),
        "flats": (_("Flats"), NUMBER), "flats_known": (_("Flats with a contact"), NUMBER),
        "share": (_("Flats with a contact, %"), NUMBER), "elder": (_("House elder"), ""), "kind": (_("Kind"), ""),
        "entrances": (_("Entrances"), NUMBER), "floors": (_("Floors"), NUMBER), "management": (_("Management"), ""),
        "management_phone": (_("Phone of the management"), ""), "problems": (_("Open problems"), NUMBER),
        "latitude": (_("Latitude"), NUMBER), "longitude": (_("Longitude"), NUMBER), "note": (_("Note"), ""),
    }  # fmt: skip
    return [
        Column(caption, kind) if kind else Column(caption) for caption, kind in map(captions.get, COLUMNS)
    ]


def _rows(by: Actor, ids: list[int], tell: Callable[[int], None]) -> Iterator[list[Any]]:
    for first in range(0, len(ids), PORTION):
        for line in lines_of(by, ids[first : first + PORTION]):
            yield _row(line)
        tell(min(first + PORTION, len(ids)))


def _row(line: Line) -> list[Any]:
    house = line.house
    return [
        house.region, house.postcode, house.town, house.street, house.number, line.people, house.flats,
        line.flats_known, line.share, str(line.elder or ""), str(house.get_kind_display()) if house.kind else "",
        house.entrances, house.floors, house.management, house.management_phone, house.open_problems,
        house.latitude, house.longitude, house.note,
    ]  # fmt: skip

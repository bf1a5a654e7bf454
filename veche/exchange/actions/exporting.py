"""Taking people out of the base. Its own permission, and a ledger row each time."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from veche.campaigns.models import Campaign
from veche.contacts.models import OwnField
from veche.core.action import action
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import Refusal
from veche.exchange import exporting
from veche.exchange.events import PeopleExported

FORMATS = (".xlsx", ".csv")


@action("exchange.export")
def export_people(*, by: Actor, path: Path, campaign: Campaign | None = None) -> int:
    """Write everybody whom the actor may see (of one campaign) to `path`, .xlsx or .csv; returns how many."""
    if path.suffix.lower() not in FORMATS:
        raise Refusal("export.format", _("Name the file .xlsx or .csv."))
    fields = list(OwnField.objects.filter(archived_at__isnull=True))
    people = exporting.people(by, fields, campaign_id=campaign.pk if campaign else None)
    try:
        count = exporting.write(path, exporting.header(fields), people)
    except OSError as error:
        reason = {"file": path, "reason": error.strerror or error}
        raise Refusal(
            "export.unwritable", _("The file %(file)s cannot be written: %(reason)s.") % reason
        ) from error
    form = path.suffix.lower().lstrip(".")
    publish(PeopleExported(people=count, form=form, object_id=campaign.pk if campaign else None), by=by)
    return count

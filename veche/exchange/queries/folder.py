"""What the page of imports says of the watched folder: whether it is looked into, and what it could not load."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.accounts.models import User
from veche.core.actor import Actor
from veche.exchange.models import Import, WatchedFile
from veche.exchange.queries import ANYBODYS, imports_for

DAYS = 7
SHOWN = 5


@dataclass(frozen=True)
class Notice:
    """`trouble` keeps the folder from being looked into; `files` were not loaded in the last days."""

    trouble: str
    files: list[WatchedFile]
    more: int


def notice(actor: Actor) -> Notice | None:
    """For those who manage everybody's work, and for the user in whose name the files come."""
    if not settings.VECHE_IMPORT_FOLDER:
        return None
    user = User.objects.filter(email__iexact=settings.VECHE_IMPORT_AS, is_active=True).first()
    if not actor.may(ANYBODYS) and (user is None or actor.user_id != user.pk):
        return None
    since = timezone.now() - dt.timedelta(days=DAYS)
    failed = WatchedFile.objects.filter(state=WatchedFile.State.FAILED, made_at__gte=since)
    failed = failed.exclude(imported__state=Import.State.LOADED).select_related("imported").order_by("-pk")
    seen = set(imports_for(actor).filter(pk__in=failed.values("imported")).values_list("pk", flat=True))
    files = list(failed[:SHOWN])
    for each in files:
        each.is_open = each.imported_id in seen
    found = Notice(_trouble(user), files, max(0, failed.count() - SHOWN))
    return found if found.trouble or found.files else None


def _trouble(user: User | None) -> str:
    said = {"folder": settings.VECHE_IMPORT_FOLDER, "email": settings.VECHE_IMPORT_AS}
    if user is None:
        return _("The folder %(folder)s is not looked into: nobody signs in as %(email)s.") % said
    if not os.path.isdir(settings.VECHE_IMPORT_FOLDER) or not os.access(
        settings.VECHE_IMPORT_FOLDER, os.W_OK
    ):
        return _("The folder %(folder)s is not looked into: it is not there or cannot be written to.") % said
    return ""

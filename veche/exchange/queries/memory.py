"""What is known from earlier files: how columns with these captions were laid out, and whether this file came before.

Both are shared by colleagues who may import: of one team, or who see the campaign of the file.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from veche.core.actor import Actor
from veche.core.refusal import NotFound
from veche.exchange.captions import plain_caption
from veche.exchange.models import Import, SavedMapping
from veche.exchange.queries import Numbers, imports_for
from veche.ui.formats import plain_day


def headers_of(imported: Import) -> str:
    """The digest of a file's captions, in any order; "" for one without captions."""
    captions = [place_of(imported, plan["index"]) for plan in imported.mapping]
    named = sorted(f"{caption}#{repeat}" for caption, repeat in captions if caption)
    return sha256("\n".join(named).encode()).hexdigest() if named else ""


def place_of(imported: Import, index: int) -> tuple[str, int]:
    """(normalised caption, how many columns to the left have it too, plus one) of a column."""
    column = next((each for each in imported.columns if each["index"] == index), None)
    if column is None or not imported.source.get("header_row"):
        return "", index
    caption = column["caption"]
    return plain_caption(caption) or caption.lower(), column.get("repeat", 1)


def mappings_for(actor: Actor) -> QuerySet[SavedMapping]:
    """Remembered mappings that the actor shares in."""
    if not actor.may("exchange.import"):
        return SavedMapping.objects.none()
    return SavedMapping.objects.filter(_shared_with(actor)).select_related("made_by", "campaign")


def mapping_of(actor: Actor, mapping_id: int) -> SavedMapping:
    """One of them, else `NotFound`."""
    found = mappings_for(actor).filter(pk=mapping_id).first()
    if found is None:
        raise NotFound
    return found


def _shared_with(actor: Actor) -> Q:
    if actor.sees_all:
        return Q()
    campaigns: Collection[int] = actor.scope("campaign")
    colleagues = Q(made_by__in=_colleague_ids(actor.user_id)) & Q(campaign__isnull=True)
    return Q(made_by=actor.user_id) | Q(campaign__in=campaigns) | colleagues


def _colleague_ids(user_id: int | None) -> QuerySet:
    from veche.accounts.models import User

    return User.objects.filter(teams__members=user_id).values("pk")


@dataclass(frozen=True)
class Before:
    """An earlier load of the very same file. `is_open`: the actor may look at it."""

    imported: Import
    is_open: bool

    @property
    def numbers(self) -> Numbers:
        return Numbers(**self.imported.totals["load"]["numbers"])

    @property
    def sentence(self) -> str:
        """In the language active now."""
        maker = self.imported.made_by
        said = {"day": plain_day(self.imported.loaded_at), "name": maker.name if maker else "—"}
        counted = ngettext(
            "%(count)d person was created.", "%(count)d people were created.", self.numbers.created
        ) % {"count": self.numbers.created}  # fmt: skip
        return _("This very file was loaded on %(day)s by %(name)s.") % said + " " + counted


def loaded_before(actor: Actor, imported: Import) -> Before | None:
    """The latest load of the same file that was not undone, by the actor or a colleague; None for a new file."""
    same = Import.objects.filter(sha256=imported.sha256, loaded_at__isnull=False, state=Import.State.LOADED)
    found = (
        same.exclude(pk=imported.pk)
        .filter(_shared_with(actor))
        .select_related("made_by")
        .order_by("-loaded_at")
    )
    latest = next((each for each in found if "numbers" in each.totals.get("load", {})), None)
    return Before(latest, imports_for(actor).filter(pk=latest.pk).exists()) if latest else None

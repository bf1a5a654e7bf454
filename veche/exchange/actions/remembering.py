"""What the columns of a file became is remembered with its captions, and taken over by the next file that has them."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils import timezone

from veche.contacts.models import OwnField
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.exchange.events import MappingForgotten, MappingRemembered
from veche.exchange.mapping import NEW_FIELD, is_target
from veche.exchange.mapping.targets import FIELD_PREFIX
from veche.exchange.models import Correction, Import, SavedMapping
from veche.exchange.queries.memory import headers_of, mappings_for, place_of
from veche.exchange.queries.preview import is_offered

WORD = Correction.Kind.WORD
OPTIONS = ("default_city_code", "day_first", "name_order", "kind")


@action("exchange.import")
def recall(*, by: Actor, imported: Import) -> SavedMapping | None:
    """Lay the columns out as in the latest file with these captions that was loaded, where there was one."""
    unchanged()
    imported.corrections.filter(kind=WORD).delete()
    headers, saved = headers_of(imported), None
    if headers and not imported.options.get("afresh"):
        known = mappings_for(by).filter(headers=headers)
        if imported.options.get("kind_chosen"):
            known = known.filter(options__kind=imported.options["kind"])
        saved = known.order_by("-made_at", "-pk").first()
    imported.remembered = saved
    if saved:
        _lay_out(imported, saved, by)
    imported.save(update_fields=["remembered", "mapping", "options", "policy", "match_by"])
    return saved


def _lay_out(imported: Import, saved: SavedMapping, by: Actor) -> None:
    remembered = {(column["caption"], column["repeat"]): column for column in saved.columns}
    own = {field.key: field for field in OwnField.objects.filter(archived_at__isnull=True)}
    made = {(field.label.lower(), field.type): key for key, field in own.items()}
    words = []
    for plan in imported.mapping:
        column = remembered.get(place_of(imported, plan["index"]))
        if column is None:
            continue
        target = column["target"]
        if target == NEW_FIELD:  # the load has made it
            key = made.get((" ".join(column["label"].split()).lower(), column["field_type"]))
            target = f"{FIELD_PREFIX}{key}" if key else target
        elif (
            not is_target(target)
            or not is_offered(target)
            or (target.startswith(FIELD_PREFIX) and target[len(FIELD_PREFIX) :] not in own)
        ):
            continue
        plan |= {"target": target, **{name: column[name] for name in ("field_type", "label", "day_first")}}
        words += [
            Correction(
                batch=imported,
                column=plan["index"],
                kind=WORD,
                value=word,
                replacement=text,
                made_by_id=by.user_id,
            )
            for word, text in column.get("words", {}).items()
        ]
    Correction.objects.bulk_create(words)
    imported.options = {**imported.options, **saved.options}
    imported.policy, imported.match_by = saved.policy, saved.match_by


@action("exchange.import")
def remember(*, by: Actor, imported: Import) -> SavedMapping | None:
    """Remember the columns and rules of a file that is now loaded, in place of what they were before."""
    headers = headers_of(imported)
    if not headers:
        unchanged()
        return None
    words: dict[int, dict[str, str]] = {}
    for each in imported.corrections.filter(kind=WORD).exclude(state=Correction.State.LEAVING):
        words.setdefault(each.column, {})[each.value] = each.replacement
    columns = []
    for plan in imported.mapping:
        caption, repeat = place_of(imported, plan["index"])
        kept: dict[str, Any] = {"caption": caption, "repeat": repeat, "words": words.get(plan["index"], {})}
        names = ("target", "field_type", "label", "day_first")
        columns.append(kept | {name: plan.get(name, "") for name in names})
    given = {
        "captions": [plan["caption"] or plan["title"] for plan in imported.mapping],
        "columns": columns,
        "options": {name: imported.options[name] for name in OPTIONS if name in imported.options},
        "policy": imported.policy,
        "match_by": imported.match_by,
        "file_name": imported.name,
        "made_by_id": by.user_id,
        "made_at": timezone.now(),
    }
    known = (
        mappings_for(by).filter(headers=headers, campaign=imported.campaign_id).order_by("-made_at").first()
    )
    if known:
        SavedMapping.objects.filter(pk=known.pk).update(**given, uses=F("uses") + 1)
    else:
        known = SavedMapping.objects.create(headers=headers, campaign_id=imported.campaign_id, **given)
    publish(MappingRemembered(object_id=known.pk), by=by)
    return known


@action("exchange.import")
def forget_mapping(*, by: Actor, saved: SavedMapping) -> None:
    """Forget it: the next file with these captions is guessed again."""
    publish(MappingForgotten(object_id=saved.pk), by=by)
    saved.delete()

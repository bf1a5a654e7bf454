"""From a file to an import that knows its table, columns and rules. Each step may be repeated until the load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from veche.accounts.models import User
from veche.campaigns.models import Campaign
from veche.contacts.registry import ImportableKind
from veche.core.action import action
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import Refusal
from veche.exchange.actions.facts import insist_complete
from veche.exchange.actions.looking import OPEN_TO_SETUP, look_through, settle_look, taken
from veche.exchange.actions.running import start_check
from veche.exchange.events import ImportSetUp
from veche.exchange.mapping import (
    FIELD_TYPES,
    NEW_FIELD,
    SKIP,
    fact_target,
    is_of_kind,
    is_target,
    may_repeat,
)
from veche.exchange.mapping.targets import FACT_PREFIX
from veche.exchange.models import MATCH_KEYS, Import
from veche.exchange.queries import importable_of
from veche.exchange.queries.preview import is_offered


@action("exchange.import")
def choose_table(
    *,
    by: Actor,
    imported: Import,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: int | None = None,
    repair: str = "",
    kind: str | None = None,
) -> Import:
    """Read the file in another way: what is not given is found anew. The columns are guessed anew too.

    `kind` is the key of an importable kind (`contacts.registry`); None leaves it as it is.
    """
    how = {
        "sheet": sheet, "encoding": encoding, "delimiter": delimiter, "header_row": header_row, "repair": repair,
        "kind": kind,
    }  # fmt: skip
    imported = taken(imported, *OPEN_TO_SETUP)
    look_through(imported, how, by=by)
    return settle_look(by=by, imported=imported)


@action("exchange.import")
def guess_afresh(*, by: Actor, imported: Import) -> Import:
    """Forget for this file how such columns were laid out before: what each is, is guessed anew, the rules too."""
    imported = taken(imported, *OPEN_TO_SETUP)
    look_through(imported, {"afresh": True}, by=by)
    return settle_look(by=by, imported=imported, what="columns")


@action("exchange.import")
def confirm(
    *, by: Actor, imported: Import, columns: Sequence[Mapping[str, Any]], rules: Mapping[str, Any]
) -> Import:
    """All that the page of columns says, and the check of the file begins: `map_columns`, `choose_rules`, one after
    the other, or nothing of it."""
    imported = map_columns(by=by, imported=imported, columns=columns)
    imported = choose_rules(by=by, imported=imported, **rules)
    return start_check(by=by, imported=imported)


@action("exchange.import")
def map_columns(*, by: Actor, imported: Import, columns: Sequence[Mapping[str, Any]]) -> Import:
    """Say what each column becomes: {index, target, field_type, label, day_first}; a column not named stays as it is.

    `target` is a key of `mapping.TARGETS` or `field:<key>` of an own field; `label` and `field_type` are for
    `field:new`. `Refusal` with a sentence per column (`fields["column-<index>"]`) for what cannot be.
    """
    imported = taken(imported, *OPEN_TO_SETUP)
    given = {int(each["index"]): each for each in columns}
    plans = [_changed(plan, given.get(plan["index"], {})) for plan in imported.mapping]
    _insist_sensible(plans, importable_of(imported))
    imported.mapping, imported.state = plans, Import.State.MAPPED
    imported.save(update_fields=["mapping", "state"])
    publish(ImportSetUp(object_id=imported.pk, what="columns"), by=by)
    return imported


@action("exchange.import")
def choose_rules(
    *,
    by: Actor,
    imported: Import,
    policy: str | None = None,
    match_by: Sequence[str] | None = None,
    campaign: Campaign | None = None,
    tags: Sequence[str] = (),
    responsible: User | None = None,
    default_city_code: str | None = None,
    day_first: bool | None = None,
    name_order: str | None = None,
) -> Import:
    """Say how people are recognised, what happens to known ones, and what all of them get. None leaves as it is."""
    imported = taken(imported, *OPEN_TO_SETUP)
    if policy is not None:
        if policy not in Import.Policy.values:
            sentence = _("Choose one of the list.")
            raise Refusal("import.policy", sentence, fields={"policy": sentence})
        imported.policy = policy
    if match_by is not None:
        imported.match_by = [key for key in MATCH_KEYS if key in match_by]
    imported.campaign, imported.responsible = campaign, responsible
    imported.tags = list(dict.fromkeys(tag.strip()[:100] for tag in tags if tag.strip()))
    given = {"default_city_code": default_city_code, "day_first": day_first, "name_order": name_order}
    imported.options = {
        **imported.options,
        **{name: value for name, value in given.items() if value is not None},
    }
    imported.state = Import.State.MAPPED
    imported.save(update_fields=["policy", "match_by", "campaign", "responsible", "tags", "options", "state"])
    publish(ImportSetUp(object_id=imported.pk, what="rules"), by=by)
    return imported


def _changed(plan: dict[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    known = ("target", "field_type", "label", "day_first")
    changed = plan | {name: given[name] for name in known if name in given}
    fact = fact_target(changed["target"])
    return changed | {"field_type": fact.type} if fact else changed


def _insist_sensible(plans: Sequence[Mapping[str, Any]], kind: ImportableKind) -> None:
    wrong, taken = {}, set()
    for plan in plans:
        target, place = plan["target"], f"column-{plan['index']}"
        if (
            not is_target(target)
            or not is_offered(target)
            or (target.startswith(FACT_PREFIX) and not is_of_kind(target, kind))
        ):
            wrong[place] = _("Choose one of the list.")
        elif target in taken and not may_repeat(target):
            wrong[place] = _("Another column becomes this already.")
        elif target == NEW_FIELD and plan["field_type"] not in FIELD_TYPES:
            wrong[place] = _("Choose the type of the new field.")
        elif target == NEW_FIELD and not plan["label"].strip():
            wrong[place] = _("Give the new field a name.")
        taken.add(target)
    if not wrong and taken <= {SKIP}:
        raise Refusal("import.nothing_mapped", _("No column is imported: say what at least one of them is."))
    if wrong:
        raise Refusal("import.mapping", next(iter(wrong.values())), fields=wrong)
    insist_complete(kind, taken)

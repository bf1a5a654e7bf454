"""Rule sets: made, changed, put into use, removed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from veche.core.action import action
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import Refusal
from veche.core.uniqueness import unless_taken
from veche.dedupe.events import RulesChanged, RulesRemoved
from veche.dedupe.finding import WEIGHTS
from veche.dedupe.models import RuleSet
from veche.dedupe.queries.rules import FIND, KINDS, insist_whole_base


@action(FIND)
def save_rules(
    *,
    by: Actor,
    rules: RuleSet,
    name: str,
    automatic: float,
    ask: float,
    left_out: Collection[str] = (),
    weights: Mapping[str, float] | None = None,
    learns: bool = True,
    nightly: bool = True,
    merges_at_night: bool = False,
    in_use: bool = False,
) -> RuleSet:
    """Make or change a rule set; with `in_use` it replaces the one in use. Probabilities are 0..1, `weights` are
    factors of comparisons, those of `finding.WEIGHTS`."""
    insist_whole_base(by)
    if not 0 < ask <= automatic < 1:
        sentence = _("The limit for asking must not be above the one for merging.")
        raise Refusal("dedupe.limits", sentence, fields={"ask": sentence})
    if merges_at_night:
        by.require("contacts.merge")
    if not in_use and rules.pk is not None and RuleSet.objects.filter(pk=rules.pk, in_use=True).exists():
        sentence = _("One rule set must be in use: put another one into use instead.")
        raise Refusal("dedupe.rules_in_use", sentence, fields={"in_use": sentence})
    rules.name, rules.automatic, rules.ask = name, automatic, ask
    rules.left_out = [each for each in KINDS if each in left_out]
    rules.weights = _weights(weights or {})
    rules.learns = learns
    rules.nightly, rules.merges_at_night, rules.in_use = nightly, merges_at_night, in_use
    if rules.pk is None:
        rules.made_by_id = by.user_id
    if in_use:
        RuleSet.objects.filter(in_use=True).exclude(pk=rules.pk).update(in_use=False)
    taken = {"dedupe_rules_name_once": _taken, "dedupe_rules_one_in_use": _taken_into_use}
    with unless_taken(taken):
        rules.save()
    publish(_changed(rules), by=by)
    return rules


def _changed(rules: RuleSet) -> RulesChanged:
    return RulesChanged(
        object_id=rules.pk,
        automatic=rules.automatic,
        ask=rules.ask,
        left_out=tuple(rules.left_out),
        more=tuple(each for each, factor in rules.weights.items() if factor > 1),
        less=tuple(each for each, factor in rules.weights.items() if factor < 1),
        learns=rules.learns,
    )


def _weights(given: Mapping[str, float]) -> dict[str, float]:
    """Those that are not as the base shows."""
    if not set(given) <= set(KINDS) or not set(given.values()) <= set(WEIGHTS):
        raise Refusal("dedupe.weights", _("Choose how much each comparison counts out of what is offered."))
    return {each: float(given[each]) for each in KINDS if given.get(each, 1) != 1}


def _taken() -> Refusal:
    sentence = _("There is a rule set of this name already.")
    return Refusal("dedupe.rules_name", sentence, fields={"name": sentence})


def _taken_into_use() -> Refusal:
    return Refusal("dedupe.rules_in_use", _("Somebody has put other rules into use meanwhile."), status=409)


@action(FIND)
def remove_rules(*, by: Actor, rules: RuleSet) -> None:
    """Remove a rule set that is not in use; searches that were made by it keep what it said."""
    insist_whole_base(by)
    if rules.in_use:
        raise Refusal("dedupe.rules_in_use", _("These rules are in use: put other ones into use first."))
    number = rules.pk
    rules.delete()
    publish(RulesRemoved(object_id=number), by=by)

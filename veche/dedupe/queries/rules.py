"""By which rules doubles are looked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from veche.core.actor import Actor
from veche.core.refusal import NotFound, Refusal
from veche.dedupe.finding import COMPARISONS, Rules
from veche.dedupe.models import RuleSet, Search

FIND = "dedupe.find"  # the permission
LOOKED_BACK = 50  # searches
COUNTS = ("automatic", "ask", "left_out", "weights")  # what makes the figures of a search

# What is compared beside the name, which always is: a rule set may leave some of it out.
KINDS: dict[str, Any] = {
    "patronymic": gettext_lazy("Patronymic"),
    "birthday": gettext_lazy("Birthday"),
    "phone": gettext_lazy("Phones"),
    "email": gettext_lazy("E-mails"),
    "social": gettext_lazy("Accounts in social networks"),
    "place": gettext_lazy("Address"),
}


def insist_whole_base(actor: Actor) -> None:
    """Searches, their rules and what merges many at once are for who sees everybody; else 403."""
    actor.require(FIND)
    if not actor.sees_all:
        raise Refusal(
            "dedupe.whole_base",
            _("Doubles are looked for in the whole base, so only who sees the whole base may do this."),
            status=403,
        )


def rules_in_use() -> RuleSet:
    """The rule set in use; the usual one, not stored yet, when nobody has chosen any."""
    return RuleSet.objects.filter(in_use=True).first() or RuleSet(name=_("Usual rules"), in_use=True)


def all_rules(actor: Actor) -> list[RuleSet]:
    """The one in use first, each with what it has `counted`: the last search of the whole base by them as they are."""
    insist_whole_base(actor)
    stored = list(RuleSet.objects.order_by("-in_use", "name"))
    all_of_them = stored if stored and stored[0].in_use else [rules_in_use(), *stored]
    whole = Search.objects.filter(scope=Search.Scope.WHOLE, state=Search.State.DONE).exclude(figures={})
    newest = list(whole.order_by("-begun_at")[:LOOKED_BACK])
    for rules in all_of_them:
        told = frozen(rules)
        rules.counted = next(
            (
                each
                for each in newest
                if all((each.rules.get(key) or {}) == (told[key] or {}) for key in COUNTS)
            ),
            None,
        )
    return all_of_them


def get_rules(actor: Actor, rule_id: int | None) -> RuleSet:
    """The rule set with this number, or the one in use; `NotFound` when there is none."""
    insist_whole_base(actor)
    if rule_id is None:
        return rules_in_use()
    found = RuleSet.objects.filter(pk=rule_id).first()
    if found is None:
        raise NotFound
    return found


def frozen(rules: RuleSet) -> dict[str, Any]:
    """What a search keeps of the rules that it was started with."""
    return {
        "automatic": rules.automatic,
        "ask": rules.ask,
        "left_out": list(rules.left_out),
        "weights": dict(rules.weights),
        "merges_at_night": rules.merges_at_night,
    }


def as_told(kept: Mapping[str, Any]) -> Rules:
    """The same as the finder takes them."""
    compared = tuple(each for each in COMPARISONS if each not in kept["left_out"])
    return Rules(
        automatic=kept["automatic"],
        ask=kept["ask"],
        comparisons=compared,
        weights=kept.get("weights", {}),
        learned=kept.get("learned", {}),
    )

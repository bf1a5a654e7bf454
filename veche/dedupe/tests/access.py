"""Who decides on likely doubles, who searches for them. Volunteers and auditors have nothing to do with it."""

from veche.accounts.testing import actor_of
from veche.contacts.actions.inspecting import inspect_contacts
from veche.contacts.models import Finding
from veche.contacts.testing import make_person
from veche.core.actor import Actor
from veche.dedupe.actions.deciding import decide
from veche.dedupe.actions.household_sweeping import end_household_sweep, start_household_sweep
from veche.dedupe.actions.households import decide_household
from veche.dedupe.actions.phones import judge_phone
from veche.dedupe.actions.rules import save_rules
from veche.dedupe.actions.searching import start_search
from veche.dedupe.actions.sweeping import end_sweep, start_sweep
from veche.dedupe.models import RuleSet, Sweep
from veche.dedupe.queries.rules import rules_in_use
from veche.dedupe.testing import make_group, make_suggestion
from veche.ui.testing import Access

REVIEWERS = {"everyone": 403, "administrator": 200, "coordinator": 200, "operator": 200}
# An operator sees nobody of these.
DECIDERS = {"everyone": 403, "administrator": 302, "coordinator": 302, "operator": 404}
SAYERS = {"everyone": 403, "administrator": 204, "coordinator": 204}
FINDERS = {"everyone": 403, "administrator": 200, "coordinator": 200}
STEERERS = {"everyone": 403, "administrator": 302, "coordinator": 302}


def _group(*, certain: bool = False):
    return make_group(make_person("Соло Хан"), make_person("Соло Х."), certain=certain)


def a_group():
    return {"group_id": _group().pk}


def a_decision():
    """One's own: for all others it is a stranger's."""
    return {"decision_id": decide(by=actor_of("coordinator"), group_id=_group().pk, verdict="apart").pk}


def a_certain_one():
    _group(certain=True)
    return {"expected": 1}


def a_sweep():
    _group(certain=True)
    sweep = start_sweep(by=Actor.system())
    end_sweep(by=Actor.system(), sweep=sweep)
    return {"sweep_id": Sweep.objects.get().pk}


def a_search():
    return {"search_id": start_search(by=Actor.system(), rules=rules_in_use()).pk}


def some_rules():
    told = {"automatic": 0.9, "ask": 0.2}
    return {"rules_id": save_rules(by=Actor.system(), rules=RuleSet(), name="Строгие", **told).pk}


def a_shared_phone():
    people = [make_person(f"Соло {n}", phone="8 904 000-27-40").pk for n in range(3)]
    inspect_contacts(people)
    return {"finding_id": Finding.objects.filter(key="phone_shared").first().pk}


def a_judged_phone():
    said = judge_phone(by=Actor.system(), what="family", **a_shared_phone())
    return {"mark": str(said.pk)}


def a_question():
    """Three people on the page, who differ; nothing in the address."""
    make_group(*(make_person(name, phone="8 904 000-27-40") for name in ("Соло Хан", "Сола Хан", "Соло Бен")))
    return {}


def some_certain_ones():
    a_certain_one()
    return {}


def some_shared_phones():
    a_shared_phone()
    return {}


def a_suggestion():
    return {"suggestion_id": make_suggestion(make_person("Соло Хан"), make_person("Соло Бен")).pk}


def a_household_decision():
    """One's own: for all others it is a stranger's."""
    told = decide_household(by=actor_of("coordinator"), verdict="apart", **a_suggestion())
    return {"decision_id": told.pk}


def a_family():
    """One's own verdict “family”."""
    return {"decision_id": decide(by=actor_of("coordinator"), group_id=_group().pk, verdict="family").pk}


def a_plain_one():
    a_suggestion()
    return {"expected": 1}


def some_suggestions():
    a_suggestion()
    return {}


def a_household_sweep():
    a_suggestion()
    sweep = start_household_sweep(by=Actor.system())
    end_household_sweep(by=Actor.system(), sweep=sweep)
    return {"sweep_id": sweep.pk}


RULES = {"name": "Мягкие", "automatic": "95", "ask": "30", "compared": ["phone", "email"]}

ACCESS = [
    Access("dedupe:doubles", query=a_question, **REVIEWERS),
    Access("dedupe:decision_new", "POST", kwargs=a_group, data={"verdict": "apart"}, **DECIDERS),
    Access(
        "dedupe:decision_undo", "POST", kwargs=a_decision, everyone=403, administrator=404, coordinator=302,
        operator=404,
    ),
    Access("dedupe:skipped", "POST", **(DECIDERS | {"operator": 302})),
    Access(
        "dedupe:relations_new", "POST", kwargs=a_family, everyone=403, administrator=404, coordinator=302,
        operator=404,
    ),
    Access("dedupe:households", query=some_suggestions, **REVIEWERS),
    Access("dedupe:households_count", query=some_suggestions, **REVIEWERS),
    Access("dedupe:household_decision_new", "POST", kwargs=a_suggestion, data={"verdict": "apart"}, **DECIDERS),
    Access("dedupe:household_decision_new", "POST", kwargs=a_suggestion, data={"verdict": "gathered"}, **DECIDERS),
    Access(
        "dedupe:household_decision_undo", "POST", kwargs=a_household_decision, everyone=403, administrator=404,
        coordinator=302, operator=404,
    ),
    Access("dedupe:households_skipped", "POST", **(DECIDERS | {"operator": 302})),
    Access("dedupe:households_plain", query=some_suggestions, **FINDERS),
    Access("dedupe:household_sweep_new", "POST", data=a_plain_one, **STEERERS),
    Access("dedupe:household_sweep_undo", "POST", kwargs=a_household_sweep, **STEERERS),
    Access("dedupe:certain", query=some_certain_ones, **FINDERS),
    Access("dedupe:sweep_new", "POST", data=a_certain_one, **STEERERS),
    Access("dedupe:sweep_undo", "POST", kwargs=a_sweep, **STEERERS),
    Access("dedupe:phones", query=some_shared_phones, **REVIEWERS),
    Access("dedupe:phones", query={"judged": "1"}, **REVIEWERS),
    Access("dedupe:phone_verdict", "POST", kwargs=a_shared_phone, data={"what": "family"}, **SAYERS),
    Access("dedupe:phone_verdict", "POST", kwargs=a_shared_phone, data={"what": "invented"}, **SAYERS),
    Access("dedupe:phone_removal", "POST", kwargs=a_judged_phone, **SAYERS),
    Access("dedupe:searches", **FINDERS),
    Access("dedupe:search_new", "POST", data={"scope": "whole"}, **STEERERS),
    Access("dedupe:search_stop", "POST", kwargs=a_search, **STEERERS),
    Access("dedupe:rules_new", **FINDERS),
    Access("dedupe:rules_new", "POST", data=RULES, **STEERERS),
    Access("dedupe:rules", kwargs=some_rules, **FINDERS),
    Access("dedupe:rules", "POST", kwargs=some_rules, data=RULES, **STEERERS),
    Access("dedupe:rules_removal", "POST", kwargs=some_rules, **STEERERS),
]  # fmt: skip

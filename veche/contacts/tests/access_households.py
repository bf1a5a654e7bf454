"""Who may look at households and relations, and who may say them."""

from veche.accounts.testing import actor_of
from veche.contacts.actions.contacts import change_fields
from veche.contacts.actions.households import gather_household, leave_household
from veche.contacts.actions.relations import relate
from veche.contacts.models import Contact, Household
from veche.contacts.testing import make_person
from veche.core.actor import Actor
from veche.ui.testing import Access


def _seen() -> Contact:
    """Somebody whom the volunteer sees; the operator of the cast does not."""
    person = make_person("Иванов Иван")
    mine = {"responsible": actor_of("volunteer").user_id}
    change_fields(by=Actor.system(), contact_id=person.pk, fields=mine)
    return person


def _home() -> Household:
    people = [_seen().pk, _seen().pk, _seen().pk]
    return gather_household(by=Actor.system(), contact_ids=people)


def a_person():
    return {"contact_id": _seen().pk}


def a_household():
    return {"household_id": _home().pk}


def a_member():
    home = _home()
    return {"household_id": home.pk, "contact_id": home.members.first().contact_id}


def somebody_of_one():
    return {"contact_id": _home().members.first().contact_id}


def a_relation():
    one, other = _seen(), _seen()
    relation = relate(by=Actor.system(), one_id=one.pk, other_id=other.pk, kind_code="friend")
    return {"contact_id": one.pk, "relation_id": relation.pk}


def a_departure():
    kwargs = somebody_of_one()
    change = leave_household(by=Actor.system(), **kwargs)
    return {**kwargs, "change_id": change.pk}


SEEN = {"administrator": 200, "coordinator": 200, "operator": 404, "volunteer": 200, "auditor": 200}
FORM = SEEN | {"volunteer": 403, "auditor": 403}
BAD = {"administrator": 422, "coordinator": 422, "operator": 404, "volunteer": 403, "auditor": 403}
DONE = {"administrator": 204, "coordinator": 204, "operator": 404, "volunteer": 403, "auditor": 403}
MOVED = DONE | {"administrator": 302, "coordinator": 302}

HOUSEHOLDS = [
    Access("contacts:households", everyone=200),
    Access("contacts:household", kwargs=a_household, **SEEN),
    Access("contacts:household", kwargs={"household_id": 999_999}, everyone=404),
    Access("contacts:household_history", kwargs=a_household, **SEEN),
    Access("contacts:household_form", kwargs=a_household, **FORM),
    Access("contacts:household_form", "POST", kwargs=a_household, data={"letter": "none"}, **BAD),
    Access("contacts:household_people", kwargs=a_household, **FORM),
    Access("contacts:household_member_new", "POST", kwargs=a_household, data={"contact": ""}, **BAD),
    Access("contacts:household_member_removal", "POST", kwargs=a_member, **MOVED),
    Access("contacts:household_removal", "POST", kwargs=a_household, **MOVED),
    Access("contacts:ties", kwargs=a_person, **SEEN),
    Access("contacts:tie_restoration", "POST", kwargs=a_departure, htmx=True, **DONE),
    Access("contacts:relation_new", kwargs=a_person, **FORM),
    Access("contacts:relation_new", "POST", kwargs=a_person, data={"kind_code": "spouse"}, **BAD),
    Access("contacts:relation_people", kwargs=a_person, query={"q": "Иванов"}, **FORM),
    Access("contacts:relation_removal", "POST", kwargs=a_relation, htmx=True, **DONE),
    Access("contacts:household_departure", "POST", kwargs=somebody_of_one, htmx=True, **DONE),
]  # fmt: skip

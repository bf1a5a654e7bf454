"""Who may look at what is wrong in the base and put it right: those who work with it; volunteers see nothing of it."""

from veche.contacts.actions.inspecting import inspect_contacts
from veche.contacts.models import Finding
from veche.contacts.testing import make_person
from veche.ui.testing import Access

WORKERS = {"everyone": 403, "administrator": 200, "coordinator": 200, "operator": 200}
DOERS = {"everyone": 403, "administrator": 204, "coordinator": 204, "operator": 204}
MOVED = {"everyone": 403, "administrator": 302, "coordinator": 302, "operator": 302}


def _finding() -> Finding:
    person = make_person("Иванов Иван", phone="8 904 000-27-40", fields={"surname": "ИВАНОВ"})
    inspect_contacts([person.pk])
    return Finding.objects.get(contact=person, key="name_case")


def a_finding():
    return {"finding_id": _finding().pk}


def a_kind():
    _finding()
    return {"key": "name_case"}


def a_contact():
    return {"contact_id": _finding().contact_id}


def a_change():
    from veche.contacts.actions.contacts import change_fields
    from veche.contacts.models import FieldChange
    from veche.core.actor import Actor

    person = _finding().contact_id
    change_fields(by=Actor.system(), contact_id=person, fields={"surname": "Петров"})
    return {"contact_id": person, "change_id": FieldChange.objects.latest("pk").pk}


def a_street():
    make_person(addresses=["г. Тверь, ул. Лененина, 5"])
    return {"town_key": "тверь", "street_key": "лененина", "right": "ул. Ленина"}


def a_learned_street():
    from veche.contacts.actions.learning_streets import learn_street
    from veche.core.actor import Actor

    return {"learned_id": learn_street(by=Actor.system(), **a_street()).pk}


STEERS = {"everyone": 403, "administrator": 200, "coordinator": 200}
TEACHERS = {"everyone": 403, "administrator": 302, "coordinator": 302}

FINDINGS = [
    Access("contacts:streets", **STEERS),
    Access("contacts:street_new", "POST", data=a_street, **TEACHERS),
    Access("contacts:address_offers", query={"q": "Тверь, ул. Мира"}, everyone=200),
    Access("contacts:streets_all", "POST", data={"seen": "1"}, everyone=403, administrator=409, coordinator=409),
    Access(
        "contacts:streets_all_removal", "POST", kwargs={"together": 10**9}, everyone=403, administrator=404,
        coordinator=404,
    ),
    Access("contacts:street_removal", "POST", kwargs=a_learned_street, **TEACHERS),
    Access("contacts:quality", **WORKERS),
    Access("contacts:quality_inspection", "POST", **MOVED),
    Access("contacts:quality_finding", kwargs=a_kind, **WORKERS),
    Access("contacts:quality_finding", kwargs=a_kind, query={"aside": "1"}, **WORKERS),
    Access(
        "contacts:quality_finding", kwargs={"key": "nonsense"}, everyone=403, administrator=404,
        coordinator=404, operator=404,
    ),
    Access("contacts:quality_fixes", "POST", kwargs=a_kind, data={"all": "1"}, **MOVED | {"operator": 422}),
    Access(
        "contacts:quality_fixes", "POST", kwargs={"key": "name_case"}, data={"all": "1"}, everyone=403,
        administrator=422, coordinator=422, operator=422,
    ),
    Access("contacts:quality_fix", "POST", kwargs=a_finding, **DOERS | {"operator": 404}),
    Access("contacts:quality_dismissal", "POST", kwargs=a_finding, **DOERS | {"operator": 404}),
    Access("contacts:quality_card", kwargs=a_contact, **WORKERS | {"operator": 404}),
    Access("contacts:quality_reversal", "POST", kwargs=a_change, **DOERS | {"operator": 404, "volunteer": 404}),
]  # fmt: skip

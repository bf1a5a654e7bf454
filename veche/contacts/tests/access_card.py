"""Who may what on the card of a contact that everyone here sees.

The volunteer answers for it, the operator's team works in its campaign, the others see the whole base.
"""

from veche.accounts.models import Team
from veche.accounts.testing import actor_of, member
from veche.campaigns.testing import make_campaign
from veche.contacts.actions import belonging, notes, points
from veche.contacts.actions.contacts import change_fields, remove_contact
from veche.contacts.models import ContactPoint, RoleKind
from veche.contacts.testing import make_person, make_tag
from veche.core.actor import Actor
from veche.ui.testing import Access

WORKERS = {"everyone": 403, "administrator": 200, "coordinator": 200, "operator": 200}  # who may edit
DELETERS = {"everyone": 403, "administrator": 302, "coordinator": 302}
SYSTEM = Actor.system()


def operators_campaign():
    team, _made = Team.objects.get_or_create(name="Обзвон")
    member("operator").teams.add(team)
    return make_campaign(teams=[team])


def known(**more):
    """Keyword arguments for an address of a contact that each of the cast may see."""
    responsible = {"responsible": member("volunteer").pk}
    contact = make_person(phone="8 904 000-27-40", fields=responsible, campaign=operators_campaign())
    return {"contact_id": contact.pk, **more}


def point():
    kwargs = known()
    return kwargs | {"point_id": ContactPoint.objects.get(contact_id=kwargs["contact_id"]).pk}


def address():
    kwargs = known()
    return kwargs | {"address_id": points.add_address(by=SYSTEM, text="Ленина, 5", **kwargs).pk}


def role():
    kwargs = known()
    held = belonging.give_role(by=SYSTEM, role_id=RoleKind.objects.first().pk, **kwargs)
    return kwargs | {"held_id": held.pk}


def tag():
    return known(tag_id=make_tag().pk)


def campaign():
    return known(campaign_id=operators_campaign().pk)


def administrators_note():
    kwargs = known()
    return kwargs | {"note_id": notes.add_note(by=actor_of("administrator"), text="Позвонить", **kwargs).pk}


def change():
    contact = change_fields(by=SYSTEM, fields={"surname": "Сидорова"}, **known())
    return {"contact_id": contact.pk, "change_id": contact.changes_made[0].pk}


def removed():
    kwargs = known()
    remove_contact(by=SYSTEM, **kwargs)
    return kwargs


def new_tag():
    return {"tag": make_tag().pk}


def new_campaign():
    return {"campaign": operators_campaign().pk}


CARD = [
    Access("contacts:card", everyone=200, kwargs=known),
    Access("contacts:piece", everyone=200, kwargs=lambda: known(piece="head")),
    Access("contacts:quick_view", everyone=200, kwargs=known, query={"list": "sort=name"}),
    Access("contacts:card_steps", everyone=200, kwargs=known, query={"list": "sort=name"}),
    Access("contacts:history", everyone=200, kwargs=known),
    Access("contacts:seen_by", kwargs=known, everyone=403, administrator=200, coordinator=200, auditor=200),
    Access("contacts:provenance", everyone=200, kwargs=lambda: known(code="name")),
    Access("contacts:provenance", everyone=404, kwargs=lambda: known(code="shoe")),
    Access("contacts:contact_new", **WORKERS),
    Access("contacts:contact_new", "POST", data={"kind": "person", "name": "Соло Хан"}, **(WORKERS | {
        "administrator": 302, "coordinator": 302, "operator": 302})),
    Access("contacts:contact_new", "POST", htmx=True, **WORKERS,
           data={"kind": "person", "name": "Соло Хан", "then": "new"}),
    Access("contacts:contact_hint", query={"name": "Соло"}, **WORKERS),
    Access("contacts:removal", "POST", kwargs=known, **DELETERS),
    Access("contacts:restoration", "POST", kwargs=removed, **DELETERS),
    Access("contacts:change_reversal", "POST", kwargs=change, everyone=204, volunteer=403, auditor=403),
    Access("contacts:fields", kwargs=lambda: known(part="who"), **WORKERS),
    Access("contacts:fields", "POST", kwargs=lambda: known(part="caution"), data={"caution": "Злая собака"}, **WORKERS),
    Access("contacts:point_new", kwargs=lambda: known(kind="phone"), **WORKERS),
    Access("contacts:point_new", "POST", kwargs=lambda: known(kind="email"), data={"text": "a@example.ru"}, **WORKERS),
    Access("contacts:point", kwargs=point, **WORKERS),
    Access("contacts:point", "POST", kwargs=point, data={"text": "8 904 000-27-41"}, **WORKERS),
    Access("contacts:point_removal", "POST", kwargs=point, **WORKERS),
    Access("contacts:point_first", "POST", kwargs=point, **WORKERS),
    Access("contacts:point_reveal", "POST", kwargs=point, everyone=200, auditor=403),
    Access("contacts:address_new", kwargs=known, **WORKERS),
    Access("contacts:address_new", "POST", kwargs=known, data={"text": "Ленина, 5"}, **WORKERS),
    Access("contacts:address", kwargs=address, **WORKERS),
    Access("contacts:address", "POST", kwargs=address, data={"text": "Ленина, 7"}, **WORKERS),
    Access("contacts:address_removal", "POST", kwargs=address, **WORKERS),
    Access("contacts:role_new", kwargs=known, **WORKERS),
    Access("contacts:role_new", "POST", kwargs=known, data=lambda: {"role": RoleKind.objects.first().pk}, **WORKERS),
    Access("contacts:role", kwargs=role, **WORKERS),
    Access("contacts:role", "POST", kwargs=role, data={"since": "14.03.2021"}, **WORKERS),
    Access("contacts:role_removal", "POST", kwargs=role, **WORKERS),
    Access("contacts:tag_new", kwargs=known, **WORKERS),
    Access("contacts:tag_new", "POST", kwargs=known, data=new_tag, **WORKERS),
    Access("contacts:tag_put", "POST", kwargs=tag, **WORKERS),
    Access("contacts:tag_removal", "POST", kwargs=tag, **WORKERS),
    Access("contacts:campaign_new", kwargs=known, **WORKERS),
    Access("contacts:campaign_new", "POST", kwargs=known, data=new_campaign, everyone=403,
           administrator=200, coordinator=200, operator=200),
    Access("contacts:campaign_put", "POST", kwargs=campaign, **WORKERS),
    Access("contacts:campaign_removal", "POST", kwargs=campaign, **WORKERS),
    Access("contacts:note_new", "POST", kwargs=known, data={"text": "Не берёт трубку"}, everyone=200, auditor=403),
    Access("contacts:note_colleagues", kwargs=known, query={"q": "а"}, everyone=200, auditor=403),
    Access("contacts:note", kwargs=administrators_note, everyone=200, auditor=403),
    Access("contacts:note", "POST", kwargs=administrators_note, data={"text": "Да"}, everyone=403, administrator=204),
    Access("contacts:note_removal", "POST", kwargs=administrators_note, everyone=403, administrator=204,
           coordinator=204),
    Access("contacts:note_pin", "POST", kwargs=administrators_note, everyone=204, auditor=403),
]  # fmt: skip

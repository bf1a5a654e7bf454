"""Who may look at houses, at which, and who may say something of them."""

from veche.accounts.testing import actor_of
from veche.contacts.actions import houses
from veche.contacts.actions.contacts import change_fields
from veche.contacts.actions.house_passport import change_house, remove_entry, write_entry
from veche.contacts.models import House
from veche.contacts.testing import make_person
from veche.core.actor import Actor
from veche.ui.testing import Access

MIRA = "г. Тверь, ул. Мира, д. 5, кв. 1"


def _house() -> House:
    """A house where the volunteer sees somebody; the operator of the cast sees nobody there."""
    person = make_person("Иванов Иван", phone="8 904 000-27-40", addresses=[MIRA])
    change_fields(
        by=Actor.system(), contact_id=person.pk, fields={"responsible": actor_of("volunteer").user_id}
    )
    houses.keep_pending_houses()
    return House.objects.get(mark=person.addresses.get().reading.house_mark)


def a_house():
    return {"house_id": _house().pk}


def a_described_house():
    house = _house()
    change_house(by=Actor.system(), house_id=house.pk, fields={"entrances": 1, "floors": 2, "last_flat": 8})
    return {"house_id": house.pk}


def an_address():
    _house()
    address = make_person("Сосед", addresses=[MIRA]).addresses.get()
    return {"contact_id": address.contact_id, "address_id": address.pk}


def an_entry():
    entry = write_entry(by=Actor.system(), house_id=_house().pk, kind="problem", text="Течёт крыша")
    return {"entry_id": entry.pk}


def a_removed_entry():
    kwargs = an_entry()
    remove_entry(by=Actor.system(), **kwargs)
    return kwargs


# the operator sees nobody of this house; the auditor looks at everything
SEEN = {"administrator": 200, "coordinator": 200, "operator": 404, "volunteer": 200, "auditor": 200}
NOTED = {"administrator": 204, "coordinator": 204, "operator": 404, "volunteer": 204, "auditor": 403}
PRINTED = {"administrator": 200, "coordinator": 200, "operator": 404, "volunteer": 403, "auditor": 403}

HOUSES = [
    Access("contacts:houses", everyone=200),
    Access("contacts:houses_filter", everyone=200),
    Access("contacts:house_new", everyone=403, administrator=200, coordinator=200),
    Access(
        "contacts:house_new", "POST", data={"address": "Тверь, ул. Мира, 7"}, everyone=403, administrator=302,
        coordinator=302,
    ),
    # no geocoder is set here: nothing is asked
    Access("contacts:houses_places", "POST", everyone=403, administrator=422, coordinator=422),
    Access("contacts:house_place_new", "POST", kwargs=a_house, administrator=422, coordinator=422, operator=404,
           volunteer=403, auditor=403),
    Access("contacts:house", kwargs=a_house, **SEEN),
    Access("contacts:house", kwargs={"house_id": 999_999}, everyone=404),
    Access("contacts:address_house", kwargs=an_address, everyone=404, administrator=302, coordinator=302, auditor=302),
    Access("contacts:house_form", kwargs=a_house, **SEEN | {"volunteer": 403, "auditor": 403}),
    Access(
        "contacts:house_form", "POST", kwargs=a_house, data={"entrances": "2", "first_floor": "1"},
        administrator=302, coordinator=302, operator=404, volunteer=403, auditor=403,
    ),
    Access("contacts:house_form", "POST", kwargs=a_house, data={"entrances": "0"}, administrator=422,
           coordinator=422, operator=404, volunteer=403, auditor=403),
    Access("contacts:house_print", kwargs=a_described_house, **PRINTED),
    Access("contacts:house_print", kwargs=a_described_house, query={"part": "empty"}, **SEEN),
    Access("contacts:house_entry_new", "POST", kwargs=a_house, data={"kind": "problem", "text": "Течёт крыша"},
           htmx=True, **NOTED),
    Access("contacts:house_entry_new", "POST", kwargs=a_house, data={"kind": "problem", "text": ""}, htmx=True,
           **SEEN | dict.fromkeys(("administrator", "coordinator", "volunteer"), 422) | {"auditor": 403}),
    Access("contacts:house_entry_closure", "POST", kwargs=an_entry, htmx=True, **NOTED),
    Access("contacts:house_entry_removal", "POST", kwargs=an_entry, htmx=True, **NOTED | {"volunteer": 403}),
    Access("contacts:house_entry_restoration", "POST", kwargs=a_removed_entry, htmx=True, **NOTED | {"volunteer": 403}),
]  # fmt: skip

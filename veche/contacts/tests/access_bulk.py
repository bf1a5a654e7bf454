"""Who may change many people at once, put them on paper, and undo what was done."""

from veche.accounts.testing import actor_of
from veche.contacts.actions.mass_changes import start_mass_change
from veche.contacts.testing import make_own_field, make_person, make_tag
from veche.ui.testing import Access

# An operator's reach in these tests is their own people: of nobody else there is anything to choose.
WORKERS = {"everyone": 403, "administrator": 200, "coordinator": 200, "operator": 200}


def a_field():
    return {"what": make_own_field().key}


def everybody():
    make_person()
    return {"all": "1", "asked": ""}


def a_tagging():
    return {"ids": str(make_person().pk), "kind": "tag_put", "tag": make_tag().pk}


def a_removal():
    return {"ids": str(make_person().pk), "kind": "remove"}


def a_change():
    """Of the coordinator: whoever looks after accounts sees it too."""
    by = actor_of("coordinator")
    mass = start_mass_change(by=by, kind="tag_put", value=make_tag().pk, ids=[make_person(by=by).pk])
    return {"mass_id": mass.pk}


BULK = [
    Access("contacts:bulk", query=everybody, **WORKERS),
    Access("contacts:bulk", query=everybody, htmx=True, **WORKERS),
    Access("contacts:bulk", query={"ids": "'--"}, everyone=403, administrator=422, coordinator=422, operator=422),
    Access("contacts:bulk_own", query=a_field, **WORKERS),
    Access("contacts:people_print", query=everybody, everyone=403, administrator=200, coordinator=200),
    Access("contacts:mass_changes", **WORKERS),
    Access(
        "contacts:mass_changes", "POST", data=a_tagging,
        everyone=403, administrator=302, coordinator=302, operator=422,
    ),
    Access("contacts:mass_changes", "POST", data=a_removal, everyone=403, administrator=302, coordinator=302),
    Access("contacts:mass_change", kwargs=a_change, everyone=404, administrator=200, coordinator=200),
    Access(
        "contacts:mass_change_undo", "POST", kwargs=a_change,
        everyone=403, administrator=302, coordinator=302, operator=404,
    ),
    Access(
        "contacts:mass_change_stop", "POST", kwargs=a_change,
        everyone=403, administrator=409, coordinator=409, operator=404,
    ),
]  # fmt: skip

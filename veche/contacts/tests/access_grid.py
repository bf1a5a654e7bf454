"""Who may look at the list as a grid, edit a cell of it, and save views."""

import json

from veche.accounts.testing import actor_of, member
from veche.contacts.actions.viewing import remove_view, save_view
from veche.contacts.models import Contact
from veche.contacts.testing import make_person
from veche.ui.testing import Access

EDITORS = {"everyone": 403, "administrator": 200, "coordinator": 200, "operator": 200, "volunteer": 403}


def seen_by_all(**more):
    """A person whom each of the cast may see: all of them see the whole base or are responsible for somebody."""
    Contact.objects.all().delete()
    contact = make_person("Скайуокер Лука")
    Contact.objects.filter(pk=contact.pk).update(responsible=member("volunteer"))
    return {"contact_id": contact.pk, **more}


def a_view():
    view = save_view(by=actor_of("administrator"), name="Доноры", query={}, audience="everyone")
    return {"view_id": view.pk}


def a_removed_view():
    given = a_view()
    remove_view(by=actor_of("administrator"), **given)
    return given


GRID = [
    Access("contacts:people_rows", everyone=200),
    Access("contacts:row", kwargs=seen_by_all, everyone=200, operator=404),
    Access("contacts:cell", kwargs=lambda: seen_by_all(key="caution"), **EDITORS | {"operator": 404}),
    Access(
        "contacts:cell", "POST", kwargs=lambda: seen_by_all(key="caution"), data={"caution": "Стреляет"},
        **EDITORS | {"operator": 404},
    ),
    Access(
        "contacts:cell", kwargs=lambda: seen_by_all(key="source"),
        everyone=403, administrator=404, coordinator=404, operator=404,
    ),
    Access("contacts:cell", kwargs=lambda: seen_by_all(key="tags"), **EDITORS | {"operator": 404}),
    Access("contacts:cell", "POST", kwargs=lambda: seen_by_all(key="campaigns"), **EDITORS | {"operator": 404}),
    Access(
        "contacts:marks", "POST", kwargs=lambda: seen_by_all(key="tags"),
        everyone=403, administrator=204, coordinator=204, operator=404,
    ),
    Access(
        "contacts:cells", "POST", data={"cells": '[[1, "caution", "Стреляет"]]'},
        everyone=403, administrator=422, coordinator=422, operator=422,
    ),
    Access("contacts:list_layout", "POST", data={"columns": json.dumps([{"key": "name", "width": 300}])}, everyone=204),
    Access("contacts:list_view_new", everyone=200),
    Access("contacts:list_view_new", "POST", data={"name": "Мои", "audience": "private"}, everyone=302),
    Access(
        "contacts:list_view_new", "POST", data={"name": "Общие", "audience": "everyone"}, everyone=422,
        administrator=302, coordinator=302,
    ),
    Access("contacts:list_view_first", "POST", everyone=302),
    Access("contacts:list_view_removal", "POST", kwargs=a_view, everyone=404, administrator=302, coordinator=302),
    Access(
        "contacts:list_view_restoration", "POST", kwargs=a_removed_view,
        everyone=404, administrator=302, coordinator=302,
    ),
]  # fmt: skip

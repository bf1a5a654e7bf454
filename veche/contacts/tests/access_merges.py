"""Who may merge cards, look at merges and undo them."""

from veche.accounts.testing import actor_of
from veche.contacts.actions.merging import merge_contacts
from veche.contacts.testing import make_person
from veche.ui.testing import Access

WHO = {"everyone": 403, "administrator": 200, "coordinator": 200}
DONE = {"everyone": 403, "administrator": 302, "coordinator": 302}


def two():
    return {"ids": f"{make_person().pk},{make_person().pk}"}


def one():
    return {"contact_id": make_person().pk}


def a_merge():
    kept, gone = make_person(), make_person()
    merge = merge_contacts(by=actor_of("administrator"), kept_id=kept.pk, gone_ids=[gone.pk])
    return {"merge_id": merge.pk}


MERGES = [
    Access("contacts:merges", **WHO),
    Access("contacts:merges", query={"after": "7"}, htmx=True, **WHO),
    Access("contacts:merge_new", query=two, **WHO),
    Access("contacts:merge_new", query={"ids": "1"}, everyone=403, administrator=422, coordinator=422),
    Access("contacts:merge_new", "POST", data=two, **DONE),
    Access("contacts:merge_with", kwargs=one, **WHO),
    Access("contacts:merge_with", kwargs=one, query={"q": "Иванова"}, htmx=True, **WHO),
    Access("contacts:merge", kwargs=a_merge, **WHO),
    Access("contacts:merge", kwargs={"merge_id": 10**9}, everyone=403, administrator=404, coordinator=404),
    Access("contacts:merge_undo", "POST", kwargs=a_merge, **DONE),
]

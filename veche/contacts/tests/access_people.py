"""Who may see the list and who may shape tags and fields."""

from django.utils import timezone

from veche.accounts.testing import actor_of, member
from veche.contacts.actions.giving import give_list
from veche.contacts.testing import make_own_field, make_person, make_tag
from veche.ui.testing import Access

SHAPERS = {"everyone": 403, "administrator": 200, "coordinator": 200}
CHANGERS = {"everyone": 403, "administrator": 302, "coordinator": 302}


def tags():
    return {"part": "tags"}


def a_tag():
    return {"part": "tags", "entry_id": make_tag().pk}


def a_field():
    return {"entry_id": make_own_field().pk}


def a_field_in_order():
    return {"part": "fields", **a_field()}


def a_given_list():
    until = timezone.localdate()
    person = make_person()
    given = give_list(
        by=actor_of("administrator"), name="Двор", to=member("volunteer"), until=until, ids=[person.pk]
    )
    return {"list_id": given.pk}


def a_list():
    people = [make_person().pk]
    return {
        "name": "Двор",
        "to": f"user-{member('volunteer').pk}",
        "until": timezone.localdate(),
        "ids": people,
    }


PEOPLE = [
    Access("contacts:given_lists", **SHAPERS),
    Access("contacts:given_list_new", **SHAPERS),
    Access("contacts:given_list_new", "POST", data=a_list, **CHANGERS),
    Access("contacts:given_list_revocation", "POST", kwargs=a_given_list, **CHANGERS),
    Access("contacts:people", everyone=200),
    Access("contacts:people", query={"q": "Иванов", "campaign": ""}, everyone=302),
    Access("contacts:people_filter", everyone=200),
    Access("contacts:people_own", everyone=200),
    Access("contacts:people_at_hand", kwargs=lambda: {"key": "tag"}, everyone=200),
    Access("contacts:shape", **SHAPERS),
    Access("contacts:shape", "POST", data={"name": "донор"}, **CHANGERS),
    Access("contacts:shape_part", kwargs=tags, **SHAPERS),
    Access(
        "contacts:shape_part", kwargs={"part": "nonsense"}, everyone=403, administrator=404, coordinator=404
    ),
    Access("contacts:shape_part", "POST", kwargs=tags, data={"name": "донор"}, **CHANGERS),
    Access("contacts:shape_part", "POST", kwargs=tags, everyone=403, administrator=422, coordinator=422),
    Access("contacts:shape_entry", kwargs=a_tag, **SHAPERS),
    Access("contacts:shape_entry", "POST", kwargs=a_tag, data={"name": "донор"}, **CHANGERS),
    Access("contacts:shape_archival", "POST", kwargs=a_tag, **CHANGERS),
    Access("contacts:shape_move", "POST", kwargs=a_field_in_order, data={"direction": "down"}, **CHANGERS),
    Access("contacts:own_field_index", "POST", kwargs=a_field, everyone=302, volunteer=403, auditor=403),
]

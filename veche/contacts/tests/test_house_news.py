"""However an address is taken back, the house it named is counted anew: the server deletes what was read of it."""

from collections import defaultdict

import pytest

from veche.contacts.actions import houses
from veche.contacts.actions.address_reading import read_addresses_of
from veche.contacts.actions.bulk_edit import Edit, edit_contacts
from veche.contacts.actions.points import add_address
from veche.contacts.actions.reverting import revert_change
from veche.contacts.models import FieldChange, House
from veche.contacts.testing import make_person
from veche.contacts.tests.test_bulk_undo import Base
from veche.core.actor import Actor

pytestmark = pytest.mark.django_db
BY = Actor.system()
FIFTH, SEVENTH = "г. Тверь, ул. Мира, 5", "г. Тверь, ул. Мира, 7"


@pytest.fixture
def person():
    return make_person("Иванов Иван", phone="8 904 000-27-40", addresses=[FIFTH])


def peopled():
    """The houses where somebody lives, as the worker has counted them."""
    while houses.keep_pending_houses():
        pass
    return sorted(House.objects.filter(people__gt=0).values_list("number", flat=True))


def test_an_added_address_that_is_reverted(person):
    add_address(by=BY, contact_id=person.pk, text=SEVENTH)
    assert peopled() == ["5", "7"]
    revert_change(by=BY, contact_id=person.pk, change_id=FieldChange.objects.latest("pk").pk)
    assert peopled() == ["5"]


def test_an_address_that_an_import_brought_and_its_undo_takes(person):
    base = Base()
    done = base.load(10**9, [(person.pk, {"addresses": [{"text": SEVENTH}]})])
    read_addresses_of([person.pk])
    assert peopled() == ["5", "7"]
    base.undo(done)
    assert peopled() == ["5"]


def test_addresses_that_a_list_out_of_excel_takes_from_many(person):
    add_address(by=BY, contact_id=person.pk, text=SEVENTH)
    assert peopled() == ["5", "7"]
    row = person.addresses.get(text=SEVENTH)
    edit_contacts(by=BY, edits=[Edit(person.pk, take=defaultdict(list, address=[{"id": row.pk}]))])
    assert peopled() == ["5"]

"""The list by parts of an address: streets as people write them, houses by range and side, columns and their order."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from veche.accounts.testing import actor_of, signed_in_client
from veche.contacts.actions.points import add_address
from veche.contacts.queries.people import people_of
from veche.contacts.queries.people_filters import read_filters
from veche.contacts.queries.people_places import Street, read_street
from veche.contacts.queries.people_readers import Unknown
from veche.contacts.testing import make_person
from veche.core.actor import Actor
from veche.ui.testing import queries_of

LIST = reverse("contacts:people")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Малышева", Street("", "малышева")),
        ("ул. Малышева", Street("", "малышева")),
        ("Малышева 1-25", Street("", "малышева", 1, 25)),
        ("ул. Малышева, 1–25 нечётные", Street("", "малышева", 1, 25, 1)),
        ("Малышева (чётная сторона)", Street("", "малышева", parity=0)),
        ("Малышева, дома 2-8 чет.", Street("", "малышева", 2, 8, 0)),
        ("Малышева с 40", Street("", "малышева", 40)),
        ("Малышева до 12", Street("", "малышева", None, 12)),
        ("Малышева 7", Street("", "малышева", 7, 7)),
        ("Екатеринбург, Малышева 7", Street("екатеринбург", "малышева", 7, 7)),
        ("8 Марта", Street("", "8 марта")),
        ("ул. 8 Марта 12-34", Street("", "8 марта", 12, 34)),
        ("Malysheva 1-9 odd".replace("Malysheva", "Малышева"), Street("", "малышева", 1, 9, 1)),
    ],
)
def test_a_street_is_read_as_people_write_it(text, asked):
    assert read_street(text) == asked


@pytest.mark.parametrize(
    "text", ["", "1-25", "чётные", "Тверь, Екатеринбург, Малышева", "Малышева 25-1", ",,"]
)
def test_what_names_no_street_is_unknown(text):
    with pytest.raises(Unknown):
        read_street(text)


def found(query):
    return people_of(actor_of("coordinator"), QueryDict(query)).contacts


def asked(query):
    return {str(contact) for contact in found(query)}


@pytest.fixture
def street(db):
    texts = {
        "Нечётный": "Екатеринбург, ул. Малышева, 1",
        "Чётный": "Екатеринбург, Малышева ул, 2 кв. 5",
        "Дальний": "Екатеринбург, ул. Малышева, 31а",
        "Тверской": "г. Тверь, ул. Малышева, 3",
        "Соседний": "Екатеринбург, ул. Мира, 3",
        "Непонятный": "позвонить позже",
    }
    for name, text in texts.items():
        make_person(name, addresses=[text])
    make_person("Безадресный")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("street=Малышева", {"Нечётный", "Чётный", "Дальний", "Тверской"}),
        ("street=Екатеринбург, Малышева", {"Нечётный", "Чётный", "Дальний"}),
        ("street=Екатеринбург, Малышева 1-25 нечётные", {"Нечётный"}),
        ("street=Малышева чётные", {"Чётный"}),
        ("street=Малышева с 30", {"Дальний"}),
        ("street=Малышева 1&street=Мира 3", {"Нечётный", "Соседний"}),
        ("town=Тверь", {"Тверской"}),
        ("region=Свердловская обл", {"Нечётный", "Чётный", "Дальний", "Соседний"}),
        ("understood=not", {"Непонятный"}),
        ("street.is=empty", {"Непонятный", "Безадресный"}),
        ("street.not=Малышева", {"Соседний", "Непонятный", "Безадресный"}),
        ("town=Тверь&street=Мира&match=any", {"Тверской", "Соседний"}),
        ("street=1-25", set()),
        ("understood=perhaps", set()),
    ],
)
def test_people_are_found_by_parts_of_their_address(street, query, names):
    assert asked(query) == names


@pytest.mark.django_db
def test_what_one_filter_asks_is_asked_of_one_address():
    contact = make_person("Двухдомный", addresses=["г. Тверь, ул. Мира, 5", "Екатеринбург, ул. Малышева, 7"])
    assert asked("street=Тверь, Малышева") == set()
    assert asked("street=Малышева 5") == set()
    add_address(by=Actor.system(), contact_id=contact.pk, text="г. Тверь, ул. Малышева, 5")
    assert asked("street=Тверь, Малышева 5") == {"Двухдомный"}


def test_a_chip_says_what_was_asked(db):
    (asking,) = read_filters(actor_of("coordinator"), QueryDict("understood=not"))
    assert (str(asking.label), asking.words) == ("Reading of the address", "Not understood")


@pytest.fixture
def client():
    return signed_in_client("coordinator")


def test_columns_show_the_parts_of_the_first_address(street, client):
    page = client.get(LIST, {"columns": "name,region,town,street,house,flat,postcode"}).content.decode()
    assert "Свердловская область" in page and "ул. Малышева" in page and "31А" in page


@pytest.mark.parametrize(
    ("sort", "first"), [("house", "Нечётный"), ("-house", "Дальний"), ("town", "Нечётный")]
)
def test_the_list_is_ordered_by_parts_of_addresses(street, sort, first):
    assert str(found(f"street=Малышева&sort={sort}")[0]) == first


def test_columns_of_addresses_cost_one_question(street, client):
    without = queries_of(client, f"{LIST}?columns=name")
    assert len(queries_of(client, f"{LIST}?columns=name,town,street,house")) == len(without) + 1


def test_the_form_asks_by_parts_and_keeps_what_was_asked(street, client):
    page = client.get(reverse("contacts:people_filter"), {"street": "Малышева 1-25"}).content.decode()
    assert 'name="street" value="Малышева 1-25"' in page and 'name="understood"' in page
    assert 'type="hidden" name="street"' not in page

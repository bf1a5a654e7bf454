"""What is suggested while an address is typed: from the base's own streets; from the register where it is loaded."""

import pytest
from django.db import connection
from django.urls import reverse

from veche.accounts.testing import actor_of, signed_in_client
from veche.contacts.actions.houses import keep_all_houses
from veche.contacts.actions.known_streets import count_streets
from veche.contacts.models import KnownStreet, PostalAddress
from veche.contacts.queries.known_streets import offers, streets_of, typed_words
from veche.contacts.testing import make_person

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def base():
    for text in (
        "г. Екатеринбург, ул. Малышева, 31", "Екатеринбург, ул. Малышева, 3А", "Екатеринбург, ул. Малышева, 12",
        "Екатеринбург, ул. Малахитовая, 1", "Тверь, ул. Мира, 5", "Тверь, ул. Мира, 7", "Тверь, ул. 8 Марта, 12",
        "Свердловская обл., п. Бобровский, ул. Мира, 3", "г. Королёв, ул. Зелёная, 5",
    ):  # fmt: skip
        make_person(addresses=[text])
    count_streets()
    keep_all_houses()


def told(text, role="administrator"):
    return [offer.text for offer in offers(actor_of(role), text)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("мал", "Екатеринбург, ул. Малышева"),
        ("екат мал", "Екатеринбург, ул. Малышева"),
        ("малышева екатер", "Екатеринбург, ул. Малышева"),
        ("г. Екатеринбург, ул. Малахи", "Екатеринбург, ул. Малахитовая"),
        ("8 мар", "Тверь, ул. 8 Марта"),
        ("зелен", "Королёв, ул. Зелёная"),
        ("ЗЕЛЁ", "Королёв, ул. Зелёная"),
        ("бобр", "Свердловская область, п. Бобровский, ул. Мира"),
        ("свердловская обл мир", "Свердловская область, п. Бобровский, ул. Мира"),
        ("vfksit", "Екатеринбург, ул. Малышева"),  # the other layout
        ("Свердловская область, екат малах", "Екатеринбург, ул. Малахитовая"),
        ("620014, екат мал", "620014, Екатеринбург, ул. Малышева"),
    ],
)
def test_words_begun_in_any_order_find_a_street(base, typed, first):
    assert told(typed)[0] == first


def test_the_street_of_most_people_comes_first(base):
    assert told("мир")[:2] == ["Тверь, ул. Мира", "Свердловская область, п. Бобровский, ул. Мира"]


def test_houses_that_begin_as_typed_are_offered(base):
    assert set(told("екат малышева 3")) == {
        "Екатеринбург, ул. Малышева, д. 31",
        "Екатеринбург, ул. Малышева, д. 3А",
    }
    assert told("екат малышева 12") == ["Екатеринбург, ул. Малышева, д. 12"]
    assert told("тверь 8 марта 1") == ["Тверь, ул. 8 Марта, д. 12"]


@pytest.mark.parametrize(
    "typed", ["", "м", "ул", "г.", "%", "_", "\0", "Екатеринбург, Малышева 31, кв. 5", "ы" * 500]
)
def test_what_asks_for_nothing_gets_nothing(base, typed):
    assert told(typed) == []


def test_who_sees_a_part_is_told_no_house_and_no_street_of_one_contact(base):
    assert told("екат малышева 3", "volunteer") == []
    assert told("малах", "volunteer") == []
    assert told("малыш", "volunteer") == ["Екатеринбург, ул. Малышева"]


def test_streets_of_one_town(base):
    assert [each.text for each in streets_of(actor_of("coordinator"), "тверь", "")] == [
        "ул. Мира",
        "ул. 8 Марта",
    ]
    assert [each.text for each in streets_of(actor_of("coordinator"), "тверь", "март")] == ["ул. 8 Марта"]


def test_a_street_is_known_as_soon_as_it_was_typed():
    make_person(addresses=["Тверь, ул. Новая, 5"])
    assert told("тверь нов") == ["Тверь, ул. Новая"]


def test_a_street_where_nobody_lives_any_more_goes(base):
    PostalAddress.objects.filter(text__contains="Малахитовая").delete()
    count_streets()
    assert told("малах") == []
    count_streets()  # twice is harmless
    assert KnownStreet.objects.get(street="ул. Малышева").people == 3


def test_words_of_kinds_are_passed_over():
    assert typed_words("г. Тверь, ул. 8 Мар") == ["тверь", "8", "мар"]


def test_the_look_up_walks_its_index(base):
    with connection.cursor() as sql:
        sql.execute("SET LOCAL enable_seqscan = off")
        sql.execute(
            "EXPLAIN SELECT FROM contacts_knownstreet"
            " WHERE array_to_tsvector(string_to_array(btrim(words), ' ')) @@ 'мал:*'::tsquery"
        )
        assert "contacts_known_street_begin" in str(sql.fetchall())


def test_the_page_answers_options_and_how_the_text_is_read(base):
    client, url = signed_in_client("operator"), reverse("contacts:address_offers")
    page = client.get(url, {"q": "Екатеринбург, ул. Малышева, 31 (Динамо)"}, headers=HTMX).content.decode()
    assert "data-read" in page and "Динамо" in page and 'class="stop"' in page
    page = client.get(url, {"q": "екат мал"}, headers=HTMX).content.decode()
    assert 'data-text="Екатеринбург, ул. Малышева"' in page
    assert "data-read" not in client.get(url, {"q": ""}, headers=HTMX).content.decode()

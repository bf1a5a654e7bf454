"""Whom a record may be: what proves a likeness and what speaks against it; by indexes, within the viewer's reach."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from veche.accounts.testing import actor_of, signed_in_client
from veche.contacts import likeness
from veche.contacts.actions.counting import learn_words
from veche.contacts.likeness import Place, Traits, alike, one_slip
from veche.contacts.queries.hints import hints
from veche.contacts.queries.likely import asked_of, in_words, likely
from veche.contacts.queries.quick_add import clue_of, doubles, read_for, words_for
from veche.contacts.testing import make_person

BORN = (1970, 5, 21)
LEIA = Traits("person", "органа", ("лея",), "бейловна")
STREET, HOUSE = Place("химки", "мира"), Place("химки", "мира", 5)
PHONE = frozenset({("phone", "+79160000001")})


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("органа", "аргана", True), ("органа", "орана", True), ("органа", "оргаана", True),
        ("органа", "ограна", True), ("органа", "органа", False), ("органа", "арганы", False), ("лея", "лия", False),
        ("скайуокер", "скайукоер", True), ("соло", "солов", True), ("соло", "соловей", False),
    ],
)  # fmt: skip
def test_one_slip_of_the_pen(one, other, said):
    assert one_slip(one, other) is said
    assert one_slip(other, one) is said


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({"points": PHONE}, {"points": PHONE}, ("phone", "whole")),
        ({"birthday": BORN}, {"birthday": BORN}, ("whole", "birthday")),
        ({"birthday": BORN}, {"birthday": BORN, "surname": "оргона"}, ("letter", "birthday")),
        ({"places": (STREET,)}, {"places": (STREET,), "surname": "оргона"}, ("letter", "street")),
        ({"birthday": BORN, "places": (HOUSE,)}, {"birthday": BORN, "places": (HOUSE,), "surname": "соло"},
         ("married", "birthday", "house")),
        ({"birthday": BORN, "points": PHONE}, {"birthday": (1970, 5, 22), "points": PHONE},
         ("phone", "whole", "birthday_nearly")),
        ({}, {}, ()),  # namesakes are many
        ({"points": PHONE}, {"points": PHONE, "given": ("хан",)}, ()),  # a family has one phone
        ({"points": PHONE}, {"points": PHONE, "patronymic": "энакиновна"}, ()),
        ({"points": PHONE, "birthday": BORN}, {"points": PHONE, "birthday": (1995, 7, 1)}, ()),  # mother, daughter
        ({"birthday": BORN}, {"birthday": BORN, "surname": "соло"}, ()),
        ({"places": (STREET,), "patronymic": ""}, {"places": (STREET,)}, ()),
        ({"places": (Place("химки", "мира", 5, 1),)}, {"places": (Place("химки", "мира", 5, 2),)}, ()),
        ({"points": PHONE}, {"points": PHONE, "kind": "organisation"}, ()),
    ],
)  # fmt: skip
def test_what_proves_a_likeness(one, other, why):
    assert alike(LEIA._replace(**one), LEIA._replace(**other)) == why
    assert alike(LEIA._replace(**other), LEIA._replace(**one)) == why


@pytest.mark.parametrize(
    ("one", "other"), [("евгений", "евгения"), ("александр", "александра"), ("марина", "карина")]
)
def test_two_given_names_are_no_slip(one, other):
    """Husband and wife, brother and sister have one phone and names a letter apart."""
    given = [Traits("person", "коваленко", (each,), points=PHONE) for each in (one, other)]
    assert alike(*given) == ()


def test_every_reason_has_words():
    assert in_words(likeness.CODES).count(",") >= len(likeness.CODES) - 1


@pytest.mark.django_db
class TestInTheBase:
    def test_each_way_finds_whom_it_should(self):
        by = actor_of("coordinator")
        leia = make_person(
            "Органа Лея Бейловна", phone="8 916 000-00-01", addresses=["Химки, ул. Мира, д. 5"], by=by
        )
        leia.birth_year, leia.birth_month, leia.birth_day = BORN
        leia.save(update_fields=["birth_year", "birth_month", "birth_day"])
        learn_words()
        name = {"surname": "Органа", "given": "Лея", "patronymic": "Бейловна"}
        asked = {
            1: asked_of(**name, birthday=BORN),
            2: asked_of(**{**name, "surname": "Оргона"}, birthday=BORN),
            3: asked_of(**name, points=[("phone", "+79160000001")]),
            4: asked_of(**{**name, "given": "Хан"}, points=[("phone", "+79160000001")]),
            5: asked_of(**name),
        }
        found = likely(by, asked)
        assert {number: people[0].why for number, people in found.items()} == {
            1: ("whole", "birthday"), 2: ("letter", "birthday"), 3: ("phone", "whole"),
        }  # fmt: skip
        assert {people[0].contact_id for people in found.values()} == {leia.pk}
        assert likely(by, {5: asked[5]}, deep=True)[5][0].why == ("whole",)

    def test_it_asks_the_same_number_of_questions_for_one_and_for_thirty(self):
        by = actor_of("coordinator")
        for number in range(30):
            make_person("Соло Хан", phone=f"8 916 000-01-{number:02}", by=by)
        asked = {
            number: asked_of(surname="Соло", given="Хан", points=[("phone", f"+791600001{number:02}")])
            for number in range(30)
        }
        counted = []
        for some in ({0: asked[0]}, asked):
            with CaptureQueriesContext(connection) as queries:
                assert likely(by, some).keys() == some.keys()
            counted.append(len(queries))
        assert counted[0] == counted[1]

    def test_whom_the_viewer_may_not_see_is_not_told(self):
        make_person("Органа Лея Бейловна", phone="8 916 000-00-01", by=actor_of("administrator"))
        asked = {
            1: asked_of(
                surname="Органа", given="Лея", patronymic="Бейловна", points=[("phone", "+79160000001")]
            )
        }
        assert likely(actor_of("administrator"), asked)
        assert likely(actor_of("volunteer"), asked) == {}
        assert likely(actor_of("volunteer"), asked, deep=True) == {}

    def test_the_form_says_by_what(self):
        by = actor_of("coordinator")
        leia = make_person(
            "Органа Лея Бейловна", phone="8 916 000-00-01", addresses=["Химки, ул. Мира, д. 5"], by=by
        )
        learn_words()
        typed = {"name": "Оргона Лея Бейловна", "address": "Химки, ул. Мира, д. 7"}
        (same,) = hints(by, typed).same
        assert (same.contact.pk, same.why) == (leia.pk, in_words(["letter", "street"]))
        (same,) = hints(by, {"name": "Органа Лея Бейловна", "phone": "89160000001"}).same
        assert "+7" in same.why and same.why.endswith(in_words(["whole"]))
        page = signed_in_client("coordinator").get(reverse("contacts:contact_hint"), typed).content.decode()
        assert reverse("contacts:card", args=[leia.pk]) in page

    def test_a_typed_line_says_so_too(self):
        by = actor_of("coordinator")
        leia = make_person("Органа Лея Бейловна", addresses=["Химки, ул. Мира, д. 5"], by=by)
        (line,) = read_for("Органа Лея Бейловна, Химки, ул. Мира, д. 5", words_for(by)).lines
        ((same,),) = doubles(by, [clue_of(line)])
        assert (same.contact.pk, same.why) == (leia.pk, in_words(["whole", "house"]))

"""An address on the card: one spelling where it was understood, its text where not; parts and doubts."""

import pytest
from django.urls import reverse

from veche.accounts.testing import signed_in_client
from veche.contacts.models import PostalAddress
from veche.contacts.queries.address_parts import reading_of
from veche.contacts.testing import make_person

WELL = "620014, Екатеринбург г, Малышева ул, д.12 кв. 3"


def values(read):
    return {str(part.label): part.value for part in read.parts}


def test_an_address_that_was_understood_is_shown_in_one_spelling():
    read = reading_of(WELL)
    assert read.line == "620014, г. Екатеринбург, ул. Малышева, д. 12, кв. 3"
    assert read.given == WELL and read.is_whole


def test_one_that_is_written_so_already_is_not_told_twice():
    line = reading_of(WELL).line
    assert reading_of(line).line == line and reading_of(line).given == ""


def test_parts_stand_in_the_order_of_an_envelope_with_their_kinds():
    parts = values(reading_of("Свердловская обл., п. Бобровский, ул. Лесная, 3, оф. 5"))
    assert parts == {
        "Region": "Свердловская область",
        "Settlement": "п. Бобровский",
        "Street": "ул. Лесная",
        "House": "3",
        "Flat": "оф. 5",
    }


def test_what_was_guessed_is_told_in_sentences():
    read = reading_of("Екатеринбург, Малышева, 12-3")
    assert any("Малышева" in sentence for sentence in read.assumed)


@pytest.mark.parametrize("text", ["позвонить позже", "не указан"])
def test_what_is_no_address_keeps_its_text_and_has_no_parts(text):
    read = reading_of(text)
    assert (read.line, read.given, read.parts, read.is_address) == (text, "", [], False)


def test_what_was_left_over_is_shown_and_the_text_stays_as_it_is():
    text = "Екатеринбург, ул. Малышева, 12, (Динамо)"
    read = reading_of(text)
    assert read.line == text and read.remark and not read.is_whole


def test_a_second_address_of_the_same_text_is_told():
    read = reading_of("г. Екатеринбург, ул. Мира, 7, кв. 5; г. Тверь, ул. Новая, 1")
    assert [line for line in read.further if "Новая" in line]


@pytest.mark.django_db
def test_the_card_shows_the_parts_and_keeps_the_text():
    contact = make_person("Скайуокер Лука", addresses=[WELL, "позвонить позже"])
    page = signed_in_client("coordinator").get(reverse("contacts:card", args=[contact.pk])).content.decode()
    assert "620014, г. Екатеринбург, ул. Малышева, д. 12, кв. 3" in page
    assert WELL in page and "Not understood as an address" in page
    assert set(PostalAddress.objects.values_list("text", flat=True)) == {WELL, "позвонить позже"}


@pytest.mark.django_db
def test_an_address_is_escaped_wherever_it_is_shown():
    contact = make_person(addresses=["г. Екатеринбург, ул. <b>Мира</b>, 7"])
    page = signed_in_client("coordinator").get(reverse("contacts:card", args=[contact.pk])).content.decode()
    assert "<b>Мира" not in page

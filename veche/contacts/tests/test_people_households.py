"""Households in the list of people: their column, their filter, for whoever sees all of them or only some."""

import pytest
from django.db import connection
from django.http import QueryDict

from veche.accounts.testing import actor_of, signed_in_client
from veche.contacts.actions.contacts import remove_contact
from veche.contacts.actions.households import gather_household, rename_household
from veche.contacts.models import Contact, Household
from veche.contacts.queries.people import found
from veche.contacts.queries.people_choices import choices
from veche.contacts.queries.people_columns import known
from veche.contacts.queries.people_filters import read_filters
from veche.contacts.queries.people_rows import rows
from veche.contacts.testing import make_person
from veche.core import presenting

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return actor_of("administrator")


@pytest.fixture
def homes(by):
    """Three of one household, the second its head; two of another; one of none. By their first letters."""
    luke, leia, ben, han, chewie, jabba = (
        make_person(name)
        for name in (
            "Аминов Лука",
            "Бейлова Лея",
            "Веснин Бен",
            "Гонин Хан",
            "Дроздов Чубакка",
            "Ежов Джабба",
        )
    )
    three = gather_household(by=by, contact_ids=[leia.pk, luke.pk, ben.pk])
    two = gather_household(by=by, contact_ids=[han.pk, chewie.pk])
    return {
        "three": three.pk,
        "two": two.pk,
        "luke": luke,
        "leia": leia,
        "ben": ben,
        "han": han,
        "jabba": jabba,
    }


def names(by, query, **given):
    asked = found(by, query.format(**given))
    with connection.cursor() as sql:
        sql.execute(asked.ordered_ids.text, asked.ordered_ids.params)
        ids = [row[0] for row in sql.fetchall()]
    assert len(ids) == asked.exact_count() == asked.count()[0]
    return "".join(Contact.objects.get(pk=each).surname[0] for each in ids)


def cell(by, person):
    (row,) = rows(by, [Contact.objects.get(pk=person.pk)], known(by, ["household"]))
    return row.cells[0].text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("household=yes", "АБВГД"), ("household=no", "Е"), ("household=head", "БГ"), ("household=3-", "АБВ"),
        ("household=2-&sort=-name", "ДГВБА"), ("household=4-", ""), ("household={two}", "ГД"),
        ("household={two}&household=head", "БГД"), ("household.not=head", "АВДЕ"), ("household.is=empty", "Е"),
        ("household.all=3-&household.all=head", "Б"), ("household=yes&sort=newest", "ДГВБА"),
        ("household=0-", ""), ("household=x", ""), ("household=-1-", ""), ("household=999999", ""),
        ("household=", "АБВГДЕ"), ("household=²-", ""), ("household=99999999999999999999", ""),
    ],
)  # fmt: skip
def test_asked(by, homes, query, expected):
    assert names(by, query, **homes) == expected


def test_a_removed_one_counts_no_more_and_leads_no_more(by, homes):
    remove_contact(by=by, contact_id=homes["leia"].pk)
    assert (names(by, "household=3-"), names(by, "household=head")) == ("", "АГ")
    assert cell(by, homes["luke"]) == "Аминов, Веснин (2)"


def test_the_column_says_no_more_than_the_card(by, homes):
    assert cell(by, homes["luke"]) == "Бейлова, Аминов, Веснин (3)"
    assert cell(by, homes["jabba"]) == ""
    volunteer = actor_of("volunteer")
    Contact.objects.filter(pk=homes["luke"].pk).update(responsible=volunteer.user_id)
    assert cell(volunteer, homes["luke"]) == "Аминов (3)"
    assert names(volunteer, "household=yes") == "А"
    assert read_filters(volunteer, QueryDict(f"household={homes['three']}"))[0].words == "Аминов"
    stranger = read_filters(volunteer, QueryDict(f"household={homes['two']}"))[0]
    assert stranger.unknown, "nobody of it is in sight"
    rename_household(by=by, household_id=homes["three"], name="Тантив")
    assert cell(volunteer, homes["luke"]) == "Тантив (3)"


def test_a_page_with_the_column_asks_as_much_for_one_as_for_many(by, homes, django_assert_num_queries):
    columns = known(by, ["household"])
    everybody = list(Contact.objects.select_related("status", "responsible", "territory"))
    with django_assert_num_queries(9):
        assert sum(bool(row.household) for row in rows(by, everybody, columns)) == 5
    with django_assert_num_queries(9):
        rows(by, [homes["luke"]], columns)


def test_the_form_keeps_a_household_that_the_address_asks_for(by, homes):
    asked = choices(by, QueryDict(f"household={homes['two']}"))
    (select,) = [each for each in asked["selects"] if each.key == "household"]
    assert [(each.value, each.words) for each in select.options if each.chosen] == [
        (str(homes["two"]), "Гонин, Дроздов")
    ]
    assert ("household", str(homes["two"])) not in asked["kept"]
    page = signed_in_client("administrator").get(f"/people/?household={homes['two']}&columns=name,household")
    text = page.content.decode()
    assert (
        f'href="/people/households/{homes["two"]}/"' in text
        and 'Household:</span> <span class="ell">Гонин, Дроздов' in text
    )
    assert "Ежов" not in text


def test_in_a_presentation_nobody_is_told(by, homes):
    Household.objects.filter(pk=homes["two"]).update(name="Гонины с Кореллии")
    with presenting.presenting():
        assert names(by, "household=3-") and "Гонин" not in cell(by, homes["han"])

"""Rows with little to go by, loaded again: the same file knows its people, a name with an address too, a name never."""

import pytest

from veche.accounts.testing import actor_of, make_user
from veche.contacts.models import Contact
from veche.exchange import queries
from veche.exchange.models import Import
from veche.exchange.testing import checked, loaded, make_import

pytestmark = pytest.mark.django_db
CAPTIONS = ["ФИО", "Адрес", "Дата подписи"]
NAMED = ["Органа Лея Бейловна", "", "14.06.2019"]
LIVING = ["Соло Хан", "Москва, ул. Ленина, д. 1", ""]
NAMESAKE = ["Органа Лея Бейловна", "", "15.06.2019"]


@pytest.fixture
def by():
    return actor_of("coordinator")


def numbers(imported: Import) -> tuple[int, ...]:
    found = queries.result(imported)
    return (found.created, found.updated, found.unchanged, found.repeated, found.rejected)


def load(tmp_path, by, *rows, **rules) -> Import:
    return loaded(make_import(tmp_path, rows, by=by, captions=CAPTIONS, **rules), by=by)


def test_the_same_file_makes_nobody_twice(by, tmp_path):
    rows = (NAMED, LIVING, NAMESAKE)
    assert numbers(load(tmp_path, by, *rows)) == (3, 0, 0, 0, 0)
    for _time in range(2):
        assert numbers(load(tmp_path, by, *rows)) == (0, 0, 3, 0, 0)
    assert Contact.objects.count() == 3
    again = checked(make_import(tmp_path, rows, by=by, captions=CAPTIONS), by=by)
    first = Import.objects.order_by("pk").first()
    assert list(again.rows.values_list("contact_id", flat=True).order_by("number")) == list(
        first.rows.values_list("contact_id", flat=True).order_by("number")
    ), "each namesake is found for himself"
    assert list(again.rows.order_by("number").values_list("matched_by", flat=True)) == [
        "file",
        "name_address",
        "file",
    ]


def test_a_name_alone_never_matches(by, tmp_path):
    load(tmp_path, by, NAMED)
    assert numbers(load(tmp_path, by, NAMED, LIVING)) == (2, 0, 0, 0, 0)


def test_a_name_with_the_very_address_matches(by, tmp_path):
    load(tmp_path, by, LIVING)
    spelt = ["СОЛО ХАН", "москва ул Ленина, д.1", "01.02.2020"]
    again = load(tmp_path, by, spelt)
    assert numbers(again)[0] == 0 and again.rows.get().matched_by == "name_address"
    assert numbers(load(tmp_path, by, ["Соло Хан", "Москва, ул. Ленина, д. 2", ""])) == (1, 0, 0, 0, 0)
    assert numbers(load(tmp_path, by, ["Соло Бен", "Москва, ул. Ленина, д. 1", ""])) == (1, 0, 0, 0, 0)


def test_with_no_keys_chosen_everybody_is_new(by, tmp_path):
    load(tmp_path, by, NAMED, LIVING)
    assert numbers(load(tmp_path, by, NAMED, LIVING, match_by=[])) == (2, 0, 0, 0, 0)


def test_who_was_renamed_since_is_somebody_else(by, tmp_path):
    load(tmp_path, by, NAMED)
    Contact.objects.update(surname="Соло", given_name="Бен", patronymic="", name="Соло Бен")
    assert numbers(load(tmp_path, by, NAMED)) == (1, 0, 0, 0, 0)


def test_only_whom_the_actor_sees_is_found(by, tmp_path):
    load(tmp_path, by, NAMED, LIVING)
    near = actor_of(make_user("Кассиан Андор", "coordinator", reach="own"))
    assert numbers(load(tmp_path, near, NAMED, LIVING)) == (2, 0, 0, 0, 0)

"""What was said of territories, and what becomes of it: resolutions with many precincts, texts that are taken back."""

import threading

import pytest
from django.db import connection

from veche.accounts.actions import add_territory
from veche.accounts.testing import signed_in_client
from veche.addresses.actions import territories
from veche.addresses.coverage.naming import kind_of
from veche.addresses.models import Coverage, KnownHouse, TerritoryRule
from veche.core.actor import Actor

pytestmark = pytest.mark.django_db
BY = Actor.system()


def paste(text, *, town="", kind="precinct", **more):
    return territories.paste_precincts(by=BY, text=text, kind=kind, town=town, **more)


def holding(territory=None):
    """(territory, houses) of the rules that hold."""
    rules = TerritoryRule.objects.filter(replaced_by=None, is_read=True)
    rules = rules.filter(territory=territory) if territory else rules
    return sorted(rules.values_list("territory__name", "street", "written"))


def test_a_precinct_of_another_region_is_another_one_though_its_number_is_the_same():
    paste("Избирательный участок № 12\nул. Ленина, 1–25", town="Екатеринбург")
    paste("Избирательный участок № 12\nул. Мира, 3", town="Тверь")
    assert holding() == [("УИК № 12", "ул. Ленина", "1–25"), ("УИК № 12, Тверь", "ул. Мира", "3")]
    paste("Избирательный участок № 12\nул. Мира, 5", town="Тверь")
    assert holding() == [("УИК № 12", "ул. Ленина", "1–25"), ("УИК № 12, Тверь", "ул. Мира", "5")]
    assert list(Coverage.objects.order_by("pk").values_list("town", flat=True)) == ["Екатеринбург", "Тверь"]


def test_where_no_town_was_typed_the_streets_say_whose_precinct_it_is():
    paste("Избирательный участок № 12\nул. Ленина, 1–25", town="Екатеринбург")
    paste("Избирательный участок № 12\nг. Тверь, ул. Мира, 3")
    assert [name for name, *_rest in holding()] == ["УИК № 12", "УИК № 12, Тверь"]


def test_a_precinct_of_the_same_region_is_the_same_one_in_another_town_but_a_turf_is_not():
    for kind, precincts in (("precinct", 1), ("turf", 2)):
        paste("Участок № 7\nул. Ленина, 1", town="Екатеринбург", kind=kind)
        paste("Участок № 7\nул. Мира, 3", town="г. Нижний Тагил", kind=kind)
        assert Coverage.objects.filter(kind=kind).count() == precincts


def test_a_heading_that_comes_again_goes_on_with_its_precinct():
    page = "Избирательный участок № 12\n{}\n"
    paste(page.format("ул. Ленина, 1–25") + page.format("ул. Мира, 3"), town="Екатеринбург")
    assert [street for _name, street, _houses in holding()] == ["ул. Ленина", "ул. Мира"]


def test_a_text_taken_back_brings_nothing_back_under_a_later_one():
    here = add_territory(by=BY, name="Участок 12")
    first, second, third = (
        territories.paste_houses(
            by=BY, territory_id=here.pk, text=f"г. Тверь, ул. Мира, {house}", instead=house > 1
        )
        for house in (1, 2, 3)
    )
    territories.take_back_text(by=BY, text_id=second.pk)
    assert [houses for *_place, houses in holding(here)] == ["3"]
    territories.take_back_text(by=BY, text_id=third.pk)
    assert [houses for *_place, houses in holding(here)] == ["1"]
    territories.take_back_text(by=BY, text_id=first.pk)
    assert holding(here) == []


@pytest.mark.parametrize(
    "address",
    [
        "/coverage/?q=x&after=x|" + "9" * 5000,
        "/coverage/{}/houses/?after=a|b|--5|7",
        "/coverage/{}/houses/?after=a|b|" + "9" * 5000 + "|" + "9" * 5000,
        "/coverage/gaps/?after=" + "9" * 5000 + "-1",
        "/coverage/doubles/?after=1-" + "9" * 5000,
    ],
)
def test_a_forged_place_in_a_list_is_no_place(address):
    paste("Избирательный участок № 12\nул. Ленина, 1–25", town="Екатеринбург")
    here = Coverage.objects.get().pk
    assert signed_in_client("administrator").get(address.format(here)).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_who_exchange_streets_wait_for_each_other_and_not_for_ever():
    streets = ["Ленина", "Мира", "Садовая", "Лесная", "Полевая", "Новая", "Южная", "Школьная"]
    halves = [
        f"г. Тверь, {'; '.join(f'ул. {name}, 1-99' for name in half)}" for half in (streets[:4], streets[4:])
    ]
    ends: list[object] = []

    def press(turn: int) -> None:
        try:
            here = add_territory(by=BY, name=f"Участок {turn}")
            for n in range(30):
                text = halves[(n + turn) % 2]
                territories.paste_houses(by=BY, territory_id=here.pk, text=text, instead=True)
            ends.append("done")
        except Exception as error:
            ends.append(error)
        finally:
            connection.close()

    for thread in (threads := [threading.Thread(target=press, args=(turn,)) for turn in (0, 1)]):
        thread.start()
    for thread in threads:
        thread.join(120)
    assert ends == ["done", "done"]


def test_the_kind_of_a_street_is_no_longer_than_its_column():
    width = KnownHouse._meta.get_field("street_kind").max_length
    assert kind_of("к" * width + " Ромашка") == "к" * width
    assert kind_of("к" * (width + 1) + " Ромашка") == ""


def test_a_resolution_that_comes_again_costs_the_same_for_two_precincts_as_for_twelve(
    django_assert_max_num_queries,
):
    asked = []
    for precincts in (2, 12):
        text = "\n".join(f"Избирательный участок № {n}\nул. Мира, {n}" for n in range(1, precincts + 1))
        paste(text, town="Тверь")
        with django_assert_max_num_queries(60) as queries:
            assert len(paste(text, town="Тверь")) == precincts
        asked.append(len(queries))
        assert len(holding()) == precincts
    assert asked[0] == asked[1]

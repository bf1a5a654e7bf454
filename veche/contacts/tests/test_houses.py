"""Houses: they come with addresses, are counted by sets, and show an actor whom he may see and nobody else."""

import datetime as dt
from itertools import count

import pytest
from django.http import QueryDict
from django.urls import reverse

from veche.accounts.models import Territory
from veche.accounts.testing import actor_of, signed_in_client
from veche.addresses.models import HouseCover, KnownHouse
from veche.contacts.actions import house_passport as passport
from veche.contacts.actions import houses
from veche.contacts.actions.belonging import give_role
from veche.contacts.actions.contacts import change_fields, remove_contact
from veche.contacts.actions.points import change_address, remove_address
from veche.contacts.models import House, HouseElder, PendingHouse, RoleKind
from veche.contacts.queries.house import Passport
from veche.contacts.queries.house_reach import house_of
from veche.contacts.queries.houses import PAGE, houses_page
from veche.contacts.queries.people import people_of
from veche.contacts.queries.people_filters import read_filters
from veche.contacts.testing import make_organisation, make_person
from veche.core.actor import Actor
from veche.core.refusal import NotFound, Refusal, Stale
from veche.core.testing import published
from veche.ui.testing import assert_same_queries

pytestmark = pytest.mark.django_db
MIRA = "г. Тверь, ул. Мира, д. 5, кв. {}"


def keep() -> None:
    """What the worker does after the commit."""
    while houses.keep_pending_houses():
        pass


def live(name: str, flat: object = 1, text: str = MIRA, **known):
    return make_person(name, addresses=[text.format(flat)], **known)


def the_house() -> House:
    keep()
    return House.objects.get(street_key="мира")


def listed(actor, query: str = "") -> list[str]:
    return [str(line.house) for line in houses_page(actor, QueryDict(query)).lines]


def test_a_house_comes_with_its_first_address_and_goes_with_the_last():
    first, second = live("Иванов", 1), live("Петров", 2, text="Тверь, Мира ул 5-{}")
    house = the_house()
    assert (str(house), house.people, house.flats_known) == ("Тверь, ул. Мира, 5", 2, 2)
    address = first.addresses.get()
    change_address(
        by=Actor.system(),
        contact_id=first.pk,
        address_id=address.pk,
        fields={"text": "Тверь, ул. Советская, 3"},
    )
    keep()
    assert dict(House.objects.values_list("street", "people")) == {"ул. Мира": 1, "ул. Советская": 1}
    remove_contact(by=Actor.system(), contact_id=second.pk)
    houses.note_houses_of([second.pk])
    assert the_house().people == 0
    assert listed(actor_of("coordinator")) == ["Тверь, ул. Советская, 3"]
    make_person("Третий", phone="8 904 000-27-40", addresses=[MIRA.format(3)])
    third = the_house()
    assert third.people == 1


def test_an_address_taken_away_is_counted_out():
    person = live("Иванов", 1, phone="8 904 000-27-40")
    assert the_house().people == 1
    remove_address(by=Actor.system(), contact_id=person.pk, address_id=person.addresses.get().pk)
    keep()
    assert not House.objects.exists()
    assert not PendingHouse.objects.exists()


def test_counting_all_says_the_same_as_counting_some():
    for number in range(12):
        live(f"Житель {number}", number, text=f"Тверь, ул. Мира, д. {number % 4 + 1}, кв. {{}}")
    keep()
    some = sorted(House.objects.values_list("mark", "people", "flats_known"))
    House.objects.update(people=77)
    assert houses.are_all_expected()  # nobody has ever counted this base
    houses.keep_all_houses()
    assert sorted(House.objects.values_list("mark", "people", "flats_known")) == some
    assert not houses.are_all_expected()
    houses.expect_all_houses()
    assert houses.are_all_expected()


def test_what_the_team_has_told_outlives_the_people():
    person = live("Иванов", 1, phone="8 904 000-27-40")
    house = the_house()
    passport.change_house(by=Actor.system(), house_id=house.pk, fields={"management": "УК «Уют»"})
    remove_address(by=Actor.system(), contact_id=person.pk, address_id=person.addresses.get().pk)
    houses.keep_all_houses()
    house.refresh_from_db()
    assert (house.people, house.management) == (0, "УК «Уют»")


def test_whoever_sees_some_people_sees_their_houses_with_these_people_only():
    volunteer = actor_of("volunteer")
    mine, other = live("Свой Пётр", 1), live("Чужая Анна", 2)
    live("Дальний", 1, text="Тверь, ул. Советская, 3, кв. {}")
    change_fields(by=Actor.system(), contact_id=mine.pk, fields={"responsible": volunteer.user_id})
    house = the_house()
    passport.change_house(
        by=Actor.system(),
        house_id=house.pk,
        fields={"entrances": 1, "floors": 2, "last_flat": 4, "elder": other.pk},
    )
    page = houses_page(volunteer, QueryDict(""))
    assert [(str(line.house), line.people, line.share, line.elder) for line in page.lines] == [
        ("Тверь, ул. Мира, 5", 1, 25, None)
    ]
    assert (page.count, page.total) == (1, 1)
    assert listed(volunteer, "people.from=2") == [] and listed(volunteer, "people.from=1")
    seen = Passport(volunteer, house_of(volunteer, house.pk))
    assert [each.row.name for each in seen.residents] == ["Свой Пётр"]
    assert (seen.empty, seen.people, seen.elder) == ([2, 3, 4], 1, None)
    with pytest.raises(NotFound):
        house_of(volunteer, House.objects.get(street="ул. Советская").pk)
    whole = Passport(actor_of("coordinator"), House.objects.get(pk=house.pk))
    assert (whole.empty, whole.people, whole.elder.name) == ([3, 4], 2, "Чужая Анна")


def test_flats_of_the_matrix_and_who_has_none():
    known, supporter = live("Иванов", 1), live("Петров", 2, phone="8 904 000-27-40")
    live("Сидоров", "7Б"), live("Дальний", 99), make_person("Соседов", addresses=["Тверь, ул. Мира, 5"])
    role = RoleKind.objects.get(code="supporter")
    give_role(by=Actor.system(), contact_id=supporter.pk, role_id=role.pk)
    house = the_house()
    passport.change_house(
        by=Actor.system(), house_id=house.pk, fields={"entrances": 2, "floors": 2, "last_flat": 8}
    )
    house.refresh_from_db()
    seen = Passport(actor_of("coordinator"), house)
    assert [[f.number for f in floor["flats"]] for floor in seen.matrix[0]["floors"]] == [[3, 4], [1, 2]]
    assert {flat.number: flat.state for e in seen.matrix for floor in e["floors"] for flat in floor["flats"]} == {
        1: "known", 2: "supports", **dict.fromkeys(range(3, 9), "nobody")
    }  # fmt: skip
    assert seen.empty_words == "3–8" and seen.share == 25
    assert {each.row.name for each in seen.outside} == {"Сидоров", "Дальний", "Соседов"}
    assert {state: count for state, _words, count in seen.states} == {
        "nobody": 6, "known": 1, "reached": 0, "supports": 1
    }  # fmt: skip
    assert seen.by_number[1][0].row.id == known.pk


def test_a_house_of_unknown_shape_shows_known_flats_and_a_guess():
    for flat in (3, 17, 58):
        live(f"Житель {flat}", flat)
    seen = Passport(actor_of("coordinator"), the_house())
    assert seen.matrix == [] and [flat.number for flat in seen.known_flats] == [3, 17, 58]
    assert (seen.guess.entrances, seen.guess.floors, seen.guess.last_flat) == (3, 5, 60)


def test_wrong_shapes_are_refused_by_field():
    live("Иванов", 1)
    house, system = the_house(), Actor.system()

    def refused(**fields):
        with pytest.raises(Refusal) as caught:
            passport.change_house(by=system, house_id=house.pk, fields=fields)
        return set(caught.value.fields)

    assert refused(entrances=0) == {"entrances"}
    assert refused(first_flat=10, last_flat=4) == {"last_flat"}
    assert refused(floors=3, first_floor=5) == {"first_floor"}
    assert refused(ranges="1-20, 15-30") == {"ranges"}
    assert refused(entrances=3, ranges="1-20, 21-40") == {"ranges"}
    assert refused(ranges="1-9999") == {"last_flat"}
    assert refused(place="north") == {"place"} and refused(place="95, 10") == {"place"}
    assert refused(kind="castle") == {"kind"}
    house.refresh_from_db()
    assert house.revision == 1 and not house.is_kept


def test_coordinates_shape_and_elder_are_set_once_and_told_of():
    person = live("Иванов", 1)
    house, system = the_house(), Actor.system()
    fields = {
        "place": "56,838607; 60.605514",
        "ranges": "1-36, 37-70",
        "floors": 9,
        "elder": person.pk,
        "note": "Код 12",
    }
    changed = passport.change_house(by=system, house_id=house.pk, fields=fields, revision=1)
    assert (f"{changed.latitude}", changed.place_from, changed.flats) == ("56.838607", "hand", 70)
    assert HouseElder.objects.get().contact_id == person.pk
    again = passport.change_house(by=system, house_id=house.pk, fields=fields)
    assert again.revision == 2
    with pytest.raises(Stale):
        passport.change_house(by=system, house_id=house.pk, fields={"note": ""}, revision=1)
    passport.change_house(by=system, house_id=house.pk, fields={"elder": None, "place": ""})
    house.refresh_from_db()
    assert house.place is None and not HouseElder.objects.exists()
    named, released = published("contacts.elder_named"), published("contacts.elder_released")
    assert [(each.contact_id, each.object_id) for each in named + released] == [(person.pk, house.pk)] * 2


def test_problems_are_counted_closed_and_taken_back():
    live("Иванов", 1)
    house, author, other = the_house(), actor_of("operator"), actor_of("volunteer")
    change_fields(
        by=Actor.system(), contact_id=house_people(house)[0], fields={"responsible": author.user_id}
    )
    entry = passport.write_entry(by=author, house_id=house.pk, kind="problem", text=" Течёт крыша ")
    passport.write_entry(by=author, house_id=house.pk, kind="meeting", text="Собрались двадцать человек")

    def problems():
        house.refresh_from_db()
        return house.open_problems

    assert (problems(), house.is_kept, entry.text) == (1, True, "Течёт крыша")
    assert [each.kind for each in Passport(author, house).latest] == ["meeting"]
    passport.close_entry(by=author, entry_id=entry.pk)
    assert problems() == 0
    passport.open_entry(by=author, entry_id=entry.pk)
    passport.remove_entry(by=author, entry_id=entry.pk)
    assert problems() == 0
    passport.restore_entry(by=author, entry_id=entry.pk)
    assert problems() == 1
    with pytest.raises(NotFound):
        passport.remove_entry(by=other, entry_id=entry.pk)  # sees nobody of this house
    with pytest.raises(Refusal):
        passport.write_entry(by=author, house_id=house.pk, kind="problem", text=" ")


def house_people(house):
    from veche.contacts.models import AddressReading

    return list(AddressReading.objects.filter(house_mark=house.mark).values_list("contact_id", flat=True))


def test_a_house_is_added_by_its_address_where_nobody_is_known():
    admin = actor_of("coordinator")
    house = passport.add_house(by=admin, address="Тверь, ул. Мира, 7")
    assert passport.add_house(by=admin, address="г Тверь, Мира улица, дом 7") == house
    assert listed(admin) == ["Тверь, ул. Мира, 7"]
    live("Иванов", 3, text="Тверь, ул. Мира, 7, кв. {}")
    keep()
    assert House.objects.get().people == 1
    with pytest.raises(Refusal) as caught:
        passport.add_house(by=admin, address="позвонить позже")
    assert "address" in caught.value.fields


@pytest.fixture
def streets():
    for street, numbers in (("Мира", (1, 2, 3, 10)), ("Советская", (4,))):
        for number in numbers:
            for flat in range(number):
                live(f"{street} {number} {flat}", flat + 1, text=f"Тверь, ул. {street}, {number}, кв. {{}}")
    live("Другой город", 1, text="г. Клин, ул. Мира, 2, кв. {}")
    keep()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("street=Мира", ["Клин, ул. Мира, 2", "Тверь, ул. Мира, 1", "Тверь, ул. Мира, 2", "Тверь, ул. Мира, 3",
                         "Тверь, ул. Мира, 10"]),
        ("street=Тверь, Мира 2-9", ["Тверь, ул. Мира, 2", "Тверь, ул. Мира, 3"]),
        ("street=Мира нечётные", ["Тверь, ул. Мира, 1", "Тверь, ул. Мира, 3"]),
        ("town=Клин", ["Клин, ул. Мира, 2"]),
        ("people.from=4", ["Тверь, ул. Мира, 10", "Тверь, ул. Советская, 4"]),
        ("people.from=2&people.to=3", ["Тверь, ул. Мира, 2", "Тверь, ул. Мира, 3"]),
        ("people.from=many", []),
        ("elder=no&town=Клин", ["Клин, ул. Мира, 2"]),
        ("elder=yes", []),
        ("problems=open", []),
        ("kind=castle", []),
        ("management=уют", []),
        ("share.to=50", []),
        ("sort=-people&street=Тверь, Мира", ["Тверь, ул. Мира, 10", "Тверь, ул. Мира, 3", "Тверь, ул. Мира, 2",
                                              "Тверь, ул. Мира, 1"]),
    ],
)  # fmt: skip
def test_the_list_by_what_is_asked(streets, query, found):
    assert listed(actor_of("coordinator"), query) == found


def test_the_list_by_territory_and_its_parts(streets):
    whole = Territory.objects.create(name="Округ")
    precinct = Territory.objects.create(name="УИК 12", parent=whole)
    person = live("Житель", 1, text="Тверь, ул. Новая, 1, кв. {}")
    change_fields(by=Actor.system(), contact_id=person.pk, fields={"territory": precinct.pk})
    keep()
    assert listed(actor_of("coordinator"), f"territory={whole.pk}") == ["Тверь, ул. Новая, 1"]


@pytest.mark.parametrize("order", ["", "-people", "share", "-problems"])
@pytest.mark.parametrize("role", ["coordinator", "operator"])
def test_pages_go_on_and_back_by_key(monkeypatch, order, role):
    monkeypatch.setattr("veche.contacts.queries.houses.PAGE", 4)
    actor = actor_of(role)
    for number in range(1, 12):
        person = live(f"Житель {number}", 1, text=f"Тверь, ул. Мира, {number}, кв. {{}}")
        change_fields(by=Actor.system(), contact_id=person.pk, fields={"responsible": actor.user_id})
    keep()
    House.objects.filter(house_number__gt=6).update(open_problems=2, flats=7)

    def page(**at):
        return houses_page(
            actor, QueryDict("&".join([f"sort={order}", *(f"{k}={v}" for k, v in at.items())]))
        )

    first = page()
    second = page(after=first.after)
    third = page(after=second.after)
    seen = [[line.house.pk for line in each.lines] for each in (first, second, third)]
    assert [len(each) for each in seen] == [4, 4, 3] and len({pk for each in seen for pk in each}) == 11
    assert (first.before, third.after, first.count) == (None, None, 11)
    assert [line.house.pk for line in page(before=third.before).lines] == seen[1]
    back = page(before=second.before)
    assert [line.house.pk for line in back.lines] == seen[0] and back.before is None
    assert PAGE > 4


def test_a_precinct_is_told_by_its_rules_to_whom_it_is_in_reach():
    live("Иванов", 1)
    house = the_house()
    precinct, beside = (Territory.objects.create(name=name) for name in ("УИК 12", "УИК 13"))
    known = KnownHouse.objects.create(
        town_key=house.town_key,
        street_key=house.street_key,
        house=house.number,
        number=5,
        region=house.region,
    )
    HouseCover.objects.create(house=known, kind="precinct", territory=precinct, state="own")
    HouseCover.objects.create(house=known, kind="precinct", territory=beside, state="lost")
    assert Passport(actor_of("coordinator"), house).territories == [("УИК 12", None)]
    assert Passport(actor_of("operator"), house).territories == []
    assert listed(actor_of("coordinator"), f"territory={precinct.pk}") == [str(house)]
    assert listed(actor_of("coordinator"), f"territory={beside.pk}") == []
    KnownHouse.objects.update(region="Тульская область")  # a village of the same name elsewhere
    assert listed(actor_of("coordinator"), f"territory={precinct.pk}") == []
    KnownHouse.objects.update(region="")
    assert listed(actor_of("coordinator"), f"territory={precinct.pk}") == [str(house)]


def test_a_forged_place_in_the_list_begins_it_anew():
    live("Иванов")
    keep()
    assert listed(actor_of("coordinator"), "after=" + "0" * 19 + "9" * 5000) == ["Тверь, ул. Мира, 5"]


def test_the_people_of_a_house_are_a_filter_of_the_list():
    live("Иванов", 1), live("Сосед", 1, text="Тверь, ул. Мира, 7, кв. {}")
    keep()
    house, coordinator = House.objects.get(number="5"), actor_of("coordinator")
    found = people_of(coordinator, QueryDict(f"house={house.pk}"))
    assert [str(each) for each in found.contacts] == ["Иванов"]
    [told] = read_filters(coordinator, QueryDict(f"house={house.pk}"))
    assert (str(told.label), told.words) == ("House", "Тверь, ул. Мира, 5")
    [stranger] = read_filters(actor_of("operator"), QueryDict(f"house={house.pk}"))
    assert stranger.unknown and "Мира" not in stranger.words


def test_pages_ask_as_often_for_many_as_for_few():
    client = signed_in_client("coordinator")
    numbers = count(1)

    def more_houses(how_many):
        for _each in range(how_many):
            live("Житель", 1, text=f"Тверь, ул. Новая, {next(numbers)}, кв. {{}}")
        keep()

    def more_people(how_many):
        for _each in range(how_many):
            live("Житель", next(numbers), phone="8 904 000-27-40")
        keep()

    assert_same_queries(client, reverse("contacts:houses"), more_houses)
    more_people(1)
    house = House.objects.get(street="ул. Мира")
    change = {"entrances": 3, "floors": 9, "last_flat": 108}
    passport.change_house(by=Actor.system(), house_id=house.pk, fields=change)
    assert_same_queries(client, reverse("contacts:house", args=[house.pk]), more_people)


def test_printing_a_passport_is_noted_and_a_sheet_for_a_round_names_nobody():
    live("Иванов", 1, phone="8 904 000-27-40")
    house, client = the_house(), signed_in_client("coordinator")
    shape = {"entrances": 1, "floors": 2, "last_flat": 4}
    passport.change_house(by=Actor.system(), house_id=house.pk, fields=shape)
    page = reverse("contacts:house_print", args=[house.pk])
    told = client.get(f"{page}?phones=1").content.decode()
    assert "Иванов" in told and "000-27-40" in told
    assert "000-27-40" not in client.get(page).content.decode()
    printed = published("contacts.people_printed")
    assert [(each.data["people"], each.data["phones"]) for each in printed] == [(1, True), (1, False)]
    sheet = client.get(f"{page}?part=empty").content.decode()
    assert "Иванов" not in sheet and "<b>4</b>" in sheet
    assert len(published("contacts.people_printed")) == 2


def test_an_old_problem_is_not_lost_behind_what_happened_since(monkeypatch):
    monkeypatch.setattr("veche.contacts.queries.house.MOST_ENTRIES", 2)
    live("Иванов")
    house, today = the_house(), dt.date.today()
    problem = passport.write_entry(
        by=Actor.system(), house_id=house.pk, kind="problem", text="Крыша", day=today - dt.timedelta(days=90)
    )
    for number in range(3):
        passport.write_entry(by=Actor.system(), house_id=house.pk, kind="visit", text=f"Обход {number}")
    assert [each.text for each in Passport(actor_of("coordinator"), house).entries] == ["Крыша", "Обход 2"]
    passport.close_entry(by=Actor.system(), entry_id=problem.pk)
    assert Passport(actor_of("coordinator"), house).problems == []


def test_only_a_problem_that_is_there_is_solved():
    live("Иванов")
    house = the_house()
    round_, problem = (
        passport.write_entry(by=Actor.system(), house_id=house.pk, kind=kind, text="Было")
        for kind in ("visit", "problem")
    )
    passport.remove_entry(by=Actor.system(), entry_id=problem.pk)
    for entry in (round_, problem):
        with pytest.raises(NotFound):
            passport.close_entry(by=Actor.system(), entry_id=entry.pk)


def test_the_managing_organisation_is_a_link_to_the_only_one_of_its_name_that_is_seen():
    live("Иванова Анна")
    keep()
    house = House.objects.get()
    office, volunteer = actor_of("administrator"), actor_of("volunteer")
    assert Passport(office, house).manager is None
    passport.change_house(by=office, house_id=house.pk, fields={"management": "ТСЖ «Уют»"})
    house.refresh_from_db()
    make_person("ТСЖ Уют")
    assert Passport(office, house).manager is None, "a person is no organisation"
    manager = make_organisation('ТСЖ "Уют"')
    assert Passport(office, house).manager == manager and Passport(volunteer, house).manager is None
    page = signed_in_client("administrator").get(reverse("contacts:house", args=[house.pk])).content.decode()
    assert reverse("contacts:card", args=[manager.pk]) in page
    make_organisation("ТСЖ «Уют»")
    assert Passport(office, house).manager is None, "two of one name: nobody knows which"

"""Search: every way of typing a person, and that it finds nobody whom the viewer may not see."""

import pytest
from django.db import connection

from veche.accounts.models import Team
from veche.accounts.testing import actor_of, member
from veche.campaigns.testing import make_campaign
from veche.contacts.actions.contacts import remove_contact
from veche.contacts.actions.counting import learn_words
from veche.contacts.models import Contact, ExternalId
from veche.contacts.queries import search
from veche.contacts.queries.search import marked, search_contacts
from veche.contacts.queries.typos import corrections, slips
from veche.contacts.testing import make_organisation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return actor_of("administrator")


@pytest.fixture
def base():
    people = [
        make_person("Иванов Пётр Сергеевич", phone="+7 904 000-00-14", email="p.ivanov@example.org"),
        make_person("Семёнова Анна Олеговна", phone="+7 921 555-10-20"),
        make_person("Ким Виктор"),
    ]
    ExternalId.objects.create(contact=people[2], value="Д-1042")
    learn_words()
    return people


def names(actor, text):
    return ["".join(piece for piece, _is_match in hit.name) for hit in search_contacts(actor, text).hits]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("иванов", "Иванов Пётр Сергеевич"),
        ("петр ива", "Иванов Пётр Сергеевич"),
        ("сер пет", "Иванов Пётр Сергеевич"),
        ("ИВАНОВ ПЁТР", "Иванов Пётр Сергеевич"),
        ("семенова", "Семёнова Анна Олеговна"),
        ("семёнова", "Семёнова Анна Олеговна"),
        ("bdfyjd", "Иванов Пётр Сергеевич"),
        ("ctv`yjdf", "Семёнова Анна Олеговна"),
        ("ivanov", "Иванов Пётр Сергеевич"),
        ("иваонв", "Иванов Пётр Сергеевич"),
        ("иваов петр", "Иванов Пётр Сергеевич"),
        ("симёнова", "Семёнова Анна Олеговна"),
        ("8 (904) 000-00-14", "Иванов Пётр Сергеевич"),
        ("8904000", "Иванов Пётр Сергеевич"),
        ("904", "Иванов Пётр Сергеевич"),
        ("0014", "Иванов Пётр Сергеевич"),
        ("10-20", "Семёнова Анна Олеговна"),
        ("1555", "Семёнова Анна Олеговна"),
        ("p.ivanov@", "Иванов Пётр Сергеевич"),
        ("P.Ivanov", "Иванов Пётр Сергеевич"),
        ("ivanov@exam", "Иванов Пётр Сергеевич"),
        ("Д-1042", "Ким Виктор"),
        ("ким", "Ким Виктор"),
    ],
)
def test_a_person_is_found_however_typed(by, base, text, name):
    assert names(by, text) == [name]


@pytest.mark.parametrize(
    "text", ["", " ", "и", "%", "__", "несуществующий", "овна", "@", "55555", "\x00" * 3]
)
def test_what_is_nobody_finds_nobody(by, base, text):
    assert names(by, text.replace("\x00", "�")) == []


def test_each_hit_says_why(by, base):
    reasons = {
        text: search_contacts(by, text).hits[0].reason for text in ("иванов", "bdfyjd", "иваонв", "0014")
    }
    assert reasons == {
        "иванов": "name",
        "bdfyjd": "other keyboard layout",
        "иваонв": "one letter otherwise",
        "0014": "last digits of the phone",
    }


def test_the_matching_part_is_marked():
    assert marked("Семёнова-Ким Анна", ["семе", "ким"]) == (
        ("Семё", True), ("нова", False), ("-", False), ("Ким", True), (" ", False), ("Анна", False),
    )  # fmt: skip


def test_a_right_word_is_not_corrected_while_it_finds_somebody(by, base):
    make_person("Иваков Олег")
    learn_words()
    assert names(by, "иваков") == ["Иваков Олег"]


def test_organisations_are_told_from_people(by):
    make_organisation("Альянс повстанцев")
    assert [hit.is_organisation for hit in search_contacts(by, "повст").hits] == [True]


@pytest.mark.parametrize(
    "text", ["иванов", "петр ива", "bdfyjd", "иваонв", "0014", "89040000014", "p.ivanov@", "ivanov"]
)
def test_a_strangers_contact_is_not_found(base, text):
    ours = make_campaign(teams=[Team.objects.create(name="Округ")])
    make_person("Соло Бен", campaign=ours)
    for role in ("operator", "volunteer"):
        assert names(actor_of(role), text) == []
    Contact.objects.filter(pk=base[0].pk).update(responsible=member("volunteer"))
    assert names(actor_of("volunteer"), text) == ["Иванов Пётр Сергеевич"]
    assert names(actor_of("operator"), text) == []


def test_a_removed_contact_is_not_found(by, base):
    remove_contact(by=by, contact_id=base[0].pk)
    assert names(by, "иванов") == names(by, "0014") == names(by, "p.ivanov@") == []


def test_hidden_digits_cannot_be_found_out(base):
    Contact.objects.update(responsible=member("volunteer"))
    volunteer = actor_of("volunteer")
    assert names(volunteer, "0014") == names(volunteer, "8 904 000 00 14") == ["Иванов Пётр Сергеевич"]
    for part in ("90400", "89040000", "00000014", "000014", "040000"):
        assert names(volunteer, part) == [], part
    assert {hit.detail for hit in search_contacts(volunteer, "иванов").hits} == {"+7\u00a0904\u00a0•••-00-14"}


def test_at_most_a_screenful_and_the_shortest_surname_first(by):
    for n in range(search.LIMIT + 3):
        make_person(f"Иванова Мария {'Олеговна' if n else ''}")
    make_person("Иванов Олег")
    found = names(by, "иванов")
    assert len(found) == search.LIMIT
    assert found[0] == "Иванов Олег"


def test_a_search_that_takes_too_long_gives_what_it_has(by, base, monkeypatch):
    def slow(actor, words, reason):
        with connection.cursor() as sql:
            sql.execute("SELECT pg_sleep(5)")

    monkeypatch.setattr(search, "PATIENCE", 50)
    monkeypatch.setattr(search, "_by_known_words", slow)
    found = search_contacts(by, "иванов")
    assert found.incomplete
    assert [hit.id for hit in found.hits] == [base[0].pk]


def test_one_slip_is_one_slip(base):
    assert {"ванов", "иваов", "ивванов", "иваонв", "иванав"} <= slips("иванов")
    assert "ваонв" not in slips("иванов")
    assert corrections("иваонв") == ["иванов"]
    assert corrections("киб") == ["киб"]  # too short to guess


@pytest.mark.parametrize(
    "typed",
    ["ленина 5", "Ленина, 5", "ул. Ленина д. 5", "5 ленина", "лени 5", "город самара ленина 5", "ЛЕНИНА №5"],
)
def test_who_lives_in_a_house(by, typed):
    here = make_person("Соло Хан", addresses=["г. Самара, ул.Ленина,д.5-12"])
    make_person("Кеноби Бен", addresses=["Самара, улица Ленина, 55"])
    make_person("Органа Лея", addresses=["Самара, Мира, 5"])
    found = search_contacts(by, typed).hits
    assert [(hit.id, hit.reason, hit.detail) for hit in found] == [
        (here.pk, "address", "г. Самара, ул.Ленина,д.5-12")
    ]


def test_a_street_alone_is_looked_for_when_nobody_is_called_so(by):
    here = make_person("Соло Хан", addresses=["Москва, Красная Площадь, дом 1"])
    assert [hit.id for hit in search_contacts(by, "красная площадь").hits] == [here.pk]
    named = make_person("Красная Анна")
    assert [hit.id for hit in search_contacts(by, "красная").hits] == [named.pk]


@pytest.mark.parametrize("typed", ["5", "д 5", "5 5 5", "ул & | !(5", "'дом':* 5", "a5:*&", "\\ 5 \x01 ы"])
def test_nothing_typed_as_a_house_breaks_the_search(by, typed):
    make_person("Соло Хан", addresses=["Самара, Ленина, 5"])
    search_contacts(by, typed)


def test_a_house_comes_before_a_flat_of_the_same_number(by):
    for n in range(search.LIMIT + 5):
        make_person(f"Штурмовик {n}", addresses=[f"Самара, ул. Ленина, д. {n + 20}, кв. 5"])
    here = make_person("Соло Хан", addresses=["Самара, ул. Ленина, д. 5, кв. 3"])
    hits = search.search_contacts(by, "ленина 5").hits
    assert hits[0].id == here.pk
    assert len(hits) > 1


def test_an_address_is_looked_up_by_its_index(by, base):
    for n in range(300):
        make_person(f"Штурмовик {n}", addresses=[f"Самара, Мира, {n}"])
    with connection.cursor() as sql:
        sql.execute("ANALYZE contacts_postaladdress")
        sql.execute("SET LOCAL enable_seqscan = off")
        query = f"SELECT 1 FROM contacts_postaladdress AS link WHERE {search.ADDRESS_WORDS} @@ to_tsquery('simple', %s)"
        sql.execute(f"EXPLAIN {query}", ["мира:* & 7"])
        assert "contacts_address_words" in str(sql.fetchall())


def test_recent_contacts_come_in_their_order_and_only_to_who_may_see_them(by):
    one, two = make_person("Соло Хан", phone="8 904 000-00-14"), make_person("Органа Лея")
    hits = search.recent_contacts(by, [two.pk, 999_999, one.pk]).hits
    assert [hit.id for hit in hits] == [two.pk, one.pk]
    assert search.recent_contacts(actor_of("volunteer"), [one.pk, two.pk]).hits == []

"""Filters as they stand in an address: several values, none of them, emptiness, texts, ranges, days; any or all."""

import datetime as dt

import pytest
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from veche.accounts.testing import actor_of, member, signed_in_client
from veche.campaigns.testing import make_campaign
from veche.contacts.actions import belonging
from veche.contacts.actions.points import add_address
from veche.contacts.models import Contact, OwnField, Status
from veche.contacts.queries import people_orders
from veche.contacts.queries import people_walks as walks
from veche.contacts.queries.people import found, people, read_sort
from veche.contacts.queries.people_at_hand import at_hand, offers
from veche.contacts.queries.people_filters import query_of, read_filters
from veche.contacts.testing import make_own_field, make_person, make_tag

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return actor_of("administrator")


@pytest.fixture
def three(by):
    """Luke with both tags, Leia with one, Han with none; by their first letters Л, О, С."""
    one, two = make_tag("донор"), make_tag("волонтёр")
    luke, leia, han = (make_person(name) for name in ("Лукин Лука", "Органа Лея", "Солов Хан"))
    for person, tags in ((luke, (one, two)), (leia, (two,))):
        for tag in tags:
            belonging.put_tag(by=by, contact_id=person.pk, tag_id=tag.pk)
    return {"one": one.pk, "two": two.pk, "luke": luke, "leia": leia, "han": han}


def names(by, query, **given):
    asked = found(by, query.format(**given))
    with connection.cursor() as sql:
        sql.execute(asked.ordered_ids.text, asked.ordered_ids.params)
        ids = [row[0] for row in sql.fetchall()]
    assert len(ids) == asked.exact_count() == asked.count()[0]
    return "".join(Contact.objects.get(pk=each).name[0] for each in ids)


def shirt(**given):
    field = make_own_field(**given)
    OwnField.objects.filter(pk=field.pk).update(key="shirt")
    return field


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("tag={one}&tag={two}", "ЛО"),
        ("tag.all={one}&tag.all={two}", "Л"),
        ("tag.not={one}", "ОС"),
        ("tag.not={one}&tag.not={two}", "С"),
        ("tag={two}&tag.not={one}", "О"),
        ("tag.is=empty", "С"),
        ("tag.is=filled", "ЛО"),
        ("match=any&tag={one}&q=солов", "ЛС"),
        ("match=any&tag={one}", "Л"),
        ("match=all&tag={one}&q=солов", ""),
        ("tag.is=whatever", ""),
        ("q.all=лука", "Л"),
        ("tag.from=1", ""),
    ],
)
def test_several_values_and_ways_of_asking(by, three, query, expected):
    assert names(by, query, **three) == expected


def test_belongings_of_several_campaigns(by, three):
    first, second = make_campaign("Первая"), make_campaign("Вторая")
    belonging.join_campaign(by=by, contact_id=three["luke"].pk, campaign_id=first.pk)
    belonging.join_campaign(by=by, contact_id=three["han"].pk, campaign_id=second.pk)
    given = {"a": first.pk, "b": second.pk}
    assert names(by, "campaign={a}&campaign={b}", **given) == "ЛС"
    assert names(by, "campaign={a}&campaign=none", **given) == "ЛО"
    assert names(by, "campaign.not={a}", **given) == "ОС"
    for sort in ("newest", "-name", "changed"):
        assert sorted(names(by, f"campaign={first.pk}&campaign={second.pk}&sort={sort}")) == ["Л", "С"]


def test_days(by, three):
    now = timezone.now()
    for name, days in (("luke", 0), ("leia", 5), ("han", 40)):
        day = now - dt.timedelta(days=days)
        Contact.objects.filter(pk=three[name].pk).update(made_at=day, changed_at=day)
    for query, expected in {
        "created=today": "Л", "created=7d": "ЛО", "created=60d": "ЛОС", "changed=7d": "ЛО", "created.to=30d": "С",
        "created.from=7d": "ЛО", "created.from=60d&created.to=3d": "ОС", "created.not=7d": "С",
        "created=2001-01-01": "", "created=31.02.2026": "", "created=0d": "", "created.from=x": "",
    }.items():  # fmt: skip
        assert names(by, query) == expected, query


def test_birthdays_to_come(by, three):
    day = timezone.localdate() + dt.timedelta(days=3)
    Contact.objects.filter(pk=three["luke"].pk).update(birth_day=day.day, birth_month=day.month)
    assert (names(by, "birthday=7d"), names(by, "birthday=today"), names(by, "birthday=999d")) == (
        "Л",
        "",
        "",
    )
    assert (names(by, "birthday.is=filled"), names(by, "birthday.is=empty")) == ("Л", "ОС")


def test_the_29th_of_february_is_kept_on_the_1st_of_march(by, three, monkeypatch):
    Contact.objects.filter(pk=three["luke"].pk).update(birth_day=29, birth_month=2)
    for today, expected in {
        (2027, 3, 1): "Л",
        (2027, 2, 28): "",
        (2028, 2, 29): "Л",
        (2028, 3, 1): "",
    }.items():
        monkeypatch.setattr(timezone, "localdate", lambda today=today: dt.date(*today))
        assert names(by, "birthday=today") == expected, today
    monkeypatch.setattr(timezone, "localdate", lambda: dt.date(2027, 2, 25))
    assert names(by, "birthday=7d") == "Л"


def test_standing_and_its_absence(by, three):
    status = Status.objects.get(code="moved")
    Contact.objects.filter(pk=three["luke"].pk).update(status=status, responsible=member("operator"))
    assert names(by, f"status.not={status.pk}") == "ОС"  # who has no status has not this one
    assert (names(by, "status.is=filled"), names(by, "responsible.is=empty")) == ("Л", "ОС")
    assert names(by, f"responsible=none&responsible={member('operator').pk}") == "ЛОС"


def test_parts_of_texts(by, three):

    add_address(by=by, contact_id=three["leia"].pk, text="г. Корусант, ул. Сенатская, д. 3")
    Contact.objects.filter(pk=three["han"].pk).update(caution="Стреляет 100% первым")
    assert (names(by, "address.has=сенатская 3"), names(by, "address.has=сенатская 4")) == ("О", "")
    assert (names(by, "address.starts=г. Кор"), names(by, "address.starts=ул. Сен")) == ("О", "")
    assert (names(by, "caution.has=100%"), names(by, "caution.has=10%25"), names(by, "caution.has=_")) == (
        "С",
        "",
        "",
    )


@pytest.mark.parametrize(
    ("type", "stored", "query", "is_found"),
    [
        ("number", 12, "from=10", True),
        ("number", 12, "from=10&{k}.to=11", False),
        ("money", {"minor": 150000, "currency": "RUB"}, "to=1500", True),
        ("date", "2026-11-03", "from=01.11.2026&{k}.to=2026-11-03", True),
        ("date", "2001-11-03", "from=30d", False),
        ("text", "Красный отряд", "has=ный от", True),
        ("text", "Красный отряд", "starts=красн", True),
        ("text", "Красный отряд", "starts=отряд", False),
        ("text", "Красный отряд", "is=filled", True),
        ("text", "Красный отряд", "is=empty", False),
        ("text", "Красный отряд", "not=красный отряд", False),
        ("number", 12, "has=1", False),
        ("text", "x", "from=1", False),
    ],
)
def test_own_fields_are_asked_by_their_type(by, type, stored, query, is_found):
    luke = make_person("Лукин Лука")
    field = make_own_field(type=type)
    Contact.objects.filter(pk=luke.pk).update(own={field.key: stored})
    asked = f"own.{field.key}.{query}".replace("{k}", f"own.{field.key}")
    assert names(by, asked) == ("Л" if is_found else "")


def test_what_is_stored_of_a_query_reads_as_the_query(by):
    query = QueryDict("tag=7&tag=8&own.x.from=3&match=any&sort=-name&after=17&nonsense=1&q=%20&q=%00a")
    kept = query_of(query)
    assert kept == {"tag": ["7", "8"], "own.x.from": "3", "match": "any", "sort": "-name", "q": "a"}
    assert query_of(kept) == kept
    by_query, by_kept = read_filters(by, query), read_filters(by, kept)
    assert [each.params for each in by_query] == [each.params for each in by_kept]


@pytest.mark.parametrize(
    "sort",
    ["phone", "email", "address", "tags", "campaigns", "source", "status", "responsible", "territory", "gender", "kind",
     "birthday", "caution", "surname", "-given_name", "-patronymic", "own.shirt", "-own.shirt"],
)  # fmt: skip
def test_every_order_pages_both_ways_with_what_is_empty_last(by, monkeypatch, sort):

    monkeypatch.setattr(walks, "PAGE", 2)
    shirt()
    made = [make_person(f"Дроидов {n}", phone=f"+7904000000{9 - n}" if n % 2 else "") for n in range(5)]
    for n, person in enumerate(made):
        if n % 2:
            Contact.objects.filter(pk=person.pk).update(own={"shirt": str(9 - n)}, caution=str(n))
    page = people(by, [], sort=sort)
    pages = [page]
    while page.after:
        page = people(by, [], sort=sort, after=page.after)
        pages.append(page)
    seen = [contact.pk for page in pages for contact in page.contacts]
    assert len(seen) == len(set(seen)) == 5
    back = people(by, [], sort=sort, before=pages[-1].before)
    assert [contact.pk for contact in back.contacts] == [contact.pk for contact in pages[-2].contacts]
    assert not back.unsorted
    if sort in ("phone", "own.shirt"):
        assert seen[:2] == [made[3].pk, made[1].pk]


@pytest.mark.parametrize(("sort", "expected"), [("own.shirt", "451023"), ("-own.shirt", "154320")])
def test_an_own_field_with_its_index_sorts_any_number(by, monkeypatch, sort, expected):
    """Droid 4 has the value 0, 5 has 1 and 1 has 2; the others have none and come last either way, by number."""
    monkeypatch.setattr(walks, "PAGE", 2)
    monkeypatch.setattr(walks, "GATHER", 0)
    field = shirt()
    OwnField.objects.filter(pk=field.pk).update(index_state="ready")
    made = [make_person(f"Дроидов {n}") for n in range(6)]
    for n, value in ((4, "0"), (5, "1"), (1, "2")):
        Contact.objects.filter(pk=made[n].pk).update(own={"shirt": value})
    pages = [people(by, [], sort=sort)]
    while pages[-1].after:
        pages.append(people(by, [], sort=sort, after=pages[-1].after))
    shown = ["".join(str(made.index(contact)) for contact in page.contacts) for page in pages]
    assert "".join(shown) == expected
    back = [people(by, [], sort=sort, before=page.before) for page in pages[1:]]
    assert ["".join(str(made.index(contact)) for contact in page.contacts) for page in back] == shown[:-1]


def test_too_many_to_be_sorted_by_what_lies_elsewhere_stand_by_name(by, monkeypatch):

    monkeypatch.setattr(people_orders, "MOST_SORTED", 1)
    make_person("Бета", phone="+79040000001")
    make_person("Альфа", phone="+79040000002")
    page = people(by, [], sort="phone")
    assert page.unsorted == "name"
    assert [contact.name for contact in page.contacts] == ["Альфа", "Бета"]
    assert not people(by, [], sort="status").unsorted


def test_who_sees_masked_phones_does_not_learn_their_order():

    assert read_sort(actor_of("volunteer"), "phone") is None
    assert read_sort(actor_of("operator"), "phone") is not None


@pytest.mark.parametrize(
    "query",
    ["tag=" + "&tag=".join(map(str, range(300))), "own.'=1", "own.x'.from=1", "own.=1", "created.from=9999-12-31",
     "created=99999d", "q=" + "ф" * 5000, "birthday=-1d", "tag.all.not=1", ".not=1", "own.not=1", "sort=own.'",
     "sort=--name", "sort=own.", "match=any", "campaign.not=%00", "status=1e9", "responsible.not=none",
     "batch.is=empty", "created.to=0001-01-01", "phone.not=maybe", "kind.all=person&kind.all=organisation"],
)  # fmt: skip
def test_hostile_queries_are_answered(by, query):
    make_person("Лукин Лука")
    assert found(by, query).count()[0] in (0, 1)


def test_the_four_at_hand_say_what_is_asked_of_them_in_whichever_way(by, three):
    asked = QueryDict("tag=7&tag.not=8&changed.from=30d&campaign.is=empty&phone=yes")
    hands, others = at_hand(read_filters(by, asked))
    assert [(hand.key, len(hand.filters)) for hand in hands] == [
        ("time", 1), ("responsible", 0), ("tag", 2), ("campaign", 1),
    ]  # fmt: skip
    assert [each.about for each in others] == ["phone"]
    assert str(hands[0].now) == "Changed"
    assert hands[2].is_unknown  # there are no such tags


def test_a_chip_offers_its_answers_and_keeps_the_rest_of_the_address(by, three):
    asked = QueryDict(f"tag.all={three['one']}&tag.not=9&created=7d&q=a&after=5")
    (offer,) = offers(by, "tag", asked)
    assert offer.kept == [("tag.not", "9"), ("created", "7d"), ("q", "a")]
    assert [each.words for each in offer.choice.options if each.chosen] == ["донор"]
    assert [each.value for each in offer.choice.ways if each.chosen] == ["all"]
    created, changed = offers(by, "time", asked)
    assert [each.value for each in created.stretches if each.chosen] == ["7d"]
    assert ("created", "7d") in changed.kept
    assert ("created", "7d") not in created.kept


def test_a_chip_of_time_shows_the_days_asked_for(by):
    created, _changed = offers(by, "time", QueryDict("created.from=01.11.2026&created.to=nonsense"))
    assert (created.first, created.last) == ("2026-11-01", "")


def test_the_cross_of_a_chip_takes_all_that_it_asks(three):
    client = signed_in_client("administrator")
    page = client.get("/people/?responsible=none&responsible.not=me&kind=person&sort=newest").content.decode()
    assert 'href="/people/?kind=person&amp;sort=newest" aria-label="Remove the filter “Responsible”"' in page
    assert client.get("/people/filter/phone/").status_code == 404


@pytest.mark.parametrize(
    ("type", "choices", "controls"),
    [
        ("choice", [{"id": "xl", "label": "XL"}], ['type="checkbox" name="own.shirt" value="xl"']),
        ("yes_no", [], ['type="checkbox" name="own.shirt" value="yes"']),
        ("date", [], ['type="date" name="own.shirt.from"', 'value="last_month"']),
        ("number", [], ['inputmode="decimal" name="own.shirt.to"']),
        ("text", [], ['<option value="starts">']),
    ],
)
def test_an_own_field_is_asked_by_controls_of_its_type(type, choices, controls):
    shirt(type=type, **({"choices": choices} if choices else {}))
    page = signed_in_client("administrator").get("/people/filter/field/?own=shirt").content.decode()
    for control in controls:
        assert control in page


def test_what_those_controls_send_becomes_a_tidy_address(by):
    shirt(type="text")
    client = signed_in_client("administrator")
    for sent, address in (
        ("own=shirt&own.shirt.way=starts&own.shirt=X", "own.shirt.starts=X"),
        ("own=shirt&own.shirt.way=filled&own.shirt=", "own.shirt.is=filled"),
        ("own=shirt&own.shirt.way=any&own.shirt.from=1&own.shirt.to=", "own.shirt.from=1"),
    ):
        assert client.get(f"/people/?{sent}").url == f"/people/?{address}"
    assert client.get("/people/filter/field/?own=none").status_code == 404

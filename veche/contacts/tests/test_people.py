"""The list: filters, orders, paging by key, counts, and that nobody sees a stranger's contact in any of them."""

import pytest
from django.db import connection

from veche.accounts.models import Team
from veche.accounts.testing import actor_of, member, signed_in_client
from veche.campaigns.testing import make_campaign
from veche.contacts.actions import belonging
from veche.contacts.actions.contacts import remove_contact
from veche.contacts.models import Contact, Origin, RoleKind, Status
from veche.contacts.queries import people as queries
from veche.contacts.queries import people_walks as walks
from veche.contacts.queries.people import most_cutting, people
from veche.contacts.queries.people_filters import read_filters
from veche.contacts.queries.people_found import found as found_people
from veche.contacts.queries.people_rows import rows
from veche.contacts.testing import make_organisation, make_own_field, make_person, make_tag
from veche.core.refusal import Refusal
from veche.ui.testing import assert_same_queries

pytestmark = pytest.mark.django_db


def found(actor, sort="name", **query):
    page = people(
        actor, read_filters(actor, {k.replace("__", "."): str(v) for k, v in query.items()}), sort=sort
    )
    assert page.count == len(page.contacts)
    return [contact.name for contact in page.contacts]


@pytest.fixture
def by():
    return actor_of("administrator")


@pytest.fixture
def luke():
    return make_person("Скайуокер Лука", phone="+7 904 000-27-40", email="luka@example.org")


@pytest.fixture
def leia():
    return make_person("Органа Лея")


def test_filters_find_whom_they_name(by, luke, leia):
    campaign, tag, status = make_campaign(), make_tag("донор"), Status.objects.get(code="moved")
    role = RoleKind.objects.get(code="donor")
    belonging.join_campaign(by=by, contact_id=luke.pk, campaign_id=campaign.pk)
    belonging.put_tag(by=by, contact_id=luke.pk, tag_id=tag.pk)
    belonging.give_role(by=by, contact_id=luke.pk, role_id=role.pk)
    Contact.objects.filter(pk=luke.pk).update(status=status, responsible=member("operator"))
    Origin.objects.filter(contact=luke).update(batch=7, batch_name="подписи.xlsx")
    only_luke = [
        {"campaign": campaign.pk}, {"tag": tag.pk}, {"role": role.pk}, {"status": status.pk}, {"phone": "yes"},
        {"responsible": member("operator").pk}, {"email": "yes"}, {"reach": "yes"}, {"batch": 7},
    ]  # fmt: skip
    for query in only_luke:
        assert found(by, **query) == ["Скайуокер Лука"], query
        for sort in queries.SORTS:
            assert found(by, sort, **query) == ["Скайуокер Лука"], (query, sort)
    for query in (
        {"campaign": "none"},
        {"phone": "no"},
        {"email": "no"},
        {"reach": "no"},
        {"responsible": "none"},
    ):
        assert found(by, **query) == ["Органа Лея"], query


@pytest.mark.parametrize(
    "text",
    [
        "скайуокер",
        "ЛУКА",
        "лука скай",
        "crfqejrth",
        "+7 904 000 27 40",
        "8 (904) 000-27",
        "2740",
        "luka@exam",
    ],
)
def test_a_text_is_a_name_a_phone_or_an_email(by, luke, leia, text):
    assert found(by, q=text) == ["Скайуокер Лука"]


def test_signs_of_patterns_mean_themselves(by, luke):
    assert found(by, q="%") == found(by, q="___") == found(by, q="@%") == []


def test_what_means_nothing_finds_nobody(by, luke):
    for query in (
        {"campaign": 10**12},
        {"tag": "x"},
        {"kind": "droid"},
        {"phone": "maybe"},
        {"own__no_such": 1},
    ):
        filters = read_filters(by, {k.replace("__", "."): str(v) for k, v in query.items()})
        assert [each.unknown for each in filters] == [True]
        assert found(by, **query) == []


def test_kinds_are_told_apart(by, luke):
    make_organisation("Альянс")
    assert found(by, kind="organisation") == ["Альянс"]
    assert found(by, kind="person") == ["Скайуокер Лука"]


@pytest.mark.parametrize(
    ("type", "stored", "asked", "other"),
    [
        ("text", "Красный", "красный", "крас"),
        ("number", 12.5, "12,5", "12"),
        ("money", {"minor": 150000, "currency": "RUB"}, "1500", "15"),
        ("date", "2026-11-03", "03.11.2026", "04.11.2026"),
        ("yes_no", True, "да", "нет"),
        ("choice", "c1", "c1", "c2"),
        ("many_choices", ["c1", "c2"], "c2", "c3"),
    ],
)
def test_own_fields_filter_by_their_type(by, luke, leia, type, stored, asked, other):
    choices = [{"id": f"c{n}", "label": f"вариант {n}"} for n in (1, 2, 3)] if "choice" in type else []
    field = make_own_field(type=type, choices=choices)
    Contact.objects.filter(pk=luke.pk).update(own={field.key: stored})
    assert found(by, **{f"own__{field.key}": asked}) == ["Скайуокер Лука"]
    assert found(by, **{f"own__{field.key}": other}) == []


def test_pages_follow_each_other_both_ways(by, monkeypatch):
    monkeypatch.setattr(walks, "PAGE", 2)
    names = [make_person(f"Дроид {letter}").name for letter in "ВАДБГ"]
    expected = {
        "name": sorted(names), "-name": sorted(names, reverse=True), "newest": names[::-1], "oldest": names,
        "changed": names[::-1],
    }  # fmt: skip
    for sort, order in expected.items():
        for filters in ([], read_filters(by, {"q": "дроид"})):
            seen, page = [], people(by, filters, sort=sort)
            assert page.before is None
            while True:
                seen.append([contact.name for contact in page.contacts])
                if not page.after:
                    break
                page = people(by, filters, sort=sort, after=page.after)
            assert [name for names in seen for name in names] == order
            back = people(by, filters, sort=sort, before=page.before)
            assert [contact.name for contact in back.contacts] == seen[-2]


def test_a_key_that_means_nothing_gives_the_first_page(by, luke):
    for key in ("x", "-", "1-2-3", "9" * 30, "12-", "999999999999999999-1"):
        for sort in queries.SORTS:
            assert people(by, [], sort=sort, after=key).count == 1


def test_many_are_walked_along_the_order_and_counted_about(by, monkeypatch):
    """The ways of a large base, on a small one: whatever the way, the page is the same."""
    campaign = make_campaign()
    for name in ("Галина", "Анна", "Виктор", "Борис"):
        contact = make_person(f"Органа {name}")
        belonging.join_campaign(by=by, contact_id=contact.pk, campaign_id=campaign.pk)
    make_person("Органа Яна")
    names = ["Органа Анна", "Органа Борис", "Органа Виктор", "Органа Галина"]
    filters = read_filters(by, {"campaign": str(campaign.pk)})
    monkeypatch.setattr(walks, "EXACT", 2)
    for walk, gather in ((6000, 0), (1, 100), (1, 0)):
        monkeypatch.setattr(walks, "WALK", walk)
        monkeypatch.setattr(walks, "GATHER", gather)
        page = people(by, filters)
        assert [contact.name for contact in page.contacts] == names
        assert page.estimated
        newest = people(by, filters, sort="newest")
        assert [contact.name for contact in newest.contacts] == [names[n] for n in (1, 2, 0, 3)]


def test_a_large_part_of_a_small_base_is_counted_to_the_last(by, monkeypatch):
    for name in ("Анна", "Борис", "Вера"):
        make_person(f"Органа {name}")
    filters = read_filters(by, {"q": "органа"})
    for guess, told in ((7, (3, False)), (walks.EXACT, (walks.EXACT, True))):
        monkeypatch.setattr(walks, "_sampled", lambda _question, guess=guess: (walks.MANY, guess))
        page = people(by, filters)
        assert (page.count, page.estimated) == told


def test_a_strangers_contact_is_nowhere_in_the_list(luke):
    team = Team.objects.create(name="Округ")
    member("operator").teams.add(team)
    campaign, foreign = make_campaign(teams=[team]), make_campaign("Чужая")
    ours = make_person("Петров Иван", campaign=campaign)
    foreign_tag = make_tag("тайная", campaign=foreign)
    system = actor_of("administrator")
    belonging.join_campaign(by=system, contact_id=ours.pk, campaign_id=foreign.pk)
    belonging.put_tag(by=system, contact_id=ours.pk, tag_id=foreign_tag.pk)
    operator = actor_of("operator")
    page = people(operator, [])
    assert ([contact.name for contact in page.contacts], page.count, page.total) == (["Петров Иван"], 1, 1)
    assert (
        found(operator, q="скайуокер") == found(operator, q="2740") == found(operator, campaign="none") == []
    )
    assert [each.unknown for each in read_filters(operator, {"campaign": str(foreign.pk)})] == [True]
    (row,) = rows(operator, page.contacts)
    assert [mark.name for mark in row.campaigns + row.tags] == [campaign.name]
    assert [contact.name for contact in people(actor_of("volunteer"), []).contacts] == []


def test_removed_contacts_are_in_no_list(by, luke, leia):
    remove_contact(by=by, contact_id=luke.pk)
    for sort in queries.SORTS:
        assert found(by, sort) == ["Органа Лея"]


def test_phones_are_masked_for_who_may_not_see_them(luke):
    Contact.objects.update(responsible=member("volunteer"))
    volunteer = actor_of("volunteer")
    assert rows(volunteer, [luke])[0].phone == "+7\u00a0904\u00a0•••-27-40"
    assert found(volunteer, q="2740") == found(volunteer, q="89040002740") == ["Скайуокер Лука"]
    assert found(volunteer, q="904000") == found(volunteer, q="0002") == []
    page = signed_in_client("volunteer").get("/people/").content.decode()
    assert "000-27-40" not in page
    assert "•••-27-40" in page


def test_a_fruitless_filter_names_the_one_that_cuts_most(by, luke, leia):
    filters = read_filters(by, {"q": "скайуокер", "email": "no"})
    assert most_cutting(by, filters).key == "q"  # without it Leia comes back; without the other Luke does
    filters = read_filters(by, {"q": "нет такого", "phone": "yes"})
    assert most_cutting(by, filters).key == "q"
    page = (
        signed_in_client("administrator")
        .get("/people/", {"q": "нет такого", "phone": "yes"})
        .content.decode()
    )
    assert "нет такого” cuts most" in page


def test_an_empty_base_says_what_to_do():
    page = signed_in_client("administrator").get("/people/").content.decode()
    assert "Here will be the people you know" in page


def test_the_form_of_filters_makes_a_tidy_address(by, luke):
    client = signed_in_client("administrator")
    field = make_own_field()
    answer = client.get("/people/", {"tag": "", "q": "лука", "own": field.key, "own_value": "XL"})
    assert (answer.status_code, answer.url) == (
        302,
        f"/people/?q=%D0%BB%D1%83%D0%BA%D0%B0&own.{field.key}=XL",
    )
    assert field.label in client.get(answer.url).content.decode()


def test_htmx_gets_the_list_alone(luke):
    answer = (
        signed_in_client("administrator").get("/people/", headers={"HX-Request": "true"}).content.decode()
    )
    assert answer.lstrip().startswith('<div class="v-list-page"')


def test_three_rows_ask_as_much_as_thirty():
    campaign, tag = make_campaign(), make_tag()

    def add(count):
        for n in range(count):
            contact = make_person(f"Дроид {n}", phone=f"+7904{n:07}", campaign=campaign)
            belonging.put_tag(by=actor_of("administrator"), contact_id=contact.pk, tag_id=tag.pk)

    assert_same_queries(signed_in_client("administrator"), "/people/", add)


def test_all_found_are_those_of_the_list_within_the_viewers_reach(by, luke, leia):
    whole = found_people(by, "?q=скайуокер&sort=newest").usable()
    assert (whole.count(), whole.exact_count(), whole.words) == ((1, False), 1, "Text: скайуокер")
    with connection.cursor() as sql:
        sql.execute(whole.ordered_ids.text, whole.ordered_ids.params)
        assert sql.fetchall() == [(luke.pk,)]
    assert found_people(by, {}).exact_count() == 2
    assert found_people(actor_of("volunteer"), {}).exact_count() == 0
    with pytest.raises(Refusal):
        found_people(by, "tag=12345").usable()

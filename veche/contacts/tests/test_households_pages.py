"""Family on a card, the page of a household, the list: what they show, to whom, and at what cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from veche.accounts.testing import actor_of
from veche.campaigns.testing import make_campaign
from veche.contacts import registry
from veche.contacts.actions import notes
from veche.contacts.actions.households import gather_household, rename_household
from veche.contacts.actions.relations import relate
from veche.contacts.models import Contact, FieldChange, Household, Relation
from veche.contacts.testing import make_organisation, make_person
from veche.core.actor import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Actor:
    return actor_of("administrator")


@pytest.fixture
def client(client_of):
    return client_of("administrator")


def text_of(response) -> str:
    return response.content.decode()


def seen_by(role: str, *people: Contact) -> None:
    Contact.objects.filter(pk__in=[each.pk for each in people]).update(responsible=actor_of(role).user_id)


def test_a_wife_is_found_related_and_lives_together_in_one_go(client):
    luke, leia = make_person("Скайуокеров Лука Анакинович"), make_person("Скайуокерова Лея Бейловна")
    form = text_of(client.get(f"/people/{luke.pk}/relations/new/"))
    assert "Wife or husband" in form and "Member" not in form
    hits = text_of(client.get(f"/people/{luke.pk}/relations/people/", {"q": "Скайуокеров"}))
    assert f'value="{leia.pk}" checked' in hits and f'value="{luke.pk}"' not in hits
    sent = {"kind_code": "spouse", "q": "Скайуокеров", "other": leia.pk, "note": "с 2020", "together": "on"}
    panel = text_of(client.post(f"/people/{luke.pk}/relations/new/", sent))
    assert "Wife" in panel and "с 2020" in panel and "Скайуокеровы" in panel
    assert "Husband" in text_of(client.get(f"/people/{leia.pk}/ties/"))
    again = client.post(f"/people/{luke.pk}/relations/new/", sent)
    assert again.status_code == 422 and "written down already" in text_of(again)


def test_somebody_new_is_added_by_the_way_and_nothing_stays_of_a_refusal(client):
    luke = make_person("Скайуокер Лука")
    url = f"/people/{luke.pk}/relations/new/"
    assert client.post(url, {"kind_code": "employer", "q": "ТСЖ «Тантив»", "other": "new"}).status_code == 200
    assert client.post(url, {"kind_code": "child", "q": "Скайуокер Бен", "other": "new"}).status_code == 200
    assert list(Contact.objects.order_by("pk").values_list("kind", flat=True)[1:]) == ["person", "person"]
    assert client.post(url, {"kind_code": "partner", "q": "Скайуокер Рей", "other": "new"}).status_code == 422
    assert client.post(url, {"kind_code": "spouse", "q": "Кто-то"}).status_code == 422
    assert client.post(url, {"q": "Кто-то", "other": "new"}).status_code == 422
    assert Contact.objects.count() == 3 and Relation.objects.count() == 2


def test_a_relation_is_taken_away_and_brought_back_from_the_toast(client, by):
    one, two = make_person("Соло Хан"), make_person("Калриссиан Ландо")
    relation = relate(by=by, one_id=one.pk, other_id=two.pk, kind_code="friend")
    assert client.post(f"/people/{one.pk}/relations/{relation.pk}/removal/").status_code == 204
    change = FieldChange.objects.get(field="relation")
    assert client.post(f"/people/{one.pk}/ties/{change.pk}/restoration/").status_code == 204
    assert Relation.objects.get().pk == relation.pk
    history = text_of(client.get(f"/people/{one.pk}/history/"))
    assert "Relation removed" in history and str(two) in history


def test_whom_a_viewer_does_not_see_has_no_name_anywhere(client_of, by):
    mine, other, third = (
        make_person("Скайуокеров Лука"),
        make_person("Дамеронов Пётр"),
        make_person("Фреттов Иван"),
    )
    seen_by("operator", mine)
    relate(by=by, one_id=other.pk, other_id=mine.pk, kind_code="spouse", note="тайно")
    relate(by=by, one_id=mine.pk, other_id=third.pk, kind_code="parent")
    home = gather_household(by=by, contact_ids=[mine.pk, other.pk, third.pk])
    client = client_of("operator")
    for url in (
        f"/people/{mine.pk}/ties/", f"/people/{mine.pk}/", f"/people/households/{home.pk}/", "/people/households/",
        f"/people/{mine.pk}/history/", f"/people/households/{home.pk}/history/",
    ):  # fmt: skip
        page = text_of(client.get(url))
        assert "Скайуокеров" in page or "history" in url or "ties" in url, url
        assert "Дамеронов" not in page and "Фреттов" not in page and "тайно" not in page, url
    assert "And 2 more whom you cannot see" in text_of(client.get(f"/people/{mine.pk}/ties/"))
    assert text_of(client.get("/people/households/?q=Дамеронов")).count("Скайуокеров") == 0
    stranger = gather_household(by=by, contact_ids=[make_person().pk, make_person().pk])
    assert client.get(f"/people/households/{stranger.pk}/").status_code == 404


def test_an_organisation_shows_its_people_and_they_show_it(client, by):
    firm, boss = make_organisation("ТСЖ «Альдераан»"), make_person("Органа Бейл")
    Contact.objects.filter(pk=boss.pk).update(gender="m")
    relate(by=by, one_id=firm.pk, other_id=boss.pk, kind_code="employer", note="председатель")
    page = text_of(client.get(f"/people/{firm.pk}/ties/"))
    assert "People of the organisation" in page and str(boss) in page and "председатель" in page
    page = text_of(client.get(f"/people/{boss.pk}/ties/"))
    assert "Works for" in page and "Альдераан" in page


def test_the_page_of_a_household_tells_one_history_and_what_they_share(client, by):
    campaign = make_campaign()
    one = make_person(
        "Скайуокеров Лука", phone="8 904 000-27-40", campaign=campaign, addresses=["Тверь, ул. Мира, 5"]
    )
    two = make_person("Скайуокерова Лея", phone="8 904 000-27-40", addresses=["Тверь, ул. Мира, 5"])
    home = gather_household(by=by, contact_ids=[one.pk, two.pk])
    for n, each in enumerate((one, two) * 20):
        notes.add_note(by=by, contact_id=each.pk, text=f"Разговор {n:02}")
    page = text_of(client.get(f"/people/households/{home.pk}/"))
    assert "Скайуокеровы" in page and "of 2" in page and str(campaign) in page
    told = [n for n in range(40) if f"Разговор {n:02}" in page]
    assert told == list(range(10, 40)), "both, the newest first"
    after = page.split("history/?after=")[1].split('"')[0]
    rest = text_of(client.get(f"/people/households/{home.pk}/history/?after={after}"))
    assert [n for n in range(40) if f"Разговор {n:02}" in rest] == list(range(10))


def test_rooms_above_add_their_totals(client, by, monkeypatch):
    home = gather_household(by=by, contact_ids=[make_person().pk, make_person().pk])
    total = registry.HouseholdTotal(
        key="gifts", label="Дары", order=1, count=lambda actor, ids: f"{len(ids)} дара"
    )
    monkeypatch.setattr(registry, "household_totals", [total])
    monkeypatch.setattr("veche.contacts.queries.households.household_totals", [total])
    page = text_of(client.get(f"/people/households/{home.pk}/"))
    assert "Дары" in page and "2 дара" in page


def test_the_form_changes_name_head_and_letter(client, by):
    one, two = make_person("Соло Хан"), make_person("Соло Бен")
    home = gather_household(by=by, contact_ids=[one.pk, two.pk])
    url = f"/people/households/{home.pk}/form/"
    assert client.post(url, {"name": "Сокол", "head": two.pk, "letter": "each"}).status_code == 302
    home.refresh_from_db()
    assert (home.name, home.letter, home.members.first().contact_id) == ("Сокол", "each", two.pk)
    assert client.post(url, {"name": "", "head": make_person().pk, "letter": "each"}).status_code == 422


def test_members_come_and_go_on_the_page(client, by):
    one, two, three = make_person("Соло Хан"), make_person("Соло Бен"), make_person("Органа Лея")
    home = gather_household(by=by, contact_ids=[one.pk, two.pk])
    hits = text_of(client.get(f"/people/households/{home.pk}/people/", {"q": "Органа"}))
    assert f'value="{three.pk}" checked' in hits
    assert client.post(f"/people/households/{home.pk}/members/new/", {"contact": three.pk}).status_code == 302
    assert client.post(f"/people/households/{home.pk}/members/new/", {"contact": "nobody"}).status_code == 422
    assert home.members.count() == 3
    gone = client.post(f"/people/households/{home.pk}/members/{one.pk}/removal/")
    assert gone["Location"] == f"/people/households/{home.pk}/"
    assert client.post(f"/people/households/{home.pk}/removal/").status_code == 302
    assert not Household.objects.exists() and Contact.objects.count() == 3


def test_the_list_is_searched_filtered_and_turned(client, by):
    names = [
        f"{one}{two}ов"
        for one in ("Бат", "Гоз", "Джав", "Вом", "Ферр", "Рил", "Мал")
        for two in ("ар", "ин", "ок", "ул", "ец", "ир", "ян", "ет")
    ]
    for name in names[:52]:
        gather_household(by=by, contact_ids=[make_person(f"{name} Иван").pk, make_person(f"{name} Пётр").pk])
    page = text_of(client.get("/people/households/"))
    assert names[51] in page and names[2] in page and names[1] not in page
    after = page.split("after=")[1].split('"')[0]
    rest = text_of(client.get(f"/people/households/?after={after}"))
    assert names[1] in rest and names[0] in rest and names[2] not in rest
    found = text_of(client.get(f"/people/households/?q={names[7]}"))
    assert names[7] in found and names[8] not in found
    rename_household(by=by, household_id=Household.objects.latest("pk").pk, name="Ферма влаги")
    assert "Ферма влаги" in text_of(client.get("/people/households/?q=влаги"))
    assert "No household is like that" in text_of(client.get("/people/households/?size=4"))
    assert "No household is like that" in text_of(client.get("/people/households/?letter=head"))


def test_no_page_costs_more_with_more_people(client, by):
    def cost(url):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        assert len(asked) <= 20, "\n".join(each["sql"][:150] for each in asked)
        return len(asked)

    def grow(number):
        ids = [
            make_person(f"Соло {n}", phone="8 904 000-27-40", addresses=["Тверь, ул. Мира, 5"]).pk
            for n in range(number)
        ]
        for each in ids[1:]:
            relate(by=by, one_id=ids[0], other_id=each, kind_code="parent")
        return ids[0], gather_household(by=by, contact_ids=ids).pk

    few, many = grow(2), grow(12)
    for pattern, which in (("/people/{}/ties/", 0), ("/people/households/{}/", 1)):
        costs = [cost(pattern.format(each[which])) for each in (few, many)]
        assert costs[0] == costs[1] <= 20, (pattern, costs)
    assert cost("/people/households/") <= 12

"""Lists of people given to colleagues: who then sees whom, for how long; and who can see a card, and why."""

import datetime as dt
import random

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from veche.accounts.actions import add_team, deactivate_user
from veche.accounts.models import Territory, User
from veche.accounts.testing import actor_of, cast, make_user, member, signed_in_client
from veche.campaigns.testing import make_campaign
from veche.contacts.actions import giving
from veche.contacts.actions.giving import forget_ended_lists, give_list, refresh_growing_lists, revoke_list
from veche.contacts.models import Contact, GivenContact, GivenList, OwnField
from veche.contacts.queries.given import given_list_of, given_lists_for
from veche.contacts.queries.scope import contacts_for, visible_sql
from veche.contacts.queries.search import search_contacts
from veche.contacts.queries.seen_by import seen_by
from veche.contacts.testing import make_own_field, make_person
from veche.core.actor import Actor
from veche.core.refusal import NotFound, Refusal
from veche.core.testing import published

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def give(people, to=None, *, by=None, until=None, name="Двор на Татуинской", **more) -> GivenList:
    ids = None if people is None else [person.pk for person in people]
    asked = {"until": until or timezone.localdate(), "ids": ids, "name": name, **more}
    return give_list(by=by or actor_of("coordinator"), to=to or member("volunteer"), **asked)


def seen(who) -> set[int]:
    """Whom this member of the cast sees, both ways of asking being the same."""
    actor = actor_of(who)
    where, params = visible_sql(actor)
    rows = Contact.objects.raw(f"SELECT id FROM contacts_contact AS contact WHERE {where}", params)
    found = set(contacts_for(actor).values_list("pk", flat=True))
    assert found == {row.pk for row in rows}
    return found


def test_a_volunteer_sees_whom_he_was_given_and_nobody_else():
    given, other = make_person("Органа Лея", phone="8 904 000-27-40"), make_person("Соло Хан")
    own = make_person("Скайуокер Рей", fields={"responsible": member("volunteer").pk})
    client = signed_in_client("volunteer")
    assert client.get(reverse("contacts:card", args=[given.pk])).status_code == 404
    held = give([given])
    (event,) = published("contacts.list_given")
    assert (event.data["to"], event.data["people"], event.object_id) == ("user", 1, held.pk)
    assert seen("volunteer") == {given.pk, own.pk}
    assert client.get(reverse("contacts:card", args=[given.pk])).status_code == 200
    assert client.get(reverse("contacts:card", args=[other.pk])).status_code == 404
    assert [hit.id for hit in search_contacts(actor_of("volunteer"), "Органа").hits] == [given.pk]
    assert not search_contacts(actor_of("volunteer"), "Соло").hits
    page = client.get(reverse("contacts:people"), {"list": held.pk}).text
    assert "Органа Лея" in page and "Скайуокер Рей" not in page
    assert "My lists" in page and "Двор на Татуинской" in page
    assert "904 000-27-40" not in page.replace("\u00a0", " ")


def test_taking_back_and_the_last_day_count_at_once():
    person = make_person()
    held = give([person])
    client = signed_in_client("volunteer")
    url = reverse("contacts:card", args=[person.pk])
    assert client.get(url).status_code == 200
    answer = signed_in_client("coordinator").post(reverse("contacts:given_list_revocation", args=[held.pk]))
    assert answer.status_code == 302
    assert client.get(url).status_code == 404
    assert len(published("contacts.list_revoked")) == 1
    revoke_list(by=actor_of("coordinator"), given=held)
    assert len(published("contacts.list_revoked")) == 1, "a second time is nothing"
    again = give([person], until=timezone.localdate())
    assert seen("volunteer") == {person.pk}, "on the last day too"
    GivenList.objects.filter(pk=again.pk).update(until=timezone.localdate() - DAY)
    assert seen("volunteer") == set()
    page = client.get(reverse("contacts:people"), {"list": again.pk}).text
    assert "Двор" not in page, "an ended list is not told of"


def test_a_team_has_a_list_while_one_is_in_it():
    person, rey = make_person(), member("volunteer")
    team = add_team(by=Actor.system(), name="Обход")
    give([person], team)
    assert seen("volunteer") == set()
    rey.teams.add(team)
    assert seen("volunteer") == {person.pk}
    rey.teams.remove(team)
    assert seen("volunteer") == set()


def test_a_list_that_grows_takes_in_new_matches_with_the_rights_of_its_giver():
    campaign = make_campaign()
    first = make_person("Органа Лея", campaign=campaign)
    held = give(None, asked=f"campaign={campaign.pk}&sort=-name&after=5", grows=True)
    assert (held.people, held.asked) == (1, f"campaign={campaign.pk}")
    second = make_person("Соло Хан", campaign=campaign)
    assert seen("volunteer") == {first.pk}
    refresh_growing_lists()
    assert seen("volunteer") == {first.pk, second.pk}
    deactivate_user(by=actor_of("administrator"), user=member("coordinator"))
    refresh_growing_lists()
    assert seen("volunteer") == set(), "a giver who was switched off gives nobody"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"until": dt.date(2020, 1, 1)}, "until"),
        ({"until": dt.date(2999, 1, 1)}, "until"),
        ({"grows": True, "asked": "sort=name"}, "grows"),
        ({"grows": True, "asked": "?columns=name,phone&match=any"}, "grows"),
        ({"grows": True, "asked": "?ids=1,2"}, "grows"),
        ({"grows": True, "asked": "&".join(f"q={n:0180}" for n in range(12))}, "grows"),
        ({"people": []}, "name"),
    ],
)
def test_what_makes_no_list(change, field):
    asked = {"people": None if "asked" in change else [make_person()], **change}
    with pytest.raises(Refusal) as refused:
        give(asked.pop("people"), **asked)
    assert field in refused.value.fields
    assert not GivenList.objects.exists()


def test_a_list_that_grows_keeps_its_people_while_its_filter_is_prepared(monkeypatch):
    field = make_own_field()
    person = make_person(fields={f"own.{field.key}": "XL"})
    held = give(None, asked=f"own.{field.key}=XL", grows=True)
    monkeypatch.setattr("veche.contacts.queries.people_filters.is_large_base", lambda: True)
    refresh_growing_lists()
    assert seen("volunteer") == {person.pk} and GivenList.objects.get(pk=held.pk).people == 1
    OwnField.objects.update(index_state=OwnField.IndexState.READY)
    Contact.objects.filter(pk=person.pk).update(own={})
    refresh_growing_lists()
    assert seen("volunteer") == set()


def test_a_list_of_more_than_anybody_can_call_is_refused_and_one_that_grew_so_stays(monkeypatch):
    campaign = make_campaign()
    first = make_person("Органа Лея", campaign=campaign)
    monkeypatch.setattr(giving, "MOST", 1)
    give(None, asked=f"campaign={campaign.pk}", grows=True)
    make_person("Соло Хан", campaign=campaign)
    refresh_growing_lists()
    assert seen("volunteer") == {first.pk}
    with pytest.raises(Refusal) as refused:
        give(None, asked=f"campaign={campaign.pk}")
    assert refused.value.code == "given.too_many" and GivenList.objects.count() == 1


def test_whoever_sees_a_part_of_the_base_is_told_of_his_own_lists_alone():
    person, narrow = make_person(), make_user("Лэндо", "coordinator", reach=User.Reach.OWN)
    Contact.objects.filter(pk=person.pk).update(responsible=narrow)
    others, own = give([make_person()]), give([person], by=actor_of(narrow))
    assert list(given_lists_for(actor_of(narrow))) == [own]
    assert set(given_lists_for(actor_of("coordinator"))) == {others, own}
    with pytest.raises(NotFound):
        given_list_of(actor_of(narrow), others.pk)


def test_nobody_gives_whom_he_does_not_see():
    person = make_person()
    narrow = make_user("Лэндо", "coordinator", reach=User.Reach.OWN)
    with pytest.raises(Refusal):
        give([person], by=actor_of(narrow))


def test_people_of_ended_lists_are_forgotten_and_the_record_stays():
    held = give([make_person()])
    give([make_person()], name="Ещё идёт")
    GivenList.objects.filter(pk=held.pk).update(until=timezone.localdate() - 40 * DAY)
    assert forget_ended_lists() == 1
    assert GivenContact.objects.count() == 1 and GivenList.objects.count() == 2


def test_the_list_of_people_hands_its_filter_to_the_form():
    campaign = make_campaign("Парк Альдераан")
    make_person(campaign=campaign)
    client: Client = signed_in_client("coordinator")
    url = reverse("contacts:given_list_new")
    page = client.get(url, {"campaign": campaign.pk})
    assert "Парк Альдераан" in page.text and f"campaign={campaign.pk}" in page.text
    typed = {
        "name": "Парк",
        "to": f"user-{member('volunteer').pk}",
        "until": timezone.localdate().isoformat(),
    }
    answer = client.post(url, {**typed, "asked": f"campaign={campaign.pk}", "grows": "on"})
    assert answer.status_code == 302
    assert GivenList.objects.get().asked == f"campaign={campaign.pk}"
    assert client.post(url, {**typed, "name": "", "asked": ""}).status_code == 422
    picked = [make_person().pk, make_person().pk]
    asked = f"ids={picked[0]},{picked[1]}"
    assert "grows" not in client.get(f"{url}?{asked}").text
    assert client.post(url, {**typed, "asked": asked}).status_code == 302
    assert set(GivenContact.objects.filter(list__asked="").values_list("contact", flat=True)) == set(picked)


def test_who_can_see_a_card_is_who_sees_it():
    """For the whole cast and random users, each of a random base: the panel names exactly those who see the contact."""
    chance = random.Random(1977)
    teams = [add_team(by=Actor.system(), name=f"Отряд {n}") for n in range(3)]
    campaigns = [make_campaign(teams=chance.sample(teams, chance.randint(0, 2))) for _n in range(3)]
    whole = Territory.objects.create(name="Округ")
    territories = [whole, *(Territory.objects.create(name=f"Участок {n}", parent=whole) for n in range(2))]
    users = list(cast().values())
    for n in range(12):
        role = chance.choice(["operator", "volunteer", "coordinator"])
        users.append(
            make_user(
                f"Боец {n}", role, reach=chance.choice(User.Reach.values),
                teams=chance.sample(teams, chance.randint(0, 2)),
                territories=chance.sample(territories, chance.randint(0, 1)),
            )
        )  # fmt: skip
    people = [make_person(f"Соло Хан{n}", campaign=chance.choice([None, *campaigns])) for n in range(25)]
    for person in people:
        Contact.objects.filter(pk=person.pk).update(
            responsible=chance.choice([None, *users]), territory=chance.choice([None, *territories])
        )
    for n in range(6):
        held = give(chance.sample(people, 4), chance.choice([*users, *teams]), name=f"Список {n}")
        if n == 5:
            revoke_list(by=actor_of("coordinator"), given=held)
    deactivate_user(by=actor_of("administrator"), user=users[-1])
    auditor = actor_of("auditor")
    sights = {user.pk: seen(user) for user in users}
    assert {len(each) for each in sights.values()} > {0, len(people)}
    for person in Contact.objects.all():
        told = {seer.user.pk for seer in seen_by(auditor, person)}
        assert told == {user for user, sight in sights.items() if person.pk in sight}
    assert all(seer.reasons for seer in seen_by(auditor, people[0]))

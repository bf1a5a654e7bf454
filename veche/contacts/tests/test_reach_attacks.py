"""What somebody with a narrow reach tries, to learn of people out of it: by keys of pages, remarks, views and lists."""

import datetime as dt
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from veche.accounts.actions import add_team
from veche.accounts.testing import actor_of, make_user, signed_in_client
from veche.contacts.actions.giving import give_list
from veche.contacts.actions.inspecting import inspect_contacts
from veche.contacts.actions.mass_changes import start_mass_change, start_mass_undo
from veche.contacts.actions.viewing import remove_view, save_view
from veche.contacts.models import Contact, Finding, GivenList, MassChange, TagAssignment
from veche.contacts.queries.findings import get_finding, overview, rows_about
from veche.contacts.queries.people import people_of
from veche.contacts.queries.people_found import found
from veche.contacts.queries.shared_phones import shared_phones
from veche.contacts.testing import make_own_field, make_person, make_tag
from veche.core.refusal import NotFound, Refusal

pytestmark = pytest.mark.django_db
PHONE = "8 904 000-27-40"
HOSTILE = ["9" * 5000, "9" * 30, "9223372036854775808", "²", "٣", "-1", "own.%00", "%00"]


@pytest.fixture
def han():
    """An operator who sees those alone for whom he is responsible."""
    return make_user("Хан Соло", reach="own")


def of(user, name: str, **known) -> Contact:
    return make_person(name, fields={"responsible": user.pk}, **known)


@pytest.mark.parametrize("sort", ["name", "-name", "surname", "-surname"])
def test_where_a_page_begins_does_not_tell_a_hidden_name(han, sort):
    mine = [of(han, name).pk for name in ("Антиллес Ведж", "Органа Лея", "Ян Додонна")]
    hidden = make_person("Калриссиан Лэндо")
    actor = actor_of(han)
    whole = [each.pk for each in people_of(actor, {"sort": sort}).contacts]
    assert sorted(whole) == mine
    for way in ("after", "before"):
        page = people_of(actor, {"sort": sort, way: str(hidden.pk)})
        assert [each.pk for each in page.contacts] == whole, "a page from a hidden key is the first page"
    page = people_of(actor, {"sort": sort, "after": str(whole[0])})
    assert [each.pk for each in page.contacts] == whole[1:]


def test_a_page_goes_on_from_somebody_removed_meanwhile(han):
    first, second = of(han, "Антиллес Ведж"), of(han, "Органа Лея")
    Contact.objects.filter(pk=first.pk).update(removed_at=timezone.now())
    page = people_of(actor_of(han), {"after": str(first.pk)})
    assert [each.pk for each in page.contacts] == [second.pk]


def test_a_phone_written_at_two_does_not_tell_that_a_hidden_third_has_it(han):
    hidden = make_person("Калриссиан Лэндо", phone=PHONE)
    mine = [of(han, f"Соло {name}", phone=PHONE) for name in ("Бен", "Хан")]
    inspect_contacts([hidden.pk, *(each.pk for each in mine)])
    finding = Finding.objects.get(key="phone_shared", contact=mine[0])
    actor, everybody = actor_of(han), actor_of("administrator")
    assert people_of(everybody, {"finding": "phone_shared"}).count == 3
    assert len(shared_phones(everybody).rows) == 1 and rows_about(everybody, mine[0].pk)

    assert people_of(actor, {"finding": "phone_shared"}).contacts == []
    assert found(actor, "finding=phone_shared").exact_count() == 0
    assert found(actor, "finding.not=phone_shared").exact_count() == 2
    assert shared_phones(actor).rows == []
    assert "phone_shared" not in [row.kind.key for row in rows_about(actor, mine[0].pk)]
    lines = [line for _title, group in overview(actor).groups for line in group]
    assert next(line.people for line in lines if line.kind.key == "phone_shared") == 0
    with pytest.raises(NotFound):
        get_finding(actor, finding.pk)

    third = of(han, "Соло Джейсен", phone=PHONE)
    inspect_contacts([third.pk])
    assert people_of(actor, {"finding": "phone_shared"}).count == 3
    assert shared_phones(actor).rows[0].people == 3
    assert "phone_shared" in [row.kind.key for row in rows_about(actor, mine[0].pk)]
    assert get_finding(actor, finding.pk)


def test_another_teams_removed_view_is_brought_back_by_nobody_else():
    by = actor_of("administrator")
    ours, theirs = (
        make_user("Падме", "coordinator", reach="own"),
        make_user("Дуку", "coordinator", reach="own"),
    )
    team = add_team(by=by, name="Чужие", members=[theirs])
    add_team(by=by, name="Наши", members=[ours])
    view = save_view(
        by=actor_of(theirs), name="Тайный", query={"q": "Калриссиан"}, audience="team", team_id=team.pk
    )
    remove_view(by=actor_of(theirs), view_id=view.pk)
    address = reverse("contacts:list_view_restoration", args=[view.pk])
    answer = signed_in_client(ours).post(address)
    assert answer.status_code == 404
    view.refresh_from_db()
    assert view.removed_at is not None
    assert signed_in_client(theirs).post(address).status_code == 302


def test_a_coordinator_of_a_part_neither_sees_nor_takes_back_what_others_gave():
    ours, theirs = (
        make_user("Падме", "coordinator", reach="own"),
        make_user("Дуку", "coordinator", reach="own"),
    )
    volunteer = make_user("Рей", "volunteer")
    until = timezone.localdate() + dt.timedelta(days=3)
    person = of(theirs, "Калриссиан Лэндо")
    given = give_list(
        by=actor_of(theirs), name="Должники Беспина", to=volunteer, until=until, ids=[person.pk]
    )
    client, revocation = signed_in_client(ours), reverse("contacts:given_list_revocation", args=[given.pk])
    assert "Должники Беспина" not in client.get("/people/lists/").content.decode()
    assert "Должники Беспина" not in client.get(f"/people/?list={given.pk}").content.decode()
    assert client.post(revocation).status_code == 404
    assert GivenList.objects.get(pk=given.pk).revoked_at is None
    assert "Должники Беспина" in signed_in_client("coordinator").get("/people/lists/").content.decode()
    assert "Должники Беспина" in signed_in_client(theirs).get("/people/lists/").content.decode()
    assert signed_in_client(theirs).post(revocation).status_code == 302


def test_a_coordinator_filters_by_a_list_that_another_gave_him():
    ours = make_user("Падме", "coordinator", reach="own")
    until = timezone.localdate() + dt.timedelta(days=3)
    person = make_person()
    given = give_list(by=actor_of("coordinator"), name="Двор", to=ours, until=until, ids=[person.pk])
    assert [each.pk for each in people_of(actor_of(ours), {"list": str(given.pk)}).contacts] == [person.pk]


def test_ids_of_hidden_people_change_nobody_and_tell_nothing(han):
    hidden, mine, tag = make_person("Калриссиан Лэндо"), of(han, "Соло Бен"), make_tag()
    actor, nobody = actor_of(han), hidden.pk + 1_000_000
    with pytest.raises(Refusal) as told:
        start_mass_change(by=actor, kind="tag_put", value=tag.pk, ids=[hidden.pk])
    with pytest.raises(Refusal) as silent:
        start_mass_change(by=actor, kind="tag_put", value=tag.pk, ids=[nobody])
    assert (told.value.code, told.value.message) == (silent.value.code, silent.value.message)
    for other in (hidden.pk, nobody):
        mass = start_mass_change(by=actor, kind="tag_put", value=tag.pk, ids=[mine.pk, other])
        assert mass.people == 2 and mass.skipped["out"] == 1
    asked = start_mass_change(by=actor, kind="tag_take", value=tag.pk, asked=f"ids={mine.pk},{hidden.pk}")
    assert asked.people == 1 and not TagAssignment.objects.filter(contact=hidden).exists()
    client = signed_in_client(han)
    for address in (f"/people/bulk/?ids={hidden.pk}", f"/people/print/?ids={hidden.pk}&phones=1"):
        assert "Калриссиан" not in client.get(address).content.decode()


def test_nobody_undoes_looks_at_or_filters_by_the_change_of_another(han):
    tag, person = make_tag(), make_person("Калриссиан Лэндо")
    mass = start_mass_change(by=actor_of("coordinator"), kind="tag_put", value=tag.pk, ids=[person.pk])
    with pytest.raises(NotFound):
        start_mass_undo(by=actor_of(han), mass_id=mass.pk)
    client = signed_in_client(han)
    for name in ("mass_change_undo", "mass_change_stop"):
        assert client.post(reverse(f"contacts:{name}", args=[mass.pk])).status_code == 404
    assert client.get(reverse("contacts:mass_change", args=[mass.pk])).status_code == 404
    assert people_of(actor_of(han), {"change": str(mass.pk)}).contacts == []
    assert MassChange.objects.get(pk=mass.pk).undone == 0


def test_hostile_numbers_and_json_get_an_answer():
    field, person = make_own_field(), make_person()
    client = signed_in_client("administrator", raise_request_exception=False)
    posts = [
        ("/people/layout/", {"columns": '[{"key": "name", "width": 1e999}, {"key": [], "width": NaN}]'}),
        ("/people/layout/", {"columns": '[{"key": "own.\\ud800", "width": -Infinity}]'}),
        ("/people/layout/", {"columns": json.dumps([{"key": "own.\x00", "width": 10**400}])}),
    ]
    for odd in HOSTILE:
        posts += [
            ("/people/cells/", {"cell": f"{odd}:phone", "value": "1"}),
            ("/people/changes/", {"kind": "status", "all": "1", "asked": f"own.{odd}=1&sort=own.{odd}"}),
            ("/people/changes/", {"kind": "own", "ids": person.pk, "what": odd, "value": odd}),
            ("/people/changes/", {"kind": "own", "ids": person.pk, "what": field.key, "value": odd}),
            ("/people/lists/new/", {"asked": f"own.{odd}=1", "name": "а", "until": "2100-01-01", "to": odd}),
            ("/people/views/first/", {"view": odd, "back": f"own.{odd}=1"}),
            (reverse("desk:notice_readings"), {"until": odd}),
        ]
    broken = [each for each in posts if client.post(*each).status_code >= 500]
    gets = [
        url
        for odd in HOSTILE
        for url in (
            f"{reverse('desk:presence')}?contact={odd}",
            f"{reverse('desk:presence')}?contact={person.pk}&who={odd}.editing",
            f"/people/bulk/?all=1&asked=own.{odd.replace('%', '%25')}%3D1",
            f"/people/{person.pk}/steps/?list=own.{odd.replace('%', '%25')}%3D1%26sort%3Down.{odd}",
            f"/people/print/?all=1&asked=sort%3Down.{odd.replace('%', '%25')}",
        )
    ]
    assert broken + [url[:99] for url in gets if client.get(url).status_code >= 500] == []

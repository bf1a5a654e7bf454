"""The card's page and its pieces: what comes back, what is stored, what the ledger says."""

import json

import pytest
from django.urls import reverse

from veche.accounts.testing import actor_of, member, signed_in_client
from veche.campaigns.testing import make_campaign
from veche.contacts.actions import belonging, notes
from veche.contacts.actions.contacts import change_fields
from veche.contacts.models import Contact, Note
from veche.contacts.queries.timeline import counts, grouped, timeline
from veche.contacts.testing import make_organisation, make_own_field, make_person, make_tag
from veche.core.ledger import history
from veche.ui.testing import queries_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def client():
    return signed_in_client("coordinator")


def url(name, contact, *more):
    return reverse(f"contacts:{name}", args=[contact.pk, *more])


def triggers(response):
    return json.loads(response.headers["HX-Trigger"])


def fill(contact, count):
    """`count` of everything that a card lists."""
    by = actor_of("coordinator")
    for n in range(count):
        notes.add_note(by=by, contact_id=contact.pk, text=f"Разговор {n}", pinned=n == 0)
        change_fields(
            by=by, contact_id=contact.pk, fields={"caution": f"Собака {n}", "responsible": by.user_id}
        )
        belonging.put_tag(by=by, contact_id=contact.pk, tag_id=make_tag().pk)
        belonging.join_campaign(by=by, contact_id=contact.pk, campaign_id=make_campaign().pk)
        make_own_field()


def test_the_card_shows_what_is_known(client):
    contact = make_person(
        "Скайуокер Лука", phone="8 904 000-27-40", email="luke@example.ru", addresses=["Татуин, 1"]
    )
    page = client.get(url("card", contact)).content.decode()
    for expected in (
        "Скайуокер Лука",
        "tel:+79040002740",
        "luke@example.ru",
        "Татуин, 1",
        "Added to the base",
    ):
        assert expected in page


@pytest.mark.parametrize("make", [lambda: make_person("", phone="8 904 000-27-40"), make_organisation])
def test_a_card_of_little_opens(client, make):
    assert client.get(url("card", make())).status_code == 200


def test_a_card_costs_the_same_for_a_little_and_for_much(client):
    contact = make_person("Скайуокер Лука", phone="8 904 000-27-40")
    fill(contact, 2)
    client.get(url("card", contact))
    few = len(queries_of(client, url("card", contact)))
    fill(contact, 15)
    many = queries_of(client, url("card", contact))
    assert len(many) == few, many
    assert few <= 40


def test_another_campaigns_contact_is_not_there_for_an_operator():
    contact = make_person(campaign=make_campaign())
    assert signed_in_client("operator").get(url("card", contact)).status_code == 404


def test_a_field_is_edited_in_place(client):
    contact = make_person("Иванов Пётр")
    form = client.get(url("fields", contact, "who"), headers=HTMX).content.decode()
    assert 'value="Иванов"' in form
    typed = {"surname": "Петров", "given_name": "Пётр", "gender": "m", "revision": "1"}
    saved = client.post(url("fields", contact, "who"), typed, headers=HTMX)
    assert (saved.status_code, saved.headers["HX-Retarget"]) == (200, "#card-head")
    assert "Петров Пётр" in saved.content.decode()
    assert Contact.objects.get().surname == "Петров"
    assert history(contact_id=contact.pk)[0].kind == "contacts.contact_changed"
    undone = client.post(triggers(saved)["toast"]["undo"], headers=HTMX)
    assert undone.status_code == 204
    assert "card-changed" in triggers(undone)
    assert Contact.objects.get().surname == "Иванов"


def test_what_is_wrong_is_said_in_place_and_nothing_typed_is_lost(client):
    contact = make_person("Иванов Пётр")
    typed = {"surname": "Петров", "birthday": "45.45.1980"}
    answer = client.post(url("fields", contact, "who"), typed, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "is not a birthday" in page
    assert 'value="Петров"' in page
    assert Contact.objects.get().surname == "Иванов"


def test_somebody_was_faster_three_values_are_shown_and_saving_again_puts_mine(client):
    contact = make_person("Иванов Пётр")
    change_fields(by=actor_of("administrator"), contact_id=contact.pk, fields={"surname": "Сидоров"})
    was = {"was.surname": "Иванов", "was.given_name": "Пётр", "was.gender": "m"}
    typed = {"surname": "Петров", "given_name": "Пётр", "gender": "m", "revision": "1"} | was
    answer = client.post(url("fields", contact, "who"), typed, headers=HTMX)
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 409
    assert '<td>Иванов</td><td>Сидоров</td><td class="mid">Петров</td>' in page
    assert 'name="revision" value="2"' in page
    assert 'name="surname" value="Петров"' in page
    assert Contact.objects.get().surname == "Сидоров"
    client.post(url("fields", contact, "who"), typed | {"revision": "2"}, headers=HTMX)
    assert Contact.objects.get().surname == "Петров"


def test_what_an_editor_left_alone_takes_back_nothing_of_a_colleagues(client):
    contact = make_person("Иванов Пётр")
    form = client.get(url("fields", contact, "who"), headers=HTMX).content.decode()
    assert 'name="was.surname" value="Иванов"' in form
    change_fields(by=actor_of("administrator"), contact_id=contact.pk, fields={"surname": "Сидоров"})
    was = {
        "was.surname": "Иванов",
        "was.given_name": "Пётр",
        "was.patronymic": "",
        "was.gender": "m",
        "was.birthday": "",
    }
    typed = {
        "surname": "Иванов",
        "given_name": "Павел",
        "patronymic": "",
        "gender": "m",
        "birthday": "",
        "revision": "1",
    }
    assert client.post(url("fields", contact, "who"), typed | was, headers=HTMX).status_code == 200
    contact.refresh_from_db()
    assert (contact.surname, contact.given_name) == ("Сидоров", "Павел")


def test_leaving_theirs_keeps_what_was_typed_beside(client):
    contact = make_person("Иванов Пётр")
    change_fields(by=actor_of("administrator"), contact_id=contact.pk, fields={"surname": "Сидоров"})
    was = {"was.surname": "Иванов", "was.given_name": "Пётр"}
    typed = {"surname": "Петров", "given_name": "Павел", "gender": "m", "revision": "2", "theirs": "surname,"}
    assert client.post(url("fields", contact, "who"), typed | was, headers=HTMX).status_code == 200
    contact.refresh_from_db()
    assert (contact.surname, contact.given_name) == ("Сидоров", "Павел")


def test_a_note_is_written_down(client):
    contact = make_person()
    answer = client.post(url("note_new", contact), {"text": "Ждёт звонка"}, headers=HTMX)
    assert answer.status_code == 200
    assert "line-changed" in triggers(answer)
    assert Note.objects.get().text == "Ждёт звонка"
    assert "Ждёт звонка" in client.get(url("history", contact), headers=HTMX).content.decode()
    empty = client.post(url("note_new", contact), {"text": " "}, headers=HTMX)
    assert empty.status_code == 422


def test_a_new_person_is_added_and_opened(client):
    typed = {"kind": "person", "name": "Иванов Пётр", "phone": "8 904 000-27-40", "note": "Сосед"}
    answer = client.post(reverse("contacts:contact_new"), typed)
    contact = Contact.objects.get()
    assert answer.headers["Location"] == url("card", contact)
    assert contact.notes.get().text == "Сосед"
    nothing = client.post(reverse("contacts:contact_new"), {"kind": "person"})
    assert nothing.status_code == 422
    assert "Give at least one of these" in nothing.content.decode()


def test_one_after_another_is_added_with_what_they_share(client):
    typed = {"kind": "organisation", "name": "ТСЖ «Заря»", "origin_words": "Собрание", "then": "new"}
    answer = client.post(reverse("contacts:contact_new"), typed)
    assert answer.headers["Location"].startswith(
        reverse("contacts:contact_new") + "?kind=organisation&origin_words="
    )
    page = client.get(answer.headers["Location"]).content.decode()
    assert 'value="Собрание"' in page and "ТСЖ «Заря»" in page  # the toast says who was added
    line = client.post(
        reverse("contacts:contact_new"), typed | {"name": "Иванов Пётр", "kind": "person"}, headers=HTMX
    )
    assert "Иванов Пётр" in line.content.decode() and "undo" in line.headers["HX-Trigger"]
    refused = client.post(reverse("contacts:contact_new"), {"kind": "person", "then": "new"}, headers=HTMX)
    assert refused.status_code == 422 and 'data-back="name"' in refused.content.decode()
    assert Contact.objects.count() == 2


def test_while_typing_we_say_what_we_understood_and_who_has_it_already(client):
    known = make_person("Иванов Пётр", phone="8 904 000-27-40")
    typed = {"name": "петров иван", "phone": "+79040002740", "email": "нет собаки", "kind": "person"}
    page = client.get(reverse("contacts:contact_hint"), typed, headers=HTMX).content.decode()
    assert url("card", known) in page
    assert "Петров" in page
    assert "the same phone" in page


def test_hints_keep_to_what_the_viewer_sees():
    make_person("Иванов Пётр", phone="8 904 000-27-40", campaign=make_campaign())
    page = signed_in_client("operator").get(reverse("contacts:contact_hint"), {"phone": "89040002740"})
    assert "Иванов" not in page.content.decode()


def test_a_volunteer_reads_no_phone_in_the_page_or_in_the_history():
    contact = make_person(
        "Иванов Пётр", phone="8 904 000-27-40", fields={"responsible": member("volunteer").pk}
    )
    by = actor_of("coordinator")
    point = contact.points.get()
    from veche.contacts.actions.points import change_point

    change_point(by=by, contact_id=contact.pk, point_id=point.pk, fields={"text": "8 904 000-27-55"})
    page = signed_in_client("volunteer").get(url("card", contact)).content.decode()
    for number in ("9040002740", "000-27-40", "9040002755", "000-27-55"):
        assert number not in page


def test_removing_goes_to_the_list_and_undo_comes_back(client):
    contact = make_person()
    answer = client.post(url("removal", contact), headers=HTMX)
    assert answer.headers["HX-Redirect"] == reverse("contacts:people")
    assert client.get(url("card", contact)).status_code == 404
    back = client.post(url("restoration", contact), headers=HTMX)
    assert back.headers["HX-Redirect"] == url("card", contact)


def test_the_history_is_read_to_its_end_with_nothing_twice():
    by, contact = actor_of("coordinator"), make_person("Иванов Пётр")
    fill(contact, 12)
    seen, after = [], ""
    while True:
        page = timeline(by, contact, after=after, limit=7)
        seen += [line.key for line in page.lines]
        after = page.after
        if not after:
            break
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == counts(contact)["all"]
    for only in ("notes", "changes", "events"):
        page = timeline(by, contact, only=only, limit=1000)
        assert len(page.lines) == counts(contact)[only] > 0


def test_a_caption_is_not_said_twice_when_the_history_goes_on():
    by, contact = actor_of("coordinator"), make_person("Иванов Пётр")
    fill(contact, 3)
    first = timeline(by, contact, limit=2)
    later = timeline(by, contact, after=first.after, limit=2)
    assert grouped(first.lines)[0][0] != ""
    assert grouped(later.lines, before=first.after)[0][0] == ""


def test_many_own_fields_do_not_bury_a_card(client):
    """Past twenty fields the card shows those with a value; the rest come when they are asked for."""
    contact = make_person()
    fields = [make_own_field() for _n in range(20)]
    change_fields(
        by=actor_of("coordinator"), contact_id=contact.pk, fields={f"own.{fields[3].key}": "отряд 7"}
    )
    page = client.get(url("card", contact)).content.decode()
    assert page.count("/fields/own.") == 20
    make_own_field()
    page = client.get(url("card", contact)).content.decode()
    assert page.count("/fields/own.") == 1 and "отряд 7" in page and "Поле 5" not in page
    loading = [query for query in queries_of(client, url("card", contact)) if '"choices"' in query]
    assert loading and all('"key" IN' in query for query in loading)
    empty = client.get(url("piece", contact, "own_empty"), headers=HTMX).content.decode()
    assert empty.count("/fields/own.") == 20 and "отряд 7" not in empty
    seen = signed_in_client("auditor").get(url("card", make_person("Органа Лея"))).content.decode()
    assert "Fill in another field" not in seen and 'id="card-own"' not in seen  # no heading over nothing
    assert empty.count("data-among") == 20 and "data-find" in empty  # of hundreds one is found by its name


def test_two_who_change_different_things_of_one_phone_are_no_conflict(client):
    from veche.contacts.actions.points import change_point

    contact = make_person(phone="8 904 000-27-40")
    point = contact.points.get()
    change_point(
        by=actor_of("administrator"), contact_id=contact.pk, point_id=point.pk, fields={"note": "мамин"}
    )
    was = {"was.text": "8 904 000-27-40", "was.purpose": "", "was.validity": "unchecked", "was.note": ""}
    typed = {"text": "8 904 000-27-41", "purpose": "", "validity": "unchecked", "note": "", "revision": "1"}
    assert client.post(url("point", contact, point.pk), typed | was, headers=HTMX).status_code == 200
    point.refresh_from_db()
    assert (point.value, point.note) == ("+79040002741", "мамин")

"""People by lines: the preview, what is added and what is not, doubles, taking back, and nonsense."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from veche.accounts.testing import actor_of, make_user, signed_in_client
from veche.campaigns.testing import make_campaign
from veche.contacts.actions.contacts import change_fields
from veche.contacts.actions.notes import add_note
from veche.contacts.actions.quick_add import Entry, add_entries, take_back
from veche.contacts.free_line import MOST_LINES
from veche.contacts.models import Contact, Note, Status
from veche.contacts.testing import make_person, make_tag
from veche.core.refusal import Refusal

pytestmark = pytest.mark.django_db
VADER = "Дарт Вейдер, 89999999999, Москва, ул. Красная Площадь, дом 1, сторонник Империи."
HTMX = {"HX-Request": "true"}


@pytest.fixture
def client():
    return signed_in_client("operator")


def send(client, text, **more):
    return client.post(reverse("contacts:quick_entries"), {"text": text, **more}, headers=HTMX)


def preview(client, text):
    return client.post(reverse("contacts:quick_preview"), {"text": text}, headers=HTMX)


def test_the_line_of_the_letter_becomes_a_contact(client):
    answer = send(client, VADER)
    assert answer.status_code == 200
    vader = Contact.objects.get()
    assert (vader.surname, vader.given_name, vader.name_as_given) == ("Вейдер", "Дарт", "Дарт Вейдер")
    assert vader.points.get().value == "+79999999999"
    assert vader.addresses.get().text == "Москва, ул. Красная Площадь, дом 1"
    held = vader.roles.get()
    assert (held.role.code, held.note) == ("supporter", "Империи") and not Note.objects.exists()
    assert f'data-id="{vader.pk}"' in answer.content.decode()
    assert "undo" in answer.headers["HX-Trigger"]


def test_a_role_without_its_kind_is_asked_for(client):
    answer = send(client, VADER, seen=VADER, rows="1", **{"0-name": "Вейдер", "0-role_note": "Империи"})
    assert answer.status_code == 422 and not Contact.objects.exists()


def test_whoever_came_with_a_role_is_taken_back(client):
    send(client, VADER)
    client.post(reverse("contacts:quick_undo") + f"?id={Contact.objects.get().pk}", headers=HTMX)
    assert Contact.objects.get().removed_at


def test_known_words_become_a_status_and_tags(client):
    status, tag = Status.objects.first(), make_tag("водитель")
    send(client, f"Соло Хан, {str(status).lower()}, водитель, 8 904 000-27-41")
    solo = Contact.objects.get()
    assert solo.status == status and [put.tag for put in solo.tagged.all()] == [tag]


def test_nothing_is_stored_by_a_preview(client):
    answer = preview(client, VADER)
    page = answer.content.decode()
    assert 'value="Дарт Вейдер"' in page and 'value="89999999999"' in page and "Красная Площадь" in page
    assert 'title="House"' in page and 'value="Империи"' in page, (
        "what was read of the address, and of what the role is"
    )
    assert not Contact.objects.exists()


def test_what_was_corrected_in_the_preview_is_what_is_added(client):
    given = {
        "seen": VADER,
        "rows": "1",
        "0-name": "Иванов Пётр",
        "0-kind": "person",
        "0-phone": "8 904 000-27-40",
    }
    send(client, VADER, **given)
    ivanov = Contact.objects.get()
    assert ivanov.surname == "Иванов" and ivanov.points.get().value == "+79040002740"
    assert not ivanov.addresses.exists()


def test_a_preview_of_another_text_is_not_used(client):
    send(client, VADER, seen="Органа Лея", rows="1", **{"0-name": "Органа Лея"})
    assert Contact.objects.get().surname == "Вейдер"


def test_a_list_is_added_in_one_go_with_its_campaign_and_source(client):
    campaign = make_campaign("Парк на Беспине")
    client = signed_in_client("coordinator")
    text = "\r\n".join(f"{n}. Штурмовик Иван{n}, 8 904 000-00-{n:02}" for n in range(1, 21))
    answer = send(client, text, campaign=str(campaign.pk), origin_words="Митинг")
    assert answer.status_code == 200
    assert Contact.objects.count() == 20 == campaign.memberships.count()
    assert {contact.origins.get().words for contact in Contact.objects.all()} == {"Митинг"}


def test_all_of_a_list_or_nothing_and_what_was_typed_stays(client):
    answer = send(client, "Органа Лея, 8 904 000-27-40\nСоло Хан, 8 904 000-27", seen="", rows="")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert not Contact.objects.exists()
    assert ('value="Органа Лея"' in page and 'value="8 904 000-27"' in page) or "8 904 000-27" in page


def test_a_wrong_field_says_so_beside_itself(client):
    given = {
        "seen": "Соло Хан",
        "rows": "1",
        "0-name": "Соло Хан",
        "0-birthday": "31.02.1980",
        "0-tags": "нет такой",
    }
    page = send(client, "Соло Хан", **given).content.decode()
    assert page.count('class="error"') == 1 and "There is no tag" in page
    given |= {"0-tags": ""}
    page = send(client, "Соло Хан", **given).content.decode()
    assert page.count('class="error"') == 1 and 'aria-invalid="true"' in page


def test_likely_doubles_are_shown_and_only_those_one_may_see():
    client = signed_in_client("coordinator")
    known = make_person("Органа Лея", phone="8 904 000-27-40")
    page = preview(client, "Лея Органа, 8 (904) 000-27-40\nЛея, 89040002740").content.decode()
    assert page.count(f'href="{reverse("contacts:card", args=[known.pk])}"') == 2
    assert "as in line 1" in page
    page = preview(client, "Органа Лея").content.decode()
    assert "the same name" in page
    few = signed_in_client(make_user("Чубакка"))
    assert "the same name" not in preview(few, "Органа Лея").content.decode()


def test_a_list_asks_as_many_questions_as_a_line(client):
    def questions(text):
        with CaptureQueriesContext(connection) as asked:
            preview(client, text)
        return len(asked)

    make_person("Органа Лея", phone="8 904 000-27-40")
    one = questions("Органа Лея 8 904 000-27-40")
    many = "\n".join(f"Органа Лея{n} 8 904 000-27-{n:02}" for n in range(30, 60))
    assert questions(many) == one <= 16


@pytest.mark.parametrize(
    "text",
    ["", " \n\t\n", "a" * 10_000, "1 " * 5_000, "@" * 10_000, "((((" * 2_500, "\u202e\x0b\x1f,;|" * 500, "🙂 " * 3_000,
     "8" * 10_000, "г. " * 3_000, "-" * 10_000],
)  # fmt: skip
def test_whatever_is_typed_is_no_error(client, text):
    assert preview(client, text).status_code == 200
    assert send(client, text).status_code in (200, 422)


def test_too_many_lines_are_refused_whole(client):
    text = "Соло Хан\n" * (MOST_LINES + 1)
    assert "More than" in preview(client, text).content.decode()
    assert send(client, text).status_code == 422
    assert not Contact.objects.exists()


@pytest.mark.parametrize("rows", ["-1", "999", "x", "0", "9" * 300])
def test_a_forged_number_of_rows_is_no_error(client, rows):
    assert send(client, "Соло Хан", seen="Соло Хан", rows=rows).status_code in (200, 422)


def test_who_added_takes_back_without_the_right_to_delete(client):
    send(client, VADER)
    vader = Contact.objects.get()
    answer = client.post(f"{reverse('contacts:quick_undo')}?id={vader.pk}", headers=HTMX)
    assert answer.status_code == 204 and str(vader.pk) in answer.headers["HX-Trigger"]
    vader.refresh_from_db()
    assert vader.removed_at


def test_nothing_else_is_taken_back():
    operator, other = actor_of("operator"), actor_of("coordinator")
    mine, changed = add_entries(by=operator, entries=[Entry(name="Соло Хан"), Entry(name="Органа Лея")])
    theirs = add_entries(by=other, entries=[Entry(name="Кеноби Бен")])[0]
    change_fields(by=other, contact_id=changed.pk, fields={"caution": "не звонить"})
    gone = take_back(by=operator, contact_ids=[mine.pk, changed.pk, theirs.pk])
    assert [contact.pk for contact in gone] == [mine.pk]


def test_whom_a_colleague_has_noted_and_who_has_been_here_for_a_day_stays():
    operator = actor_of("operator")
    mine, noted, old = add_entries(
        by=operator, entries=[Entry(name=f"Штурмовик {n}", note="свой") for n in "абв"]
    )
    add_note(by=actor_of("administrator"), contact_id=noted.pk, text="звонил сам")
    Contact.objects.filter(pk=old.pk).update(made_at=timezone.now() - dt.timedelta(hours=13))
    gone = take_back(by=operator, contact_ids=[mine.pk, noted.pk, old.pk])
    assert [contact.pk for contact in gone] == [mine.pk]


def test_a_refusal_names_its_line():
    with pytest.raises(Refusal) as refused:
        add_entries(by=actor_of("operator"), entries=[Entry(name="Соло Хан"), Entry(note="никто")])
    assert list(refused.value.fields) == ["1-name"]
    assert not Contact.objects.exists()

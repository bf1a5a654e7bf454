"""What is one's own on the home page."""

import datetime as dt

import pytest
from django.utils import timezone

from veche.accounts.testing import actor_of, member, signed_in_client
from veche.contacts.models import Contact
from veche.contacts.testing import make_person
from veche.desk.models import Notice
from veche.desk.queries.mine import mine, next_birthday
from veche.ui.testing import assert_same_queries

TODAY = dt.date(2026, 12, 30)


@pytest.mark.parametrize(
    ("year", "month", "day", "comes", "years"),
    [
        (1980, 12, 30, dt.date(2026, 12, 30), 46),
        (1980, 1, 2, dt.date(2027, 1, 2), 47),
        (None, 12, 31, dt.date(2026, 12, 31), None),
        (2004, 2, 29, dt.date(2027, 3, 1), 23),
    ],
)
def test_the_next_birthday_passes_the_end_of_the_year(year, month, day, comes, years):
    contact = Contact(birth_year=year, birth_month=month, birth_day=day)
    found = next_birthday(contact, TODAY)
    assert (found.day, found.years) == (comes, years)


def given(count, **fields):
    for n in range(count):
        make_person(f"Дроид {n}", fields={"responsible": member("operator").pk} | fields)


@pytest.mark.django_db
def test_an_operator_is_shown_who_is_in_their_care_and_whose_birthday_comes():
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    given(8)
    given(1, birthday=f"{tomorrow:%d.%m}.1980")
    make_person("Чужой", fields={"birthday": f"{tomorrow:%d.%m}.1980"})
    seen = mine(actor_of("operator"))
    assert (len(seen.people), seen.count, seen.estimated) == (6, 9, False)
    assert [(each.day, each.years) for each in seen.birthdays] == [(tomorrow, tomorrow.year - 1980)]
    page = signed_in_client("operator").get("/").content.decode()
    assert "all 9</a>" in page
    assert "Birthdays within 7 days" in page
    assert "In your care" not in signed_in_client("administrator").get("/").content.decode()


@pytest.mark.django_db
def test_news_stand_on_the_page_of_who_sees_a_part():
    person = make_person("Органа Лея", fields={"responsible": member("operator").pk})
    Notice.objects.create(
        user=member("operator"), kind="contacts.given", entry=1, at=timezone.now(), contact_id=person.pk
    )
    page = signed_in_client("operator").get("/").content.decode()
    assert "What is new for you" in page
    assert f'id="notice-{Notice.objects.get().pk}"' in page


@pytest.mark.django_db
def test_home_of_an_operator_asks_the_same_of_many():
    assert_same_queries(signed_in_client("operator"), "/", given)

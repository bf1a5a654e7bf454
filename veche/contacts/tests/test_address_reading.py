"""What addresses say: read with the change that writes them, by the job after an import, and gone with them."""

import pytest
from django.db import connection, transaction

from veche.contacts import jobs
from veche.contacts.actions import address_reading
from veche.contacts.actions.contacts import remove_contact
from veche.contacts.actions.erasing import erase_contacts
from veche.contacts.actions.points import add_address, change_address, remove_address
from veche.contacts.actions.reverting import revert_change
from veche.contacts.address_texts import read_address
from veche.contacts.models import AddressReading, Figure, PostalAddress
from veche.contacts.registry import merge_participants
from veche.contacts.testing import make_person
from veche.core.actor import Actor
from veche.core.models import Job

pytestmark = pytest.mark.django_db

BY = Actor.system()
TEXT = "620014, Свердловская обл, г. Екатеринбург, ул. Малышева, д. 12А корп. 3, кв. 34"


def import_addresses(*texts):
    """Rows as a load leaves them: written by the server, read by nobody."""
    contact = make_person()
    with connection.cursor() as sql:
        sql.execute(
            "INSERT INTO contacts_postaladdress (contact_id, text, purpose, validity, note, position, made_at)"
            " SELECT %s, text, '', 'unchecked', '', 0, now() FROM unnest(%s::text[]) AS text",
            [contact.pk, list(texts)],
        )
    return contact


def begin():
    job = address_reading.start_reading_addresses(by=BY)
    if job is not None:
        from veche.core.background import run_job

        run_job.func(job.pk)
        job.refresh_from_db()
        assert job.state == Job.State.DONE, job.error
    return job


# --- what is kept


def test_a_reading_has_the_parts_in_words():
    kept = read_address(TEXT)
    assert (kept.postcode, kept.region, kept.town) == ("620014", "Свердловская область", "Екатеринбург")
    assert (kept.street, kept.house, kept.flat) == ("ул. Малышева", "12А к3", "34")
    assert kept.understood == "whole" and kept.house_number == 12


@pytest.mark.parametrize(
    ("text", "town", "flat"),
    [
        ("Москва, Тверская ул., 7, оф. 5", "Москва", "оф. 5"),
        ("Свердловская обл., п. Бобровский, ул. Лесная, 3", "п. Бобровский", ""),
        ("Екатеринбург, Ленина 5-12", "Екатеринбург", "12"),
    ],
)
def test_towns_and_flats_are_written_as_people_write_them(text, town, flat):
    kept = read_address(text)
    assert (kept.town, kept.flat) == (town, flat)


def test_one_flat_has_one_mark_however_it_is_written_and_two_have_two():
    first = read_address("г. Екатеринбург, ул. Малышева, д. 12, кв. 3")
    again = read_address("Екатеринбург г, Малышева ул, 12-3")
    other = read_address("Екатеринбург, ул. Малышева, 12, кв. 4")
    assert first.flat_mark == again.flat_mark is not None
    assert first.house_mark == other.house_mark is not None
    assert first.flat_mark != other.flat_mark


def test_an_address_without_a_flat_marks_no_flat():
    kept = read_address("Екатеринбург, ул. Малышева, 12")
    assert kept.house_mark is not None and kept.flat_mark is None


@pytest.mark.parametrize("text", ["не указан", "позвонить позже", "+7 904 000-27-40"])
def test_what_is_no_address_has_no_parts(text):
    assert read_address(text) == ("not", "", "", "", "", "", "", "", "", "", None, None, None)


@pytest.mark.parametrize("text", ["\x00", "я" * 1000, "ул. " + "1" * 400, "ул. " + "Длинная" * 60 + ", 5"])
def test_any_text_fits_its_columns(text):
    contact = import_addresses(text.replace("\x00", " "))
    assert address_reading.read_addresses_of([contact.pk]) == 1


# --- when it is read


def test_an_address_is_read_in_the_action_that_writes_it():
    contact = make_person(addresses=[TEXT])
    assert AddressReading.objects.get(contact=contact).street == "ул. Малышева"
    added = add_address(by=BY, contact_id=contact.pk, text="Екатеринбург, ул. Мира, 7")
    assert added.reading.street == "ул. Мира"
    change_address(by=BY, contact_id=contact.pk, address_id=added.pk, fields={"text": "Тверь, ул. Новая, 1"})
    assert AddressReading.objects.get(address=added).town == "Тверь"


def test_an_address_that_comes_back_is_read_again():
    contact = make_person(addresses=[TEXT])
    address = contact.addresses.get()
    gone = remove_address(by=BY, contact_id=contact.pk, address_id=address.pk)
    assert not AddressReading.objects.exists()
    revert_change(by=BY, contact_id=contact.pk, change_id=gone.pk)
    assert AddressReading.objects.get(address_id=address.pk).street == "ул. Малышева"


def test_what_was_read_already_is_not_read_again():
    contact = make_person(addresses=[TEXT])
    assert address_reading.read_addresses_of([contact.pk]) == 0


def test_the_job_reads_what_an_import_left_in_portions_and_once(monkeypatch):
    monkeypatch.setattr(address_reading, "CHUNK", 2)
    texts = [f"Екатеринбург, ул. Мира, {house}" for house in range(1, 6)]
    import_addresses(*texts)
    address_reading.keep_addresses_for_later()
    job = begin()
    assert (job.done, job.total) == (5, 5)
    assert set(AddressReading.objects.values_list("house_number", flat=True)) == {1, 2, 3, 4, 5}
    assert begin() is None
    assert Figure.objects.get(name=address_reading.NEWS).stale_since is None


def test_the_job_goes_on_where_it_was_killed():
    contact = import_addresses("Екатеринбург, ул. Мира, 1", "Екатеринбург, ул. Мира, 2")
    first, last = contact.addresses.order_by("pk")
    assert address_reading.read_addresses_after(0, portion=1) == (first.pk, 1)
    assert address_reading.read_addresses_after(first.pk, portion=1) == (last.pk, 1)
    assert address_reading.read_addresses_after(last.pk) is None


def test_another_parser_reads_the_base_anew(monkeypatch):
    contact = make_person(addresses=[TEXT])
    begin()
    monkeypatch.setattr(address_reading, "VERSION", address_reading.VERSION + 1)
    assert begin().done == 1
    assert AddressReading.objects.get(contact=contact).version == address_reading.VERSION


def test_nothing_is_read_while_another_job_is_at_work():
    import_addresses(TEXT)
    Job.objects.create(kind="exchange.load", state=Job.State.RUNNING)
    jobs.read_waiting_addresses()
    assert not Job.objects.filter(kind=address_reading.JOB).exists()


def test_what_came_while_the_job_ran_waits_on():
    import_addresses(TEXT)
    job = address_reading.start_reading_addresses(by=BY)
    address_reading.keep_addresses_for_later()
    address_reading.note_addresses_read(job.queued_at)
    assert Figure.objects.get(name=address_reading.NEWS).stale_since is not None


def test_reading_many_takes_few_questions(django_assert_max_num_queries):
    contact = import_addresses(*(f"Екатеринбург, ул. Мира, {house}" for house in range(30)))
    with transaction.atomic(), django_assert_max_num_queries(10):
        address_reading.read_addresses_of([contact.pk])


# --- when it goes


def test_a_reading_goes_with_its_address_by_whatever_statement():
    make_person(addresses=[TEXT])
    with connection.cursor() as sql:
        sql.execute("DELETE FROM contacts_postaladdress")
    assert not AddressReading.objects.exists()


def test_a_reading_goes_with_an_erased_person():
    contact = make_person(addresses=[TEXT])
    remove_contact(by=BY, contact_id=contact.pk)
    erase_contacts(by=BY, contact_ids=[contact.pk])
    assert not AddressReading.objects.exists()


def test_a_merge_takes_the_readings_along_but_for_doubles():
    kept = make_person(addresses=[TEXT])
    gone = make_person(addresses=[TEXT, "Екатеринбург, ул. Мира, 7"])
    for participant in merge_participants:
        if participant.table in ("contacts_postaladdress", "contacts_addressreading"):
            participant.merge(BY, {gone.pk: kept.pk})
    assert set(AddressReading.objects.values_list("contact", "street")) == {
        (kept.pk, "ул. Малышева"), (kept.pk, "ул. Мира"),
    }  # fmt: skip
    assert PostalAddress.objects.filter(contact=kept).count() == 2

"""Labels, envelopes and the list for the post: whom a letter is for, in which lines, and what leaves the base."""

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.urls import reverse

from veche.accounts.testing import actor_of, signed_in_client
from veche.contacts.actions.households import choose_letter, gather_household
from veche.contacts.actions.learning_streets import learn_street
from veche.contacts.actions.points import change_address
from veche.contacts.models import Contact
from veche.contacts.queries.people_found import Found
from veche.contacts.testing import make_person
from veche.core.actor import Actor
from veche.core.background import run_job
from veche.core.refusal import Refusal
from veche.exchange.actions.letters import SAMPLE, draw, order_letters, write
from veche.exchange.forms.letters import LettersForm
from veche.exchange.letters.addressing import Home, Person, recipient
from veche.exchange.letters.postlist import COLUMNS
from veche.exchange.letters.sheets import A4, LABELS
from veche.exchange.letters.stamp import STROKES
from veche.exchange.models import Export
from veche.exchange.queries import orders

db = pytest.mark.django_db
TEXT = "620014, Свердловская обл., г. Екатеринбург, ул. Малышева, д. 31 корп. 2, подъезд 3, этаж 2, кв. 45"


def person(address=TEXT, *, kind="person", gender="f", **known):
    known = {"surname": "Иванова", "given_name": "Мария", "patronymic": "Петровна"} | known
    name = known.pop("name", "Иванова Мария Петровна")
    return Person(7, kind, name, gender=gender, address=address, **known)


def asked(**more):
    form = LettersForm({"what": "labels", **more})
    assert form.is_valid(), form.errors
    return form.asked()


@pytest.fixture(autouse=True)
def own_files(tmp_path, settings):
    settings.MEDIA_ROOT = str(tmp_path / "files")


# --- to whom and where


def test_the_name_stands_in_the_dative_and_the_lines_in_the_order_of_the_post():
    letter = recipient(person(), {})
    assert letter.to == "Ивановой Марии Петровне"
    assert letter.lines == ("ул. Малышева, д. 31, корп. 2, кв. 45", "г. Екатеринбург", "Свердловская область")
    assert letter.postcode == "620014" and letter.is_sure
    assert (
        letter.one_line
        == "620014, Свердловская область, г. Екатеринбург, ул. Малышева, д. 31, корп. 2, кв. 45"
    )


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        ("г. Москва, ул. Мира, 5", ("ул. Мира, д. 5", "г. Москва")),
        ("Тверь, а/я 12", ("а/я 12", "г. Тверь", "Тверская область")),
        (
            "Свердловская обл., Белоярский р-н, п. Верхнее Дуброво, ул. Мира, 5",
            ("ул. Мира, д. 5", "п. Верхнее Дуброво", "Белоярский район", "Свердловская область"),
        ),
        ("где-то у   рынка", ("где-то у рынка",)),
    ],
)
def test_lines_of_places(address, lines):
    assert recipient(person(address), {}).lines == lines


def test_who_cannot_be_declined_stays():
    assert recipient(person(gender=""), {}).to == "Иванова Мария Петровна"
    firm = person(
        kind="organisation", name="ООО «Ромашка»", surname="", given_name="", patronymic="", gender=""
    )
    assert recipient(firm, {}).to == "ООО «Ромашка»"


def test_an_address_without_a_house_or_with_a_doubt_is_not_sure():
    assert not recipient(person("г. Тверь, ул. Мира"), {}).is_sure
    assert not recipient(person("г. Тверь, ул. Мира, 5 (Динамо)"), {}).is_sure


def test_a_street_that_the_team_put_right_is_written_right():
    letter = recipient(person("г. Тверь, ул. Лененина, 3"), {("тверь", "лененина"): "ул. Ленина"})
    assert letter.lines[0] == "ул. Ленина, д. 3"


# --- on paper


def test_labels_lie_on_the_sheet_and_beside_each_other():
    for sheet in LABELS.values():
        boxes = [sheet.place(n) for n in range(sheet.on_sheet)]
        assert len(set(boxes)) == sheet.on_sheet
        assert all(x >= 0 and x + sheet.width <= A4[0] + 0.01 for x, _y in boxes), sheet.key
        assert all(y >= 0 and y + sheet.height <= A4[1] + 0.01 for _x, y in boxes), sheet.key
        assert (sheet.step_x or sheet.width) >= sheet.width and (sheet.step_y or sheet.height) >= sheet.height


def test_digits_of_the_stamp_differ():
    assert len({frozenset(strokes) for strokes in STROKES.values()}) == 10


@pytest.mark.parametrize(
    ("more", "letters", "pages"),
    [
        ({"sheet": "a4-3x8"}, 24, 1), ({"sheet": "a4-3x8"}, 25, 2), ({"sheet": "a4-3x8", "first": 24}, 2, 2),
        ({"sheet": "a4-2x4"}, 8, 1), ({"what": "envelopes", "envelope": "c6", "stamp": "on"}, 3, 3),
        ({"what": "envelopes", "sender": "Ф" * 150, "sender_postcode": "620014"}, 1, 1),
    ],
)  # fmt: skip
def test_pages_of_the_file(tmp_path, more, letters, pages):
    path = tmp_path / "letters.pdf"
    assert draw(path, asked(**more), [SAMPLE[n % 2] for n in range(letters)]) == letters
    assert len(re.findall(rb"/Type /Page\b", path.read_bytes())) == pages
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["letters.pdf"]


@pytest.mark.parametrize(
    "more", [{"first": "25", "sheet": "a4-3x8"}, {"sender_postcode": "62001"}, {"what": "none"}]
)
def test_what_is_no_order_is_refused(more):
    assert not LettersForm({"what": "labels", **more}).is_valid()


# --- out of the base


@pytest.fixture
def people():
    for n, address in enumerate((TEXT, TEXT, "Тверь, ул. Лененина, 3", "позвонить позже", None)):
        make_person(
            f"Иванова Мария {'АБВГД'[n]}", phone=f"+7 904 000-27-4{n}", addresses=[address] if address else []
        )
    learn_street(by=actor_of("coordinator"), town_key="тверь", street_key="лененина", right="ул. Ленина")


def made(role="administrator", form="pdf", **more):
    export = order_letters(by=actor_of(role), view={}, form=form, letters=asked(**more))
    run_job(job_id=export.job_id)
    export.refresh_from_db()
    assert export.state == Export.State.READY, export.error
    return export


def listed(export):
    with orders.file_path(export).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@db
def test_letters_are_an_export_with_its_log(people):
    export = made()
    assert export.people == 4  # whoever has no address gets none
    assert orders.file_path(export).read_bytes().startswith(b"%PDF")
    assert made(only_sure="on").people == 3
    assert made(one_for_flat="on").people == 3
    assert orders.remembered(actor_of("administrator")) is None
    assert orders.remembered_letters(actor_of("administrator"))["one_for_flat"]


@db
def test_a_household_gets_one_letter_to_the_family_or_to_its_head(people):
    ids = list(Contact.objects.order_by("pk").values_list("pk", flat=True))
    Contact.objects.update(surname="Иванова", gender="f")
    home = gather_household(by=Actor.system(), contact_ids=[ids[2], ids[0], ids[4]], name="")
    rows = listed(made(form="csv", what="post", one_for_home="on"))
    assert [row["COMMENT"] for row in rows] == [str(each) for each in (ids[0], ids[1], ids[3])]
    assert rows[0]["ADRESAT"] == Contact.objects.get(pk=ids[2]).name, "the post asks for a person: the head"
    assert made(one_for_home="on").people == 3 and made().people == 4
    choose_letter(by=Actor.system(), household_id=home.pk, letter="each")
    assert made(one_for_home="on").people == 4


def test_a_letter_to_a_household_is_addressed_as_it_says():
    luke = person(surname="Иванов", given_name="Лука", patronymic="", gender="m", name="Иванов Лука")
    leia = person()
    told = {
        (letter, members): recipient(leia, {}, home=Home(1, letter, members)).to
        for letter in ("family", "head")
        for members in ((luke, leia), (replace(luke, surname="Ким", name="Ким Лука"), leia))
    }
    assert list(told.values()) == ["Семье Ивановых", "Киму Луке", "Иванову Луке", "Киму Луке"]


@db
def test_the_list_for_the_post(people):
    rows = listed(
        made(form="csv", what="post", only_sure="on", by_postcode="on", grams="50", sender_postcode="620000")
    )
    assert list(rows[0]) == [column.caption for column in COLUMNS]
    assert [row["ADDRESSLINE"] for row in rows][2] == "Тверская область, г. Тверь, ул. Ленина, д. 3"
    assert rows[0]["ADDRESSLINE"].startswith("620014, ") and rows[0]["MASS"] in ("0.05", "0,05")
    assert (rows[0]["MAILTYPE"], rows[0]["MAILCATEGORY"], rows[0]["INDEXFROM"]) == ("2", "1", "620000")
    assert Contact.objects.get(pk=rows[0]["COMMENT"]).name == rows[0]["ADRESAT"]
    assert rows[0]["TELADDRESS"].startswith("7904")


@db
def test_no_letter_goes_to_an_address_that_is_known_not_to_work():
    gone = make_person("Иванова Мария", phone="+7 904 000-27-40", addresses=[TEXT])
    moved = make_person("Петров Иван", phone="+7 904 000-27-41", addresses=[TEXT, "Тверь, ул. Ленина, 3"])
    for person in (gone, moved):
        wrong = person.addresses.order_by("position", "pk").first()
        change_address(
            by=Actor.system(), contact_id=person.pk, address_id=wrong.pk, fields={"validity": "invalid"}
        )
    [row] = listed(made(form="csv", what="post"))
    assert (row["COMMENT"], row["ADDRESSLINE"]) == (
        str(moved.pk),
        "Тверская область, г. Тверь, ул. Ленина, д. 3",
    )


@db
def test_too_many_are_refused_and_not_left_out_where_their_number_was_an_estimate(people, monkeypatch):
    export = order_letters(by=actor_of("administrator"), view={}, form="pdf", letters=asked())
    monkeypatch.setattr("veche.exchange.actions.letters.MOST", 3)
    with pytest.raises(Refusal, match="narrow the list to 3"):
        write(Path("nowhere.pdf"), by=actor_of("administrator"), export=export, upto=4, tell=print)


@db
def test_what_does_not_fit_is_refused(people, monkeypatch):
    for form, what in (("csv", "labels"), ("pdf", "post")):
        with pytest.raises(Refusal):
            order_letters(by=actor_of("administrator"), view={}, form=form, letters=asked(what=what))
    monkeypatch.setattr("veche.exchange.actions.letters.MOST", 3)
    with pytest.raises(Refusal):
        order_letters(by=actor_of("administrator"), view={}, form="pdf", letters=asked())
    monkeypatch.setattr("veche.exchange.actions.letters.MOST_SORTED", 3)
    with pytest.raises(Refusal, match="cannot be sorted"):
        order = asked(what="post", by_postcode="on")
        order_letters(by=actor_of("administrator"), view={}, form="csv", letters=order)
    assert not Export.objects.exists()


@db
def test_the_page_orders_and_a_sample_tells_of_nobody(people):
    client, url = signed_in_client("administrator"), reverse("exchange:letters_new")
    page = client.get(url).content.decode()
    assert "4 with an address" in page
    assert client.post(url, {"what": "labels", "sender_postcode": "1"}).status_code == 422
    assert client.post(url, {"what": "envelopes", "sender": "Фонд"}).status_code == 302
    assert Export.objects.get().options["letters"]["sender"] == "Фонд"
    sample = client.post(reverse("exchange:letters_sample"), {"what": "labels"})
    assert sample.content.startswith(b"%PDF") and Export.objects.count() == 1
    assert client.post(reverse("exchange:letters_sample"), {"what": "post"}).status_code == 422
    assert client.get(reverse("exchange:letters_sample"), {"what": "labels"}).status_code == 405


@db
def test_no_more_have_an_address_than_there_are_people(monkeypatch):
    """Both numbers may be estimates of their own, and the second must not exceed the first."""
    by = actor_of("coordinator")
    make_person("Иванова Мария", addresses=[TEXT])
    make_person("Органа Лея")
    monkeypatch.setattr(Found, "count", lambda asked: (19_000, True))
    assert orders.with_address(by, {}, (2, False)) == (1, False), "of so few they are counted"
    assert orders.with_address(by, {}, (1_000_000, False)) == (19_000, True)
    assert orders.with_address(by, {}, (16_776, True)) == (16_776, True)

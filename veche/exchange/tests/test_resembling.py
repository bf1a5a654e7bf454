"""Rows that are like somebody in the base: found by the check, with reasons; said of one, or of all at once."""

import pytest
from django.urls import reverse

from veche.accounts.models import User
from veche.accounts.testing import actor_of, make_user, signed_in_client
from veche.contacts.models import Contact
from veche.contacts.queries.likely import in_words
from veche.contacts.testing import make_person
from veche.core.refusal import Refusal
from veche.exchange import actions, queries
from veche.exchange.models import Correction
from veche.exchange.queries import identity, import_pages
from veche.exchange.queries.identity import LOOKS_LIKE
from veche.exchange.testing import checked, make_import, run_jobs
from veche.exchange.tests.test_corrections import apply
from veche.exchange.tests.test_identity import outcome

pytestmark = pytest.mark.django_db
CAPTIONS = ["ФИО", "Дата рождения", "Телефон", "Адрес", "Email"]
BORN = "21.05.1970"
ROWS = [
    ["Оргона Лея Бейловна", BORN, "", "", "new@example.org"],  # a slip of the pen, the same birthday
    ["Соло Хан Корович", "", "", "Химки, улица Мира, дом 5", ""],  # the same name, the same house
    ["Скайуокир Люк Энакинович", "", "8 916 000-00-01", "", ""],  # a slip, the same phone
    ["Калриссиан Лэндо", "01.02.1960", "8 916 000-00-09", "", ""],  # like nobody
]


@pytest.fixture
def by():
    return actor_of("coordinator")


@pytest.fixture
def base(by):
    return [
        make_person("Органа Лея Бейловна", fields={"birthday": BORN}, by=by),
        make_person("Соло Хан Корович", addresses=["г. Химки, ул. Мира, д. 5, кв. 7"], by=by),
        make_person("Скайуокер Люк Энакинович", phone="8 916 000-00-01", by=by),
    ]


@pytest.fixture
def imported(by, base, tmp_path):
    return checked(make_import(tmp_path, ROWS, by=by, captions=CAPTIONS), by=by)


def told(imported):
    """What the check says of each row: whom it is like, and by what."""
    return {
        row.number: [(each["params"]["contacts"], each["params"]["why"]) for each in row.doubts]
        for row in imported.rows.order_by("number")
    }


def test_the_check_says_whom_rows_are_like_and_by_what(base, imported):
    leia, han, luke = base
    assert told(imported) == {
        2: [([leia.pk], [["letter", "birthday"]])],
        3: [([han.pk], [["whole", "house"]])],
        4: [([luke.pk], [["phone", "letter"]])],
        5: [],
    }
    assert {verdict for verdict, _contact in outcome(imported).values()} == {"create"}, "told, never guessed"
    assert import_pages.numbers(imported, actor_of("coordinator"))["likely"] == 3


def test_in_a_long_file_only_who_is_the_same_is_looked_for(by, base, tmp_path, monkeypatch):
    monkeypatch.setattr(identity, "MOST_LOOKED_OVER", len(ROWS))  # the last row has the number len(ROWS) + 1
    imported = checked(make_import(tmp_path, ROWS, by=by, captions=CAPTIONS), by=by)
    told_of_two = imported.rows.filter(number__in=[2, 3]).exclude(
        doubts=[]
    )  # the fourth has somebody's phone
    assert not told_of_two.exists()
    assert import_pages.numbers(imported, by)["not_looked_over"]


def test_one_row_is_said_to_be_the_same(by, base, imported):
    actions.choose_person(by=by, imported=imported, row=2, contact_id=base[0].pk)
    apply(imported)
    assert outcome(imported)[2] == ("update", base[0].pk)
    assert told(imported)[2] == []
    assert outcome(imported)[4] == ("create", None)


def test_all_are_the_same_people_and_it_holds_in_the_load(by, base, imported):
    made = actions.choose_for_all(by=by, imported=imported, new=False)
    assert made.rows == 3
    apply(imported)
    assert [contact for _verdict, contact in outcome(imported).values()] == [
        *(each.pk for each in base),
        None,
    ]
    people = Contact.objects.count()
    make_person("Кто-то Другой", by=by)  # so that the load matches anew
    loaded = run_jobs(actions.start_load(by=by, imported=imported, confirm_overwrites=True))
    assert queries.result(loaded).created == 1
    assert Contact.objects.count() == people + 2
    assert base[0].points.filter(value="new@example.org").exists()


def test_all_are_new_and_no_question_is_left_until_it_is_taken_back(by, base, imported):
    made = actions.choose_for_all(by=by, imported=imported, new=True)
    apply(imported)
    assert not any(told(imported).values())
    assert {contact for _verdict, contact in outcome(imported).values()} == {None}
    actions.take_back(by=by, imported=imported, correction_id=made.pk)
    apply(imported)
    assert [bool(each) for each in told(imported).values()] == [True, True, True, False]


def test_what_was_said_of_one_row_goes_before(by, base, imported):
    actions.choose_person(by=by, imported=imported, row=2, contact_id=None)
    actions.choose_for_all(by=by, imported=imported, new=False)
    apply(imported)
    assert outcome(imported)[2] == ("create", None)
    assert outcome(imported)[3][1] == base[1].pk
    checked_again = checked(imported, by=by)
    assert outcome(checked_again)[2] == ("create", None), "a check of the whole file keeps both"
    assert outcome(checked_again)[3][1] == base[1].pk


def test_who_is_like_several_stays_a_question(by, base, tmp_path):
    make_person("Органа Лея Бейловна", fields={"birthday": BORN}, by=by)
    imported = checked(make_import(tmp_path, ROWS[:1], by=by, captions=CAPTIONS), by=by)
    actions.choose_for_all(by=by, imported=imported, new=False)
    apply(imported)
    assert outcome(imported)[2] == ("create", None)
    assert len(told(imported)[2][0][0]) == 2


def test_nobody_is_told_whom_the_importer_may_not_see(tmp_path, base):
    stranger = actor_of(make_user("Финн", "coordinator", reach=User.Reach.TEAMS))
    imported = checked(make_import(tmp_path, ROWS, by=stranger, captions=CAPTIONS), by=stranger)
    assert not any(told(imported).values())


def test_where_there_is_no_question_there_is_no_answer(by, tmp_path):
    imported = checked(make_import(tmp_path, ROWS, by=by, captions=CAPTIONS), by=by)
    with pytest.raises(Refusal):
        actions.choose_for_all(by=by, imported=imported, new=True)


def test_the_page_says_why_and_takes_one_answer_for_all(imported):
    client = signed_in_client("coordinator")
    page = client.get(reverse("exchange:check", args=[imported.pk])).content.decode()
    assert in_words(["letter", "birthday"]) in page and "Органа Лея Бейловна" in page
    assert reverse("exchange:likely", args=[imported.pk]) in page
    rows = client.get(reverse("exchange:rows", args=[imported.pk]), {"code": LOOKS_LIKE}).content.decode()
    assert "Оргона" in rows and "Калриссиан" not in rows
    answer = client.post(reverse("exchange:likely", args=[imported.pk]), {"who": "same"})
    assert answer.status_code == 302
    assert Correction.objects.get().value == LOOKS_LIKE
    assert client.get(reverse("exchange:check", args=[imported.pk])).status_code == 200

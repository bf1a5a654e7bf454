"""A row that fits several people of the base: somebody says which, or that it is somebody new."""

import pytest
from django.urls import reverse

from veche.accounts.testing import actor_of, signed_in_client
from veche.contacts.actions.erasing import erase_contact
from veche.contacts.models import Contact, ContactPoint
from veche.contacts.testing import make_person
from veche.core.refusal import Refusal
from veche.exchange import actions, queries
from veche.exchange.models import Correction
from veche.exchange.queries import corrections_made
from veche.exchange.testing import checked, make_import, run_jobs
from veche.exchange.tests.test_corrections import apply

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
SHARED = "8 916 000-00-01"
CAPTIONS = ["Имя", "Телефон", "Email"]
ROWS = [
    ["Лея", SHARED, "row2@example.org"],
    ["Лея", "8 916 000-00-02", "row3@example.org"],
    ["Хан", "8 916 000-00-03", "row4@example.org"],
]


@pytest.fixture
def by():
    return actor_of("coordinator")


@pytest.fixture
def two(by):
    """Two people of one given name, at whom the row is looked for by phones that both have."""
    found = []
    for surname in ("Органа", "Скайуокер"):
        person = make_person(f"{surname} Лея", phone=SHARED, by=by)
        ContactPoint.objects.create(
            contact=person, kind="phone", value="+79160000002", as_given="", position=1
        )
        found.append(person)
    return found


@pytest.fixture
def imported(by, two, tmp_path):
    return checked(make_import(tmp_path, ROWS, by=by, captions=CAPTIONS), by=by)


def outcome(imported) -> dict[int, tuple]:
    return {row.number: (row.verdict, row.contact_id) for row in imported.rows.order_by("number")}


def test_one_of_them_is_chosen_loaded_and_taken_back(by, two, imported):
    assert outcome(imported) == {2: ("reject", None), 3: ("reject", None), 4: ("create", None)}
    made = actions.choose_person(by=by, imported=imported, row=2, contact_id=two[1].pk)
    apply(imported)
    assert outcome(imported) == {2: ("update", two[1].pk), 3: ("reject", None), 4: ("create", None)}
    assert queries.expected(imported).rejected == 1
    actions.take_back(by=by, imported=imported, correction_id=made.pk)
    apply(imported)
    assert outcome(imported)[2] == ("reject", None)
    actions.choose_person(by=by, imported=imported, row=2, contact_id=two[0].pk)
    apply(imported)
    loaded = run_jobs(actions.start_load(by=by, imported=imported))
    assert queries.result(loaded).updated == 1
    assert two[0].points.filter(value="row2@example.org").exists()


def test_all_rows_that_fit_the_same_people_are_somebody_new(by, two, imported):
    actions.choose_person(by=by, imported=imported, row=3, contact_id=None, alike=True)
    assert Correction.objects.get().rows == 2
    apply(imported)
    assert outcome(imported) == {2: ("create", None), 3: ("create", None), 4: ("create", None)}
    make_person("Кто-то Другой", by=by)  # so that the load matches anew
    run_jobs(actions.start_load(by=by, imported=imported))
    assert Contact.objects.count() == 6


def test_a_check_of_the_whole_file_keeps_what_was_said(by, two, imported):
    actions.choose_person(by=by, imported=imported, row=2, contact_id=two[0].pk)
    apply(imported)
    assert outcome(checked(imported, by=by))[2] == ("update", two[0].pk)


def test_whom_it_does_not_fit_or_who_has_left_is_no_answer(by, two, imported):
    stranger = make_person("Соло Хан", by=by)
    for row, contact_id in ((2, stranger.pk), (4, two[0].pk), (99, two[0].pk)):
        with pytest.raises(Refusal):
            actions.choose_person(by=by, imported=imported, row=row, contact_id=contact_id)
    actions.choose_person(by=by, imported=imported, row=2, contact_id=two[0].pk)
    actions.choose_person(by=by, imported=imported, row=3, contact_id=two[0].pk)
    apply(imported)
    erase_contact(by=actor_of("administrator"), contact_id=two[0].pk)
    imported.refresh_from_db()
    assert outcome(imported)[2][0] == "reject", "rows about an erased person stay out"


def test_the_page_shows_them_apart_and_takes_the_answer(by, two, imported):
    client, page = signed_in_client("coordinator"), reverse("exchange:check", args=[imported.pk])
    text = client.get(page).content.decode()
    assert (
        "Органа Лея" in text
        and "Скайуокер Лея" in text
        and "+7 916 000-00-01" in text.replace("\u00a0", " ").replace("\u2011", "-")
    )
    line = {"code": "fits_several", "column": "-1", "number": "2", "person": str(two[0].pk), "all_rows": "1"}
    answer = client.post(reverse("exchange:corrections", args=[imported.pk]), line, **HTMX)
    assert answer.status_code == 200
    assert "Органа Лея" in answer.content.decode()
    apply(imported)
    assert outcome(imported)[3] == ("repeat", two[0].pk), "the same person as in the row above"
    (made,) = corrections_made.corrections_of(imported, by)
    assert (made.became, made.correction.rows) == ("Органа Лея", 2)
    bad = client.post(reverse("exchange:corrections", args=[imported.pk]), {**line, "person": "77"}, **HTMX)
    assert bad.status_code in (409, 422)


def test_a_row_somebody_was_named_for_may_still_be_left_out(by, two, imported):
    """Whom it is about and whether it is taken are two questions: the second answer is no clash with the first."""
    actions.choose_person(by=by, imported=imported, row=2, contact_id=two[1].pk)
    actions.correct_cells(by=by, imported=imported, column=Correction.WHOLE_ROW, row=2, kind="reject")
    apply(imported)
    assert outcome(imported)[2] == ("reject", None)
    left_out = Correction.objects.get(kind="reject")
    actions.take_back(by=by, imported=imported, correction_id=left_out.pk)
    apply(imported)
    assert outcome(imported)[2] == ("update", two[1].pk), "what was said of the person still holds"

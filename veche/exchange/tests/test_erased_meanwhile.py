"""Somebody is erased while they stand in a spreadsheet: every row about them forgets, and the sums still agree."""

import pytest

from veche.accounts.testing import actor_of
from veche.contacts.actions.erasing import erase_contact
from veche.contacts.models import Contact
from veche.contacts.testing import make_person
from veche.exchange import actions, queries
from veche.exchange.models import Import
from veche.exchange.testing import checked, loaded, make_import, run_jobs

pytestmark = pytest.mark.django_db
LEIA = ["Органа", "Лея", "", "8 916 000-00-01", "leia@example.org", "", ""]
HAN = ["Соло", "Хан", "", "8 916 000-00-02", "", "", ""]
AGAIN = [*LEIA[:5], "01.02.1980", ""]


@pytest.fixture
def by():
    return actor_of("administrator")


def said_of_leia(imported):
    rows = imported.rows.values_list(
        "cells", "draft", "problems", "doubts", "reach", "given_keys", "name_key"
    )
    text = str(list(rows)).lower()
    return [part for part in ("органа", "leia", "9160000001", "0000001") if part in text]


def test_rows_that_repeat_an_erased_person_forget_too(tmp_path, by):
    imported = loaded(make_import(tmp_path, [LEIA, HAN, AGAIN, LEIA], by=by), by=by)
    assert queries.result(imported).repeated == 2
    erase_contact(by=by, contact_id=Contact.objects.get(surname="Органа").pk)
    assert said_of_leia(imported) == []
    assert queries.count_rows(imported).rows == 4


def test_whoever_is_erased_between_the_check_and_the_load_is_not_made_again(tmp_path, by):
    known = make_person("Органа Лея", phone="8 916 000-00-01", by=by)
    imported = checked(make_import(tmp_path, [LEIA, HAN, AGAIN], by=by), by=by)
    erase_contact(by=by, contact_id=known.pk)
    assert said_of_leia(imported) == []
    imported = run_jobs(actions.start_load(by=by, imported=imported))
    assert imported.state == Import.State.LOADED
    assert queries.result(imported).rows == 3
    assert list(Contact.objects.values_list("surname", flat=True)) == ["Соло"]
    imported = run_jobs(actions.start_undo(by=by, imported=imported))
    assert not Contact.objects.exists()
    imported = run_jobs(actions.start_redo(by=by, imported=imported))
    assert list(Contact.objects.values_list("surname", flat=True)) == ["Соло"]
    assert queries.result(imported).rows == 3

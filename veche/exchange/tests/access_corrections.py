"""Who may correct a coordinator's file before its load, and who sees the remembered columns."""

import tempfile
from pathlib import Path

from veche.accounts.testing import actor_of
from veche.contacts.testing import make_person
from veche.exchange.models import Correction, SavedMapping
from veche.exchange.testing import checked, make_import
from veche.ui.testing import Access

CAPTIONS = ["ФИО", "Дата рождения", "Статус"]
ROWS = [["Органа Лея", "29.02.1970", "актив."]]
LOOKERS = {"everyone": 404, "administrator": 200, "coordinator": 200}
STEERERS = {"everyone": 404, "administrator": 302, "coordinator": 302}
LINE = {"code": "date.impossible", "column": "1", "number": "2", "kind": "empty"}


def a_check(**more):
    """The keyword arguments of an address about a checked file; `more` are others of them."""

    def make():
        by = actor_of("coordinator")
        with tempfile.TemporaryDirectory() as folder:
            imported = checked(make_import(Path(folder), ROWS, by=by, captions=CAPTIONS), by=by)
        return {"import_id": imported.pk, **more}

    return make


def a_correction():
    given = a_check()()
    made = Correction.objects.create(batch_id=given["import_id"], column=1, row=2, kind="empty")
    return {**given, "correction_id": made.pk}


def a_file():
    by = actor_of("coordinator")
    with tempfile.TemporaryDirectory() as folder:
        return {"import_id": make_import(Path(folder), ROWS, by=by, captions=CAPTIONS).pk}


def a_likely_row():
    by = actor_of("coordinator")
    make_person("Органа Лея", fields={"birthday": "21.05.1970"}, by=by)
    with tempfile.TemporaryDirectory() as folder:
        rows = [["Оргона Лея", "21.05.1970", ""]]
        imported = checked(make_import(Path(folder), rows, by=by, captions=CAPTIONS), by=by)
    return {"import_id": imported.pk}


def a_mapping():
    saved = SavedMapping.objects.create(
        headers="h", policy="update", file_name="people.csv", made_by_id=actor_of("coordinator").user_id
    )
    return {"mapping_id": saved.pk}


ACCESS = [
    Access("exchange:standing", kwargs=a_check(), **STEERERS),
    Access("exchange:problem", kwargs=a_check(), **LOOKERS),
    Access("exchange:corrections", "POST", kwargs=a_check(), data=LINE, **STEERERS),
    Access("exchange:correction_removal", "POST", kwargs=a_correction, **STEERERS),
    Access("exchange:likely", "POST", kwargs=a_likely_row, data={"who": "new"}, **STEERERS),
    Access("exchange:words", kwargs=a_check(column=2), **LOOKERS),
    Access("exchange:words", kwargs=a_check(column=0), everyone=404),
    Access(
        "exchange:words",
        "POST",
        kwargs=a_check(column=2),
        data={"word": "актив.", "to": "Активист"},
        **STEERERS,
    ),
    Access("exchange:guess", "POST", kwargs=a_file, **STEERERS),
    Access("exchange:mappings", everyone=403, administrator=200, coordinator=200),
    Access("exchange:mapping_removal", "POST", kwargs=a_mapping, **STEERERS),
]

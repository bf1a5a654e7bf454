"""Importable kinds: a third one, registered here only, goes through check, load, kill, undo and redo like people."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from veche.accounts.testing import actor_of
from veche.contacts.actions.notes import add_note
from veche.contacts.models import Contact, Note
from veche.contacts.registry import ImportableKind, ImportableKinds, ImportTarget
from veche.contacts.testing import make_person
from veche.core.refusal import Refusal
from veche.exchange import actions, queries
from veche.exchange.actions import loading
from veche.exchange.mapping import ColumnPlan, Converter
from veche.exchange.testing import checked, csv_file, loaded, run_jobs
from veche.exchange.tests import signatures

HEAD = ["ФИО", "Телефон", "Дата подписи", "Лист", "Сторона"]
ROWS = [
    ["Органа Лея Бейловна", "8 916 765-43-21", "14.06.2019", "3", "лицо"],
    ["Иванов Пётр", "8 916 123-45-67", "15.06.2019", "3", "оборот"],
    ["Калриссиан Лэндо", "8 926 555-01-01", "", "4", ""],
    ["Иванов Пётр", "8 916 123-45-67", "16.06.2019", "пять", "верх"],
]


@pytest.fixture
def kind(db):
    with signatures.offered():
        yield signatures.SIGNATURES


def uploaded(folder, rows=None, *, by, head=HEAD, name="подписи.csv"):
    path = csv_file(folder / name, [head, *(ROWS if rows is None else rows)])
    with path.open("rb") as file:
        return actions.upload_file(by=by, file=file, name=name)


def test_the_kind_is_guessed_by_what_it_requires_and_its_columns_are_found(kind, tmp_path):
    by = actor_of("coordinator")
    imported = uploaded(tmp_path, by=by)
    assert imported.options["kind"] == "signatures"
    targets = [plan["target"] for plan in imported.mapping]
    assert targets[:4] == ["name.full", "phone", "fact:signatures.day", "fact:signatures.sheet"]
    assert [plan["field_type"] for plan in imported.mapping][2:4] == ["date", "number"]
    plain = uploaded(
        tmp_path, [[*row[:2], row[3]] for row in ROWS], by=by, head=["ФИО", "Телефон", "Лист"], name="2.csv"
    )
    assert plain.options["kind"] == "people", "the day is required and there is none"


def test_a_chosen_kind_stays_and_lays_the_columns_out_anew(kind, tmp_path):
    by = actor_of("coordinator")
    imported = uploaded(tmp_path, by=by)
    imported = actions.choose_table(by=by, imported=imported, kind="people")
    assert imported.options["kind"] == "people"
    assert imported.mapping[2]["target"] == "origin.date"
    imported = actions.choose_table(by=by, imported=imported, header_row=1)
    assert imported.options["kind"] == "people"
    with pytest.raises(Refusal) as refused:
        actions.choose_table(by=by, imported=imported, kind="spaceships")
    assert "kind" in refused.value.fields


def map_side(imported, by):
    side = {"index": 4, "target": "fact:signatures.side"}
    return actions.map_columns(by=by, imported=imported, columns=[side])


def test_facts_are_checked_written_in_one_call_and_counted(kind, tmp_path):
    by = actor_of("coordinator")
    known = make_person("Иванов Пётр", phone="8 916 123 45 67", by=by)
    imported = map_side(uploaded(tmp_path, by=by), by)
    imported = checked(imported, by=by)
    assert imported.totals["check"]["facts"] == {"added": 3, "known": 0}
    assert "подписей — 3" in queries.facts_sentence(imported, imported.totals["check"]["facts"], done=False)
    problems = {each["code"]: each for each in queries.problem_counts(imported)}
    assert problems["fact_missing"]["severity"] == "reject"
    assert "День подписи" in problems["fact_missing"]["sentence"]
    assert {"number_unknown", "choice_unknown"} <= problems.keys()
    signatures.calls.clear()
    imported = run_jobs(actions.start_load(by=by, imported=imported))
    assert [call for call in signatures.calls if call[0] == "write"] == [("write", 3)]
    assert imported.totals["load"]["facts"] == {"added": 3, "known": 0, "gone": 0}
    assert queries.result(imported).rejected == 1
    lines = signatures.stored("row_number, contact_id, day::text, sheet, side")
    leia = Contact.objects.get(surname="Органа").pk
    assert lines == [
        (2, leia, "2019-06-14", 3, "front"),
        (3, known.pk, "2019-06-15", 3, "back"),
        (5, known.pk, "2019-06-16", None, None),
    ]
    assert Note.objects.filter(contact=known, text__contains="пять").exists(), (
        "what was not understood is kept"
    )


def test_the_same_facts_again_are_there_already(kind, tmp_path):
    by = actor_of("coordinator")
    loaded(uploaded(tmp_path, by=by), by=by)
    again = checked(uploaded(tmp_path, ROWS[:2], by=by, name="снова.csv"), by=by)
    assert again.totals["check"]["facts"] == {"added": 0, "known": 2}
    again = run_jobs(actions.start_load(by=by, imported=again))
    assert again.totals["load"]["facts"] == {"added": 0, "known": 2, "gone": 0}
    assert "подписей — 2" in queries.facts_sentence(again, again.totals["load"]["facts"], done=True)
    assert len(signatures.stored()) == 3


def test_people_left_alone_get_their_facts(kind, tmp_path):
    by = actor_of("coordinator")
    make_person("Иванов Пётр", phone="8 916 123 45 67", by=by)
    imported = actions.choose_rules(by=by, imported=uploaded(tmp_path, ROWS[1:2], by=by), policy="skip")
    imported = loaded(imported, by=by)
    assert imported.totals["load"]["facts"]["added"] == 1
    assert queries.result(imported).unchanged == 1


def test_undo_takes_facts_back_but_not_what_somebody_worked_on_and_redo_brings_them(kind, tmp_path):
    by = actor_of("coordinator")
    make_person("Иванов Пётр", phone="8 916 123 45 67", by=by)
    imported = loaded(uploaded(tmp_path, by=by), by=by)
    assert [row for row, _sheet in signatures.stored()] == [2, 3, 5]
    with signatures.connection.cursor() as sql:
        sql.execute("UPDATE tests_signature SET seen = true WHERE row_number = 5")
    imported = run_jobs(actions.start_undo(by=by, imported=imported))
    assert imported.state == "undone"
    assert [row for row, _sheet in signatures.stored()] == [5]
    assert imported.totals["load"]["facts"]["gone"] == 2
    imported = run_jobs(actions.start_redo(by=by, imported=imported))
    assert [row for row, _sheet in signatures.stored()] == [2, 3, 5]
    assert imported.totals["load"]["facts"] == {"added": 3, "known": 0, "gone": 0}


def test_a_created_person_who_stays_loses_the_fact(kind, tmp_path):
    by = actor_of("coordinator")
    imported = loaded(uploaded(tmp_path, ROWS[:1], by=by), by=by)
    leia = Contact.objects.get(surname="Органа").pk
    add_note(by=by, contact_id=leia, text="Звонили")
    imported = run_jobs(actions.start_undo(by=by, imported=imported))
    assert signatures.stored() == []
    assert Contact.objects.filter(pk=leia).exists()
    assert imported.totals["undo"]["kept"] == 1


def test_a_load_that_fails_in_the_middle_goes_on_without_a_double(kind, tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "CHUNK", 1)
    monkeypatch.setattr("veche.exchange.actions.rows.LEAST_CHUNK", 1)
    by = actor_of("coordinator")
    imported = actions.start_load(by=by, imported=checked(uploaded(tmp_path, by=by), by=by))
    write, seen = signatures.SIGNATURES.write, []

    def fail_once(**given):
        seen.append(given)
        if len(seen) == 2:
            raise RuntimeError("the lights went out")
        return write(**given)

    object.__setattr__(signatures.SIGNATURES, "write", fail_once)
    try:
        imported = run_jobs(imported)
        assert imported.state == "failed"
        assert len(signatures.stored()) == 1
        assert Contact.objects.count() == 1, "the person of the chunk that failed went with the fact"
        imported = run_jobs(actions.start_load(by=by, imported=imported))
    finally:
        object.__setattr__(signatures.SIGNATURES, "write", write)
    assert imported.state == "loaded"
    assert [row for row, _sheet in signatures.stored()] == [2, 3, 5]


def test_what_the_kind_requires_must_be_mapped(kind, tmp_path):
    by = actor_of("coordinator")
    imported = uploaded(tmp_path, by=by)
    with pytest.raises(Refusal, match="День подписи"):
        actions.map_columns(by=by, imported=imported, columns=[{"index": 2, "target": "skip"}])
    with pytest.raises(Refusal):
        wrong = [{"index": 3, "target": "fact:gifts.amount"}]
        actions.map_columns(by=by, imported=imported, columns=wrong)


def test_an_import_of_people_calls_no_kind_and_stores_no_facts(kind, tmp_path):
    by = actor_of("coordinator")
    imported = actions.choose_table(by=by, imported=uploaded(tmp_path, by=by), kind="people")
    imported = loaded(imported, by=by)
    assert signatures.calls == []
    assert imported.totals["check"]["facts"] is None
    assert "facts" not in imported.totals["load"]
    assert queries.facts_sentence(imported, None, done=True) == ""


def test_organisations_are_the_subject_and_people_are_whom_to_speak_with(db, tmp_path):
    by = actor_of("coordinator")
    rows = [["ООО «Сокол»", "Соло Хан Иванович", "8 495 123-45-67"], ["ТСЖ «Альянс»", "", "8 495 765-43-21"]]
    imported = uploaded(
        tmp_path, rows, by=by, head=["Организация", "Контактное лицо", "Телефон"], name="орг.csv"
    )
    assert imported.options["kind"] == "organisations"
    loaded(imported, by=by)
    sokol = Contact.objects.get(name__contains="Сокол")
    assert (sokol.kind, sokol.surname, Contact.objects.filter(kind="person").count()) == (
        "organisation",
        "",
        0,
    )
    assert "Соло Хан" in Note.objects.get(contact=sokol).text
    plain = uploaded(tmp_path, rows, by=by, head=["Организация", "ФИО", "Телефон"], name="люди.csv")
    assert plain.options["kind"] == "people"
    chosen = actions.choose_table(by=by, imported=plain, kind="organisations")
    with pytest.raises(Refusal):
        actions.map_columns(
            by=by, imported=chosen, columns=[{"index": 0, "target": "note"}, {"index": 1, "target": "skip"}]
        )


def test_a_kind_is_remembered_with_its_columns(kind, tmp_path):
    by = actor_of("coordinator")
    loaded(map_side(uploaded(tmp_path, by=by), by), by=by)
    again = uploaded(tmp_path, ROWS[:1], by=by, name="ещё.csv")
    assert (again.remembered is not None, again.mapping[4]["target"]) == (True, "fact:signatures.side")
    people = actions.choose_table(by=by, imported=again, kind="people")
    assert people.mapping[2]["target"] == "origin.date", "the remembered kind is not forced on a chosen one"


def test_the_registry_stops_the_start_on_half_a_kind():
    kinds = ImportableKinds()
    kinds.add(ImportableKind(key="people", label="People", hint=""))
    amount = ImportTarget("amount", "Amount", "money")
    wrong = [
        ImportableKind(key="people", label="Again", hint=""),
        ImportableKind(key="gifts", label="Gifts", hint="", targets=(amount,)),
        ImportableKind(key="no name", label="", hint=""),
        ImportableKind(
            key="odd", label="", hint="", targets=(ImportTarget("a", "A", "colour"),), counted=str,
            known=signatures.known, write=signatures.write, forget=signatures.forget,
        ),
    ]  # fmt: skip
    for kind in wrong:
        with pytest.raises(ImproperlyConfigured):
            kinds.add(kind)
    assert [kind.key for kind in kinds] == ["people"]


def test_a_converter_of_people_is_given_no_facts():
    draft = Converter([ColumnPlan(0, "name.full", "ФИО")]).convert(1, ["Иванов Пётр"])
    assert draft.facts == {}

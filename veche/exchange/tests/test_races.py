"""Two at once, with real threads and connections: whoever comes second is told, and nothing is lost or done twice."""

import random
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from veche.accounts.actions import change_user
from veche.accounts.models import User
from veche.accounts.testing import actor_of
from veche.contacts.actions.contacts import change_fields
from veche.contacts.actions.erasing import erase_contact
from veche.contacts.models import Contact, ContactPoint, Origin
from veche.contacts.testing import make_person
from veche.core.background import run_job
from veche.core.models import Job
from veche.exchange import actions, queries
from veche.exchange.actions import bridging, exports, lanes, loading, recheck, undoing
from veche.exchange.actions.corrections import FIX
from veche.exchange.exporting import making
from veche.exchange.jobs import bridge as bridge_jobs
from veche.exchange.models import BridgeCell, Correction, Export, Import
from veche.exchange.testing import checked, loaded, make_import, run_jobs
from veche.exchange.tests.bridge_home import saved, table_of
from veche.exchange.tests.test_kills import orphans
from veche.exchange.tests.test_survival import people

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], Any]


def at_once(*works: Work) -> list[Any]:
    """Do all of `works` in threads that begin together; what each returned, or the exception it ended with."""
    gate, found = threading.Barrier(len(works)), [None] * len(works)

    def do(place: int) -> None:
        try:
            gate.wait(10)
            found[place] = works[place]()
        except Exception as error:
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(180)
        assert not thread.is_alive()
    return found


def told(found: list[Any]) -> list[str]:
    return sorted(type(each).__name__ if isinstance(each, Exception) else "done" for each in found)


def an_import(folder, rows, by, **rules) -> Import:
    folder.mkdir(exist_ok=True)
    return make_import(folder, rows, by=by, **rules)


def taken_home(by, codes=("surname", "phone")):
    sheet = bridging.take_view(by=by, query={}, codes=list(codes))
    run_job(job_id=sheet.job_id)
    sheet.refresh_from_db()
    return table_of(sheet)


def brought_back(by, table):
    """A returned file, compared, with everything accepted."""
    file = SimpleUploadedFile("люди.xlsx", saved(table))
    returned = bridging.bring_back(by=by, file=file, name=file.name)
    run_job(job_id=returned.job_id)
    returned.refresh_from_db()
    bridging.decide(by=by, returned=returned, decision="accept")
    return returned


STARTS = {
    actions.start_check: lambda imported, by: imported,
    actions.start_load: checked,
    actions.start_undo: loaded,
    actions.start_redo: lambda imported, by: undone(loaded(imported, by=by), by),
}


def undone(imported: Import, by) -> Import:
    return run_jobs(actions.start_undo(by=by, imported=imported))


@pytest.mark.parametrize("start", STARTS, ids=lambda start: start.__name__)
def test_of_three_who_start_the_same_two_are_told(tmp_path, start):
    by = actor_of("coordinator")
    imported = STARTS[start](make_import(tmp_path, people(5), by=by), by=by)
    jobs = Job.objects.count()
    assert told(at_once(*[lambda: start(by=by, imported=imported)] * 3)) == ["Stale", "Stale", "done"]
    assert Job.objects.count() == jobs + 1
    run_jobs(Import.objects.get(pk=imported.pk))


def test_an_undo_and_a_redo_at_once_are_one_of_them(tmp_path):
    by = actor_of("coordinator")
    imported = undone(loaded(make_import(tmp_path, people(5), by=by), by=by), by)
    for _turn in range(4):
        found = at_once(
            *(partial(start, by=by, imported=imported) for start in (actions.start_undo, actions.start_redo))
        )
        assert told(found) == ["Stale", "done"]
        imported = run_jobs(Import.objects.get(pk=imported.pk))
        assert Contact.objects.count() == (5 if imported.state == Import.State.LOADED else 0)
        if imported.state == Import.State.LOADED:
            imported = undone(imported, by)


def test_a_stop_and_the_end_of_a_job_leave_one_clear_state(tmp_path):
    by = actor_of("coordinator")
    for turn in range(6):
        imported = checked(an_import(tmp_path / str(turn), people(30, 100 * turn), by), by=by)
        imported = actions.start_load(by=by, imported=imported)

        def stop(imported=imported, turn=turn):
            time.sleep(0.05 * turn)
            return actions.cancel_import(by=by, imported=imported)

        at_once(lambda imported=imported: run_jobs(imported), stop)
        imported.refresh_from_db()
        job = queries.job_of(imported)
        assert not job.is_open
        assert (imported.state == Import.State.LOADED) == (job.state == Job.State.DONE), (
            imported.state,
            job.state,
        )
        if imported.state != Import.State.LOADED:
            assert imported.state == Import.State.CANCELLED
            imported = run_jobs(actions.start_load(by=by, imported=imported))
        assert queries.result(imported).created == 30


def test_two_stop_one_load_and_it_stops_once(tmp_path, monkeypatch):
    """Neither is told of a clash, for both wanted the same, and the journal tells of one stop by a person."""
    monkeypatch.setattr(loading, "CHUNK", 10)
    by = actor_of("coordinator")
    imported = checked(make_import(tmp_path, people(40), by=by), by=by)
    imported, look, found = actions.start_load(by=by, imported=imported), loading.match_anew, []

    def stop_first(**given):
        if not found:
            found.extend(at_once(*[lambda: actions.cancel_import(by=by, imported=imported)] * 2))
        return look(**given)

    monkeypatch.setattr(loading, "match_anew", stop_first)
    imported = run_jobs(imported)
    assert told(found) == ["done", "done"]
    assert imported.state == Import.State.CANCELLED
    with connection.cursor() as sql:
        sql.execute(
            "SELECT count(*) FROM core_ledger WHERE kind = 'exchange.import_stopped' AND request_id = %s",
            [by.request_id],
        )
        assert sql.fetchone()[0] == 1


def test_an_undo_asked_for_while_the_load_works_waits_for_nothing_and_takes_nothing(tmp_path):
    by = actor_of("coordinator")
    for turn in range(6):
        imported = checked(an_import(tmp_path / str(turn), people(20, 100 * turn), by), by=by)
        imported = actions.start_load(by=by, imported=imported)

        def undo(imported=imported, turn=turn):
            time.sleep(0.05 * turn)
            return actions.start_undo(by=by, imported=imported)

        found = at_once(lambda imported=imported: run_jobs(imported), undo)
        imported.refresh_from_db()
        if told(found[1:]) == ["Stale"]:
            assert imported.state == Import.State.LOADED
            imported = actions.start_undo(by=by, imported=imported)
        assert imported.state == Import.State.UNDOING, found
        assert run_jobs(imported).totals["undo"]["removed"] == 20
        assert not Contact.objects.exists()


def test_two_people_match_one_word_and_take_one_correction_back(tmp_path):
    by, other = actor_of("coordinator"), actor_of("administrator")
    rows = [["Органа Лея", "29.02.1970", "актив."]]
    imported = make_import(tmp_path, rows, by=by, captions=["ФИО", "Дата рождения", "Статус"])
    imported = checked(imported, by=by)
    said = {"column": 2, "words": {"актив.": "Актив"}}
    found = at_once(
        *(lambda who=who: actions.match_words(by=who, imported=imported, **said) for who in (by, other) * 2)
    )
    assert told(found) == ["done"] * 4
    assert Correction.objects.count() == 1
    made = actions.correct_cells(by=by, imported=imported, column=1, row=2, kind="empty")

    def take(who) -> Any:
        return actions.take_back(by=who, imported=imported, correction_id=made.pk)

    assert set(told(at_once(lambda: take(by), lambda: take(other)))) <= {"done", "Stale"}
    for job in Job.objects.filter(kind=FIX, state=Job.State.QUEUED):
        run_job(job_id=job.pk)
    (left,) = Correction.objects.all()
    assert (left.kind, left.state) == ("word", "applied")
    assert imported.issues.filter(code="date.impossible").count() == 1


def test_two_corrections_of_one_cell_and_one_while_the_job_works(tmp_path, monkeypatch):
    by = actor_of("coordinator")
    rows = [["Органа Лея", "29.02.1970"], ["Соло Хан", "31.06.1980"]]
    imported = checked(make_import(tmp_path, rows, by=by, captions=["ФИО", "Дата рождения"]), by=by)

    def correct(day: str, row: int = 2):
        given = {"column": 1, "row": row, "kind": "replace", "replacement": day}
        return actions.correct_cells(by=by, imported=imported, **given)

    found = at_once(*(lambda day=day: correct(f"{day:02}.03.1970") for day in range(1, 5)))
    assert told(found) == ["done"] * 4
    assert Correction.objects.count() == 1
    convert, again = recheck._convert, []

    def convert_slowly(*given):
        convert(*given)
        if not again:
            again.append(told(at_once(lambda: correct("07.07.1977"), lambda: correct("08.08.1978", row=3))))

    monkeypatch.setattr(recheck, "_convert", convert_slowly)
    for job in Job.objects.filter(kind=FIX, state=Job.State.QUEUED):
        run_job(job_id=job.pk)
    assert again == [["done", "done"]], "a correction does not wait for the job"
    days = {row.number: (row.birth_year, row.birth_month, row.birth_day) for row in imported.rows.all()}
    assert days == {2: (1977, 7, 7), 3: (1978, 8, 8)}
    assert set(Correction.objects.values_list("state", flat=True)) == {"applied"}


def test_a_correction_and_a_load_at_once(tmp_path):
    by = actor_of("coordinator")
    for turn in range(8):
        rows = [["Органа Лея", f"8 916 000 00 {turn:02}", "актив."]]
        imported = an_import(tmp_path / str(turn), rows, by, captions=["ФИО", "Телефон", "Статус"])
        imported = checked(imported, by=by)
        actions.match_words(by=by, imported=imported, column=2, words={"актив.": "Кандидат"})
        for job in Job.objects.filter(kind=FIX, state=Job.State.QUEUED):
            run_job(job_id=job.pk)
        imported.refresh_from_db()

        def match(imported=imported):
            return actions.match_words(by=by, imported=imported, column=2, words={"актив.": "Актив"})

        def load(imported=imported, turn=turn):
            time.sleep(0.001 * turn)
            return actions.start_load(by=by, imported=imported)

        found = at_once(match, load)
        assert told(found) == ["Stale", "done"], (
            "either the word waits for the load, or the load for the word"
        )
        waiting = imported.corrections.exclude(state="applied").exists()
        imported.refresh_from_db()
        assert waiting == (imported.state == Import.State.CHECKED)


@pytest.mark.parametrize("lanes_from", [1, 1000])
def test_an_import_is_undone_while_another_loads_the_same_people(tmp_path, monkeypatch, lanes_from):
    for module, name, size in (
        (loading, "CHUNK", 30),
        (undoing, "CHUNK", 20),
        (lanes, "WORTH_LANES", lanes_from),
    ):
        monkeypatch.setattr(module, name, size)
    by = actor_of("coordinator")
    first = loaded(an_import(tmp_path / "first", people(240), by), by=by)
    rows = [[*row[:4], f"p{n}@example.org", *row[5:]] for n, row in enumerate(people(240))]
    second = checked(an_import(tmp_path / "second", rows, by), by=by)
    second, first = actions.start_load(by=by, imported=second), actions.start_undo(by=by, imported=first)
    first, second = at_once(lambda: run_jobs(first), lambda: run_jobs(second))
    assert (first.state, second.state) == (Import.State.UNDONE, Import.State.LOADED)
    phones = ContactPoint.objects.filter(kind="phone").values_list("value", flat=True)
    assert len(phones) == len(set(phones)) == Contact.objects.count() == 240, "nobody twice, nobody lost"
    assert ContactPoint.objects.filter(kind="email").count() == 240
    assert Origin.objects.filter(batch=second.pk).count() == 240
    found = queries.result(second)
    assert (found.created, found.updated) == (first.totals["undo"]["removed"], first.totals["undo"]["kept"])
    assert not orphans()
    second = undone(second, by)
    assert ContactPoint.objects.filter(kind="email").count() == 0
    assert Contact.objects.count() == found.updated, "whom the first had made and the second filled in"


@pytest.mark.parametrize("lanes_from", [1, 1000])
def test_people_are_erased_while_everything_touches_them(tmp_path, monkeypatch, lanes_from):
    for module, name, size in (
        (loading, "CHUNK", 40), (undoing, "CHUNK", 30), (bridge_jobs, "CHUNK", 20), (making, "PORTION", 30),
        (lanes, "WORTH_LANES", lanes_from),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, size)
    by, boss, chance = actor_of("coordinator"), actor_of("administrator"), random.Random(lanes_from)
    known = [make_person(f"{row[0]} {row[1]}", phone=row[3], by=by).pk for row in people(240)]
    rows = [[*row[:4], f"p{n}@example.org", *row[5:]] for n, row in enumerate(people(300))]
    chance.shuffle(known)

    def erase_some() -> int:
        mine, done = [known.pop() for _ in range(30)], 0
        for contact_id in mine:
            done += erase_contact(by=boss, contact_id=contact_id)
            time.sleep(0.01)
        return done

    def beside(work: Work) -> None:
        _found, erased = found = at_once(work, erase_some)
        assert told(found) == ["done", "done"], found
        assert erased == 30
        assert not orphans()

    imported = actions.start_load(by=by, imported=checked(make_import(tmp_path, rows, by=by), by=by))
    beside(lambda: run_jobs(imported))
    imported.refresh_from_db()
    assert imported.state == Import.State.LOADED, queries.job_of(imported).error
    phones = ContactPoint.objects.filter(kind="phone").values_list("value", flat=True)
    assert len(phones) == len(set(phones))
    export = exports.order_export(by=by, view={}, columns=["number", "phone"], form="csv")
    beside(lambda: run_job(job_id=export.job_id))
    export.refresh_from_db()
    assert export.state == Export.State.READY
    table = taken_home(by)
    for row in table[1:]:
        row[1] += "ский"
    returned = bridging.start_application(by=by, returned=brought_back(by, table))
    beside(lambda: run_job(job_id=returned.job_id))
    returned.refresh_from_db()
    assert (returned.state, returned.error) == ("applied", "")
    assert BridgeCell.objects.filter(batch=returned).exclude(outcome="applied").count() == 0
    returned = bridging.start_return_undo(by=by, returned=returned)
    beside(lambda: run_job(job_id=returned.job_id))
    returned.refresh_from_db()
    assert returned.state == "undone"
    again = actions.start_undo(by=by, imported=imported)
    beside(lambda: run_jobs(again))
    again.refresh_from_db()
    assert again.state == Import.State.UNDONE, queries.job_of(again).error


def test_what_somebody_types_during_a_load_is_not_overwritten(tmp_path, monkeypatch):
    by = actor_of("coordinator")
    known = make_person("Органа Лея", phone="8 916 000 00 01", by=by)
    rows = [["Органа", "Лея", "Бейловна", "8 916 000 00 01", "", "", ""]]
    imported = actions.start_load(by=by, imported=checked(make_import(tmp_path, rows, by=by), by=by))
    look, typed = loading.drafts, []

    def look_after_the_typing(*given, **named):
        def type_it():
            connection.cursor().execute("SET lock_timeout = '300ms'")
            return change_fields(by=by, contact_id=known.pk, fields={"patronymic": "Падмевна"})

        typed.extend(told(at_once(type_it)))
        return look(*given, **named)

    monkeypatch.setattr(loading, "drafts", look_after_the_typing)
    imported = run_jobs(imported)
    assert imported.state == Import.State.LOADED
    assert typed == ["OperationalError"], (
        "whoever types waits for the chunk, and then sees what it has filled in"
    )
    known.refresh_from_db()
    assert known.patronymic == "Бейловна"


def test_two_tabs_decide_one_file_and_one_writes_it(tmp_path):
    """All accept, all reject and the writing at once: what was accepted when the writing began is written, no more."""
    by = actor_of("coordinator")
    for row in people(30):
        make_person(f"{row[0]} {row[1]}", phone=row[3], by=by)
    for turn, ending in enumerate(("щик", "щук", "щак", "щок", "щек", "щюк")):
        table = taken_home(by)
        for row in table[1:]:
            row[1] += ending
        returned = brought_back(by, table)

        def decide(decision, returned=returned, turn=turn):
            time.sleep(0.002 * turn)
            return bridging.decide(by=by, returned=returned, decision=decision)

        found = at_once(
            lambda decide=decide: decide("reject"),
            lambda decide=decide: decide("accept"),
            lambda returned=returned: bridging.start_application(by=by, returned=returned),
        )
        cells = BridgeCell.objects.filter(batch=returned)
        decided = {*cells.values_list("decision", flat=True)}
        assert len(decided) == 1, "no half of two decisions"
        assert set(told(found)) <= {"done", "Stale", "Refusal"}, found
        returned.refresh_from_db()
        if returned.state == "applying":
            run_job(job_id=returned.job_id)
            returned.refresh_from_db()
        wanted = 30 if decided == {"accept"} and returned.state == "applied" else 0
        assert Contact.objects.filter(surname__endswith=ending).count() == wanted
        assert cells.filter(outcome="applied").count() == wanted


def test_two_apply_one_file_and_it_is_written_once(tmp_path):
    by = actor_of("coordinator")
    for row in people(30):
        make_person(f"{row[0]} {row[1]}", phone=row[3], by=by)
    table = taken_home(by)
    for row in table[1:]:
        row[1] += "ский"
    returned = brought_back(by, table)
    found = at_once(*[lambda: bridging.start_application(by=by, returned=returned)] * 3)
    assert told(found) == ["Stale", "Stale", "done"]
    returned.refresh_from_db()
    at_once(*[lambda: run_job(job_id=returned.job_id)] * 2)
    returned.refresh_from_db()
    assert (returned.state, returned.totals["written"]) == ("applied", 30)
    assert Contact.objects.filter(surname__endswith="ский").count() == 30
    found = at_once(*[lambda: bridging.start_return_undo(by=by, returned=returned)] * 2)
    assert told(found) == ["Stale", "done"]


def test_two_files_change_the_same_cells_and_neither_is_lost_in_silence(tmp_path):
    by = actor_of("coordinator")
    for row in people(40):
        make_person(f"{row[0]} {row[1]}", phone=row[3], by=by)
    tables = [taken_home(by), taken_home(by)]
    for table, ending in zip(tables, ("ский", "цкий"), strict=True):
        for row in table[1:]:
            row[1] += ending
    returns = [brought_back(by, table) for table in tables]
    jobs = [bridging.start_application(by=by, returned=each).job_id for each in returns]
    at_once(*(lambda job=job: run_job(job_id=job) for job in jobs))
    cells = BridgeCell.objects.filter(batch__in=returns)
    assert cells.filter(outcome="applied").count() == cells.filter(kind="conflict", outcome="").count() == 40


@pytest.mark.parametrize("may_still", [True, False])
def test_rights_that_change_while_an_export_is_written_are_those_of_the_file(monkeypatch, may_still):
    monkeypatch.setattr(making, "PORTION", 10)
    by, boss = actor_of("coordinator"), actor_of("administrator")
    for row in people(30):
        make_person(f"{row[0]} {row[1]}", phone=row[3], by=boss)
    export = exports.order_export(by=by, view={}, columns=["number", "phone"], form="csv")
    check, taken = exports.insist_same_reach, []

    def take_away_first(given):
        if not taken:
            user = User.objects.get(pk=by.user_id)
            rank = {"reach": "own"} if may_still else {"role": "operator"}
            taken.append(told(at_once(lambda: change_user(by=boss, user=user, **rank))))
        check(given)

    monkeypatch.setattr(exports, "insist_same_reach", take_away_first)
    run_job(job_id=export.job_id)
    export.refresh_from_db()
    assert taken == [["done"]]
    if may_still:
        assert (export.state, export.people) == (Export.State.READY, 0), (
            "it was begun anew with the new reach"
        )
    else:
        assert (export.state, export.file) == (Export.State.FAILED, "")

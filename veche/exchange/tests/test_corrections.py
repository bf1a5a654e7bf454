"""Correcting before the load: cells and all cells alike, words, taking back. Only what is concerned changes."""

import io

import openpyxl
import pytest
from django.urls import reverse

from veche.accounts.testing import actor_of, signed_in_client
from veche.contacts.models import Contact, Status, Tag
from veche.contacts.testing import make_person
from veche.core.background import run_job
from veche.core.models import Job
from veche.core.refusal import Refusal, Stale
from veche.exchange import actions, queries
from veche.exchange.actions import recheck
from veche.exchange.actions.corrections import FIX
from veche.exchange.models import Correction, Import, Issue
from veche.exchange.queries import corrections_made, problems
from veche.exchange.testing import checked, make_import, run_jobs

pytestmark = pytest.mark.django_db
IMPOSSIBLE = "29.02.1970"
CAPTIONS = ["ФИО", "Телефон", "Дата рождения", "Статус", "Теги"]
ROWS = [
    ["Органа Лея", "8 916 000-00-01", IMPOSSIBLE, "Активист", "сквер, пакеты"],
    ["Соло Хан", "8 916 000-00-02", IMPOSSIBLE, "актив.", "сквер"],
    ["Всего Нина", "8 916 000-00-09", "", "", ""],
    ["Калриссиан Лэндо", "8 916 000-00-03", "01.02.1960", "актив.", "пакеты"],
    ["Органа Лея", "8 916 000-00", "", "", ""],
]
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def by():
    return actor_of("coordinator")


@pytest.fixture
def imported(by, tmp_path):
    return checked(make_import(tmp_path, ROWS, by=by, captions=CAPTIONS), by=by)


def apply(imported: Import) -> Import:
    for job in Job.objects.filter(kind=FIX, object_id=imported.pk, state=Job.State.QUEUED):
        run_job(job_id=job.pk)
    imported.refresh_from_db()
    return imported


def column(imported: Import, caption: str) -> int:
    return CAPTIONS.index(caption)


def drafts(imported: Import) -> dict[int, dict]:
    return dict(imported.rows.values_list("number", "draft"))


def state_of(imported: Import) -> list[tuple]:
    """All that a check finds out about rows, but for their ids."""
    names = (
        "number",
        "cells",
        "draft",
        "problems",
        "doubts",
        "reach",
        "leader",
        "verdict",
        "contact_id",
        "changes",
    )
    issues = sorted(
        Issue.objects.filter(batch=imported).values_list("number", "column", "code", "severity", "value")
    )
    return [
        *imported.rows.order_by("number").values_list(*names),
        issues,
        imported.totals["check"]["numbers"],
    ]


def test_problems_are_grouped_by_value(imported):
    (impossible,) = [each for each in problems.problems_of(imported) if each.code == "date.impossible"]
    (group,) = impossible.groups
    assert (group.text, group.rows, group.number, group.caption) == (IMPOSSIBLE, 2, 2, "Дата рождения")
    assert impossible.kind == "date"
    assert group.sentence


def test_all_cells_alike_are_corrected_and_the_file_stays(imported, by):
    actions.correct_cells(
        by=by, imported=imported, column=2, value=IMPOSSIBLE, kind="replace", replacement="28.02.1970"
    )
    assert corrections_made.is_waiting(imported)
    with pytest.raises(Stale):
        actions.start_load(by=by, imported=imported)
    imported = apply(imported)
    born = {number: draft.get("birth_day") for number, draft in drafts(imported).items()}
    assert (born[2], born[3], born[5]) == (28, 28, 1)
    assert imported.rows.get(number=2).cells[2] == IMPOSSIBLE
    assert not Issue.objects.filter(code="date.impossible").exists()
    made = Correction.objects.get()
    assert (made.state, made.rows, made.made_by_id) == ("applied", 2, by.user_id)
    loaded_one = run_jobs(actions.start_load(by=by, imported=imported))
    assert queries.result(loaded_one).created == 4
    assert Contact.objects.get(surname="Соло").birth_day == 28


def test_one_cell_is_corrected_and_the_others_stay(imported, by):
    actions.correct_cells(by=by, imported=imported, column=2, row=3, kind="replace", replacement="27.02.1970")
    imported = apply(imported)
    assert drafts(imported)[3]["birth_day"] == 27
    assert Issue.objects.filter(code="date.impossible").values_list("number", flat=True).get() == 2


def test_what_is_no_better_is_refused_at_once(imported, by):
    with pytest.raises(Refusal) as refusal:
        actions.correct_cells(
            by=by, imported=imported, column=2, value=IMPOSSIBLE, kind="replace", replacement="31.04.1970"
        )
    assert refusal.value.fields["replacement"].startswith("“31.04.1970” is no day that there is.")
    assert "kept" not in refusal.value.fields["replacement"], "nothing was kept of it"
    assert not Correction.objects.exists()


def test_what_is_understood_with_a_doubt_is_taken_and_not_doubted_again(imported, by):
    """Whoever types a year with two digits means it."""
    given = {"column": 2, "value": IMPOSSIBLE, "kind": "replace", "replacement": "28.02.70"}
    actions.correct_cells(by=by, imported=imported, **given)
    imported = apply(imported)
    assert [drafts(imported)[number].get("birth_year") for number in (2, 3)] == [1970, 1970]
    assert not Issue.objects.filter(code__startswith="date", number__in=[2, 3]).exists()


@pytest.mark.parametrize(
    ("kind", "verdict", "notes"), [("empty", "create", 0), ("reject", "reject", 0), ("accept", "create", 1)]
)
def test_other_ways_out(imported, by, kind, verdict, notes):
    actions.correct_cells(by=by, imported=imported, column=2, value=IMPOSSIBLE, kind=kind)
    imported = apply(imported)
    row = imported.rows.get(number=2)
    assert row.verdict == verdict and len(row.draft.get("notes", [])) == notes
    assert not Issue.objects.filter(code="date.impossible").exists()
    assert queries.expected(imported).rejected == (3 if kind == "reject" else 1)


def test_a_row_of_totals_may_be_a_person_after_all(imported, by):
    assert imported.rows.get(number=4).verdict == "reject"
    actions.correct_cells(by=by, imported=imported, column=-1, row=4, kind="accept")
    assert apply(imported).rows.get(number=4).verdict == "create"


def test_a_corrected_phone_joins_and_a_taken_back_one_parts(imported, by):
    before = state_of(imported)
    made = actions.correct_cells(
        by=by, imported=imported, column=1, row=6, kind="replace", replacement="8 916 000-00-01"
    )
    imported = apply(imported)
    row = imported.rows.get(number=6)
    assert (row.leader, row.verdict) == (2, "repeat")
    assert queries.expected(imported).repeated == 1
    actions.take_back(by=by, imported=imported, correction_id=made.pk)
    imported = apply(imported)
    assert state_of(imported) == before and not Correction.objects.exists()


def test_a_corrected_row_is_matched_with_the_base(imported, by):
    leia = make_person("Органа Лея", phone="+7 916 555-00-00")
    actions.correct_cells(
        by=by, imported=imported, column=1, row=6, kind="replace", replacement="8 916 555-00-00"
    )
    row = apply(imported).rows.get(number=6)
    assert (row.contact_id, row.verdict) == (leia.pk, "unchanged")


def test_a_check_of_the_whole_file_finds_the_same(imported, by):
    """The rows concerned, corrected by themselves, stand as if all had been checked with the corrections."""
    for given in (
        {"column": 2, "value": IMPOSSIBLE, "kind": "replace", "replacement": "28.02.1970"},
        {"column": 1, "row": 6, "kind": "replace", "replacement": "8 916 000-00-01"},
        {"column": -1, "row": 4, "kind": "accept"},
    ):
        actions.correct_cells(by=by, imported=imported, **given)
    actions.match_words(by=by, imported=imported, column=3, words={"актив.": "Активист"})
    alone = state_of(apply(imported))
    assert state_of(run_jobs(actions.start_check(by=by, imported=imported))) == alone


def test_what_is_corrected_while_others_come_into_force_waits_its_turn(imported, by, monkeypatch):
    def meanwhile(*given, **more):
        made = {"batch": imported, "column": 2, "row": 5, "kind": "empty", "made_by_id": by.user_id}
        Correction.objects.get_or_create(**made)
        compare(*given, **more)

    compare = recheck.Recomparison.compare
    monkeypatch.setattr(recheck.Recomparison, "compare", meanwhile)
    actions.correct_cells(by=by, imported=imported, column=2, row=3, kind="empty")
    recheck.apply_corrections(by=by, imported=imported)
    assert set(Correction.objects.values_list("row", "state")) == {(3, "applied"), (5, "waiting")}
    recheck.apply_corrections(by=by, imported=imported)
    assert "birth_day" not in drafts(imported)[5] and not corrections_made.is_waiting(imported)


def test_too_many_rows_are_left_to_a_whole_check(imported, by, monkeypatch):
    monkeypatch.setattr(recheck, "MOST_ROWS", 1)
    actions.correct_cells(
        by=by, imported=imported, column=2, value=IMPOSSIBLE, kind="replace", replacement="28.02.1970"
    )
    imported = apply(imported)
    assert imported.state == Import.State.CHECKING
    imported = run_jobs(imported)
    assert imported.state == Import.State.CHECKED and drafts(imported)[3]["birth_day"] == 28
    assert Correction.objects.get().state == "applied"


def test_words_stand_for_entries_of_a_list(imported, by):
    assert imported.totals["check"]["new_words"]["statuses"] == ["Активист", "актив."]
    words = dict(imported.words.filter(column=4).values_list("word", "rows"))
    assert words == {"сквер": 2, "пакеты": 2}
    actions.match_words(by=by, imported=imported, column=3, words={"актив.": "Активист"})
    actions.match_words(by=by, imported=imported, column=4, words={"пакеты": ""})
    imported = apply(imported)
    assert imported.totals["check"]["new_words"] == {"statuses": ["Активист"], "tags": ["сквер"]}
    run_jobs(actions.start_load(by=by, imported=imported))
    assert Contact.objects.filter(status=Status.objects.get(name="Активист")).count() == 3
    assert Tag.objects.get().name == "сквер"
    with pytest.raises(Refusal):
        actions.match_words(by=by, imported=imported, column=0, words={"Органа": ""})


def test_a_gone_worker_leaves_the_correction_waiting(imported, by, monkeypatch):
    actions.correct_cells(by=by, imported=imported, column=2, row=3, kind="empty")
    monkeypatch.setattr(recheck.Recomparison, "compare", lambda *given, **more: 1 / 0)
    imported = apply(imported)
    assert imported.state == Import.State.FAILED and corrections_made.is_waiting(imported)
    monkeypatch.undo()
    imported = run_jobs(actions.start_check(by=by, imported=imported))
    assert "birth_day" not in drafts(imported)[3] and not corrections_made.is_waiting(imported)


def test_the_page_corrects_in_place(imported):
    client = signed_in_client("coordinator")
    page = client.get(reverse("exchange:check", args=[imported.pk])).content.decode()
    assert "in all 2 rows" in page and "field-walk" in page
    line = {"code": "date.impossible", "column": "2", "number": "2", "kind": "replace", "all_rows": "1"}
    address = reverse("exchange:corrections", args=[imported.pk])
    refused = client.post(address, {**line, "replacement": "30.02.1970"}, **HTMX)
    assert refused.status_code == 422 and "aria-invalid" in refused.content.decode()
    answer = client.post(address, {**line, "replacement": "28.02.1970"}, **HTMX)
    piece = answer.content.decode()
    assert answer.status_code == 200 and "<html" not in piece and "28.02.1970" in piece
    assert "import-corrected" in answer.headers["HX-Trigger"]
    standing = reverse("exchange:standing", args=[imported.pk])
    assert "every 1s" in client.get(standing, **HTMX).content.decode()
    apply(imported)
    settled = client.get(standing, **HTMX).content.decode()
    assert "every 1s" not in settled and 'hx-swap-oob="true"' in settled
    page = client.get(reverse("exchange:check", args=[imported.pk])).content.decode()
    assert "Corrected here" in page and IMPOSSIBLE in page and "in all 2 rows" not in page
    made = Correction.objects.get()
    client.post(reverse("exchange:correction_removal", args=[imported.pk, made.pk]), **HTMX)
    apply(imported)
    assert not Correction.objects.exists() and Issue.objects.filter(code="date.impossible").count() == 2


def test_the_rows_of_a_value_are_corrected_one_by_one(imported):
    client = signed_in_client("coordinator")
    asked = {"code": "date.impossible", "column": "2", "value": IMPOSSIBLE}
    page = client.get(reverse("exchange:problem", args=[imported.pk]), asked).content.decode()
    assert page.count('name="replacement"') == 2 and 'name="all_rows"' not in page


def test_the_page_of_words_matches_them(imported):
    client = signed_in_client("coordinator")
    address = reverse("exchange:words", args=[imported.pk, 3])
    page = client.get(address).content.decode()
    assert "актив." in page and "new entry" in page
    client.post(address, {"word": ["Активист", "актив."], "to": ["Активист", "Активист"]}, **HTMX)
    assert Correction.objects.get().replacement == "Активист"
    assert apply(imported).totals["check"]["new_words"]["statuses"] == ["Активист"]
    assert "актив." in client.get(address, {"q": "КТИВ"}).content.decode()


def test_rejected_rows_tell_what_was_corrected(imported, by):
    actions.correct_cells(by=by, imported=imported, column=2, value=IMPOSSIBLE, kind="reject")
    imported = apply(imported)
    answer = signed_in_client("coordinator").get(reverse("exchange:rejects", args=[imported.pk]))
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)
    told = {row[0]: row for row in rows[1:]}
    assert IMPOSSIBLE in told[2] and by.name in " ".join(str(cell) for cell in told[2] if cell)


def test_corrections_survive_the_load(by, imported):
    actions.correct_cells(by=by, imported=imported, column=2, value=IMPOSSIBLE, kind="empty")
    run_jobs(actions.start_load(by=by, imported=apply(imported)))
    page = signed_in_client("coordinator").get(reverse("exchange:load", args=[imported.pk])).content.decode()
    assert "Corrected here" in page and "correction_removal" not in page and "removal/" not in page


def test_the_page_takes_its_problems_from_what_the_check_has_counted(by, imported):
    """And counts them itself when a row of those has been emptied since."""
    kept = imported.totals["check"]["problems"]
    assert IMPOSSIBLE not in str(kept), "what cells say stays in the rows, which an erasure empties"
    shown = problems.problems_of(imported)
    assert shown == problems.problems_of(
        Import(pk=imported.pk, mapping=imported.mapping, columns=imported.columns)
    )
    (first,) = [each["first"] for each in kept if each["code"] == "date.impossible"]
    Issue.objects.filter(number=first).delete()
    (impossible,) = [each for each in problems.problems_of(imported) if each.code == "date.impossible"]
    assert (impossible.rows, impossible.groups[0].number) == (1, 3)

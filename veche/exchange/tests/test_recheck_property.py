"""Random files, a random base, random corrections: what came into force by itself stands as if all had been checked."""

import random

import pytest

from veche.accounts.testing import actor_of
from veche.exchange import actions
from veche.exchange.actions import checking, recheck, recomparing, rows
from veche.exchange.models import Correction, Import, Issue
from veche.exchange.queries.identity import candidates_in
from veche.exchange.testing import checked, make_import, run_jobs
from veche.exchange.tests import signatures
from veche.exchange.tests.random_files import COLUMNS, IMPOSSIBLE, fill_base, random_table
from veche.exchange.tests.test_corrections import apply

pytestmark = pytest.mark.django_db
STAGED = (
    "number", "draft", "problems", "doubts", "reach", "external_id", "leader", "verdict", "matched_by", "contact_id",
    "changes", "overwritten",
)  # fmt: skip


def standing(imported: Import) -> dict:
    """All that a check finds out, whatever order it found it in."""
    check = imported.totals["check"]
    unordered = ("changes", "overwrites")
    return {
        **{row[0]: row for row in imported.rows.values_list(*STAGED)},
        "issues": sorted(
            Issue.objects.filter(batch=imported).values_list("number", "column", "code", "severity", "value")
        ),
        **{name: said for name, said in check.items() if name not in (*unordered, "mark")},
        **{name: sorted(check[name], key=lambda each: each["field"]) for name in unordered},
    }


def correct(chance: random.Random, imported: Import, by) -> None:
    """Say something of a cell, of all cells alike, of a row or of a word, as a page would let it be said."""
    caption = chance.choice(list(COLUMNS))
    column = next(place for place, each in enumerate(COLUMNS) if each == caption)
    row = imported.rows.get(number=chance.choice(imported.rows.values_list("number", flat=True)))
    doubted = imported.rows.filter(doubts__contains=[{"code": "fits_several"}]).order_by("number").first()
    match chance.randrange(7):
        case 0:
            kind = chance.choice(["reject", "accept"])
            actions.correct_cells(by=by, imported=imported, column=-1, row=row.number, kind=kind)
        case 1:
            words = {"актив.": "Активист"} if chance.random() < 0.7 else {"донор": ""}
            status = list(COLUMNS).index("Статус")
            actions.match_words(by=by, imported=imported, column=status, words=words)
        case 2 if doubted and (candidates := candidates_in(doubted.doubts)):
            who = chance.choice([None, *candidates])
            actions.choose_person(
                by=by, imported=imported, row=doubted.number, contact_id=who, alike=chance.random() < 0.5
            )
        case 3 if made := Correction.objects.filter(state="applied").order_by("?").first():
            actions.take_back(by=by, imported=imported, correction_id=made.pk)
        case _:
            value = str(row.cells[column] or "")
            alike = {"value": value} if value and chance.random() < 0.5 else {"row": row.number}
            fine = [each for each in COLUMNS[caption] if each not in (IMPOSSIBLE, "31.04.1981", "8 904", "")]
            kind = chance.choice(["replace", "replace", "replace", "empty", "reject"])
            given = {"kind": kind, "replacement": chance.choice(fine) if kind == "replace" else ""}
            actions.correct_cells(by=by, imported=imported, column=column, **alike, **given)


@pytest.mark.parametrize("seed", (0, 1, 2, 44))
def test_rows_compared_by_themselves_stand_as_after_a_check_of_the_whole_file(seed, tmp_path, monkeypatch):
    chance, by = random.Random(seed), actor_of("coordinator")
    monkeypatch.setattr(rows, "LEAST_CHUNK", chance.choice([6, 11, 250]))  # repeats are told within a chunk
    monkeypatch.setattr(recomparing, "PORTION", chance.choice([3, 5000]))
    fill_base(chance, by)
    table = random_table(chance)
    policy = chance.choice(Import.Policy.values)
    with signatures.offered():
        imported = make_import(tmp_path, table, by=by, captions=list(COLUMNS), policy=policy)
        assert imported.options["kind"] == "signatures"
        imported = checked(imported, by=by)
        for _round in range(3):
            for _each in range(chance.randrange(1, 4)):
                correct(chance, imported, by)
            imported = apply(imported)
            assert imported.state == Import.State.CHECKED, imported.error
            alone = standing(imported)
            imported = run_jobs(actions.start_check(by=by, imported=imported))
            whole = standing(imported)
            for words in ("new_words", "unknown_words"):  # a whole check lists them before it matches anybody
                of_all = whole.pop(words)
                assert all(set(found) <= set(of_all[name]) for name, found in alone.pop(words).items())
            assert alone == whole


def test_only_the_rows_concerned_are_compared_anew(tmp_path, monkeypatch):
    """However far they lie from each other."""
    by = actor_of("coordinator")
    table = [
        [f"Органа Лея{n}", f"8 904 {n:03}-27-00", "", IMPOSSIBLE if n % 100 == 50 else "", "", "", "", ""]
        for n in range(600)
    ]
    imported = checked(make_import(tmp_path, table, by=by, captions=list(COLUMNS)), by=by)
    compared = []
    known = recomparing.mark_rest
    monkeypatch.setattr(
        recomparing,
        "mark_rest",
        lambda *given, **more: compared.extend(more["numbers"]) or known(*given, **more),
    )
    monkeypatch.setattr(checking, "staged_portions", None)
    given = {"column": 3, "value": IMPOSSIBLE, "kind": "replace", "replacement": "28.02.1970"}
    actions.correct_cells(by=by, imported=imported, **given)
    assert recheck.apply_corrections(by=by, imported=imported) == 1
    assert compared == [2 + n for n in range(600) if n % 100 == 50]

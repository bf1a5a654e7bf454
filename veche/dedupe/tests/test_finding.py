"""A search from rows to persons and households, on people made up here."""

import csv
import random

import pytest
from click.testing import CliRunner

from veche.core.refusal import Refusal
from veche.dedupe.commands import dedupe
from veche.dedupe.finding import (
    COMPARISONS,
    Evidence,
    Found,
    Rules,
    evidence_of,
    find,
    read_evidence,
)
from veche.dedupe.tests.made_people import Made, made_people


def searched(made: Made, folder, **rules) -> Found:
    folder.mkdir()
    return find(made.evidence(), folder=folder, rules=Rules(**rules))


def pairs_of(groups: dict[str, object]) -> set[frozenset[str]]:
    together: dict[object, list[str]] = {}
    for row, name in groups.items():
        together.setdefault(name, []).append(row)
    return {frozenset((a, b)) for rows in together.values() for a in rows for b in rows if a < b}


@pytest.fixture(scope="module")
def made() -> Made:
    return made_people()


@pytest.fixture(scope="module")
def found(made, tmp_path_factory) -> Found:
    return searched(made, tmp_path_factory.mktemp("finding") / "search")


def test_doubles_are_found_and_relatives_are_not_joined(made, found):
    right, told = pairs_of(made.person), pairs_of(dict(found.clusters))
    assert len(right) > 100
    assert told <= right
    assert len(told) > 0.9 * len(right)


def test_relatives_are_found_to_live_together(made, found):
    right, told = pairs_of(made.home), pairs_of(dict(found.households))
    assert len(told & right) > 0.8 * len(right)
    assert len(told & right) > 0.97 * len(told)


def test_every_row_has_a_group_named_by_one_of_its_rows(made, found):
    for groups in (dict(found.clusters), dict(found.households)):
        assert groups.keys() == {row["id"] for row in made.rows}
        assert all(groups[name] == name for name in groups.values())
    assert found.rows == len(made.rows)


def test_pairs_say_why_the_likeliest_first(found):
    pairs = list(found.pairs)
    assert [pair.weight for pair in pairs] == sorted((pair.weight for pair in pairs), reverse=True)
    assert all(pair.clues.keys() <= set(COMPARISONS) and 0.2 <= pair.probability <= 1 for pair in pairs)
    assert all(int(pair.low) < int(pair.high) for pair in pairs)
    clusters = dict(found.clusters)
    assert all(pair.is_joined == (clusters[pair.low] == clusters[pair.high]) for pair in pairs)
    assert any(pair.clues.get("phone") == "same_mobile" and pair.clues["given"] == "same" for pair in pairs)


def test_the_order_of_rows_does_not_matter(made, found, tmp_path):
    shuffled = Made(random.Random(3).sample(made.rows, len(made.rows)))
    again = searched(shuffled, tmp_path / "again")
    assert pairs_of(dict(again.clusters)) == pairs_of(dict(found.clusters))
    assert pairs_of(dict(again.households)) == pairs_of(dict(found.households))


def test_what_the_rules_leave_out_is_not_compared(made, tmp_path):
    only = searched(made, tmp_path / "only", comparisons=("surname", "given", "email"))
    assert {clue for pair in only.pairs for clue in pair.clues} <= {"surname", "given", "email"}


def test_strict_rules_join_less_and_ask_more(made, found, tmp_path):
    strict = searched(made, tmp_path / "strict", automatic=1 - 1e-9)
    assert pairs_of(dict(strict.clusters)) < pairs_of(dict(found.clusters))
    assert sum(not pair.is_joined for pair in strict.pairs) > sum(not pair.is_joined for pair in found.pairs)


@pytest.mark.parametrize(
    "rules", [{"ask": 0.9, "automatic": 0.5}, {"ask": 0.0}, {"comparisons": ("shoe size",)}]
)
def test_rules_that_make_no_sense_are_refused(rules):
    with pytest.raises(ValueError):
        Rules(**rules)


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_a_few_rows_are_searched_too(made, tmp_path, rows):
    few = searched(Made(made.rows[:rows]), tmp_path / "few")
    assert len(dict(few.clusters)) == len(dict(few.households)) == rows


def write(made: Made, path) -> None:
    heading = {
        "ФИО": "name",
        "Телефон": "phones",
        "E-mail": "emails",
        "Адрес": "address",
        "Дата рождения": "birthday",
    }
    with path.open("w", encoding="utf-8", newline="") as target:
        rows = csv.writer(target)
        rows.writerow(["id", *heading])
        rows.writerows([row["id"], *(row.get(part, "") for part in heading.values())] for row in made.rows)


def test_the_command_answers_with_two_files(made, found, tmp_path):
    write(made, tmp_path / "people.csv")
    given = [
        str(tmp_path / "people.csv"),
        "--out",
        str(tmp_path / "out.csv"),
        "--pairs",
        str(tmp_path / "pairs.csv"),
    ]
    result = CliRunner().invoke(dedupe, given, catch_exceptions=False)
    assert result.exit_code == 0
    with (tmp_path / "out.csv").open(encoding="utf-8") as source:
        told = list(csv.DictReader(source))
    assert {row["record_id"]: row["cluster_id"] for row in told} == dict(found.clusters)
    assert {row["record_id"]: row["household_id"] for row in told} == dict(found.households)
    with (tmp_path / "pairs.csv").open(encoding="utf-8") as source:
        assert [row["id_l"] for row in csv.DictReader(source)] == [pair.low for pair in found.pairs]
    assert {path.name for path in tmp_path.iterdir()} == {"people.csv", "out.csv", "pairs.csv"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("id,Сумма\n1,2\n".encode(), "no other is known to hold names"),
        ("ФИО,Телефон\nОргана Лея,89040002740\n".encode(), "for the numbers of rows"),
        ("id,ФИО\n1,Органа Лея\n".encode("cp1251"), "not in UTF-8"),
        ("id,ФИО\n1,Органа\n2,".encode() + b"a" * 2**20, "Line 3 of list.csv"),
        ("id,ФИО\n1,Органа Лея\n1,Соло Хан\n".encode(), "Two rows have the number 1"),
    ],
    ids=["no names", "no numbers", "encoding", "endless cell", "one number twice"],
)
def test_the_command_refuses_what_is_no_such_list(tmp_path, content, told):
    (tmp_path / "list.csv").write_bytes(content)
    with pytest.raises(Refusal, match=told):
        CliRunner().invoke(
            dedupe, [str(tmp_path / "list.csv"), "--out", str(tmp_path / "out.csv")], catch_exceptions=False
        )
    assert [each.name for each in tmp_path.iterdir()] == ["list.csv"], "nothing half done is left"


def test_rows_without_a_number_are_told(tmp_path):
    (tmp_path / "list.csv").write_text("id,ФИО\n1,Органа Лея\n,Соло Хан\n,\n", encoding="utf-8")
    told = CliRunner().invoke(dedupe, [str(tmp_path / "list.csv"), "--out", str(tmp_path / "out.csv")])
    assert "left out: 1" in told.output and "1 rows read" in told.output


def found_of(made: Made, rows: list[Evidence], folder) -> tuple[dict[str, str], set[frozenset[str]]]:
    """The clusters of rows put beside the made people, and the pairs that are asked about."""
    folder.mkdir()
    found = find([*made.evidence(), *rows], folder=folder)
    asked = {frozenset((pair.low, pair.high)) for pair in found.pairs if not pair.is_joined}
    return dict(found.clusters), asked


def test_who_is_named_as_his_father_is_asked_about_where_only_the_flat_is_the_same(made, tmp_path):
    flat = {"address": "г. Калязин, ул. Полевая, д. 95, кв. 7"}
    rows = [
        read_evidence("9001", name="Листопадов Сергей Сергеевич", **flat),
        read_evidence("9002", name="Листопадов Сергей", **flat),
        read_evidence("9003", name="Листопадов Игорь Сергеевич", **flat),
        read_evidence("9004", name="Листопадов Игорь", **flat),
    ]
    clusters, asked = found_of(made, rows, tmp_path / "fathers")
    assert clusters["9001"] != clusters["9002"]
    assert frozenset(("9001", "9002")) in asked
    assert clusters["9003"] == clusters["9004"]


def test_a_document_proves_what_a_name_contradicts(made, tmp_path):
    one = evidence_of(
        "9001", surname="lindgren", given_name="mia", socials=["№4100123"], birthday=(1984, 3, 5)
    )
    other = evidence_of(
        "9002", surname="lindgren", given_name="ella", socials=["№4100123"], birthday=(1984, 3, 5)
    )
    clusters, _asked = found_of(made, [one, other], tmp_path / "documents")
    assert clusters["9001"] == clusters["9002"]


def test_a_misspelt_home_form_is_no_other_name(made, tmp_path):
    mail = {"emails": "listopadov_v@example.org"}
    rows = [
        read_evidence("9001", name="Листопадов Виатля", phones="8 904 000-27-40", **mail),
        read_evidence("9002", name="Виталий Листопадов", phones="+7 904 000 27 40", **mail),
        read_evidence("9003", name="Листопадов Василий", phones="+7 904 000 27 40"),
    ]
    clusters, _asked = found_of(made, rows, tmp_path / "misspelt")
    assert clusters["9001"] == clusters["9002"] != clusters["9003"]


def test_near_numbers_and_mailboxes_make_nobody_of_another_surname(made, tmp_path):
    rows = [
        read_evidence(
            "9001", name="Листопадов Финн", phones="8 904 000-27-40", emails="veche25138@example.org"
        ),
        read_evidence("9002", name="Метелин Финн", phones="8 904 000-27-41", emails="veche25139@example.org"),
        read_evidence("9003", name="Метелин Финн", phones="8 904 000-27-41"),
    ]
    clusters, _asked = found_of(made, rows, tmp_path / "serial")
    assert clusters["9001"] != clusters["9002"] == clusters["9003"]

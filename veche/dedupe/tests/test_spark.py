"""The same search on Spark. It needs `requirements/spark.txt` and Java; CI has both, so it is never skipped there."""

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from veche.core.refusal import Refusal
from veche.dedupe.finding import Evidence, Found, evidence_of, find, training
from veche.dedupe.finding.backends import EngineMissing, in_sparks_words, insist_installed
from veche.dedupe.finding.comparisons import COMPARED
from veche.dedupe.queries.engines import chosen_engine, refusal_for
from veche.dedupe.tests.made_people import made_people

is_here = bool(find_spec("pyspark") and (shutil.which("java") or os.environ.get("JAVA_HOME")))


def searched(rows: list[Evidence], folder: Path, engine: str) -> Found:
    folder.mkdir()
    return find(rows, folder=folder, engine=engine)


def in_short(found: Found) -> dict[str, object]:
    pairs = {
        (pair.low, pair.high): (round(pair.weight, 6), pair.is_joined, *pair.clues.items())
        for pair in found.pairs
    }
    return {"clusters": dict(found.clusters), "households": dict(found.households), "pairs": pairs}


@pytest.mark.machine
@pytest.mark.skipif(not is_here and not os.environ.get("CI"), reason="Spark or Java is not installed")
def test_spark_finds_the_same_people_households_and_weights(tmp_path, monkeypatch):
    monkeypatch.setattr(training, "ENOUGH_ROWS", 20)  # so that it learns on both, a little
    monkeypatch.setattr(training, "ROUNDS", 1)
    monkeypatch.setattr(training, "_SESSIONS", training._SESSIONS[1:2])
    rows = [
        *made_people(households=20).evidence(),
        # what no cell of those has: slips, documents, accounts, a lost digit
        evidence_of(
            "9001", surname="lindgren", given_name="mia", socials=["№4100123"], birthday=(1984, 3, 5)
        ),
        evidence_of(
            "9002", surname="lindgren", given_name="ella", socials=["№4100123"], birthday=(1984, 3, 5)
        ),
        evidence_of("9003", surname="Берестнёв", given_name="Фёдор", phones=["+79161234567"], flat="3"),
        evidence_of("9004", surname="Бересткёв", given_name="Федя", phones=["+79161234576"], flat="3"),
        evidence_of("9005", surname="Берестнёв", given_name="Ф.")._replace(broken="916123456"),
    ]
    here = in_short(searched(rows, tmp_path / "here", "duckdb"))
    there = in_short(searched(rows, tmp_path / "there", "spark"))
    assert there == here
    assert len(set(here["clusters"].values())) < len(rows) and any(
        len(each) > 3 for each in here["pairs"].values()
    )
    assert not (tmp_path / "there" / "spark").exists()


def test_every_condition_has_words_of_sparks():
    levels = [{"sql_condition": level.condition} for each in COMPARED for level in each.levels]
    told = in_sparks_words({"comparisons": [{"comparison_levels": levels}]})
    words = " ".join(level["sql_condition"].lower() for level in told["comparisons"][0]["comparison_levels"])
    assert "arrays_overlap(ph_l, ph_r)" in words and "size(br_l) > 0" in words
    assert not [name for name in ("list_", "lambda", "&&", "jarowinkler", "len(") if name in words]


def test_an_engine_that_is_not_installed_is_refused_before_anything_is_read(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(EngineMissing) as missing:
        find(iter([pytest]), folder=tmp_path, engine="spark")
    assert "requirements/spark.txt" in str(refusal_for(missing.value))
    assert isinstance(refusal_for(EngineMissing("java")), Refusal)
    insist_installed("duckdb")


def test_the_settings_say_what_it_works_on_unless_the_command_does(settings):
    assert chosen_engine() == {"engine": "duckdb", "master": ""}
    settings.VECHE_DEDUPE_ENGINE, settings.VECHE_SPARK_MASTER = "spark", "spark://10.0.0.1:7077"
    assert chosen_engine() == {"engine": "spark", "master": "spark://10.0.0.1:7077"}
    assert chosen_engine("duckdb")["engine"] == "duckdb"

"""`veche bench dedupe`: how rightly and how fast doubles and households are found in a list whose truth is known.

The list is made by `../shared/data/people/gen.py` and scored by `score.py` beside it, with rates shifted (--jitter) and
a seed of the bench's own; it runs only where these lie beside the project and their packages are installed. Three ways
in which others find doubles are scored on the same rows: one phone or e-mail is one person; exact fields of a rule, as
CiviCRM's rules have it (e-mail, or surname and given name and phone or birthday); Splink's answer as it is, every pair
above the same probability joined, nothing vetoed.
"""

from __future__ import annotations

import csv
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from veche.core.measuring import Figure, bench_group
from veche.dedupe.bench.memory import watching
from veche.dedupe.finding import Rules, find
from veche.dedupe.finding.clustering import connected
from veche.dedupe.finding.engine import bits
from veche.dedupe.finding.headings import columns_of
from veche.dedupe.finding.processes import read_in_processes
from veche.dedupe.finding.records import connect

ROOT = Path(__file__).parents[3]
PEOPLE = ROOT.parent / "shared" / "data" / "people"
SEED, JITTER = 41, 0.35
LARGE = 500_000  # rows; the bars of a larger list are a little lower
MILLION_SECONDS, MEMORY_MB = 240, 4096

_SHARED = "from clue x join clue y using (kind, value) where x.unique_id < y.unique_id and x.holders <= 200"
_NAMED = """
    join compared a on a.unique_id = x.unique_id join compared b on b.unique_id = y.unique_id
    where x.unique_id < y.unique_id and x.holders <= 200 and a.surname = b.surname and a.given = b.given"""
RIVALS = {
    "same phone or e-mail": f"select x.unique_id, y.unique_id {_SHARED} and kind in ('phone', 'email')",
    "exact fields of a rule": f"""
        select x.unique_id, y.unique_id {_SHARED} and kind = 'email'
        union select x.unique_id, y.unique_id from clue x join clue y using (kind, value) {_NAMED} and kind = 'phone'
        union select a.unique_id, b.unique_id from compared a join compared b using (surname, given, born)
        where a.unique_id < b.unique_id""",
    "Splink without vetoes": f"""
        select low, high from pair where weight >= {bits(Rules().automatic)}
        union select low, high from settled where weight >= {bits(Rules().automatic)}""",
}


@bench_group("dedupe")
def measure(contacts: int) -> Iterator[Figure]:
    """One list, searched once; then the rivals on what the search has read."""
    with TemporaryDirectory(prefix="veche-bench-dedupe-") as name:
        folder = Path(name)
        if not _made(folder, contacts):
            print(
                f"not measured: no {PEOPLE.name}/gen.py beside the project, or not its packages",
                file=sys.stderr,
            )
            return
        with watching() as memory:
            seconds, processor = _search(folder)
        score = _scored(folder, folder / "clusters.csv")
        yield from _speed(contacts, seconds, processor, memory[0])
        yield from _quality(contacts, score, _questions(folder))
        for rival, query in RIVALS.items():
            yield from _against(rival, score, _scored(folder, _joined(folder, query)))


def _made(folder: Path, contacts: int) -> bool:
    """Whether the list could be made."""
    told = ["--seed", SEED, "--jitter", JITTER, "--records", contacts, "--out", folder]
    command = [sys.executable, PEOPLE / "gen.py", *told]
    return (PEOPLE / "gen.py").exists() and subprocess.run(
        list(map(str, command)), capture_output=True
    ).returncode == 0


def _search(folder: Path) -> tuple[float, float]:
    """From the raw file to clusters and households: seconds, and seconds of processor of all processes."""
    (folder / "search").mkdir()
    begin, used = time.monotonic(), _processor()
    with (folder / "contacts.csv").open(encoding="utf-8", newline="") as source:
        rows = csv.reader(source)
        found = find(read_in_processes(rows, columns_of(next(rows))), folder=folder / "search")
    with (folder / "clusters.csv").open("w", encoding="utf-8", newline="") as target:
        write = csv.writer(target).writerow
        write(["record_id", "cluster_id", "household_id"])
        for (row, cluster), (_row, household) in zip(found.clusters, found.households, strict=True):
            write([row, cluster, household])
    seconds, used = time.monotonic() - begin, _processor() - used
    asked = sum(not pair.is_joined for pair in found.pairs)
    (folder / "asked").write_text(str(asked), encoding="utf-8")
    return seconds, used


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _questions(folder: Path) -> int:
    return int((folder / "asked").read_text(encoding="utf-8"))


def _scored(folder: Path, clusters: Path) -> dict[str, Any]:
    command = [sys.executable, PEOPLE / "score.py", "--truth", folder / "truth.csv", "--clusters", clusters]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def _joined(folder: Path, query: str) -> Path:
    """What a rival says, as a file for the scorer."""
    db = connect(folder / "search")
    names = dict(db.execute("select n, id from evidence").fetchall())
    ties: Iterable[tuple[int, int]] = db.execute(query).fetchall()
    db.close()
    path = folder / "rival.csv"
    with path.open("w", encoding="utf-8", newline="") as target:
        write = csv.writer(target).writerow
        write(["record_id", "cluster_id"])
        for row, cluster in connected(ties).items():
            write([names[row], names[cluster]])
    return path


def _speed(contacts: int, seconds: float, processor: float, memory: float) -> Iterator[Figure]:
    bar = MILLION_SECONDS * contacts / 1_000_000
    yield Figure(
        name=f"{contacts} rows of a file to persons and households", value=seconds, unit="s", bar=max(bar, 30)
    )
    yield Figure(name="the same, on the processor", value=processor, unit="s")
    if memory:
        yield Figure(name="memory of all processes", value=memory, unit="MB", bar=MEMORY_MB)


def _quality(contacts: int, score: dict[str, Any], questions: int) -> Iterator[Figure]:
    precision, recall = (0.990, 0.94) if contacts >= LARGE else (0.992, 0.97)
    told = (
        ("precision of pairs", score["pair_precision"], precision),
        ("recall of what can be found", score["findable_recall"], recall),
        ("precision of households", score["household"]["precision"], 0.93),
        ("recall of households", score["household"]["recall"], 0.78),
    )
    for name, value, bar in told:
        yield Figure(name=name, value=value, unit="", bar=bar, at_least=True)
    relatives = score["wrong_pairs_same_household"] * 1000 / score["rows"]
    yield Figure(name="relatives joined, per 1 000 rows", value=relatives, unit="", bar=1.5)
    yield Figure(name="questions, per 1 000 rows", value=questions * 1000 / score["rows"], unit="", bar=60)


def _against(rival: str, ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[Figure]:
    for name, key in (
        ("wrong pairs", "wrong_pairs"),
        ("relatives joined", "wrong_pairs_same_household"),
        ("recall of what can be found", "findable_recall"),
    ):
        ratio = ours[key] / theirs[key] if theirs[key] else None
        yield Figure(name=f"{name}, against {rival}", value=ours[key], unit="", ratio_to=rival, ratio=ratio)

"""`veche bench address`: how many addresses a second are read on one core, and how long the worst cell takes.

On the real addresses that lie beside the project (`../shared/data/addresses/raw.txt`), where they do, else on made-up
ones. The rival is natasha's AddrExtractor on the first lines of the same, where somebody has installed it.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from veche.addresses import parse
from veche.core.measuring import Figure, bench_group

ROOT = Path(__file__).parents[3]
REAL = ROOT.parent / "shared" / "data" / "addresses" / "raw.txt"
MADE_UP = ROOT / "veche" / "addresses" / "tests" / "gold.jsonl"
SPEED_BAR, MEMORY_BAR, WORST_BAR = 10_000, 200, 10  # addresses a second, MB, ms
RIVALS_LINES = 300
_FRESH = """
import resource, sys, time
sys.path.insert(0, {root!r})
from veche.addresses import parse
lines = open({path!r}, encoding="utf-8").read().splitlines()
begin = time.process_time()
for line in lines:
    parse(line)
print(len(lines) / (time.process_time() - begin), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


@bench_group("address")
def measure(contacts: int) -> Iterator[Figure]:
    """One pass of a fresh process, a second pass, the worst cells, the rival."""
    path = REAL if REAL.exists() else made_up_file()
    lines = path.read_text(encoding="utf-8").splitlines()
    fresh, memory = map(float, _in_a_fresh_process(path).split())
    for line in lines:
        parse(line)
    again = _speed(parse, lines)
    extract = rival()
    rivals = _speed(extract, lines[:RIVALS_LINES]) if extract else None
    against = {"ratio_to": "natasha's AddrExtractor", "ratio": fresh / rivals} if rivals else {}
    name = f"addresses read, first pass over {len(lines)} {'real' if path == REAL else 'made-up'}"
    yield Figure(name=name, value=fresh, unit="1/s", bar=SPEED_BAR, at_least=True, **against)
    yield Figure(name="addresses read, second pass", value=again, unit="1/s")
    yield Figure(name="memory of the reading process", value=memory, unit="MB", bar=MEMORY_BAR)
    yield Figure(name="10 kB of anything, worst", value=worst_cell(), unit="ms", bar=WORST_BAR)
    if rivals:
        yield Figure(name="natasha's AddrExtractor", value=rivals, unit="1/s")


def _in_a_fresh_process(path: Path) -> str:
    code = _FRESH.format(root=str(ROOT), path=str(path))
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def _speed(read: Callable[[str], object], lines: list[str]) -> float:
    begin = time.process_time()
    for line in lines:
        read(line)
    return len(lines) / (time.process_time() - begin)


def made_up_file() -> Path:
    """Ten thousand made-up lines: those of the tests with other numbers."""
    texts = [json.loads(line)["text"] for line in MADE_UP.read_text(encoding="utf-8").splitlines()]
    chance = random.Random(7)
    path = ROOT / "var" / "bench_addresses.txt"
    path.parent.mkdir(exist_ok=True)
    lines = (chance.choice(texts).replace("5", str(chance.randint(1, 240))) for _n in range(10_000))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def worst_cell() -> float:
    """Milliseconds of processor for the slowest of some cells of 10 kB."""
    chance = random.Random(5)
    cells = ["д." * 5000, "5" * 10_000, "," * 10_000, "(" * 10_000, "ул. Мира, " * 1000, "12к3с1 " * 1500]
    cells += [
        "".join(chance.choice('абвгдкспул.,-/ ()0123456789№"\n') for _n in range(10_000)) for _m in range(5)
    ]
    return max(min(_milliseconds(cell[shift:]) for shift in range(3)) for cell in cells)


def _milliseconds(cell: str) -> float:
    begin = time.process_time()
    parse(cell)
    return (time.process_time() - begin) * 1000


def rival() -> Callable[[str], object] | None:
    """natasha's extractor, where it is installed and runs."""
    try:
        from natasha import AddrExtractor, MorphVocab
    except Exception:  # not installed, or not for this Python
        return None
    extractor = AddrExtractor(MorphVocab())
    return lambda text: list(extractor(text))

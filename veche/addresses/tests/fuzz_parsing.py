"""Fuzzes the parser with atheris: `make fuzz`, an hour of processor, or `make fuzz SECONDS=600`.

Run as a file, so that nothing of the parser is imported before it is instrumented:

    PYTHONPATH=. python veche/addresses/tests/fuzz_parsing.py SECONDS [options of libFuzzer]

No exception, every place of a part inside the text, and 10 kB of anything within 10 ms. Instrumented code is several
times slower, so that a cell that seems slow is timed by a process whose parser is as it ships, with empty caches; as
others work on the machine, it is timed in turn with a work that is always the same. Cells that are slow for all that
are told at the end, when the exit status is 1.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

WHOLE = 10_240  # bytes that the promise speaks of
PROMISED = 0.010  # seconds of processor
SEEMS_SLOW = 0.020  # of the instrumented parser: it takes four times as long
TESTS = Path(__file__).parent
_judge: subprocess.Popen[str] | None = None
_seen = {"cells": 0, "judged": 0, "slow": 0, "slowest": 0.0}


def look(read: bytes, seconds: float) -> None:
    """One cell, until the processor's time is over."""
    begin = time.process_time()
    if begin > seconds:
        _tell()
        os._exit(1 if _seen["slow"] else 0)
    _read(read)
    _seen["cells"] += 1
    if _seen["cells"] % 50_000 == 0:
        _tell()
    if time.process_time() - begin > SEEMS_SLOW:
        taken = _ask(read)
        if taken > _seen["slowest"]:
            _seen["slowest"] = taken
            _tell(read)
        _seen["slow"] += taken > PROMISED


def _read(read: bytes) -> None:
    from veche.addresses import canonical, difference, flat_key, parse, parse_all

    text = read.decode("utf-8", "replace")
    for parsed in (*parse_all(text), parse(read)):
        assert all(0 <= part.start < part.end <= len(parsed.text) for part in parsed.parts)
        assert 0 <= parsed.confidence <= 1
        canonical(parsed), flat_key(parsed), difference(parsed, parsed)


def _tell(read: bytes = b"") -> None:
    slowest = f"{_seen['slow']} slow, slowest {_seen['slowest'] * 1000:.1f} ms"
    print(
        f"cells {_seen['cells']}, {time.process_time():.0f} s of processor, {slowest}",
        end="",
        file=sys.stderr,
    )
    print(f" {read[:500]!r}" if read else "", file=sys.stderr, flush=True)


def _ask(read: bytes) -> float:
    """How long the judge took for 10 kB that begin with these bytes."""
    global _judge
    if _judge is None:
        command = [sys.executable, __file__, "--judge"]
        _judge = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    _seen["judged"] += 1
    print(read.hex(), file=_judge.stdin, flush=True)
    return float(_judge.stdout.readline())


def judge() -> None:
    """Bytes as hexadecimal digits, a line a cell → seconds, as they would be were nobody else at work."""
    from veche.addresses import parse
    from veche.addresses.parsing import assembling, columns, keys, latin, layout, settling, text

    modules = (assembling, columns, keys, latin, layout, settling, text)
    kept = [value for module in modules for value in vars(module).values() if hasattr(value, "cache_clear")]
    parse("г Москва, ул. Ленина, д. 1")  # tables are read once a process
    quickest = min(_always_the_same() for _n in range(200))
    for line in sys.stdin:
        read = bytes.fromhex(line)
        whole = (read * (WHOLE // max(1, len(read)) + 1))[:WHOLE]
        best = 1.0
        for _n in range(20):
            for cache in kept:
                cache.cache_clear()
            same = _always_the_same()
            begin = time.process_time()
            parse(whole)
            taken = time.process_time() - begin
            quickest = min(quickest, same)
            best = min(best, taken * min(1.0, quickest * 2 / (same + _always_the_same())))
            if best < PROMISED / 2:
                break
        print(best, flush=True)


def _always_the_same() -> float:
    """Seconds that some work takes, which tells how much others slow us down."""
    begin = time.process_time()
    sum(len(str(number)) for number in range(10_000))
    return time.process_time() - begin


def _sow(folder: Path) -> tuple[Path, Path]:
    """What to begin from: the texts of the tests, each a file, and the words of the tables as a dictionary."""
    texts = [
        json.loads(line)["text"] for line in (TESTS / "gold.jsonl").read_text("utf-8").splitlines() if line
    ]
    for name in ("not_addresses.txt", "descriptions.txt"):
        texts += (TESTS / name).read_text("utf-8").splitlines()
    corpus, words = folder / "corpus", folder / "words"
    corpus.mkdir()
    for number, text in enumerate(filter(None, texts)):
        (corpus / str(number)).write_text(text, encoding="utf-8")
    tables = " ".join(path.read_text("utf-8") for path in (TESTS.parent / "tables").glob("*.txt"))
    found = sorted(set(re.findall(r"[а-яё][а-яё./-]*", tables.lower())))
    quoted = ("".join(f"\\x{byte:02X}" for byte in word.encode()) for word in found)
    words.write_text("".join(f'"{word}"\n' for word in quoted), encoding="utf-8")
    return corpus, words


def main(seconds: float, options: list[str]) -> None:
    try:
        import atheris
    except ImportError:
        sys.exit("atheris is not installed: it is there for Linux only, in requirements/fuzz.txt.")
    with atheris.instrument_imports():
        import veche.addresses  # noqa: F401
    with tempfile.TemporaryDirectory(prefix="veche-fuzz-") as folder, suppress(KeyboardInterrupt):
        corpus, words = _sow(Path(folder))
        own = ["-max_len=1200", f"-dict={words}", "-timeout=20", *options, str(corpus)]
        atheris.Setup([sys.argv[0], *own], lambda read: look(read, seconds))
        atheris.Fuzz()


if __name__ == "__main__":
    if sys.argv[1:] == ["--judge"]:
        judge()
    else:
        main(float(sys.argv[1]), sys.argv[2:])

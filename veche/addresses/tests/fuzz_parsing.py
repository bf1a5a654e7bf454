"""Fuzzes the parser where atheris is installed, an hour of processor for example:

    PYTHONPATH=. python veche/addresses/tests/fuzz_parsing.py -max_total_time=3600

Run as a file, so that nothing of the parser is imported before it is instrumented; any settings with a secret key do.
No exception, no cell that takes longer than a tenth of a second, every place of a part inside the text.
"""

from __future__ import annotations

import sys
import time

SLOW = 0.1  # seconds of processor, on any machine


def look(read: bytes) -> None:
    """One cell; one that seems slow is looked at again, since others work on the machine, too."""
    assert any(_seconds(read) < SLOW for _n in range(4)), "slow"


def _seconds(read: bytes) -> float:
    """How long a cell takes, as bytes and as text."""
    from veche.addresses import canonical, difference, flat_key, parse, parse_all

    begin = time.process_time()
    text = read.decode("utf-8", "replace")
    for parsed in (*parse_all(text), parse(read)):
        assert all(0 <= part.start < part.end <= len(parsed.text) for part in parsed.parts)
        canonical(parsed), flat_key(parsed), difference(parsed, parsed)
    return time.process_time() - begin


def main() -> None:
    import atheris

    with atheris.instrument_imports():
        import veche.addresses  # noqa: F401
    atheris.Setup(sys.argv, look)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

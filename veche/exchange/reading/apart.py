"""A workbook read in a process of its own: it is a stranger's file, and may crash, hang or swell whatever reads it."""

from __future__ import annotations

import io
import logging
import os
import pickle
import signal
import struct
import subprocess
import sys
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import veche
from veche.core.refusal import Refusal
from veche.exchange.formats.sheet import Row, Sheet

from .refusing import refusal_for

log = logging.getLogger(__name__)
_ROOT = Path(veche.__file__).parent.parent
_LENGTH = struct.Struct(">I")
_FIRST, _PORTION = 100, 1000


class Apart:
    """An open workbook. `sheets` say what is in it; `known` are those of an earlier look, which is not repeated."""

    def __init__(
        self, path: Path, kind: str, encoding: str = "", known: Sequence[Sheet] | None = None
    ) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "veche.exchange.formats.reader", str(path.resolve()), kind, encoding],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**_environment(), "PYTHONPATH": str(_ROOT)},
        )  # fmt: skip
        self._end = weakref.finalize(self, _stop, self._process)
        self._expected = self._asked = 0
        self.encoding = encoding
        try:
            self._receive()
            if known is None:
                self.sheets = [Sheet(**sheet) for sheet in self._ask("look")]
            else:
                self.sheets = list(known)
                self._ask("know", [asdict(sheet) for sheet in known])
        except BaseException:
            self.close()
            raise

    def records(self, sheet: Sheet, start: int = 0, *, raw: bool = False) -> Iterator[Row]:
        """Rows that hold values from row `start` on; cleaned cells, or `raw` ones as they stand in the file."""
        while self._expected:  # an answer to somebody who went away before the end
            self._receive()
        self._ask("begin", self.sheets.index(sheet), start, raw)
        self._send("portion", _FIRST)
        while portion := self._receive():
            self._send("portion", _PORTION)  # it is made ready while this one is worked on
            mine = self._asked
            for row in portion:
                yield row
                if self._asked != mine:
                    raise RuntimeError("Another reading of the same file has begun.")

    def close(self) -> None:
        """Ends the process."""
        self._end()

    def _ask(self, *question: Any) -> Any:
        self._send(*question)
        return self._receive()

    def _send(self, *question: Any) -> None:
        body = pickle.dumps(question, protocol=5)
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(_LENGTH.pack(len(body)) + body)
            self._process.stdin.flush()
        except (BrokenPipeError, ValueError):
            raise self._death() from None
        self._asked += 1
        self._expected += 1

    def _receive(self) -> Any:
        stream = self._process.stdout
        assert stream is not None
        head = stream.read(_LENGTH.size)
        body = stream.read(_LENGTH.unpack(head)[0]) if len(head) == _LENGTH.size else b""
        if not body:
            raise self._death()
        what, *values = _Plain(io.BytesIO(body)).load()
        self._expected = max(self._expected - 1, 0)
        if what == "refused":
            code, params = values
            if "why" in params:
                log.info("A spreadsheet could not be read: %s", params["why"])
            raise refusal_for(code, params)
        return values[0] if values else None

    def _death(self) -> Refusal:
        code = self._process.wait()
        log.warning("The reader of a spreadsheet ended with %s.", code)
        slow = code in (-signal.SIGXCPU, -signal.SIGKILL)
        return refusal_for("import.too_slow" if slow else "import.too_much_memory", {})


def _environment() -> dict[str, str]:
    """What a Python process needs to begin: no address of the base, no key, for a stranger's file to find."""
    needed = (
        "PATH",
        "HOME",
        "LANG",
        "LC_ALL",
        "TMPDIR",
        "LD_LIBRARY_PATH",
        "PYTHONHASHSEED",
        "SYSTEMROOT",
        "TEMP",
    )
    return {name: os.environ[name] for name in needed if name in os.environ}


class _Plain(pickle.Unpickler):
    """Takes rows and nothing that could act: the only class in an answer is the datetime."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("datetime", "datetime"):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except OSError:
                continue
    process.wait()

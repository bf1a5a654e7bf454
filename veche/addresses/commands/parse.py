"""`veche address parse`: lines of text in, one JSON object a line out. Needs no database."""

from __future__ import annotations

import json
import sys

import click

from veche.addresses.parsing.reading import parse as read


@click.command("parse")
def parse() -> None:
    """Read addresses: a line of text on stdin, one JSON object a line on stdout, in the same order.

    An object has the parts of the address, whether it is one, how sure each part is and where it stands, what was
    assumed, and further addresses of the same line. Runs without a database.
    """
    write = sys.stdout.write
    for line in sys.stdin.buffer:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        write(json.dumps(read(text).as_dict(), ensure_ascii=False) + "\n")
    sys.stdout.flush()


parse.without_database = True

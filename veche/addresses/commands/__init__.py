"""`veche address …`: the register of addresses in the shell. Each file has its commands, the group stands here."""

from __future__ import annotations

import click

from veche.addresses.commands.parse import parse
from veche.addresses.commands.register import load_gar, lookup


@click.group()
def address() -> None:
    """Postal addresses: the state register, and what is found in it."""


address.add_command(load_gar)
address.add_command(lookup)
address.add_command(parse)

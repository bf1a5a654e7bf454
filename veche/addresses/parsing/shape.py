"""The kinds of all tokens of a text, and a piece of them that has been given a meaning."""

from __future__ import annotations

from typing import NamedTuple

from veche.addresses.parsing.lexicon import Kind

Shape = tuple[Kind, ...]
Span = tuple[int, int]
NOWHERE: Span = (0, 0)
END = Kind("$")


class Piece(NamedTuple):
    """One reading of the tokens from `start` to `end`: what it is, where its type or mark stands and where its name."""

    label: str
    start: int
    end: int
    cost: float
    type: Span = NOWHERE
    name: Span = NOWHERE
    bare: bool = False


def at(shape: Shape, position: int) -> Kind:
    """The kind at a position; END behind the last."""
    return shape[position] if position < len(shape) else END

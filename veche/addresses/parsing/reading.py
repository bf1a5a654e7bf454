"""A cell of text → the address it holds, and every further one. Never an exception, never much work."""

from __future__ import annotations

import re

from veche.addresses.parsing.assembling import Assembly, as_parsed, assemble
from veche.addresses.parsing.latin import in_russian, is_latin
from veche.addresses.parsing.layout import EFFORT, Layout, lay_out
from veche.addresses.parsing.lexicon import Kind
from veche.addresses.parsing.parsed import ParsedAddress
from veche.addresses.parsing.reasons import Assumption
from veche.addresses.parsing.shape import Piece
from veche.addresses.parsing.text import fold, has_latin
from veche.addresses.parsing.tokens import Tokens, tokenise

LONGEST = 400  # characters of a cell that are read
MOST_TOKENS = 60
MOST_ADDRESSES = 4
MOST_FURTHER = 100  # tokens that are laid out in search of them
LONGEST_FURTHER = 32  # tokens of one of them
EFFORT_FURTHER = EFFORT // 4
_NOISE = re.compile(
    r"(?:\+\s?7|(?<!\d)[78])[\s(-]{0,3}\d{3}[\s)-]{0,3}\d{3}[\s-]?\d{2}[\s-]?\d{2}(?!\d)"
    r"|[\w.+-]+@[\w.-]+|(?:https?://|www\.)\S+|@\w+"
    r"|\b\d{1,2}\s+(?:января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)\s+(?:19|20)\d\d\b"
    r"|\b\d{1,2}\.\d{1,2}\.\d{4}\b|\b(?:19|20)\d\d\s?г\.?\s?р\b\.?"
    r"|\b(?:после|до|с)\s\d{1,2}[:.]\d\d\b",
    re.IGNORECASE,
)
_MAY_BE_NOISE = re.compile(r"\d(?:[\d ()-]{8,}\d|[.:]\d)|[@+]|[а-я] (?:19|20)\d\d|//|www|\d г\.?\s?р\b")
_CYRILLIC = re.compile("[А-Яа-яЁё]")
_NOT_PRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_INHERITED = ("region", "district", "city", "settlement_type", "settlement")


def parse(value: object) -> ParsedAddress:
    """The first address of a cell, with the others under `further`; of bytes, numbers and nothing too."""
    text = _as_text(value)
    read = text[:LONGEST]
    if not read.isprintable():
        read = _NOT_PRINTED.sub(" ", read)
    if _MAY_BE_NOISE.search(read):
        read = _NOISE.sub(
            lambda match: ";" * len(match.group()) if match.start() else " " * len(match.group()), read
        )
    if len(text) <= LONGEST and not _CYRILLIC.search(read) and is_latin(read):
        return _parse_latin(text, read)
    return _parse_read(text, read)


def _parse_read(text: str, read: str) -> ParsedAddress:
    """The addresses of a cell from which noise was taken, and which is cut where it is too long."""
    folded = fold(read)
    tokens = tokenise(folded)
    cut = len(text) > LONGEST or len(tokens.words) > MOST_TOKENS
    if len(tokens.words) > MOST_TOKENS:
        tokens = Tokens(
            tokens.words[:MOST_TOKENS], tokens.starts[: MOST_TOKENS + 1], tokens.shape[:MOST_TOKENS]
        )
    first, end = _read_one(text, folded, tokens)
    if end < len(tokens.words):
        first = _with_further(first, text, folded, tokens, end)
    if cut:
        first = first._replace(assumptions=(*first.assumptions, Assumption("too_long")))
    return first


def _parse_latin(text: str, read: str) -> ParsedAddress:
    """An address in Latin letters, read by its sound; only what names a kind of place or a known town is one."""
    russian, places = in_russian(read)
    parsed = _parse_read(russian, russian[:LONGEST])
    known = parsed.region or parsed.city or parsed.street_type or parsed.settlement_type
    if not (parsed.is_address and known):
        return _parse_read(text, read)
    return _from_latin(parsed, text, places)


def _from_latin(parsed: ParsedAddress, text: str, places: list[int]) -> ParsedAddress:
    """An answer about the Russian twin as one about the text."""
    return parsed._replace(
        text=text,
        parts=tuple(
            part._replace(start=places[part.start], end=max(places[part.start] + 1, places[part.end]))
            for part in parsed.parts
        ),
        assumptions=(*parsed.assumptions, Assumption("transliterated", text[:LONGEST].strip())),
        further=tuple(_from_latin(other, text, places) for other in parsed.further),
    )


def parse_all(value: object) -> tuple[ParsedAddress, ...]:
    """Every address of a cell; one that is none where there is none."""
    first = parse(value)
    return (first._replace(further=()), *first.further)


def _as_text(value: object) -> str:
    if isinstance(value, str):
        text = value
    elif value is None:
        return ""
    elif isinstance(value, (bytes, bytearray)):
        text = bytes(value).decode("utf-8", "replace")
    else:
        text = str(value)
    return text


def _read_one(text: str, folded: str, tokens: Tokens, effort: int = EFFORT) -> tuple[ParsedAddress, int]:
    """One address from the beginning of the tokens, and where the next may begin."""
    layout = lay_out(tokens.shape, effort)
    assembly = assemble(text, folded, tokens, layout)
    is_address = _is_address(assembly, layout)
    if not is_address:
        assembly.assumptions.append(Assumption("not_an_address"))
    if has_latin(text):
        _mention_look_alikes(text, assembly)
    rest = _rest(text, assembly)
    confidence = max(0.05, round(1 - 0.16 * layout.cost, 2)) if is_address else 0.0
    return as_parsed(assembly, is_address=is_address, rest=rest, confidence=confidence), layout.end


def _mention_look_alikes(text: str, assembly: Assembly) -> None:
    for part in assembly.parts:
        written = text[part.start : part.end]
        if has_latin(written) and not has_latin(part.value):
            assembly.assumptions.append(Assumption("look_alikes", written))


def _rest(text: str, assembly: Assembly) -> str:
    if not assembly.rest:
        return ""
    spans: list[list[int]] = []
    for start, end in sorted(assembly.rest):
        if spans and not text[spans[-1][1] : start].strip(" .,:"):
            spans[-1][1] = end
        else:
            spans.append([start, end])
    rest = ", ".join(text[start:end].strip(" ,.;:") for start, end in spans)
    assembly.assumptions.append(Assumption("left_over", rest))
    return rest


def _is_address(assembly: Assembly, layout: Layout) -> bool:
    """Whether what was read names a place, and is not a remark in which a word looks like one."""
    values = assembly.values
    if values.get("box") and (values.get("city") or values.get("region") or values.get("postcode")):
        return True
    if not _CYRILLIC.search(assembly.text):  # «MOCKBA», and not «OK 12»
        return bool(values.get("city") or values.get("region")) and not is_latin(assembly.text[:LONGEST])
    best = 0.0
    for piece in layout.pieces:
        if piece.label in _PLACES:
            best = max(best, _weight(piece, assembly))
            if best == 1.0:
                return True
    shape = assembly.tokens.shape
    if values.get("house") and any(_is_village(piece, assembly) for piece in layout.pieces):
        return True
    junk = [piece for piece in layout.pieces if piece.label == "junk" and piece.end == piece.start + 1]
    junk = [piece for piece in junk if not shape[piece.start].known & {"tag", "comment"}]
    if values.get("street") and values.get("house") and (not junk or values.get("flat")):
        return not any("remark" in shape[piece.start].known for piece in junk)
    return best > 0 and bool(values.get("postcode")) and len(junk) < 2


_PLACES = frozenset({"region", "district", "city", "settlement", "area", "street", "commune"})


def _is_village(piece: Piece, assembly: Assembly) -> bool:
    """«Кольцово, 20а-15»: a name that villages have, alone in front of its house."""
    return (
        piece.bare
        and piece.label == "settlement"
        and piece.start == 0
        and "toponym" in assembly.tokens.shape[0].known
        and piece.end == 1
    )


def _weight(piece: Piece, assembly: Assembly) -> float:
    """1 for a piece that only an address has, less for one that a remark may have too."""
    shape = assembly.tokens.shape
    if piece.bare:
        known = shape[piece.name[0]].known
        return 1.0 if known & {"region alone", "city"} else 0.5
    kind = shape[piece.type[0]]
    first = assembly.tokens.starts[piece.name[0]]
    if kind.form == "l" and not kind.stop and assembly.text[first : first + 1].islower():
        known = shape[piece.name[0]].known
        return 1.0 if known & {"region alone", "city"} or "house" in assembly.values else 0.5
    if piece.label == "street" and "short" in shape[piece.name[0]].known and len(range(*piece.name)) == 1:
        return 0.5  # «на улице»
    if piece.label == "district" and assembly.text[first : first + 1].islower():
        return (
            1.0 if shape[piece.name[1] - 1].adjective or "city" in assembly.values else 0.5
        )  # «район рынка»
    return 1.0


def _with_further(first: ParsedAddress, text: str, folded: str, tokens: Tokens, begin: int) -> ParsedAddress:
    """The first address with those that follow it; each inherits the town it does not name."""
    further: list[ParsedAddress] = []
    left = MOST_FURTHER
    while begin < len(tokens.words) and len(further) < MOST_ADDRESSES and left > 0:
        while begin < len(tokens.words) and _between(tokens.shape[begin]):
            begin += 1
        if begin >= len(tokens.words):
            break
        last = begin + min(left, LONGEST_FURTHER)
        shifted = Tokens(tokens.words[begin:last], tokens.starts[begin : last + 1], tokens.shape[begin:last])
        left -= len(shifted.words)
        other, end = _read_one(text, folded, shifted, EFFORT_FURTHER)
        corner = begin > 1 and any(kind.form == "/" for kind in tokens.shape[begin - 1 : begin])
        if other.is_address or other.house:
            further.append(_inherit(other, first, corner=corner))
        elif other.rest:
            first = first._replace(rest=", ".join(filter(None, (first.rest, other.rest))))
        if end <= 0:
            break
        begin += end
    if not further:
        return first
    said = Assumption("corner", further[0].street) if further[0].assumed("corner") else Assumption("several")
    return first._replace(further=tuple(further), assumptions=(*first.assumptions, said))


def _between(kind: Kind) -> bool:
    return kind.form in ",;/.\n -" or "join" in kind.known


def _inherit(other: ParsedAddress, first: ParsedAddress, *, corner: bool) -> ParsedAddress:
    if corner:
        other = other._replace(assumptions=(*other.assumptions, Assumption("corner", other.street)))
    if other.region or other.city or other.settlement:
        if not other.region and other.city == first.city:
            other = other._replace(region=first.region)
        return other
    place = {field: getattr(first, field) for field in _INHERITED}
    said = Assumption(
        "inherited", ", ".join(filter(None, (place["region"], place["city"], place["settlement"])))
    )
    return other._replace(is_address=True, **place, assumptions=(*other.assumptions, said))

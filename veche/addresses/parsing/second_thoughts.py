"""What the letters say against the shape: pieces of a layout, told otherwise before they are put together."""

from __future__ import annotations

from veche.addresses.parsing import settling
from veche.addresses.parsing.shape import Piece
from veche.addresses.parsing.tokens import Tokens
from veche.addresses.zones import region_of_postcode

_NUMBERED = frozenset(
    {"переулок", "проезд", "тупик", "линия", "ряд", "просека"}
)  # «2 пер. Мира» is the second of them
_MOST = 20  # of one name
_DATED = frozenset(
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря лет летия летие лет".split()
)
_SHORTEST = 4  # letters of a street that stands behind its house
_PLACES = frozenset({"city", "settlement", "district", "commune", "area", "street", "island"})
_FEW = 12  # pieces in which a misspelt town is sought: it stands near the beginning
_TOWNS = frozenset({"city", "settlement", "area"})
_BESIDE_TOWNS = frozenset({"region", "district", "street"})
_HOUSES = frozenset({"house", "block", "building"})


def told_otherwise(pieces: tuple[Piece, ...], tokens: Tokens) -> tuple[Piece, ...]:
    """The pieces, with a house that stands before its street, and a street that was taken for a region or a village."""
    labels = {piece.label for piece in pieces}
    if "street" in labels and not labels & _HOUSES:
        pieces = _house_first(pieces, tokens)
    elif labels == {"settlement"}:
        pieces = _street_alone(pieces, tokens)
    elif "region" in labels and "postcode" in labels and not labels & _PLACES:
        pieces = _street_of_another_region(pieces, tokens)
    if "junk" in labels and not labels & _TOWNS and labels & _BESIDE_TOWNS:
        pieces = _misspelt_town(pieces, tokens)
    return pieces


def _misspelt_town(pieces: tuple[Piece, ...], tokens: Tokens) -> tuple[Piece, ...]:
    """«Екатеринбугр, ул. Малышева, 36»: a word that says nothing else is the town it is a letter away from."""
    for at, piece in enumerate(pieces[:_FEW]):
        if (
            piece.label == "junk"
            and piece.end == piece.start + 1
            and tokens.shape[piece.start].form == "w"
            and settling.near_city(tokens.words[piece.start])
        ):
            span = (piece.start, piece.end)
            return (*pieces[:at], Piece("city", *span, 1.0, name=span, bare=True), *pieces[at + 1 :])
    return pieces


def _house_first(pieces: tuple[Piece, ...], tokens: Tokens) -> tuple[Piece, ...]:
    """«39 ул. Ленина», «12/1 проспект Мира, кв. 4», where no other number may be the house."""
    told: list[Piece] = []
    for piece in pieces:
        at, (first, last) = piece.type[0], piece.name
        if piece.label == "street" and tokens.shape[first].form == "n" and at == last > first + 1:
            told += _type_last(piece, tokens)
            continue
        if piece.label != "street" or tokens.shape[first].form != "n" or at != first + 1 or last <= at + 1:
            told.append(piece)
            continue
        number = tokens.words[first].strip()
        kind = settling.settle_type("street", tokens.words[at])
        if kind in _NUMBERED and number.isdigit() and int(number) <= _MOST:
            return pieces
        told.append(Piece("house", first, at, 0.3, name=(first, at)))
        told.append(piece._replace(start=at, name=(at + 1, last)))
    return tuple(told)


def _type_last(piece: Piece, tokens: Tokens) -> tuple[Piece, ...]:
    """«12 Ленина ул., кв. 5», but «8 Марта ул.»."""
    first, last = piece.name
    behind = tokens.shape[first + 1]
    if behind.form != "w" or "date" in behind.known or len(tokens.words[first + 1].strip()) < _SHORTEST:
        return (piece,)
    house = Piece("house", first, first + 1, 0.3, name=(first, first + 1))
    return house, piece._replace(start=first + 1, name=(first + 1, last))


def _street_alone(pieces: tuple[Piece, ...], tokens: Tokens) -> tuple[Piece, ...]:
    """«39 Ленина»: no village begins with a number, but for those that are called after a day, as «8 Марта»."""
    first, last = pieces[0].name
    if len(pieces) > 1 or not pieces[0].bare or last != first + 2 or tokens.shape[first].form != "n":
        return pieces
    word = tokens.words[first + 1].strip()
    if tokens.shape[first + 1].form != "w" or len(word) < _SHORTEST or word in _DATED:
        return pieces
    street = pieces[0]._replace(label="street", start=first + 1, name=(first + 1, last))
    return (Piece("house", first, first + 1, 0.3, name=(first, first + 1)), street)


def _street_of_another_region(pieces: tuple[Piece, ...], tokens: Tokens) -> tuple[Piece, ...]:
    """«125009, Тверская»: a street of the town that has the postcode, which does not lie in that region."""
    written = next(piece for piece in pieces if piece.label == "postcode")
    of_postcode = region_of_postcode(tokens.words[written.name[0]].strip())
    return tuple(
        piece._replace(label="street", cost=1.0)
        if piece.label == "region"
        and piece.bare
        and tokens.shape[piece.name[0]].adjective
        and of_postcode not in ("", settling.settle_region(tokens.words[piece.name[0]]))
        else piece
        for piece in pieces
    )

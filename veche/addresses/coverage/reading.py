"""A commission's description of a territory → rules. What was not understood is kept beside them, with its place.

The text is read piece by piece (`splitting.pieces`), each being a town, a street, houses, a side, «кроме», «полностью»
or nothing that is known; a street is closed when the next begins, and is a whole one if no houses came with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from veche.addresses.coverage import words
from veche.addresses.coverage.naming import NOWHERE, Street, Town, street_named, town_named
from veche.addresses.coverage.numbers import Houses, houses_of, split_off
from veche.addresses.coverage.rules import Rule, Unread
from veche.addresses.coverage.splitting import MOST, Piece, pieces

BARE, SPREAD, ODD_RANGE, NO_TOWN, SILENT = "bare", "spread", "backwards", "no_town", "silent"
CARRIED = "carried"
LONGEST_PIECE = 400  # letters without any mark between them: nobody writes so of a street
_BREAKS = ";\n."
_QUOTES = str.maketrans("«»“”„", '"' * 5)


@dataclass
class Section:
    """What the text says of one precinct; a text without headings is one section without a number."""

    number: str = ""
    start: int = 0
    rules: list[Rule] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    heads: list[tuple[int, int]] = field(
        default_factory=list
    )  # names, sides and other words that were understood


def read(text: str, town: Town = NOWHERE) -> list[Section]:
    """All that a text says, precinct by precinct; `town` is where streets are that stand under no heading."""
    reader = _Reader(text, town)
    for piece in pieces(text):
        reader.take(piece)
    reader.end()
    if len(text) > MOST:
        reader.section.unread.append(Unread(MOST, len(text), text[MOST : MOST + 300]))
    return [each for each in reader.sections if each.rules or each.unread or each.number]


def read_one(text: str, town: Town = NOWHERE) -> Section:
    """The whole text as one territory, whatever headings it has."""
    whole = Section()
    for section in read(text, town):
        whole.rules += section.rules
        whole.unread += section.unread
        whole.heads += section.heads
    return whole


class _Reader:
    def __init__(self, text: str, town: Town) -> None:
        self.text = text
        self.home = self.town = town
        self.section = Section()
        self.sections = [self.section]
        self.pending_town: Piece | None = None  # a town that may be meant as a whole
        self.street: Street | None = None
        self.street_piece: Piece | None = None
        self.lapsed: tuple[Street, Piece] | None = None  # closed by a semicolon: «ул. Мира, 1; 3, 5»
        self.is_fresh = False  # nothing was said of the street's houses yet
        self.list_kind = ""  # «улицы: Лесная, Садовая»
        self.side = ""  # «нечётная сторона: 1–25, 31–45»
        self.except_depth: int | None = None
        self.recent: list[
            int
        ] = []  # rules of this street, by place in the section, that a side behind them may mean
        self.bare_side: int | None = None
        self.block_depth, self.block_mark = 0, ""  # «12 (корп. 1, 2)»
        self.orphans: list[tuple[Piece, list[Houses]]] = []  # «дома 2–40 по ул. Белинского»
        self.aside = ""  # inside a remark or bounds: "remark" or "bounds"

    def take(self, piece: Piece) -> None:
        if piece.before in _BREAKS:
            self._break(piece.before)
        if self.except_depth is not None and piece.depth < self.except_depth:
            self.except_depth = None
        if len(piece.text) > LONGEST_PIECE:
            return self._give_up(piece)
        if piece.depth < self.block_depth or not piece.depth:
            self.block_depth = 0
        if self._took_heading(piece) or self._took_aside(piece):
            return
        if found := words.exception.match(piece.text):
            self.except_depth = piece.depth
            piece = _without(piece, found.end())
        if words.only_mark.match(piece.text) or not piece.text:
            return
        if self._took_whole(piece) or self._took_houses(piece) or self._took_place(piece):
            self.section.heads.append((piece.start, piece.end))
        else:
            self._give_up(piece)

    def end(self) -> None:
        self._drop_orphans()
        self._close_street()
        self._close_town()

    # what ends something

    def _break(self, mark: str) -> None:
        self.except_depth, self.aside = None, ""
        if mark != "\n":
            self._drop_orphans()
            lapsed = (self.street, self.street_piece) if self.street and self.street_piece else self.lapsed
            self._close_street()
            self.lapsed = lapsed if mark == ";" else None
        if mark == ";" and self.pending_town:
            self._close_town()
            self.town = self.home
        if mark == "\n":
            self._drop_orphans()

    def _close_street(self) -> None:
        if self.street and self.is_fresh and self.street_piece:
            self._add(self.street_piece, Houses(), sure=0.85, doubt=SILENT)
        self.street, self.street_piece, self.is_fresh = None, None, False
        self.recent, self.side, self.bare_side = [], "", None
        self.lapsed = None

    def _close_town(self) -> None:
        if piece := self.pending_town:
            self.pending_town = None
            self._add_town(piece, sure=0.6, doubt=SILENT)

    def _drop_orphans(self) -> None:
        """Houses that no street came behind are of the one before the semicolon, if there was any."""
        orphans, self.orphans = self.orphans, []
        if orphans and self.lapsed:
            self._resume_street()
        for piece, houses in orphans:
            if self.street is None:
                self._give_up(piece)
            for each in houses if self.street else []:
                self._add(piece, each, sure=0.8, doubt=CARRIED)

    def _resume_street(self) -> None:
        if self.lapsed:
            (self.street, self.street_piece), self.lapsed = self.lapsed, None

    # what a piece may be

    def _took_heading(self, piece: Piece) -> bool:
        found = words.precinct.match(piece.text)
        if not found or piece.depth:
            return False
        self.end()
        self.town, self.list_kind = self.home, ""
        if self.section.number or self.section.rules or self.section.unread:
            self.section = Section()
            self.sections.append(self.section)
        self.section.number, self.section.start = found["number"], piece.start
        if rest := found["rest"].strip(" .-"):
            at = piece.end - len(found["rest"].lstrip(" .-"))
            self.take(Piece(rest, at, piece.end, "\n", piece.after, 0))
        return True

    def _took_aside(self, piece: Piece) -> bool:
        if piece.after in ":-" and words.contents.match(piece.text):
            self.aside = ""
            self.section.heads.append((piece.start, piece.end))
            return True
        if words.bounds.search(piece.text):
            self.aside = "bounds"
        elif words.remark.match(piece.text):
            self.aside = self.aside or "remark"
        if not self.aside:
            return False
        self._give_up(piece)
        if piece.depth and piece.after == ")":
            self.aside = ""
        return True

    def _took_whole(self, piece: Piece) -> bool:
        if not words.all_of_it.match(piece.text):
            return False
        if self.street and (self.is_fresh or self.except_depth is not None):
            self._add(self.street_piece or piece, Houses(), sure=1.0)
            self.is_fresh = False
        elif self.pending_town:
            town, self.pending_town = self.pending_town, None
            self._add_town(town, sure=1.0)
            self.town = self.home
        elif not self.section.rules:
            return False
        return True

    def _took_houses(self, piece: Piece) -> bool:
        if (found := words.by_street.match(piece.text)) and self._took_street_behind(piece, found):
            return True
        if side := words.side.match(piece.text):
            return self._took_side(piece, "odd" if side["aodd"] else "even")
        houses = houses_of(piece.text, self.side)
        if not houses or (self.block_depth and piece.depth >= self.block_depth):
            return self._took_block(piece)
        if self.street is None:
            self.orphans.append((piece, houses))
            return True
        for each in houses:
            self._add_houses(piece, each)
        return True

    def _took_street_behind(self, piece: Piece, found: re.Match[str]) -> bool:
        """«дома 2–40 по ул. Белинского», «все дома по ул. Мира»."""
        street = self._named(found["street"], piece)
        told = found["houses"] or ""
        houses = houses_of(told, self.side)
        if street is None or (any(letter.isdigit() for letter in told) and not houses):
            return False
        had_orphans = bool(self.orphans)
        self._open_street(piece, street)
        for each in houses:
            self._add(piece, each)
        if not houses and not had_orphans:
            self._add(piece, Houses())
        self.is_fresh = False
        return True

    def _took_side(self, piece: Piece, side: str) -> bool:
        if self.orphans and piece.before == "(":
            told, houses = self.orphans[-1]
            self.orphans[-1] = told, [each._replace(side=side) if each.is_span else each for each in houses]
            return True
        if self.street is None:
            self._resume_street()
        if self.street is None:
            return False
        if piece.after == ":" and not piece.depth:
            self.side = side
        elif self.recent and (piece.before == "(" or ("сторон" in piece.text and self._side_fits(side))):
            self._give_side(side, past_houses=piece.before != "(")
        else:
            self._add(piece, Houses(side=side))
            self.bare_side = len(self.section.rules) - 1
            self.is_fresh = False
        return True

    def _side_fits(self, side: str) -> bool:
        """«1–7, 9, 11–21, нечётная сторона»: every end of what was named before is of this side."""
        rules = [self.section.rules[at] for at in self.recent]
        ends = [end for rule in rules if not rule.house for end in (rule.first, rule.last) if end is not None]
        return bool(ends) and all(end % 2 == (side == "odd") for end in ends)

    def _give_side(self, side: str, *, past_houses: bool) -> None:
        """«1–25, 31–45 (нечётные)»: said of the last, and of those just before it whose ends fit."""
        rules = self.section.rules
        for n, at in enumerate(reversed(self.recent)):
            rule = rules[at]
            if past_houses and rule.house:
                continue
            if rule.side or rule.first is None or (n and rule.last is None):
                break
            fits = all(end % 2 == (side == "odd") for end in (rule.first, rule.last) if end is not None)
            if n and not fits:
                break
            rules[at] = rule._replace(
                side=side, sure=0.75 if n else rule.sure, doubt=SPREAD if n else rule.doubt
            )
        self.recent = []

    def _took_block(self, piece: Piece) -> bool:
        """«12, корп. 2»: said of the house before it; in brackets more of them may follow."""
        found = words.block.match(piece.text)
        mark = ("корп." if found["corpus"] else "стр.") if found else self.block_mark
        told = [piece.text] if piece.text.isdigit() and self.block_depth else []
        if found:
            told = _numbers_between(found["first"], found["last"])
        rules = self.section.rules
        if not told or not rules or not rules[-1].house or self.street is None:
            return False
        last = rules[-1]
        blocks = [houses_of(f"{last.house.split(' ')[0]} {mark} {each}", "") for each in told]
        if not all(blocks):
            return False
        if " " not in last.house:
            rules.pop()
        for houses in blocks:
            self._add(piece, houses[0])
        self.block_depth, self.block_mark = piece.depth, mark
        return True

    def _took_place(self, piece: Piece) -> bool:
        if words.district.match(piece.text) and not words.street_begins.match(piece.text):
            self.section.unread.append(Unread(piece.start, piece.end, piece.text, remark=True))
            return True
        name, houses = split_off(piece.text)
        if ends := words.plural_ends.match(name):
            self._took_town(piece, ends["name"].strip(), [])
            self.list_kind = words.PLURALS[ends["kind"].lower()]
            return True
        if plural := words.PLURALS.get(name.split(" ")[0].rstrip(".:").lower()):
            self._close_street()
            self.list_kind = plural
            name, at = name.partition(" ")[2], piece.start + len(name.split(" ")[0]) + 1
            if not name:
                return True
            piece = piece._replace(start=min(at, piece.end - 1))
        if self._took_town(piece, name, houses):
            return True
        street = self._named(name, piece)
        if street is None:
            return False
        if self.lapsed:
            self._drop_orphans()
        self._open_street(piece, street)
        if piece.after == ":" and len(houses) == 1 and houses[0].side and not houses[0].is_span:
            self.side, houses = houses[0].side, []
        for each in houses:
            self._add_houses(piece, each)
        return True

    def _took_town(self, piece: Piece, name: str, houses: list[Houses]) -> bool:
        kind = self.list_kind if self.list_kind in ("с.", "дер.", "п.", "х.", "ст-ца") else ""
        marked = words.town_begins.match(name) or words.town_kind_any_case.match(name)
        if not (marked or kind or (piece.after in ",:" and piece.before in _BREAKS)):
            return False
        if words.street_begins.match(name) and not marked:
            return False
        told = self._as_written(name, piece)
        town = town_named(told if not kind or marked else f"{kind} {told}")
        if town is None or not (marked or kind or town.region):  # a bare name is one if it is known to be one
            return False
        self._close_street()
        self._close_town()
        self.town, self.pending_town = town, piece
        if houses:  # a village without streets: «дер. Мезенка, 1–15»
            self.pending_town = None
            for each in houses:
                self._add(piece, each)
        return True

    def _as_written(self, name: str, piece: Piece) -> str:
        """The name with its ё, if it still begins its piece."""
        told = " ".join(self.text[piece.start : piece.end].translate(_QUOTES).split())[: len(name)]
        return told if told.replace("ё", "е").replace("Ё", "Е") == name else name

    def _named(self, name: str, piece: Piece) -> Street | None:
        plain, name = name, self._as_written(name, piece)
        own = words.street_begins.match(plain) or words.street_ends.match(plain)
        if own and not own["name"].strip():
            return street_named(name)
        if own or not self.list_kind:
            street = street_named(name)
            if street and own and street.kind and own.re is words.street_begins:
                self.list_kind = street.kind if piece.after == "," else ""
            return street
        street = street_named(f"{self.list_kind} {name}")
        return street._replace(sure=min(street.sure, 0.85)) if street and name[:1].isupper() else None

    # what comes of it

    def _open_street(self, piece: Piece, street: Street) -> None:
        if self.except_depth is not None:
            self._add_excluded_street(piece, street)
            return
        self._close_street()
        self.pending_town = None
        self.street, self.street_piece, self.is_fresh = street, piece, True
        orphans, self.orphans = self.orphans, []
        for told, houses in orphans:
            for each in houses:
                self._add(told, each)
                self.is_fresh = False

    def _add_excluded_street(self, piece: Piece, street: Street) -> None:
        before, self.street = (self.street, self.street_piece, self.is_fresh), street
        if self.pending_town:
            town, self.pending_town = self.pending_town, None
            excepting, self.except_depth = self.except_depth, None
            self._add_town(town, sure=0.9)
            self.except_depth = excepting
        self._add(piece, Houses())
        self.street, self.street_piece, self.is_fresh = before

    def _add_houses(self, piece: Piece, houses: Houses) -> None:
        if self.bare_side is not None and houses.is_span and self.bare_side == len(self.section.rules) - 1:
            said = self.section.rules.pop()
            houses = houses._replace(side=houses.side or said.side)
            self.side = said.side
        self.bare_side = None
        if self.is_fresh and self.except_depth is not None:
            depth, self.except_depth = self.except_depth, None
            self._add(self.street_piece or piece, Houses(), sure=0.9)
            self.except_depth = depth
        self._add(piece, houses)
        self.is_fresh = False
        self.recent.append(len(self.section.rules) - 1)

    def _add(self, piece: Piece, houses: Houses, *, sure: float | None = None, doubt: str = "") -> None:
        street, town = self.street, self.town
        surely = min(street.sure if street else 1.0, houses.sure, 1.0 if sure is None else sure)
        doubt = doubt or houses.doubt or (BARE if street and street.sure < 0.8 else "")
        if not town.key:
            surely, doubt = min(surely, 0.4), NO_TOWN
        self.section.rules.append(
            Rule(
                *town, *(street[:3] if street else ("", "", "")), houses.side, houses.first, houses.last, houses.house,
                self.except_depth is not None, piece.start, piece.end, surely, doubt,
            )
        )  # fmt: skip

    def _add_town(self, piece: Piece, *, sure: float, doubt: str = "") -> None:
        kept, self.street = self.street, None
        self._add(piece, Houses(), sure=sure, doubt=doubt)
        self.street = kept

    def _give_up(self, piece: Piece) -> None:
        """Keep a piece as not understood. Numbers right behind a street are kept with its name: who knows what they
        leave out, does not take the whole street."""
        has_number = any(letter.isdigit() for letter in piece.text)
        if has_number and not self.aside and self.is_fresh and self.street_piece:
            piece, self.is_fresh = piece._replace(start=self.street_piece.start), False
        told = self.text[piece.start : piece.end]
        self.section.unread.append(Unread(piece.start, piece.end, told, remark=self.aside == "remark"))


def _numbers_between(first: str, last: str | None) -> list[str]:
    """«1–3» written out; nothing where it goes backwards or is no range of numbers."""
    if last is None:
        return [first]
    return [str(n) for n in range(int(first), int(last) + 1)] if first.isdigit() else []


def _without(piece: Piece, letters: int) -> Piece:
    return piece._replace(text=piece.text[letters:], start=min(piece.end, piece.start + letters))


def again(rules: Iterable[Rule]) -> list[tuple]:
    """What rules mean, for comparing two readings."""
    return [rule.meaning for rule in rules]

"""Pieces of a layout → the fields of an address, each with its place, its confidence and what was assumed."""

from __future__ import annotations

from functools import lru_cache

from veche.addresses.parsing import lexicon, settling
from veche.addresses.parsing.layout import Layout
from veche.addresses.parsing.parsed import ParsedAddress, Part
from veche.addresses.parsing.reasons import Assumption
from veche.addresses.parsing.second_thoughts import told_otherwise
from veche.addresses.parsing.shape import Piece
from veche.addresses.parsing.text import fold
from veche.addresses.parsing.tokens import Tokens

_STAYS_HOUSE = frozenset({"Зеленоград"})  # towns whose blocks stand without houses
_SAYS_NO_NAME = frozenset({"comment", "remark", "tag", "organisation"})
_COMMUNES = ("сельское поселение", "городское поселение")
_INSIDE = {
    "Тюменская область": ("Ханты-Мансийский автономный округ — Югра", "Ямало-Ненецкий автономный округ"),
    "Архангельская область": ("Ненецкий автономный округ",),
}
_WIDE_AREAS = frozenset({"", "массив", "территория", "жилой район", "промзона", "зона"})


@lru_cache(maxsize=4096)
def _confidence(cost: float) -> float:
    return max(0.05, round(1 - 0.35 * cost, 2))


class Assembly:
    """The fields of one address as they come together."""

    def __init__(self, text: str, folded: str, tokens: Tokens):
        self.text, self.folded, self.tokens = text, folded, tokens
        self.values: dict[str, str] = {}
        self.parts: list[Part] = []
        self.assumptions: list[Assumption] = []
        self.rest: list[tuple[int, int]] = []
        self.unmarked: list[tuple[str, Piece]] = []
        self.house_marked = False
        self.quarter: tuple[int, int] | None = None  # brackets behind the street

    # --- words of a piece

    def _bounds(self, span: tuple[int, int]) -> tuple[int, int]:
        starts, folded = self.tokens.starts, self.folded
        end = starts[span[1]]
        while folded[end - 1] in " \n":
            end -= 1
        return starts[span[0]], end

    def _set(self, field: str, value: str, span: tuple[int, int], cost: float) -> None:
        starts, folded = self.tokens.starts, self.folded
        first, last = span
        end = starts[last]
        while folded[end - 1] in " \n":
            end -= 1
        self.values[field] = value
        self.parts.append(Part(field, value, starts[first], end, _confidence(cost)))

    def _assume(self, code: str, piece: Piece) -> None:
        start, end = self._bounds((piece.start, piece.end))
        self.assumptions.append(Assumption(code, self.text[start:end]))

    def _name(self, piece: Piece) -> str:
        """The written name without a type word that stands inside it."""
        first, last = piece.name
        starts = self.tokens.starts
        inner_first, inner_last = piece.type
        if first <= inner_first < inner_last <= last:
            return (
                self.text[starts[first] : starts[inner_first]]
                + " "
                + self.text[starts[inner_last] : starts[last]]
            )
        return self.text[starts[first] : starts[last]]

    def _type(self, level: str, piece: Piece) -> str:
        first, last = piece.type
        return settling.settle_type(level, self.tokens.words[first]) if last > first else ""

    # --- pieces

    def add(self, piece: Piece) -> None:
        """Put a piece where it belongs; what does not fit goes to the rest."""
        _ADDERS.get(piece.label, Assembly._leave)(self, piece)

    def _leave(self, piece: Piece) -> None:
        self.rest.append(self._bounds((piece.start, piece.end)))

    def _add_postcode(self, piece: Piece) -> None:
        start, end = self._bounds(piece.name)
        if self.text[start:end] != "000000" and "postcode" not in self.values:
            self._set("postcode", self.text[start:end], piece.name, piece.cost)

    def _add_code(self, piece: Piece) -> None:
        """The number of a region beside its name says nothing new."""

    def _add_country(self, piece: Piece) -> None:
        start, end = self._bounds(piece.name)
        name = self.text[start:end]
        is_home = "country" in self.tokens.shape[piece.name[0]].known
        self._set("country", "Россия" if is_home else settling.settle_name(name), piece.name, piece.cost)

    def _add_region(self, piece: Piece) -> None:
        region = settling.settle_region(self.tokens.words[piece.name[0]])
        if "region" in self.values:
            if region in _INSIDE.get(self.values["region"], ()):
                self._forget("region")  # an autonomous okrug inside the region named before it
            else:
                if self.values["region"] != region:
                    self._leave(piece)
                return
        self._set("region", region, (piece.start, piece.end), piece.cost)
        if piece.bare and piece.cost > 0.5:
            self._assume("region_without_type", piece)

    def _add_district(self, piece: Piece) -> None:
        if "district" in self.values:
            self._leave(piece)
            return
        value = settling.settle_district(self._type("district", piece), self._name(piece))
        self._set("district", value, (piece.start, piece.end), piece.cost)

    def _add_commune(self, piece: Piece) -> None:
        if "municipality" in self.values:
            self._leave(piece)
            return
        kind = self._type("commune", piece)
        value = settling.settle_district(kind, self._name(piece))
        field = "district" if kind == "поселение" and "district" not in self.values else "municipality"
        self._set(field, value, (piece.start, piece.end), piece.cost)

    def _add_city(self, piece: Piece) -> None:
        first, last = piece.name
        key = self.tokens.words[first] if last == first + 1 else self._name(piece).lower()
        city = settling.settle_city(key, self._name(piece))
        if piece.bare and piece.cost == 1.0 and (meant := settling.near_city(key)):
            city = lexicon.cities()[meant][0]
            self._assume("town_mended", piece)
        if "city" in self.values:
            if self.values["city"] != city:
                self._leave(piece)
            return
        if city == self.values.get("region"):  # «Москва, Москва»
            return
        self._set("city", city, piece.name, piece.cost)

    def _add_settlement(self, piece: Piece) -> None:
        name = settling.settle_name(self._name(piece))
        kind = self._type("settlement", piece)
        if "settlement" in self.values:
            if piece.bare or (self.values["settlement"] == name and self.values.get("settlement_type")):
                self._leave(piece)
                return
            self._step_aside()
        if self._is_written(piece, "СТ") and "area" not in self.values:
            self._set("area", name, piece.name, piece.cost)
            self._set("area_type", "СНТ", piece.type, piece.cost)
            return
        self._set("settlement", name, piece.name, piece.cost)
        if kind == "станция" and name.endswith("ая") and self.tokens.words[piece.type[0]].startswith("ст."):
            kind = "станица"
        if kind:
            self._set("settlement_type", kind, piece.type, piece.cost)
        else:
            self._assume("settlement_without_type", piece)

    def _is_written(self, piece: Piece, capitals: str) -> bool:
        """«СТ Заря»: capitals in front of a name in small letters are another type than «ст»."""
        start, end = self._bounds(piece.type) if piece.type[1] else (0, 0)
        return self.text[start:end] == capitals and not self.text[end:].isupper()

    def _step_aside(self) -> None:
        """Of two settlements the second is meant; in Moscow the first is what the second belongs to."""
        first = self.values["settlement"]
        if self.values.get("region") == "Москва" and first.endswith("ое") and "district" not in self.values:
            self._rename("settlement", "district", f"поселение {first}")
            self._forget("settlement_type", silently=True)
        else:
            self._forget("settlement", "settlement_type")

    def _forget(self, *fields: str, silently: bool = False) -> None:
        for part in [part for part in self.parts if part.field in fields]:
            self.parts.remove(part)
            self.values.pop(part.field, None)
            if not silently:
                self.rest.append((part.start, part.end))

    def _add_junk(self, piece: Piece) -> None:
        if self.parts and self.parts[-1].field.startswith("street") and self._is_quarter(piece):
            self.quarter = self._bounds((piece.start, piece.end))
        if self.tokens.words[piece.start].startswith("военный г") and "area" not in self.values:
            self._set(
                "area", "Военный", (piece.start, piece.end), piece.cost
            )  # «Новосибирск, Военный городок, 390»
            self._set("area_type", "городок", (piece.start, piece.end), piece.cost)
            return
        if "tag" not in self.tokens.shape[piece.start].known:
            self._leave(piece)

    def _add_area(self, piece: Piece) -> None:
        kind = self._type("area", piece)
        if "area" in self.values:
            if self.values.get("area_type", "") not in _WIDE_AREAS or kind in _WIDE_AREAS:
                self._leave(piece)
                return
            self._forget("area", "area_type")
        self._set("area", settling.settle_name(self._name(piece)), piece.name, piece.cost)
        if kind:
            self._set("area_type", kind, piece.type, piece.cost)

    def _add_street(self, piece: Piece) -> None:
        kilometre = ""
        if self.values.get("street_type") == "километр":
            kilometre = self.values["street"]
            self._forget("street", "street_type", silently=True)
        if "street" in self.values:
            self._leave(piece)
            return
        kind, special = self._type("street", piece), self._special_type(piece)
        if not kind and piece.type[1]:
            kind, special = self._type("kilometre", piece), None
        name = self._name(piece if special is None else piece._replace(type=special))
        value = settling.settle_name(name)
        if kind == "набережная" and value.startswith(("р. ", "Р. ")):
            value = f"реки {value[3:]}"
        island = self.values.pop("island", "")
        if special is not None:
            inner = settling.settle_type("street", self.tokens.words[special[0]])
            kind = inner if inner != "улица" or not kind else kind
            self._assume("special_type", piece)
        elif piece.type != (0, 0) and self._is_doubtful_type(piece):
            kind = "проезд" if self._is_numbered(piece) else kind
            self._assume("street_type_guessed", piece)
        self._set("street", f"{value} {island}".strip(), piece.name, piece.cost)
        if kind:
            self._set("street_type", kind, special or piece.type, piece.cost)
        elif kilometre:
            self.values["street"] += f" {kilometre}"
            self.values["street_type"] = "километр"
        if piece.bare:
            self._assume("street_without_type", piece)

    def _is_numbered(self, piece: Piece) -> bool:
        """Whether an ordinal stands in the name, and not «60 лет»."""
        shape, words = self.tokens.shape, self.tokens.words
        return any(shape[at].form == "o" and "ле" not in words[at] for at in range(*piece.name))

    def _is_doubtful_type(self, piece: Piece) -> bool:
        return self.tokens.words[piece.type[0]].strip(" .\n") == "пр"

    def _special_type(self, piece: Piece) -> tuple[int, int] | None:
        """Where «проспект» stands in «ул. Рязанский проспект»."""
        first, last = piece.name
        shape = self.tokens.shape
        if piece.type == (0, 0) and not piece.bare:
            return None
        inside = piece.type[0] >= first and piece.type[1] <= last and piece.type[1] > piece.type[0]
        if inside or last - first < 2:
            return None
        others = [at for at in range(first, last) if shape[at].form == "w" or "shortened" in shape[at].known]
        if len(others) < 2:
            return None
        for at in (last - 1, first):
            if self._is_quay(at) and all(
                settling.is_size(self.tokens.words[other]) for other in others if other != at
            ):
                return None  # «ул. Большая Набережная»
            if "street" in shape[at].types and not shape[at].marks and shape[at].form == "w":
                return at, at + 1
        return None

    def _is_quay(self, at: int) -> bool:
        return self.tokens.words[at].startswith("набережн")

    def _add_island(self, piece: Piece) -> None:
        """«В.О.» beside the street: a part of its name."""
        start, end = self._bounds(piece.name)
        written = self.text[start:end]
        island = settling.settle_name(written)
        if "street" in self.values:
            if island not in self.values["street"]:
                self.values["street"] += f" {island}"
        else:
            self.values["island"] = island

    def _number(self, piece: Piece) -> str:
        first, last = piece.name
        starts = self.tokens.starts
        return settling.settle_number(self.text[starts[first] : starts[last]])

    def _add_number(self, piece: Piece) -> None:
        self.unmarked.append((self._number(piece), piece))

    def _add_house(self, piece: Piece) -> None:
        self.house_marked = not piece.bare
        self._set("house", self._number(piece), piece.name, piece.cost)

    def _add_block(self, piece: Piece) -> None:
        self._set("block", self._number(piece), piece.name, piece.cost)

    def _add_building(self, piece: Piece) -> None:
        self._set("building", self._number(piece), piece.name, piece.cost)

    def _add_letter(self, piece: Piece) -> None:
        self._set("letter", self._number(piece), piece.name, piece.cost)

    def _add_flat(self, piece: Piece) -> None:
        number, kind = self._number(piece), self._type("flat", piece)
        if number and self.tokens.words[piece.type[0]].strip(" .") == "п":
            number = f"П{number}"
        if self.values.get("flat", "").startswith("П") and "entrance" not in self.values and number[0] != "П":
            self._rename("flat", "entrance", self.values["flat"][1:])  # «п. 2, кв. 12»
            self.values.pop("flat_type", None)
        if self._was_quarter():
            self._rename("flat", "area", self.values["flat"])
            self.values["area_type"] = "квартал"
            self._forget("flat_type", silently=True)
        if self.values.get("flat_type") == "секция" and kind not in ("", "секция"):
            self._forget("flat", "flat_type")  # «секция 2, кв. 9»
        if "flat" in self.values:
            self._set("room", number, piece.name, piece.cost)
            return
        self._set("flat", number, piece.name, piece.cost)
        if kind:
            self._set("flat_type", kind, piece.type, piece.cost)

    def _was_quarter(self) -> bool:
        """«Ангарск, кв 85, д 12, кв 5»: the first of two, before the house and without a street."""
        values, order = self.values, [part.field for part in self.parts]
        if "flat" not in values or "house" not in values or "street" in values or "area" in values:
            return False
        return values.get("flat_type") == "квартира" and order.index("flat") < order.index("house")

    def _add_entrance(self, piece: Piece) -> None:
        self._set("entrance", self._number(piece), piece.name, piece.cost)

    def _add_floor(self, piece: Piece) -> None:
        self._set("floor", self._number(piece), piece.name, piece.cost)

    def _add_box(self, piece: Piece) -> None:
        self._set("box", self._number(piece), piece.name, piece.cost)

    def _add_kilometre(self, piece: Piece) -> None:
        """«МКАД, 26-й км»: part of the name of a road that has no other type; beside «шоссе» it is a remark."""
        number = settling.settle_name(self._name(piece))
        number = number if not number.isdigit() else f"{number}-й"
        if self.values.get("street_type"):
            self._leave(piece)
        elif "street" in self.values:
            self.values["street"] += f" {number}"
            self._set("street_type", "километр", piece.type, piece.cost)
        else:
            self._set("street", number, piece.name, piece.cost)
            self._set("street_type", "километр", piece.type, piece.cost)

    # --- what follows from all of them

    def finish(self) -> None:
        """Give the unmarked numbers their places, take joint numbers apart, mind the towns of blocks."""
        self.values.pop("island", None)
        self._place_unmarked()
        self._split_joints()
        values = self.values
        if values.get("region") == "Московская область":
            self._mind_municipality()
        if values.get("region") == "Санкт-Петербург":
            self._name_quarter()
        if "municipality" in values and not values.keys() & {"settlement", "city"}:
            self._settle_commune()
        if "block" in values and "house" not in values and values.get("city") in _STAYS_HOUSE:
            self._rename("block", "house", values["block"])
            self.assumptions.append(Assumption("block_is_house", values["house"]))

    def _is_quarter(self, piece: Piece) -> bool:
        """Whether a remark is one or two words in brackets that mean nothing else."""
        shape = self.tokens.shape
        words = shape[piece.start + 1 : piece.end - 1]
        if shape[piece.start].form != "(" or not 0 < len(words) < 3:
            return False
        return all(
            word.form == "w" and not (word.types or word.marks or word.known & _SAYS_NO_NAME)
            for word in words
        )

    def _name_quarter(self) -> None:
        """«Лесная ул. (Ольгино)»: in St Petersburg the quarter is part of the name that several streets have."""
        if self.quarter is None or self.quarter not in self.rest:
            return
        self.rest.remove(self.quarter)
        start, end = self.quarter
        self.values["street"] += f" ({settling.settle_name(self.text[start:end])})"

    def _settle_commune(self) -> None:
        """«с.п. Заюково, ул. Кирова»: where no village is named, the commune is called like its village."""
        kind = next((kind for kind in _COMMUNES if self.values["municipality"].startswith(kind)), "")
        if kind and self.values.keys() & {"street", "house"}:
            self._rename("municipality", "settlement", self.values["municipality"][len(kind) + 1 :])
            self.values["settlement_type"] = kind

    def _mind_municipality(self) -> None:
        """«МО г. Алексин»: not the Moscow region, but a municipality, where the town lies in another region."""
        start = next(part.start for part in self.parts if part.field == "region")
        known = lexicon.cities().get(fold(self.values.get("city", "")))
        is_short = self.folded.startswith("мо", start) and not self.folded.startswith("моск", start)
        if is_short and known and "Московская область" not in known[1]:
            self._forget("region")

    def _rename(self, field: str, other: str, value: str) -> None:
        del self.values[field]
        self.values[other] = value
        self.parts = [
            part._replace(field=other, value=value) if part.field == field else part for part in self.parts
        ]

    def _place_unmarked(self) -> None:
        values, numbers = self.values, self.unmarked
        if not numbers:
            return
        places = ["flat"] if "flat" not in values else []
        if "block" not in values and (len(numbers) > len(places)):
            places.insert(0, "block")
        for (number, piece), place in zip(numbers, places, strict=False):
            self._set(place, number, piece.name, piece.cost + 0.4)
            self._assume(f"{place}_by_place", piece)
        for _number, piece in numbers[len(places) :]:
            self._leave(piece)

    def _split_joints(self) -> None:
        """«12-34»: house and flat, where no flat is named beside."""
        values = self.values
        if "flat" in values:
            return
        for field in ("building", "block", "house"):
            number = values.get(field, "")
            if "-" not in number:
                continue
            found = settling.split_joint(number)
            if len(found) < 2 or (field == "house" and self._is_joint_house(found)):
                continue
            part = next(part for part in self.parts if part.field == field)
            values[field], values["flat"] = found[0], found[-1]
            at = self.parts.index(part)
            self.parts[at] = part._replace(value=found[0])
            self.parts.append(part._replace(field="flat", value=found[-1], confidence=0.7))
            if len(found) > 2 and "block" not in values:
                values["block"] = found[1]
                self.parts.append(part._replace(field="block", value=found[1], confidence=0.7))
            self.assumptions.append(Assumption("flat_after_dash", number))
            return

    def _is_joint_house(self, numbers: tuple[str, ...]) -> bool:
        """«д. 22-24», «19-21, лит. А»: neighbours on one side of a street, or a part of the house is named beside."""
        if len(numbers) > 2:
            return False
        if self.values.keys() & {"block", "building", "letter"}:
            return True
        first, second = (settling.leading_number(number) for number in numbers)
        return self.house_marked and second == first + 2


_ADDERS = {
    name.removeprefix("_add_"): adder for name, adder in vars(Assembly).items() if name.startswith("_add_")
}


def assemble(text: str, folded: str, tokens: Tokens, layout: Layout) -> Assembly:
    """The assembly of all pieces of a layout."""
    assembly = Assembly(text, folded, tokens)
    for piece in told_otherwise(layout.pieces, tokens):
        assembly.add(piece)
    assembly.finish()
    return assembly


def as_parsed(assembly: Assembly, **more: object) -> ParsedAddress:
    """The assembled fields as an answer."""
    return ParsedAddress(
        assembly.text,
        **assembly.values,
        parts=tuple(assembly.parts),
        assumptions=tuple(assembly.assumptions),
        **more,
    )

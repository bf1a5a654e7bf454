"""The answer of this room: what was understood of a name, how surely, what was changed and what is doubtful."""

from typing import Literal, NamedTuple

from veche.names.reasons import Change, Doubt

Gender = Literal["m", "f", ""]
Kind = Literal["person", "entrepreneur", "family", "organisation", "other", "empty"]
Order = Literal["surname_first", "given_first"]


class Confidence(NamedTuple):
    """How sure each part is, 0..1; a part that is missing has 0."""

    surname: float = 0.0
    given_name: float = 0.0
    patronymic: float = 0.0
    gender: float = 0.0


_UNSURE = Confidence()


class ParsedName(NamedTuple):
    """One name out of one cell. `original` is the whole cell, letter for letter.

    `rest` holds titles and remarks found beside the name, `organisation` the name of an organisation; an organisation,
    a totals row or an empty cell has no name parts. Initials stand as «И.» in their part. `confidence` is for the
    whole. A tuple, because a frozen dataclass takes five times as long to make, and an import makes one per row.
    """

    original: str
    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    gender: Gender = ""
    kind: Kind = "person"
    organisation: str = ""
    former_surname: str = ""
    rest: str = ""
    order: Order | Literal[""] = ""
    confidence: float = 0.0
    confidences: Confidence = _UNSURE
    changes: tuple[Change, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def is_person(self) -> bool:
        """A person, or a person trading under his own name; not an organisation, a family, a total or
        nothing.
        """
        return self.kind in ("person", "entrepreneur")

    @property
    def full_name(self) -> str:
        """«Иванов Иван Иванович», as lists have it; an organisation's name for an organisation."""
        return " ".join(filter(None, (self.surname, self.given_name, self.patronymic))) or self.organisation

    def is_doubtful(self, code: str) -> bool:
        """Whether the doubt of this code was raised."""
        return any(doubt.code == code for doubt in self.doubts)

    def was_changed(self, code: str) -> bool:
        """Whether a change of this code was made."""
        return any(change.code == code for change in self.changes)

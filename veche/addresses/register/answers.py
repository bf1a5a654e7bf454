"""What the register answers: objects found, how well each fits, and why, in whole sentences."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

FOUND, AMBIGUOUS, PARTLY, NOTHING = "found", "ambiguous", "partly", "nothing"


@dataclass(frozen=True, slots=True)
class Step:
    """An object on the way from the region down."""

    id: int
    level: int
    type: str
    name: str


@dataclass(slots=True)
class Thing:
    """An address object, as the look-up has it in hand. `former` is the old name that it was found by."""

    id: int
    guid: uuid.UUID
    region: int
    level: int
    type: str
    name: str
    key: str
    place_id: int | None
    path: list[int]
    mun_path: list[int]
    postcode: int | None
    oktmo: int | None
    mun_oktmo: int | None
    active: bool
    weight: int
    former: str = ""
    likeness: float = 1.0  # of its key to what was asked, 0 to 1
    score: float = 1.0
    reasons: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Candidate:
    """One reading of an address. `score` is 0 to 1; `reasons` say what doesn't fit, or was read otherwise."""

    level: str  # "flat", "house", "street", "area", "place", "region": the deepest that is certain
    object_id: int
    guid: str
    score: float
    text: str
    postcode: str
    oktmo: str
    adm_path: list[Step]
    mun_path: list[Step]
    house_exists: bool | None  # None: no house was asked for
    flat_exists: bool | None  # None: none was asked for, or the register's flats are not loaded
    reasons: list[str]
    street_id: int | None = None


@dataclass(slots=True)
class Answer:
    """`status`: found (all that was asked for), partly (the best stops above it), ambiguous, nothing.

    `candidates` come best first; `best` is the first unless the answer is ambiguous.
    """

    status: str
    candidates: list[Candidate]
    reason: str = ""

    @property
    def best(self) -> Candidate | None:
        return self.candidates[0] if self.candidates and self.status != AMBIGUOUS else None

    def as_json(self) -> dict[str, Any]:
        from dataclasses import asdict

        return {
            "status": self.status,
            "reason": self.reason,
            "candidates": [asdict(each) for each in self.candidates],
        }

"""What one row of a file becomes before it meets the base: a draft of a contact, and what was wrong with it."""

from dataclasses import asdict, dataclass, field
from typing import Any

REJECT = "reject"
WARN = "warn"


@dataclass(slots=True)
class RowDraft:
    """A contact as a row describes it. Every value is JSON-able; names are those of the models of contacts.

    points: {kind, value, as_given, extension, purpose, validity, note}, in the order of the file.
    addresses: {text, purpose}. others: the other people of the cell, {surname, given_name, patronymic, gender, name}.
    own: own field's key (or `new:<column>`) → value by its type: money {"minor", "currency"}, date ISO, yes_no bool,
    choice the label as written, many_choices a list of labels.
    problems: {column, code, params, value, severity}; `column` is an index from 0 or None for the whole row.
    """

    row: int
    kind: str = "person"
    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    name: str = ""
    name_as_given: str = ""
    gender: str = ""
    birth_year: int | None = None
    birth_month: int | None = None
    birth_day: int | None = None
    organisation: str = ""
    """The organisation beside a person; an organisation itself has it in `name`."""
    external_id: str = ""
    status: str = ""
    responsible: str = ""
    points: list[dict[str, str]] = field(default_factory=list)
    addresses: list[dict[str, str]] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    campaigns: list[str] = field(default_factory=list)
    origin_words: str = ""
    origin_collector: str = ""
    origin_date: str = ""
    """ISO, whole dates only."""
    notes: list[str] = field(default_factory=list)
    own: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    """Values of the importable kind, by their targets' keys, see `contacts.registry`."""
    relatives: list[dict[str, str]] = field(default_factory=list)
    """Whom the row names as what to its person: {code, surname, given_name, patronymic} or {code, organisation}."""
    others: list[dict[str, str]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)

    @property
    def rejected(self) -> str:
        """The code of what keeps the row out, or ''."""
        for each in self.problems:
            if each["severity"] == REJECT:
                return each["code"]
        return ""

    def problem(
        self, code: str, column: int | None = None, value: str = "", *, severity: str = WARN, **params: Any
    ) -> None:
        """Notes what is wrong; the sentence is made from the code when somebody reads it."""
        self.problems.append(
            {"column": column, "code": code, "params": params, "value": value[:300], "severity": severity}
        )

    def found(self, problem: Any, column: int, value: str, suggestion: str = "") -> None:
        """Notes a `contacts.problems.Problem` as `phone.too_short`, with what its sentence needs."""
        params = {
            "before": problem.before,
            "after": problem.after,
            "digits": problem.digits,
            "suggestion": suggestion,
        }
        kept = {key: param for key, param in params.items() if param}
        self.problem(f"{problem.subject}.{problem.code}", column, value, **kept)

    def as_json(self) -> dict[str, Any]:
        """A plain dict of all fields."""
        return asdict(self)

"""The columns that may go down and come back: their codes, captions, and how the cells of each are compared."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from veche.contacts.models import OwnField, PointKind

TEXT, GENDER, BIRTHDAY, NAMED, POINTS, ADDRESSES, WORDS, OWN = (
    "text", "gender", "birthday", "named", "points", "addresses", "words", "own",
)  # fmt: skip
MANY = frozenset({POINTS, ADDRESSES, WORDS})
"""Their cells hold several values and are compared and patched as sets."""

_KINDS = {
    "surname": TEXT, "given_name": TEXT, "patronymic": TEXT, "name": TEXT, "gender": GENDER, "birthday": BIRTHDAY,
    **dict.fromkeys(PointKind.values, POINTS), "address": ADDRESSES, "status": NAMED, "responsible": NAMED,
    "tags": WORDS, "campaigns": WORDS,
}  # fmt: skip
_LABELS: dict[str, Any] = {
    "surname": gettext_lazy("Surname"),
    "given_name": gettext_lazy("Given name"),
    "patronymic": gettext_lazy("Patronymic"),
    "name": gettext_lazy("Organisation"),
    "gender": pgettext_lazy("of a person", "Gender"),
    "birthday": gettext_lazy("Birthday"),
    **{kind.value: kind.label for kind in PointKind},
    "address": gettext_lazy("Address"),
    "status": gettext_lazy("Status"),
    "responsible": gettext_lazy("Responsible colleague"),
    "tags": gettext_lazy("Tags"),
    "campaigns": gettext_lazy("Campaigns"),
}
USUAL = (
    "surname", "given_name", "patronymic", "name", "phone", "email", "telegram", "address", "birthday", "status",
    "tags", "campaigns", "responsible",
)  # fmt: skip
"""What is ticked when nothing was chosen; the own fields follow."""


@dataclass(frozen=True)
class BridgeColumn:
    """`code` is a field's code (`veche.contacts.fields`), ``tags``, ``campaigns`` or ``own.<key>``."""

    code: str
    caption: str
    kind: str
    own: OwnField | None = field(default=None, compare=False)

    @property
    def is_many(self) -> bool:
        return self.kind in MANY


def id_caption() -> str:
    return _("Veche number: do not change")


def offered(own: Iterable[OwnField]) -> list[BridgeColumn]:
    """All columns in the order in which they are offered, captions in the language active now and each once."""
    found, taken = [], {id_caption().casefold()}
    for code, kind in _KINDS.items():
        found.append(BridgeColumn(code, str(_LABELS[code]), kind))
    for each in own:
        found.append(BridgeColumn(f"own.{each.key}", each.label, OWN, each))
    unique = []
    for column in found:
        caption, n = column.caption, 2
        while caption.casefold() in taken:
            caption, n = f"{column.caption} ({n})", n + 1
        taken.add(caption.casefold())
        unique.append(BridgeColumn(column.code, caption, column.kind, column.own))
    return unique


def chosen(own: Iterable[OwnField], codes: Sequence[str] = ()) -> list[BridgeColumn]:
    """Columns by their codes, in that order, unknown ones passed over; without codes the usual ones."""
    by_code = {column.code: column for column in offered(own)}
    wanted = [code for code in codes if code in by_code]
    if not wanted:
        wanted = [code for code in by_code if code in USUAL or code.startswith("own.")]
    return [by_code[code] for code in dict.fromkeys(wanted)]


def stored(own: Iterable[OwnField], columns: Sequence[Mapping[str, str]]) -> list[BridgeColumn | None]:
    """The columns of a download with the captions they had then; None for one that there is no more."""
    by_code = {column.code: column for column in offered(own)}
    found: list[BridgeColumn | None] = []
    for each in columns:
        known = by_code.get(each["code"])
        found.append(known and BridgeColumn(known.code, each["caption"], known.kind, known.own))
    return found


def captions_of(column: BridgeColumn) -> Collection[str]:
    """Under which captions the column is recognised: its own, whatever the case and the spaces."""
    return {" ".join(column.caption.casefold().split())}


def word_of_gender(code: str) -> str:
    return {"m": pgettext("gender", "male"), "f": pgettext("gender", "female")}.get(code, "")

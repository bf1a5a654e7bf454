"""Which target each column is, from its caption and from what it holds, with the conflicts between columns settled."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from veche.exchange.captions import known_target, plain_caption

from .profiles import ColumnProfile
from .relative_kinds import RELATIVE_PREFIX
from .targets import NEW_FIELD, SKIP, may_repeat

WHY = {
    "caption": _("By the caption of the column."),
    "contents": _("By what the column holds."),
    "both": _("By the caption and by what the column holds."),
    "taken": _("Another column fits better; this one is kept as well."),
    "same_as_parts": _("The same name stands in other columns, divided into parts."),
    "serial": _("These are just the numbers of the rows."),
    "empty": _("The column is empty."),
    "unknown": _("We don't know this column: it can become a field of your own."),
}
NAME_PARTS = ("name.surname", "name.given", "name.patronymic")


@dataclass
class ColumnGuess:
    """The proposal for one column. `why` is a key of WHY; `field_type` is set for a new own field."""

    index: int
    target: str
    confidence: float
    why: str
    field_type: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def guess_mapping(profiles: Sequence[ColumnProfile]) -> list[ColumnGuess]:
    """One guess per column, in their order. No target is given twice unless it may repeat."""
    candidates = [_candidates(profile) for profile in profiles]
    guesses = [
        ColumnGuess(profile.index, *ranked[0]) for profile, ranked in zip(profiles, candidates, strict=True)
    ]
    _full_name_under_a_part(profiles, guesses)
    _settle_names(profiles, guesses)
    _settle(profiles, guesses, candidates)
    for profile, guess in zip(profiles, guesses, strict=True):
        if guess.target == NEW_FIELD:
            guess.field_type = guess_field_type(profile)
    return guesses


Candidate = tuple[str, float, str]


def _candidates(profile: ColumnProfile) -> list[Candidate]:
    """Targets with confidence and reason, best first; the last is what remains when the others are taken."""
    last: Candidate = (NEW_FIELD, 0.3, "unknown")
    if not profile.filled:
        known = known_target(profile.caption)
        if not profile.rows or known is None or known[0] in (SKIP, NEW_FIELD):
            return [(SKIP, 0.9, "empty")]
        return [(known[0], 0.5, "caption"), (SKIP, 0.5, "empty")]
    if profile.serial and profile.filled > 2:
        return [(SKIP, 0.95, "serial"), last]
    by_contents = dict(_by_contents(profile))
    ranked: list[Candidate] = []
    known = known_target(profile.caption)
    if known:
        ranked.append(_by_caption(profile, *known, by_contents))
    ranked += [
        (target, confidence, "contents") for target, confidence in by_contents.items()
        if not known or target != known[0]
    ]  # fmt: skip
    ranked.sort(key=lambda candidate: -candidate[1])
    if not profile.caption and profile.fill < 0.3:
        last = ("note", 0.3, "unknown")
    return [*ranked, last]


def _by_caption(
    profile: ColumnProfile, target: str, confidence: float, contents: dict[str, float]
) -> Candidate:
    if target == SKIP:
        unique = profile.distinct == profile.filled and profile.share("external_id") > 0.9
        numbered = plain_caption(profile.caption) not in ("дубликат", "дубль", "дупликат", "duplicate")
        return (
            ("external_id", 0.5, "contents")
            if unique and numbered and profile.filled > 1
            else (SKIP, 0.7, "caption")
        )
    support = _support(profile, target)
    if support is not None and support < 0.3 and target.startswith(RELATIVE_PREFIX):
        return NEW_FIELD, 0.5, "unknown"  # how many children, and not who they are
    if support is None:
        return target, confidence, "caption"
    if support < 0.2 and profile.filled >= 5 and max(contents.values(), default=0) > 0.5:
        return target, 0.3, "caption"
    if support < 0.3:
        return target, confidence * 0.6, "caption"
    return target, min(0.99, confidence * (0.7 + 0.3 * support) + 0.04), "both"


def _support(profile: ColumnProfile, target: str) -> float | None:
    """How much of the column looks like the target, 0 to 1; None where nothing can be said."""
    share = profile.share
    base = target.partition(".")[0]
    if base in ("phone", "whatsapp"):
        return share("phone")
    if target == "email":
        return share("email")
    if target == "name.full" or base == "relative":
        return max(share("person"), share("word"))
    if target in NAME_PARTS:
        return max(share("word"), share("person"))
    if target == "birthday":
        return share("date") + share("serial_date")
    if target == "origin.date":
        return share("date") + share("serial_date")
    if target == "gender":
        return share("gender")
    if target == "address":
        return max(share("address"), 0.3)
    return None


def _by_contents(profile: ColumnProfile) -> Iterable[Candidate | tuple[str, float]]:
    share = profile.share
    if share("email") > 0.5:
        yield "email", 0.9 * share("email")
    if share("phone") > 0.5 and share("address") < 0.5:
        yield "phone", 0.85 * share("phone")
    if share("handle") > 0.5:
        yield "telegram", 0.9 * share("handle")
    if share("vk") > 0.5:
        yield "vk", 0.9 * share("vk")
    if share("person") > 0.5 and share("patronymic") > 0.4:
        yield "name.full", 0.88 * share("person")
    elif share("person") > 0.8 and profile.distinct > 0.5 * profile.filled and share("address") < 0.3:
        yield "name.full", 0.45 if profile.caption else 0.55
    if share("word") > 0.8:
        if share("patronymic") > 0.7:
            yield "name.patronymic", 0.85
        elif share("surname") > 0.7 and profile.distinct > 0.4 * profile.filled:
            yield "name.surname", 0.6
    if share("gender") > 0.95 and profile.distinct <= 4:
        yield "gender", 0.8
    if share("address") > 0.6 and profile.longest > 12:
        yield "address", 0.75 * share("address")
    if share("long_text") > 0.4 and profile.distinct > 0.5 * profile.filled and share("address") < 0.5:
        yield "note", 0.5


def _full_name_under_a_part(profiles: Sequence[ColumnProfile], guesses: list[ColumnGuess]) -> None:
    """«Имя» or «Фамилия» over whole names, with no other name column beside, is the full name."""
    parts = [guess for guess in guesses if guess.target in NAME_PARTS]
    if len(parts) == 1 and all(guess.target != "name.full" for guess in guesses):
        profile = profiles[guesses.index(parts[0])]
        if profile.share("person") > 0.5:
            parts[0].target, parts[0].why = "name.full", "both"


def _settle_names(profiles: Sequence[ColumnProfile], guesses: list[ColumnGuess]) -> None:
    """A full name beside surname and given name says the same again: the better filled of both is taken."""
    targets = {guess.target: profile for profile, guess in zip(profiles, guesses, strict=True)}
    if not {"name.full", "name.surname", "name.given"} <= targets.keys():
        return
    parts_win = targets["name.surname"].fill >= 0.8 * targets["name.full"].fill
    for guess in guesses:
        if guess.target == "name.full" if parts_win else guess.target in NAME_PARTS:
            guess.target, guess.confidence, guess.why = SKIP, 0.5, "same_as_parts"


def _settle(
    profiles: Sequence[ColumnProfile], guesses: list[ColumnGuess], candidates: list[list[Candidate]]
) -> None:
    """Columns with the surest guess choose first; one that finds its target taken goes on to its next."""

    def claim(position: int) -> float:
        profile, guess = profiles[position], guesses[position]
        return -(guess.confidence * (0.3 + profile.fill) - 0.01 * (profile.repeat - 1))

    taken: set[str] = set()
    for position in sorted(range(len(guesses)), key=claim):
        guess, profile = guesses[position], profiles[position]
        if guess.target in taken:
            rest = [each for each in candidates[position] if each[0] not in taken and each[0] != guess.target]
            text_like = guess.target.startswith(("name", "organisation", "origin.c"))
            if text_like or not rest:
                rest = [("note", 0.4, "taken")]
            guess.target, guess.confidence, why = rest[0]
            guess.why = "taken" if why == "unknown" else why
            if profile.share("phone") > 0.5 and guess.target == "note":
                guess.target = "phone"
        if not may_repeat(guess.target):
            taken.add(guess.target)


_MONEY_CAPTION = ("сумм", "пожертв", "платеж", "взнос", "amount", "donation", "руб", "размер")
_TEXT_CAPTION = ("инн", "снилс", "паспорт", "уик", "счет", "карт", "индекс", "кпп", "огрн")


def guess_field_type(profile: ColumnProfile) -> str:
    """The type of an own field that would hold this column: one of `targets.FIELD_TYPES`."""
    share = profile.share
    caption = plain_caption(profile.caption)
    dates = share("date") + share("serial_date")
    if dates > 0.8 and (share("date") > 0.2 or "дат" in caption or "date" in caption):
        return "date"
    numbers = share("money") + share("number") * (share("money") < 1)
    money_caption = any(word in caption for word in _MONEY_CAPTION)
    if (share("money") > 0.6 and share("number") < 0.9) or (money_caption and numbers > 0.5):
        return "money"
    if share("yes_no") > 0.9 and profile.distinct <= 4:
        return "yes_no"
    if share("number") > 0.9:
        kept_as_text = any(word in caption for word in _TEXT_CAPTION) or profile.longest > 9
        leading_zero = any(
            len(sample) > 1 and sample[0] == "0" and sample.isdigit() for sample in profile.samples
        )
        return "text" if kept_as_text or leading_zero else "number"
    if share("url") + share("vk") > 0.6:
        return "link"
    if profile.few_choices:
        return "many_choices" if profile.parts > 0.3 * profile.filled else "choice"
    return "text"

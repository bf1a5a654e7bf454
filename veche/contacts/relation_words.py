"""What somebody is to somebody, in words: “wife” and “husband” where the gender is known, “wife or husband” where not.

A code is read from its end: of a parent and a child, the parent is called by "parent". Kinds that a team has added are
called as the team says, and so is a shipped kind that it has renamed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from veche.contacts.models import RelationKind

MAN, WOMAN = "m", "f"  # of `models.Gender`

# code → what it is called where the gender is unknown, of a man, of a woman
WORDS: dict[str, tuple[Any, Any, Any]] = {
    "spouse": (
        pgettext_lazy("what somebody is", "Wife or husband"),
        pgettext_lazy("what a man is", "Husband"),
        pgettext_lazy("what a woman is", "Wife"),
    ),
    "parent": (
        pgettext_lazy("what somebody is", "Mother or father"),
        pgettext_lazy("what a man is", "Father"),
        pgettext_lazy("what a woman is", "Mother"),
    ),
    "child": (
        pgettext_lazy("what somebody is", "Son or daughter"),
        pgettext_lazy("what a man is", "Son"),
        pgettext_lazy("what a woman is", "Daughter"),
    ),
    "sibling": (
        pgettext_lazy("what somebody is", "Brother or sister"),
        pgettext_lazy("what a man is", "Brother"),
        pgettext_lazy("what a woman is", "Sister"),
    ),
    "grandparent": (
        pgettext_lazy("what somebody is", "Grandmother or grandfather"),
        pgettext_lazy("what a man is", "Grandfather"),
        pgettext_lazy("what a woman is", "Grandmother"),
    ),
    "grandchild": (
        pgettext_lazy("what somebody is", "Grandson or granddaughter"),
        pgettext_lazy("what a man is", "Grandson"),
        pgettext_lazy("what a woman is", "Granddaughter"),
    ),
    "relative": (
        pgettext_lazy("what somebody is", "Relative"),
        pgettext_lazy("what a man is", "Relative"),
        pgettext_lazy("what a woman is", "Relative"),
    ),
    "neighbour": (
        pgettext_lazy("what somebody is", "Neighbour"),
        pgettext_lazy("what a man is", "Neighbour"),
        pgettext_lazy("what a woman is", "Neighbour"),
    ),
    "friend": (
        pgettext_lazy("what somebody is", "Friend"),
        pgettext_lazy("what a man is", "Friend"),
        pgettext_lazy("what a woman is", "Friend"),
    ),
    "employee": (
        pgettext_lazy("what somebody is", "Employee"),
        pgettext_lazy("what a man is", "Employee"),
        pgettext_lazy("what a woman is", "Employee"),
    ),
    "representative": (
        pgettext_lazy("what somebody is", "Representative"),
        pgettext_lazy("what a man is", "Representative"),
        pgettext_lazy("what a woman is", "Representative"),
    ),
    "member": (
        pgettext_lazy("what somebody is", "Member"),
        pgettext_lazy("what a man is", "Member"),
        pgettext_lazy("what a woman is", "Member"),
    ),
}

# what is the same of everybody
PLAIN: dict[str, Any] = {
    "colleague": pgettext_lazy("what somebody is", "Works with"),
    "employer": pgettext_lazy("what somebody is", "Works for"),
    "organisation": pgettext_lazy("what somebody is", "Represents"),
    "association": pgettext_lazy("what somebody is", "Is a member of"),
    "head_office": pgettext_lazy("what somebody is", "Head organisation"),
    "branch": pgettext_lazy("what somebody is", "Branch"),
    "partner": pgettext_lazy("what somebody is", "Partner organisation"),
    "bringer": pgettext_lazy("what somebody is", "Brought by"),
    "brought": pgettext_lazy("what somebody is", "Brought"),
}


def called(code: str, gender: str = "") -> str:
    """What a shipped code is called of somebody of this gender; empty for a code that a team has added."""
    if code in WORDS:
        neutral, man, woman = WORDS[code]
        return str({MAN: man, WOMAN: woman}.get(gender, neutral))
    return str(PLAIN.get(code, ""))


def word(kind: RelationKind, *, of_one: bool, gender: str = "") -> str:
    """What the one (or the other) of a relation is called."""
    own = kind.name if of_one or kind.is_symmetric else kind.reverse_name
    return own or called(kind.code if of_one else kind.reverse_code, gender)

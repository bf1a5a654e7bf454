"""Words of a file's columns and the entries of the team's lists that they stand for, as the page shows them. Reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import pgettext

from veche.accounts.queries import colleagues_for
from veche.campaigns.queries import running_for
from veche.contacts.actions.bulk_words import known_words
from veche.contacts.models import OwnField, RoleKind, Status, Tag
from veche.core.actor import Actor
from veche.core.refusal import NotFound
from veche.exchange.mapping import SKIP, ColumnPlan
from veche.exchange.mapping.correcting import words_in
from veche.exchange.mapping.targets import FIELD_PREFIX, NEW_FIELD
from veche.exchange.mapping.values import read_gender
from veche.exchange.models import Correction, Import
from veche.exchange.queries.plans import caption_of, plans_of

PAGE = 50
OFFERED = 1000  # entries of a list that the field offers while one types
LISTS = {"tags": "tags", "role": "roles", "status": "statuses"}


@dataclass(frozen=True)
class WordList:
    """The list that a column's words stand for: its entries, and whether unknown words become new ones."""

    entries: list[str]
    known: frozenset[str]  # in lower case
    grows: bool

    def knows(self, word: str) -> bool:
        return word.lower() in self.known


@dataclass(frozen=True)
class Line:
    """A word, its rows and what it becomes; `state` is known, new, unknown or nothing; `said`: somebody said so."""

    word: str
    rows: int
    becomes: str
    state: str
    said: Correction | None


def plan_of(imported: Import, column: int) -> ColumnPlan:
    """The column, if its words are those of a list; else `NotFound`."""
    plan = next((plan for plan in plans_of(imported) if plan.index == column and words_in(plan)), None)
    if plan is None:
        raise NotFound
    return plan


def list_of(plan: ColumnPlan, actor: Actor) -> WordList:
    """The list for a column of this plan, as the actor sees it."""
    if plan.target in LISTS:
        kind = {"tags": Tag, "role": RoleKind, "status": Status}[plan.target]
        found = kind.objects.filter(archived_at__isnull=True)
        if plan.target == "tags":
            found = found.filter(campaign__isnull=True)
        return WordList(
            [str(entry) for entry in found[:OFFERED]], frozenset(known_words(LISTS[plan.target])), True
        )
    if plan.target == "campaign":
        names = list(running_for(actor).values_list("name", flat=True))
    elif plan.target == "responsible":
        people = colleagues_for(actor).values_list("name", "email")
        known = frozenset(text.lower() for both in people for text in both if text)
        return WordList([name for name, _email in people if name], known, False)
    elif plan.target == "gender":
        names = [pgettext("gender", "Male"), pgettext("gender", "Female")]
        return WordList(names, frozenset(), False)
    else:
        key = plan.target.removeprefix(FIELD_PREFIX)
        field = OwnField.objects.filter(key=key).first() if plan.target != NEW_FIELD else None
        names = [choice["label"] for choice in field.choices] if field else []
        return WordList(names, frozenset(name.lower() for name in names), True)
    return WordList(names, frozenset(name.lower() for name in names), False)


def lines_of(
    imported: Import, plan: ColumnPlan, words: WordList, *, asked: str = "", after: int = 0
) -> tuple[list[Line], bool]:
    """`PAGE` words of the column, the commonest first, that contain `asked`; and whether there are more."""
    found = imported.words.filter(column=plan.index).order_by("-rows", "word")
    if asked:
        found = found.filter(word__icontains=asked)
    held = list(found[after : after + PAGE + 1])
    lowered = [each.word.lower() for each in held]
    said = {
        each.value: each
        for each in imported.corrections.filter(kind="word", column=plan.index, value__in=lowered)
        .exclude(state=Correction.State.LEAVING).select_related("made_by")
    }  # fmt: skip
    lines = [_line(each.word, each.rows, said.get(each.word.lower()), plan, words) for each in held[:PAGE]]
    return lines, len(held) > PAGE


def _line(word: str, rows: int, said: Correction | None, plan: ColumnPlan, words: WordList) -> Line:
    becomes = said.replacement if said else word
    if plan.target == "gender":
        understood = read_gender(becomes)
        becomes = {"m": words.entries[0], "f": words.entries[1]}.get(understood or "", "")
        return Line(
            word, rows, becomes, "known" if understood else "unknown" if not said else "nothing", said
        )
    if not becomes:
        return Line(word, rows, "", "nothing", said)
    if words.knows(becomes):
        return Line(word, rows, becomes, "known", said)
    return Line(word, rows, becomes if words.grows else "", "new" if words.grows else "unknown", said)


def said_of(lines: list[Line], given: dict[str, str]) -> dict[str, str | None]:
    """What `match_words` is to be told: of each word that was sent what it becomes, where that has changed."""
    changed: dict[str, str | None] = {}
    for line in lines:
        typed = given.get(line.word)
        if typed is None or typed == line.becomes:
            continue
        changed[line.word] = None if typed.lower() == line.word.lower() else typed
    return changed


def problems_of(words: WordList, changed: dict[str, str | None], plan: ColumnPlan) -> list[str]:
    """Words typed for a list that does not grow, and that it does not hold."""
    if words.grows:
        return []
    if plan.target == "gender":
        return [text for text in changed.values() if text and read_gender(text) is None]
    return [text for text in changed.values() if text and not words.knows(text)]


def summary(imported: Import, actor: Actor) -> list[dict[str, Any]]:
    """The columns whose words stand for entries of a list, with the counts of words that the list does not hold."""
    shown = []
    for column in _columns(imported):
        plan = plan_of(imported, column["index"])
        words = list_of(plan, actor)
        lines, _more = lines_of(imported, plan, words)
        fresh = [line for line in lines if line.state in ("new", "unknown")]
        shown.append(
            {**column, "fresh": len(fresh), "grows": words.grows, "names": [line.word for line in fresh[:3]]}
        )
    return shown


def _columns(imported: Import) -> list[dict[str, Any]]:
    """{index, caption, words} of each."""
    with connection.cursor() as sql:
        sql.execute(
            'SELECT "column", count(*) FROM exchange_fileword WHERE batch_id = %s GROUP BY 1 ORDER BY 1',
            [imported.pk],
        )
        counted = sql.fetchall()
    taken = {plan["index"] for plan in imported.mapping if plan["target"] != SKIP}
    return [
        {"index": column, "caption": caption_of(imported, column), "words": words}
        for column, words in counted if column in taken
    ]  # fmt: skip

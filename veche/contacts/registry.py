"""What rooms above contacts must or may add to it. Filled only in their `apps.py` (`ready()`).

`merge_participants` and `erasure_participants`: every table with a foreign key to Contact, in whatever room, is named
by a participant in both; a test walks the foreign keys and fails for one that isn't. Tables that have a contact's
number without a foreign key, in a column `contact_id`, take part too: the ledger is one of them.

    registry.merge_participants.add(MergeParticipant(
        table="donations_gift", plan="gifts go to the one that stays", merge=actions.hand_gifts_over))
    registry.erasure_participants.add(ErasureParticipant(
        table="donations_gift", plan="the sum stays for the books, nameless", erase=actions.forget_donors))

- ``merge(by, into)`` hands rows over, for all who go at once: `into` says of each who it is that stays. In sets, in the
  caller's transaction; it must not fail on what both have, and may run twice. It need not think of the undo: what it
  did to the rows is seen from outside, and taken back from there (`actions/merging_rows.py`). `columns` are those with
  a contact's number. Of a log (`is_log`) only whose rows it holds is kept: they are many, nobody edits them, and a
  merge may do nothing but hand them over.
- ``erase(by, contact_ids)`` removes or unnames all that the table holds of these people, in sets, in the caller's
  transaction, and may run twice. It runs before the contacts' own rows go.
- `plan` says in one line what becomes of the rows; the docs list it.

`describers`: how the history on the card tells a room's ledger entries. One function for all kinds of a room:

    registry.describers["donations"] = queries.describe_entries   # (actor, entries) -> {entry.id: Told}

It gets the entries of one page whose kind starts with the room's name, asks the database once for all of them, and may
leave some out: those are told by their event's label.

`history_kinds`: kinds of lines that a room above brings to the history, a switch above it where the contact has any:

    registry.history_kinds.append(HistoryKind(
        key="calls", label=_("Calls"), order=10, events=frozenset({events.CallMade.kind})))

`card_doors`: what else may be done with one person, a button in the card's head with a key if it has one:

    registry.card_doors.append(CardDoor(
        key="task", label=_("Task"), icon="checkbox", url_name="tasks:task_for", permission="contacts.note",
        shortcut="KeyT"))

`value_tellers`: what a room above knows of where a value on the card is from, in whole sentences for “Where from?”:

    registry.value_tellers.append(tell)  # tell(actor, contact, code) -> list[str]; codes as in `queries.provenance`

`selection_doors`: where people chosen in the list may be taken, beside what contacts itself does with them:

    registry.selection_doors.append(SelectionDoor(
        key="export", label=_("Export"), icon="table-export", url_name="exchange:export_new",
        permission="exchange.export"))

`household_totals`: what a room above counts of a household together, a line of its page:

    registry.household_totals.append(HouseholdTotal(
        key="gifts", label=_("Gifts"), order=10, count=queries.gifts_of))

``count(actor, contact_ids)`` says it in words for the people of it whom the viewer sees, by one query; empty words
are not shown.

`printing_logs`: people put on paper leave the base as in a file; a room above that keeps a log of that gets a line, in
the printing's own transaction:

    registry.printing_logs.append(log)  # log(by=, view=, words=, people=, columns=)

`importable_kinds`: what a row of a spreadsheet may bring. People and organisations are two; a room above adds its own
facts about people (a gift, a consent, a signature), and they go through the same wizard, shell, folder and undo:

    registry.importable_kinds.add(ImportableKind(
        key="gifts", label=_("Gifts"), hint=_("Each row is a gift and who gave it."),
        counted=lambda n: ngettext("%(count)d gift", "%(count)d gifts", n) % {"count": n},
        targets=(ImportTarget("amount", _("Amount"), "money", required=True, captions=("сумма", "amount")),
                 ImportTarget("day", _("Day"), "date", captions=("дата платежа", "paid on"))),
        known=queries.known_gifts, write=actions.write_gifts, forget=actions.forget_gifts))

- A row is its person, matched or made by contacts as ever, and the values of `targets`, read as own fields of the same
  type are: text str, number int or float, money {"minor", "currency"}, date ISO, yes_no bool, choice one of `choices`,
  many_choices a list. What cannot be read stands in a note; a row without a `required` value is rejected with a reason.
- `captions` are words over such a column, in lower case and every language, by which it is found; where all that is
  required is found so, the kind of the file is guessed too.
- ``write(by, import_id, facts)`` gets the `ImportedFact`s of a chunk in one call, in the transaction that writes their
  people, and returns the rows whose facts are now the import's. It works in sets, is keyed by (import_id, row) so
  that a second call adds nothing, and may pass over what `known` knows. It publishes events under `by`, which has the
  import's request.
- ``known(by, import_id, facts)`` returns the rows of facts that are there already, for the check; writes nothing.
  `contact_id` is None for somebody not yet made.
- ``forget(by, import_id, rows)`` takes back what `write` added for these rows and returns those that it took; what
  somebody has worked on since it leaves. It may run twice.
- ``counted(n)`` says "3 gifts" in the language active now. `subject` says whether a row without other signs is about a
  person or an organisation. Who imports needs `permission` beside "exchange.import".
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from veche.core.actor import Actor
    from veche.core.ledger import Entry


@dataclass(frozen=True)
class Told:
    """A ledger entry in words. `tone` colours the icon: money, appeal, call or nothing."""

    title: str
    body: str = ""
    url: str = ""
    icon: str = ""
    tone: str = ""


@dataclass(frozen=True)
class MergeParticipant:
    table: str
    plan: str
    merge: Callable[[Actor, Mapping[int, int]], None]
    columns: tuple[str, ...] = ("contact_id",)
    is_log: bool = False


@dataclass(frozen=True)
class ErasureParticipant:
    table: str
    plan: str
    erase: Callable[[Actor, Collection[int]], None]


class _OfTable(Protocol):
    table: str


Participant = TypeVar("Participant", bound=_OfTable)


class Participants(Generic[Participant]):
    """One participant per table, in the order they were added."""

    def __init__(self) -> None:
        self._by_table: dict[str, Participant] = {}

    def add(self, participant: Participant) -> None:
        """A table has one participant; a second one stops the start."""
        if participant.table in self._by_table:
            raise ImproperlyConfigured(f"contacts: {participant.table} takes part already")
        self._by_table[participant.table] = participant

    def __iter__(self) -> Iterator[Participant]:
        return iter(self._by_table.values())

    @property
    def tables(self) -> frozenset[str]:
        return frozenset(self._by_table)


merge_participants: Participants[MergeParticipant] = Participants()
erasure_participants: Participants[ErasureParticipant] = Participants()
describers: dict[str, Callable[[Actor, list[Entry]], dict[int, Told]]] = {}


VALUE_TYPES = ("text", "number", "money", "date", "yes_no", "choice", "many_choices", "link")


@dataclass(frozen=True)
class ImportTarget:
    """A value of an importable kind. `choices` of a choice are (stored value, label)."""

    key: str
    label: str | Promise
    type: str = "text"
    required: bool = False
    captions: tuple[str, ...] = ()
    choices: tuple[tuple[str, str | Promise], ...] = ()


@dataclass(frozen=True)
class ImportedFact:
    """What row `row` of a file says beside its person: target's key → value, absent ones left out."""

    row: int
    contact_id: int | None
    values: Mapping[str, Any]


class WritesFacts(Protocol):
    def __call__(self, *, by: Actor, import_id: int, facts: Sequence[ImportedFact]) -> Collection[int]: ...


class ForgetsFacts(Protocol):
    def __call__(self, *, by: Actor, import_id: int, rows: Collection[int]) -> Collection[int]: ...


@dataclass(frozen=True)
class ImportableKind:
    key: str
    label: str | Promise
    hint: str | Promise
    subject: Literal["person", "organisation"] = "person"
    targets: tuple[ImportTarget, ...] = ()
    permission: str = "exchange.import"
    counted: Callable[[int], str] | None = None
    known: WritesFacts | None = None
    write: WritesFacts | None = None
    forget: ForgetsFacts | None = None

    @property
    def has_facts(self) -> bool:
        return bool(self.targets)


class ImportableKinds:
    """By their keys, in the order they were added."""

    def __init__(self) -> None:
        self._by_key: dict[str, ImportableKind] = {}

    def add(self, kind: ImportableKind) -> None:
        """Half a kind, a second one of this key, or a value of an unknown type stops the start."""
        name = f"contacts: the importable kind {kind.key}"
        if kind.key in self._by_key:
            raise ImproperlyConfigured(f"{name} is there already")
        if not kind.key.isidentifier() or any(not target.key.isidentifier() for target in kind.targets):
            raise ImproperlyConfigured(f"{name}: keys are names")
        if kind.has_facts and not all((kind.counted, kind.known, kind.write, kind.forget)):
            raise ImproperlyConfigured(f"{name} has values: it must count, know, write and forget them")
        wrong = [target.key for target in kind.targets if target.type not in VALUE_TYPES]
        if wrong or len({target.key for target in kind.targets}) < len(kind.targets):
            raise ImproperlyConfigured(f"{name}: a value has no known type or is there twice: {wrong}")
        self._by_key[kind.key] = kind

    def remove(self, key: str) -> None:
        """For tests that have added one."""
        del self._by_key[key]

    def get(self, key: str) -> ImportableKind | None:
        return self._by_key.get(key)

    def __getitem__(self, key: str) -> ImportableKind:
        return self._by_key[key]

    def __iter__(self) -> Iterator[ImportableKind]:
        return iter(self._by_key.values())


importable_kinds = ImportableKinds()


@dataclass(frozen=True, kw_only=True)
class HistoryKind:
    """Lines of the history made of ledger entries of `events`; an event belongs to one kind."""

    key: str
    label: str | Promise
    order: int
    events: frozenset[str]


history_kinds: list[HistoryKind] = []


@dataclass(frozen=True, kw_only=True)
class CardDoor:
    """A page or form of a room above about one contact: `url_name` takes its id."""

    key: str
    label: str | Promise
    icon: str
    url_name: str
    permission: str
    shortcut: str = ""

    def url(self, contact_id: int) -> str:
        return reverse(self.url_name, args=[contact_id])


card_doors: list[CardDoor] = []


@dataclass(frozen=True)
class SelectionDoor:
    """A page of a room above to which people chosen in the list are handed over.

    It is called with the address of a list that shows exactly these people: ``?campaign=3&q=…``, or ``?ids=12,15``.
    """

    key: str
    label: str | Promise
    icon: str
    url_name: str
    permission: str
    least: int = 1  # people; with fewer, or more than `most`, it is not offered
    most: int | None = None

    def takes(self, people: int) -> bool:
        return self.least <= people and (self.most is None or people <= self.most)


@dataclass(frozen=True, kw_only=True)
class HouseholdTotal:
    key: str
    label: str | Promise
    order: int
    count: Callable[[Actor, Collection[int]], str]
    permission: str = "contacts.view"


household_totals: list[HouseholdTotal] = []
selection_doors: list[SelectionDoor] = []
value_tellers: list[Callable[..., list[str]]] = []
printing_logs: list[Callable[..., None]] = []

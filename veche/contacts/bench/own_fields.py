"""`veche bench own`: what five hundred own fields cost, on the list, on a card and when one of them is saved.

A twentieth of all contacts has a value in each field, so every contact has 25 on average. The base is left without
them afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import connection, transaction
from django.template.loader import render_to_string

from veche.accounts.queries import every_permission
from veche.contacts.actions.contacts import change_fields
from veche.contacts.models import Contact, OwnField
from veche.contacts.queries.card import card
from veche.contacts.queries.own_index import index_ddl, index_name
from veche.contacts.queries.people import people
from veche.contacts.queries.people_choices import choices
from veche.contacts.queries.people_filters import read_filters
from veche.contacts.queries.people_rows import rows
from veche.core.actor import Actor
from veche.core.measuring import Figure, bench_group, milliseconds, percentile

FIELDS, SHARE = 500, 20  # one contact in SHARE has a value
TYPES = (
    OwnField.Type.TEXT,
    OwnField.Type.NUMBER,
    OwnField.Type.DATE,
    OwnField.Type.YES_NO,
    OwnField.Type.CHOICE,
)
LIST_BAR, CARD_BAR, SAVE_BAR = 200, 150, 150  # ms
ROUNDS, CARDS = 3, 60
ACTOR = Actor(user_id=1, sees_all=True, permissions=every_permission())

# field number n, contact c: the value is one of a hundred, so a filter finds one contact in two thousand
_VALUES = """
UPDATE contacts_contact AS contact SET own = COALESCE((
    SELECT jsonb_object_agg('bench_' || n, CASE n %% 5
        WHEN 0 THEN to_jsonb('отряд ' || (contact.id + n) %% 100)
        WHEN 1 THEN to_jsonb((contact.id + n) %% 100)
        WHEN 2 THEN to_jsonb((DATE '2026-01-01' + ((contact.id + n) %% 100)::int)::text)
        WHEN 3 THEN to_jsonb(contact.id %% 100 < 50)
        ELSE to_jsonb((1 + (contact.id + n) %% 100)::text) END)
    FROM generate_series(0, %(fields)s - 1) AS n
    WHERE hashint8(contact.id * %(fields)s + n) %% %(share)s = 0), '{}'::jsonb)
WHERE id BETWEEN %(first)s AND %(last)s
"""


@bench_group("own")
def own(contacts: int) -> Iterator[Figure]:
    """The same pages before and after the fields are made, then a filter by one of them before and after its index."""
    try:
        yield from _measured(contacts)
    finally:
        _leave_as_it_was()


def _measured(contacts: int) -> Iterator[Figure]:
    ids = list(
        Contact.objects.order_by("pk").values_list("pk", flat=True)[:: max(1, contacts // CARDS)][:CARDS]
    )
    bare_list, bare_card = _of_list({}), _of_cards(ids)
    fields = _make_fields()
    _fill(contacts)
    name = f"with {FIELDS} own fields"
    before = {"ratio_to": "without own fields"}
    yield _figure(f"list {name}", _of_list({}), LIST_BAR, bare_list, **before)
    yield _figure(f"choices of the filter {name}", _median(lambda: choices(ACTOR)), LIST_BAR)
    yield _figure(f"card p95, drawn, {name}", _of_cards(ids), CARD_BAR, bare_card, **before)
    yield _figure("own field saved p95", _of_saving(ids, fields[0]), SAVE_BAR)
    chosen = OwnField.objects.filter(pk__in=[field.pk for field in fields])
    chosen.update(index_state="ready")  # else the list would wait for the index instead of looking everywhere
    scans = {field.type: _of_list(_asked(field)) for field in fields}
    for field in fields:
        with connection.cursor() as sql:
            sql.execute(index_ddl(field))
    with connection.cursor() as sql:
        sql.execute("ANALYZE contacts_contact")
    for field in fields:
        rival = scans[field.type]
        yield _figure(
            f"list by {field.type}, indexed", _of_list(_asked(field)), LIST_BAR, rival, ratio_to="no index"
        )


def _figure(
    name: str, value: float, bar: float, rival: float | None = None, *, ratio_to: str | None = None
) -> Figure:
    return Figure(
        name=name, value=value, unit="ms", bar=bar, ratio_to=ratio_to, ratio=value / rival if rival else None
    )


def _of_list(query: dict[str, str]) -> float:
    def page() -> None:
        rows(ACTOR, people(ACTOR, read_filters(ACTOR, query), sort="name").contacts)

    return _median(page)


def _median(work) -> float:
    return percentile([milliseconds(work) for _n in range(ROUNDS)], 50)


def _of_cards(ids: Sequence[int]) -> float:
    def draw(contact_id: int) -> None:
        render_to_string("contacts/card_parts.html#own", {"card": card(ACTOR, contact_id)})

    return percentile([milliseconds(lambda pk=pk: draw(pk)) for pk in ids], 95)


def _of_saving(ids: Sequence[int], field: OwnField) -> float:
    def save(contact_id: int) -> None:
        change_fields(by=ACTOR, contact_id=contact_id, fields={f"own.{field.key}": "другой отряд"})

    with transaction.atomic():
        times = [milliseconds(lambda pk=pk: save(pk)) for pk in ids]
        transaction.set_rollback(True)
    return percentile(times, 95)


def _asked(field: OwnField) -> dict[str, str]:
    asked = {"text": "отряд 17", "number": "17", "date": "2026-01-18", "yes_no": "yes", "choice": "17"}
    return {f"own.{field.key}": asked[field.type]}


def _make_fields() -> list[OwnField]:
    """Makes the fields; returns one of each type."""
    labels = [{"id": str(n), "label": f"выбор {n}"} for n in range(1, 101)]
    made = [
        OwnField(key=f"bench_{n}", label=f"Поле для замера {n}", type=TYPES[n % 5], position=n,
                 choices=labels if TYPES[n % 5] == OwnField.Type.CHOICE else [])
        for n in range(FIELDS)
    ]  # fmt: skip
    OwnField.objects.bulk_create(made)
    return list(OwnField.objects.filter(key__startswith="bench_").order_by("position")[: len(TYPES)])


def _fill(contacts: int, *, chunk: int = 50_000) -> None:
    first, last = Contact.objects.order_by("pk").first().pk, Contact.objects.order_by("pk").last().pk
    with connection.cursor() as sql:
        for begin in range(first, last + 1, chunk):
            given = {"fields": FIELDS, "share": SHARE, "first": begin, "last": begin + chunk - 1}
            sql.execute(_VALUES, given)
        sql.execute("VACUUM ANALYZE contacts_contact")


def _leave_as_it_was() -> None:
    with connection.cursor() as sql:
        for field in OwnField.objects.filter(key__startswith="bench_"):
            sql.execute(f"DROP INDEX IF EXISTS {index_name(field)}")
        sql.execute("UPDATE contacts_contact SET own = '{}' WHERE own <> '{}'")
        sql.execute("VACUUM ANALYZE contacts_contact")
    OwnField.objects.filter(key__startswith="bench_").delete()

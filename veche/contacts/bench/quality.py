"""`veche bench quality`: a look through the whole base, the counts, a page, one change followed, and a fix of many.

The made-up base is clean, so one person in twenty is spoilt first, in each of the ways that the inspector knows best.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.db import connection

from veche.accounts.queries import every_permission
from veche.contacts.actions import findings, inspecting
from veche.contacts.inspecting import FINDINGS
from veche.contacts.models import Contact, Finding, MassChange
from veche.contacts.queries.findings import line_of, overview, rows_of
from veche.contacts.queries.people_found import found
from veche.contacts.queries.shared_phones import shared_phones
from veche.core.actor import Actor
from veche.core.measuring import Figure, bench_group, milliseconds, percentile

ACTOR = Actor(user_id=1, sees_all=True, permissions=every_permission())
ROUNDS = 5

_SPOILING = (
    "UPDATE contacts_contact SET surname = upper(surname), given_name = upper(given_name) WHERE id %% 100 = 1",
    "UPDATE contacts_contact SET surname = given_name, given_name = surname WHERE id %% 100 = 21",
    "UPDATE contacts_contact SET surname = replace(surname, 'о', 'o') WHERE id %% 100 = 41",
    "UPDATE contacts_contact SET birth_day = 1, birth_month = 1, birth_year = 1900 WHERE id %% 100 = 61",
    """UPDATE contacts_contactpoint SET value = split_part(value, '@', 1) || '@gmial.com'
       WHERE kind = 'email' AND contact_id %% 100 = 81""",
    """UPDATE contacts_contactpoint SET value = '+79000001' || lpad((contact_id %% 500)::text, 3, '0')
       WHERE kind = 'phone' AND position = 0 AND contact_id %% 100 = 99""",
)


@bench_group("quality")
def quality(contacts: int) -> Iterator[Figure]:
    """From an unseen base to a repaired one."""
    with connection.cursor() as sql:
        for each in _SPOILING:
            sql.execute(each.replace("%%", "%"))
    Finding.objects.all().delete()
    began, cpu = time.perf_counter(), time.process_time()
    _look_through()
    passed = time.perf_counter() - began
    size = Contact.objects.count()
    yield Figure(name="people looked at", value=size / passed, unit="per s", bar=3_000, at_least=True)
    yield Figure(name="a million would take", value=passed * 1e6 / size / 60, unit="min")
    yield Figure(name="of it this process", value=100 * (time.process_time() - cpu) / passed, unit="%")
    yield Figure(name="findings", value=Finding.objects.count(), unit="")
    yield Figure(name="overview p95", value=_p95(lambda: overview(ACTOR)), unit="ms", bar=100)
    key = FINDINGS["name_case"]
    yield Figure(
        name="page of a finding p95",
        value=_p95(lambda: (line_of(ACTOR, key), rows_of(ACTOR, key))),
        unit="ms",
        bar=300,
    )
    yield Figure(
        name="page of shared phones p95", value=_p95(lambda: shared_phones(ACTOR)), unit="ms", bar=500
    )
    yield Figure(
        name="list by a finding, counted p95",
        value=_p95(lambda: found(ACTOR, "finding=name_case").exact_count()),
        unit="ms",
    )
    ids = list(Contact.objects.values_list("pk", flat=True)[:100])
    yield Figure(
        name="one changed person p95",
        value=_p95(lambda: inspecting.inspect_contacts(ids[:1])),
        unit="ms",
        bar=50,
    )
    yield Figure(name="counted anew", value=_p95(lambda: inspecting.recount(hurry=True)), unit="ms")
    yield from _fix_of_many()


def _look_through() -> None:
    """What the job does, without its row."""
    after, portion = 0, inspecting.inspect_after(0)
    while portion is not None:
        after, _count = portion
        portion = inspecting.inspect_after(after)
    inspecting.share_phones()
    inspecting.forget_nobodys()
    inspecting.recount(hurry=True, whole=True)


def _fix_of_many() -> Iterator[Figure]:
    kind = FINDINGS["name_case"]
    ids = list(Finding.objects.filter(key=kind.key).values_list("contact_id", flat=True))
    began = time.perf_counter()
    findings.fixes_of(kind, ids)
    yield Figure(name="fixes prepared", value=len(ids) / (time.perf_counter() - began), unit="per s")
    began = time.perf_counter()
    mass = findings.fix_contacts(by=ACTOR, kind=kind, contact_ids=ids[:1_000])
    taken = time.perf_counter() - began
    assert mass.state == MassChange.State.DONE
    yield Figure(
        name=f"{mass.changed} put right, from click to answer", value=1000 * taken, unit="ms", bar=5_000
    )


def _p95(work) -> float:
    work()
    return percentile([milliseconds(work) for _n in range(ROUNDS)], 95)

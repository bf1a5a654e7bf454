"""A random file goes into a random base, people work with it, the import is undone: their work stays, all else goes."""

import dataclasses
import random
import uuid

import pytest

from veche.accounts.testing import actor_of
from veche.contacts.actions import belonging, contacts, notes, points
from veche.contacts.models import Contact, UndoKept
from veche.contacts.testing import make_person, make_tag
from veche.core.refusal import Refusal
from veche.exchange import actions
from veche.exchange.actions import loading, rows, undoing
from veche.exchange.models import Import
from veche.exchange.testing import loaded, make_import, run_jobs
from veche.exchange.tests import signatures
from veche.exchange.tests.random_files import COLUMNS, fill_base, random_table

pytestmark = pytest.mark.django_db
SCALARS = ("surname", "given_name", "patronymic", "birth_year", "birth_month", "birth_day", "status_id")


def standing() -> dict[tuple, object]:
    """{(contact, kind of thing, thing): its value}, of everybody."""
    held: dict[tuple, object] = {}
    for one in Contact.objects.all():
        held |= {(one.pk, name, ""): getattr(one, name) for name in SCALARS}
        held |= {(one.pk, point.kind, point.value): point.note for point in one.points.all()}
        held |= {(one.pk, "address", address.text): True for address in one.addresses.all()}
        held |= {(one.pk, "tag", tag_id): True for tag_id in one.tagged.values_list("tag_id", flat=True)}
        held |= {(one.pk, "note", note.text): True for note in one.notes.all()}
        held |= {(one.pk, "external_id", row.value): True for row in one.external_ids.all()}
    return held


def work(chance: random.Random, by, tag) -> None:
    """What somebody does to somebody of the base; what is refused does nothing."""
    contact = chance.choice(list(Contact.objects.order_by("pk")))
    given = {"by": dataclasses.replace(by, request_id=uuid.uuid4()), "contact_id": contact.pk}
    point = contact.points.order_by("pk").last()
    match chance.randrange(5):
        case 0:
            contacts.change_fields(**given, fields={"patronymic": chance.choice(["Падмеевна", "Бенович"])})
        case 1:
            points.add_points(**given, kind="phone", text=f"8 904 111-27-{chance.randrange(100):02}")
        case 2 if point:
            points.remove_point(**given, point_id=point.pk)
        case 3:
            belonging.put_tag(**given, tag_id=tag.pk)
        case _:
            notes.add_note(**given, text=f"звонили {chance.randrange(9)}")


@pytest.mark.parametrize("seed", range(3))
def test_what_people_did_since_stays_and_all_else_goes_back(seed, tmp_path, monkeypatch):
    chance, by, tag = random.Random(f"undo {seed}"), actor_of("coordinator"), make_tag("джедай")
    monkeypatch.setattr(rows, "LEAST_CHUNK", chance.choice([7, 250]))
    monkeypatch.setattr(loading, "CHUNK", chance.choice([7, 5000]))
    monkeypatch.setattr(undoing, "CHUNK", chance.choice([5, 5000]))
    fill_base(chance, by)
    table = random_table(chance)
    for n in range(6):  # and people about whom the file says more
        sure = [f"Скайуокер{n} Люк", f"8 904 000-28-0{n}"]
        make_person(sure[0], by=by, phone=sure[1])
        table[n] = [*sure, chance.choice(["", f"luke{n}@example.org"]), *table[n][3:4], "", *table[n][5:]]
    chance.shuffle(table)
    known, before = set(Contact.objects.values_list("pk", flat=True)), standing()
    policy = chance.choice([each for each in Import.Policy.values if each != Import.Policy.SKIP])
    with signatures.offered():
        made = make_import(tmp_path, table, by=by, captions=list(COLUMNS), policy=policy)
        imported = loaded(made, by=by)
        brought = standing()
        assert imported.state == Import.State.LOADED
        if policy != Import.Policy.CREATE_ONLY:
            assert any(brought[key] != before.get(key) for key in brought if key[0] in known), (
                "known people changed"
            )
        touched: set[tuple] = set()
        for _each in range(12):
            was = standing()
            try:
                work(chance, by, tag)
            except Refusal:
                continue
            now = standing()
            touched |= {key for key in was.keys() | now.keys() if was.get(key) != now.get(key)}
        worked, after = standing(), {contact for contact, *_thing in touched}
        run_jobs(actions.start_undo(by=by, imported=imported))
    left = standing()
    gone = set(Contact.objects.values_list("pk", flat=True))
    assert known <= gone, "nobody who was there goes"
    created = {contact for contact, *_thing in worked} - known
    assert gone - known == created & after, (
        "of those whom it created, whoever was worked with stays, no others"
    )
    for key in before.keys() | worked.keys() | left.keys():
        if key in touched or key[0] in created & after:
            assert left.get(key) == worked.get(key), f"{key} is as people left it"
        else:
            assert left.get(key) == before.get(key), f"{key} is as before"
    assert created & after <= set(UndoKept.objects.values_list("contact_id", flat=True)), "and is listed"

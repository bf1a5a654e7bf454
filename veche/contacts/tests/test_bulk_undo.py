"""The undo of a batch is a three-way patch: untouched is as before, touched is kept; and its redo likewise."""

import dataclasses
import json
import uuid

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from veche.accounts.testing import actor_of
from veche.campaigns.testing import make_campaign
from veche.contacts.actions import belonging, contacts, notes, points
from veche.contacts.actions.bulk import write_contacts
from veche.contacts.actions.bulk_plan import Batch
from veche.contacts.actions.bulk_undo import Done, forget_kept, redo_people, undo_people
from veche.contacts.models import Contact, ExternalId, FieldChange, Origin, RoleKind, Status, UndoKept
from veche.contacts.naming import compose_name, key_of
from veche.contacts.queries.batches import touched_by, undone_of
from veche.contacts.testing import make_own_field, make_person, make_tag
from veche.core.refusal import Refusal

pytestmark = pytest.mark.django_db
SCALARS = (
    "surname",
    "given_name",
    "patronymic",
    "gender",
    "birth_year",
    "birth_month",
    "birth_day",
    "status_id",
)
SOURCE = """
SELECT number, number, contact_id, policy, draft
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(number int, contact_id bigint, policy text, draft jsonb)
"""


class Base:
    """What all people of a test may have, and an import of drafts about them."""

    def __init__(self):
        self.by = actor_of("administrator")
        self.tags = [make_tag(f"т{n}") for n in range(3)]
        self.campaigns = [make_campaign(f"к{n}") for n in range(2)]
        self.roles = list(RoleKind.objects.order_by("pk")[:3])
        self.statuses = list(Status.objects.order_by("pk")[:3])
        self.own = make_own_field("Размер")

    def load(self, batch, drafts, policy="update", request=None):
        """Write {contact id or None: draft} as a chunk of an import; returns what undoes it."""
        by = dataclasses.replace(self.by, request_id=request or uuid.uuid4())
        since = timezone.now()
        rows = [
            {"number": number, "contact_id": key, "policy": policy if key else "new", "draft": draft}
            for number, (key, draft) in enumerate(drafts, 1)
        ]
        words = {
            "tags": {tag.name: tag.pk for tag in self.tags},
            "roles": {f"р{n}": role.pk for n, role in enumerate(self.roles)},
            "statuses": {f"с{n}": status.pk for n, status in enumerate(self.statuses)},
            "campaigns": {campaign.name: campaign.pk for campaign in self.campaigns},
        }
        given = Batch(id=batch, name="люди.csv", campaign_id=self.campaigns[0].pk, words=words)
        write_contacts(by=by, batch=given, source=SOURCE, params={"rows": json.dumps(rows)})
        return Done(batch, by.request_id, since)

    def undo(self, done):
        forget_kept(by=self.by, batch=done.batch)
        by = dataclasses.replace(self.by, request_id=uuid.uuid4())
        return undo_people(by=by, of=done, contact_ids=touched_by(done.batch, after=0, size=1000))

    def redo(self, done):
        forget_kept(by=self.by, batch=done.batch)
        by = dataclasses.replace(self.by, request_id=done.request_id)
        return redo_people(by=by, of=done, contact_ids=undone_of(done.batch, after=0, size=1000))


def state_of(contact_ids):
    """{(contact, kind of thing, thing): its value}: what undo and redo may move."""
    held = {}
    for contact in Contact.objects.filter(pk__in=contact_ids):
        one = contact.pk
        held |= {(one, name, ""): getattr(contact, name) for name in SCALARS}
        held |= {(one, "own", key): value for key, value in contact.own.items()}
        for point in contact.points.all():
            held[one, point.kind, point.value] = (point.as_given, point.purpose, point.validity, point.note)
        for address in contact.addresses.all():
            held[one, "address", address.text] = (address.purpose, address.note)
        for role in contact.roles.all():
            held[one, "role", role.role_id] = (role.since, role.until, role.note)
        held |= {(one, "tag", row.tag_id): True for row in contact.tagged.all()}
        held |= {(one, "campaign", row.campaign_id): True for row in contact.memberships.all()}
        held |= {(one, "note", note.text): (note.author_id, note.pinned) for note in contact.notes.all()}
        held |= {(one, "external_id", row.value): row.system for row in contact.external_ids.all()}
        parts = (contact.surname, contact.given_name, contact.patronymic)
        if any(parts):
            assert contact.name == compose_name(*parts)
            assert contact.name_key == key_of(*parts)
    return held


def moved(before, after):
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


PHONES = ("+79160000001", "+79160000002", "+79160000003")
texts = st.sampled_from(("", "Соло", "Органа", "Кеноби"))
drafts = st.fixed_dictionaries(
    {},
    optional={
        "surname": texts, "given_name": texts, "patronymic": texts, "gender": st.sampled_from(("m", "f")),
        "birth_year": st.sampled_from((1956, 1977)), "birth_month": st.integers(1, 12), "birth_day": st.integers(1, 28),
        "status": st.sampled_from(("с0", "с1", "с2")),
        "roles": st.lists(st.sampled_from(("р0", "р1", "р2")), max_size=2),
        "tags": st.lists(st.sampled_from(("т0", "т1", "т2")), max_size=2),
        "campaigns": st.lists(st.sampled_from(("к0", "к1")), max_size=2),
        "notes": st.lists(st.sampled_from(("звонили", "пришёл")), max_size=2, unique=True),
        "own": st.dictionaries(st.just("field_1"), st.sampled_from(("M", "L"))),
        "addresses": st.lists(st.sampled_from(("Москва", "Химки")).map(lambda text: {"text": text}), max_size=2),
        "points": st.lists(st.sampled_from(PHONES).map(lambda v: {"kind": "phone", "value": v}), max_size=2),
        "external_id": st.sampled_from(("17", "18")),
    },
)  # fmt: skip
edits = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(
            ("surname", "gender", "birthday", "status", "own", "phone+", "phone-", "phone~", "main", "tag+", "tag-",
             "join", "leave", "role+", "role-", "role~", "note+", "note-", "address-", "import")
        ),
        st.integers(0, 2),
    ),
    max_size=6,
)  # fmt: skip


def edit(base, contact_id, what, n):
    """One thing that a person, or another import, does to a contact. What is refused does nothing."""
    by, one = dataclasses.replace(base.by, request_id=uuid.uuid4()), {"contact_id": contact_id}
    contact = Contact.objects.get(pk=contact_id)
    point, role = contact.points.order_by("pk").last(), contact.roles.order_by("pk").last()
    note, address = contact.notes.order_by("pk").last(), contact.addresses.order_by("pk").last()
    fields = {
        "surname": {"surname": ("Вейдер", "Органа", "Соло")[n]}, "gender": {"gender": ("m", "f", "")[n]},
        "birthday": {"birthday": ("01.02.1999", "1956", "")[n]}, "status": {"status": base.statuses[n].pk},
        "own": {"own.field_1": ("M", "L", "")[n]},
    }  # fmt: skip
    if what in fields:
        contacts.change_fields(by=by, **one, fields=fields[what])
    elif what == "phone+":
        points.add_points(by=by, **one, kind="phone", text=PHONES[n])
    elif point and what in ("phone-", "phone~", "main"):
        given = {"by": by, **one, "point_id": point.pk}
        if what == "phone~":
            points.change_point(**given, fields={"note": f"звонить {n}"})
        else:
            (points.remove_point if what == "phone-" else points.make_point_main)(**given)
    elif what in ("tag+", "tag-"):
        (belonging.put_tag if what == "tag+" else belonging.take_tag)(by=by, **one, tag_id=base.tags[n].pk)
    elif what in ("join", "leave"):
        verb = belonging.join_campaign if what == "join" else belonging.leave_campaign
        verb(by=by, **one, campaign_id=base.campaigns[n % 2].pk)
    elif what == "role+":
        belonging.give_role(by=by, **one, role_id=base.roles[n].pk)
    elif role and what == "role-":
        belonging.take_role(by=by, **one, held_id=role.pk)
    elif role and what == "role~":
        belonging.change_role(by=by, **one, held_id=role.pk, fields={"note": f"дом {n}"})
    elif what == "note+":
        notes.add_note(by=by, **one, text=f"сказал {n}")
    elif note and what == "note-":
        notes.remove_note(by=by, **one, note_id=note.pk)
    elif address and what == "address-":
        points.remove_address(by=by, **one, address_id=address.pk)
    elif what == "import":
        draft = {"given_name": ("Бен", "Хан", "Лея")[n], "status": f"с{n}", "own": {"field_1": "XL"}}
        base.load(900 + n, [(contact_id, draft)])


def edited(base, people, todo):
    """Do the edits; returns whatever moved at any time, told from the states alone."""
    touched, state = set(), state_of(people)
    for who, what, n in todo:
        try:
            with transaction.atomic():
                edit(base, people[who], what, n)
        except Refusal:
            continue
        if what == "main":  # somebody said that this is the phone to use
            point = Contact.objects.get(pk=people[who]).points.order_by("pk").last()
            touched |= {(people[who], point.kind, point.value)} if point else set()
        fresh = state_of(people)
        touched |= moved(state, fresh)
        if what == "birthday" and moved(state, fresh):  # people see and change the whole day
            touched |= {(people[who], part, "") for part in ("birth_year", "birth_month", "birth_day")}
        state = fresh
    return touched


@pytest.fixture
def base():
    return Base()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(drafts, min_size=3, max_size=3),
    given=st.lists(drafts, min_size=3, max_size=3),
    again=st.lists(drafts, min_size=3, max_size=3),
    policy=st.sampled_from(("update", "fill_empty", "join")),
    todo=edits,
    later=edits,
)
def test_untouched_goes_back_and_forth_and_touched_stays(base, before, given, again, policy, todo, later):
    with transaction.atomic():
        people = [make_person(f"Человек {n}", phone=f"8 916 111111{n}", by=base.by).pk for n in range(3)]
        request = uuid.uuid4()
        base.load(700, list(zip(people, before, strict=True)))
        first = state_of(people)
        done = base.load(7, list(zip(people, given, strict=True)), policy, request)
        base.load(7, list(zip(people, again, strict=True)), policy, request)
        loaded = state_of(people)
        touched = edited(base, people, todo)
        worked = state_of(people)
        base.undo(done)
        undone = state_of(people)
        for key in first.keys() | loaded.keys() | worked.keys() | undone.keys():
            assert undone.get(key) == (worked if key in touched else first).get(key), key
        kept = set(UndoKept.objects.filter(batch=7).values_list("contact_id", "field"))
        for contact, kind, thing in touched & moved(first, loaded):
            if worked.get((contact, kind, thing)) not in (first.get((contact, kind, thing)), None):
                code = {"own": f"own.{thing}", "status_id": "status"}.get(kind, kind)
                assert (contact, code) in kept
        assert moved(undone, (base.undo(done), state_of(people))[1]) == set(), "a second undo finds nothing"
        touched |= edited(base, people, later)
        worked = state_of(people)
        base.redo(done)
        redone = state_of(people)
        for key in loaded.keys() | worked.keys() | redone.keys():
            assert redone.get(key) == (worked if key in touched else loaded).get(key), key
        base.undo(done)
        last = state_of(people)
        for key in first.keys() | redone.keys() | last.keys():
            assert last.get(key) == (redone if key in touched else first).get(key), key
        transaction.set_rollback(True)


def test_the_name_that_had_no_parts_comes_back(base):
    named = make_person("", phone="8 916 000-00-01", by=base.by)
    Contact.objects.filter(pk=named.pk).update(name="Хозяйка кафе", name_key=key_of("Хозяйка кафе"))
    done = base.load(7, [(named.pk, {"surname": "Органа", "given_name": "Лея"})])
    named.refresh_from_db()
    assert named.name == "Органа Лея"
    base.undo(done)
    named.refresh_from_db()
    assert (named.name, named.name_key, named.surname) == ("Хозяйка кафе", key_of("Хозяйка кафе"), "")


def test_what_people_did_to_the_created_keeps_them_with_the_reason(base):
    draft = {"surname": "Соло", "name_key": "соло"}
    done = base.load(7, [(None, draft), (None, {"surname": "Органа", "name_key": "органа"})])
    solo, organa = Contact.objects.order_by("pk")
    notes.add_note(by=actor_of("coordinator"), contact_id=solo.pk, text="Звонили")
    swung = base.undo(done)
    assert swung.untouched == (organa.pk,)
    assert swung.kept == 1
    kept = UndoKept.objects.get(batch=7)
    assert (kept.contact_id, kept.field, kept.event) == (solo.pk, "", "contacts.note_added")
    assert kept.by_id == actor_of("coordinator").user_id


def test_the_history_tells_the_undo_and_the_origin_goes(base):
    person = make_person("Иванова Анна Петровна", phone="8 916 000-00-01", by=base.by)
    draft = {"patronymic": "Павловна", "points": [{"kind": "phone", "value": PHONES[1]}], "external_id": "17"}
    done = base.load(7, [(person.pk, draft)])
    assert Origin.objects.filter(batch=7).exists()
    base.undo(done)
    assert not Origin.objects.filter(batch=7).exists()
    assert not ExternalId.objects.exists()
    undone = FieldChange.objects.filter(batch=7, is_undo=True)
    assert {change.field for change in undone} == {"patronymic", "phone", "external_id", "campaign", "origin"}
    assert {change.by_id for change in undone} == {base.by.user_id}
    base.redo(done)
    origin = Origin.objects.get(batch=7)
    assert person.points.get(value=PHONES[1]).origin == origin
    assert origin.batch_name == "люди.csv"


def test_a_status_that_is_gone_is_kept_as_it_is_now(base):
    person = make_person("Иванова Анна Петровна", phone="8 916 000-00-01", by=base.by)
    passing = Status.objects.create(name="мимо")
    Contact.objects.filter(pk=person.pk).update(status=passing)
    done = base.load(7, [(person.pk, {"status": "с1"})])
    passing.delete()
    swung = base.undo(done)
    assert (swung.restored, swung.partly) == (0, 1)
    person.refresh_from_db()
    assert person.status == base.statuses[1]


def test_another_imports_undo_uncovers_what_was_ours(base):
    person = make_person("Иванова Анна Петровна", phone="8 916 000-00-01", by=base.by)
    first = base.load(7, [(person.pk, {"given_name": "Бен"})])
    second = base.load(8, [(person.pk, {"given_name": "Лея"})])
    assert base.undo(first).partly == 1
    base.undo(second)
    assert base.undo(first).partly == 0
    person.refresh_from_db()
    assert person.given_name == "Анна"

"""Findings in the base: they follow every change, equal the lists, survive a kill, and are put right and undone."""

import pytest
from django.db import connection

from veche.accounts.testing import actor_of, member, signed_in_client
from veche.campaigns.testing import make_campaign
from veche.contacts import jobs
from veche.contacts.actions import findings, inspecting
from veche.contacts.actions.contacts import change_fields, remove_contact, restore_contact
from veche.contacts.actions.erasing import erase_contact
from veche.contacts.actions.mass_changes import start_mass_undo
from veche.contacts.actions.points import change_point
from veche.contacts.actions.reverting import revert_change
from veche.contacts.inspecting import FINDINGS
from veche.contacts.models import (
    Contact,
    ContactPoint,
    Finding,
    FindingDismissal,
    MassChange,
    PendingInspection,
)
from veche.contacts.queries.findings import line_of, overview, rows_about, rows_of
from veche.contacts.queries.people_found import found
from veche.contacts.queries.shared_phones import shared_phones
from veche.contacts.registry import merge_participants
from veche.contacts.subscribers import CHANGES, inspect
from veche.contacts.testing import make_organisation, make_person
from veche.core.actor import Actor
from veche.core.background import JobRun
from veche.core.ledger import COLUMNS, entries
from veche.core.models import Job
from veche.core.refusal import Refusal, Stale
from veche.ui.testing import assert_same_queries

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def deliver():
    """Hand all that happened to the subscriber, twice: a second delivery must change nothing."""
    with connection.cursor() as sql:
        sql.execute(f"SELECT {COLUMNS} FROM core_ledger WHERE kind = ANY(%s) ORDER BY id", [list(CHANGES)])
        happened = entries(sql.fetchall())
    for _again in range(2):
        inspect(happened)


def dirty(surname="ИВАНОВ", given_name="Иван", patronymic="", **known):
    """Somebody with exactly this name, which no form would take as it is."""
    person = make_person("Иванов Иван", **{"phone": f"8 904 000-{Contact.objects.count() + 1000}", **known})
    fields = {"surname": surname, "given_name": given_name, "patronymic": patronymic}
    return change_fields(by=SYSTEM, contact_id=person.pk, fields=fields)


def keys_of(person):
    return set(Finding.objects.filter(contact=person, dismissed=False).values_list("key", flat=True))


@pytest.fixture
def by():
    return actor_of("administrator")


@pytest.mark.parametrize(
    "change",
    [
        lambda person: change_fields(by=SYSTEM, contact_id=person.pk, fields={"surname": "Иванов"}),
        lambda person: remove_contact(by=SYSTEM, contact_id=person.pk),
    ],
    ids=["changed", "removed"],
)
def test_what_was_read_before_a_change_is_not_kept_after_it(monkeypatch, change):
    person, other = dirty(), dirty("ПЕТРОВ")
    read_facts = inspecting.read_facts

    def slowly(ids):
        facts = list(read_facts(ids))
        monkeypatch.setattr(inspecting, "read_facts", read_facts)
        change(person)
        inspecting.inspect_contacts([person.pk])  # whoever heard of the change is faster
        return facts

    monkeypatch.setattr(inspecting, "read_facts", slowly)
    inspecting.inspect_contacts([person.pk, other.pk])
    assert keys_of(person) == set() and keys_of(other) == {"name_case"}


def test_findings_follow_changes(by):
    person = dirty()
    deliver()
    assert keys_of(person) == {"name_case"}
    change_fields(by=by, contact_id=person.pk, fields={"surname": "Иванов"})
    deliver()
    assert keys_of(person) == set()
    phone = person.points.get()
    ContactPoint.objects.filter(pk=phone.pk).update(
        value="790310719", as_given="790310719", validity="invalid"
    )
    inspecting.inspect_contacts([person.pk])
    assert keys_of(person) == {"phone_short"}
    change_point(by=by, contact_id=person.pk, point_id=phone.pk, fields={"text": "8 903 107-19-00"})
    deliver()
    assert keys_of(person) == set()
    change_fields(by=by, contact_id=person.pk, fields={"surname": "тест"})
    remove_contact(by=by, contact_id=person.pk)
    deliver()
    assert keys_of(person) == set()
    restore_contact(by=by, contact_id=person.pk)
    deliver()
    assert keys_of(person) == {"name_garbage"}


def test_counts_equal_the_lists_for_everyone(by):
    campaign = make_campaign()
    crew = [dirty(), dirty("Иван", "Иванов"), dirty("тест", "тест", campaign=campaign)]
    make_organisation(phone="8 904 000-27-41"), make_person("Органа Лея", phone="8 904 000-27-40")
    deliver()
    operator = member("operator")
    crew[0].responsible = operator
    crew[0].save(update_fields=["responsible"])
    for actor in (by, actor_of("operator")):
        lines = {line.kind.key: line.people for _title, group in overview(actor).groups for line in group}
        assert lines.keys() == FINDINGS.keys()
        for key, people in lines.items():
            assert (
                people == found(actor, f"finding={key}").exact_count() == line_of(actor, FINDINGS[key]).people
            )
            assert (
                people == len({row.contact_id for row in rows_of(actor, FINDINGS[key]).rows})
                or key == "phone_shared"
            )
    assert overview(by).total == 3


def test_who_sees_a_part_has_that_part_counted(by):
    mine, other = dirty(), dirty()
    deliver()
    rey = member("operator")
    Contact.objects.filter(pk=mine.pk).update(responsible=rey)
    part = Actor(
        user_id=rey.pk, permissions=frozenset({"contacts.view", "contacts.inspect", "contacts.edit"})
    )
    assert line_of(part, FINDINGS["name_case"]).people == 1
    assert [row.contact_id for row in rows_of(part, FINDINGS["name_case"]).rows] == [mine.pk]
    strangers = Finding.objects.get(contact=other)
    with pytest.raises(Refusal) as refused:
        findings.fix_finding(by=part, finding_id=strangers.pk)
    assert refused.value.status == 404
    findings.fix_findings(by=part, kind=FINDINGS["name_case"])
    assert Contact.objects.get(pk=mine.pk).surname == "Иванов"
    assert Contact.objects.get(pk=other.pk).surname == "ИВАНОВ"
    with pytest.raises(Refusal) as refused:
        findings.dismiss_finding(by=part, finding_id=_of(dirtied(mine)).pk, for_all=True)
    assert refused.value.status == 403


def dirtied(person):
    change_fields(by=SYSTEM, contact_id=person.pk, fields={"surname": "ПЕТРОВ"})
    inspecting.inspect_contacts([person.pk])
    return person


def _of(person, key="name_case"):
    return Finding.objects.get(contact=person, key=key)


def test_a_volunteer_sees_nothing_of_it(by):
    person = dirty()
    deliver()
    volunteer = actor_of("volunteer")
    assert found(volunteer, "finding=name_case").filters[0].unknown
    assert rows_about(volunteer, person.pk) == []
    assert found(by, "finding=nonsense").filters[0].unknown


def test_one_phone_at_many_follows_changes(by):
    crew = [make_person(f"Скайуокер {name}", phone="8 900 000-14-34") for name in ("Лука", "Лея")]
    deliver()
    assert not Finding.objects.filter(key="phone_shared").exists()
    crew.append(make_person("Соло Хан", phone="8 900 000-14-34"))
    deliver()
    assert {each.contact_id for each in Finding.objects.filter(key="phone_shared")} == {
        each.pk for each in crew
    }
    (number,) = shared_phones(by).rows
    assert number.people == 3
    assert number.phone.endswith("14-34")
    point = crew[0].points.get()
    change_point(by=by, contact_id=crew[0].pk, point_id=point.pk, fields={"text": "8 900 000-14-35"})
    deliver()
    assert not Finding.objects.filter(key="phone_shared").exists()
    change_point(by=by, contact_id=crew[0].pk, point_id=point.pk, fields={"text": "8 900 000-14-34"})
    deliver()
    assert Finding.objects.filter(key="phone_shared").count() == 3
    remove_contact(by=by, contact_id=crew[2].pk)
    deliver()
    assert not Finding.objects.filter(key="phone_shared").exists()


def test_the_whole_base_and_the_single_change_find_the_same(by):
    for _n in range(3):
        make_person("Скайуокер Лука", phone="8 900 000-14-34")
    dirty(), dirty("Мусатов", "Анна"), dirty("тест", "тест")
    deliver()
    before = _all()
    Finding.objects.all().delete()
    run_whole(by)
    assert _all() == before
    assert before


def _all():
    return set(Finding.objects.values_list("contact_id", "key", "mark", "point", "fixable", "dismissed"))


def run_whole(by):
    job = findings.inspect_whole_base(by=by)
    jobs.inspect_base(JobRun(job, SYSTEM))
    return Job.objects.get(pk=job.pk)


def test_a_killed_pass_goes_on_where_it_was(by, monkeypatch):
    people = [dirty() for _n in range(5)]
    monkeypatch.setattr(inspecting, "CHUNK", 2)
    portions, real = [], inspecting.inspect_after

    def two_at_a_time(after):
        if len(portions) == 2 and "killed" not in portions:
            portions.append("killed")
            raise KeyboardInterrupt
        portions.append(after)
        return real(after, portion=2)

    monkeypatch.setattr(inspecting, "inspect_after", two_at_a_time)
    job = findings.inspect_whole_base(by=by)
    with pytest.raises(KeyboardInterrupt):
        jobs.inspect_base(JobRun(job, SYSTEM))
    job.refresh_from_db()
    assert (job.done, job.cursor) == (4, {"after": people[3].pk})
    assert Finding.objects.filter(key="name_case").count() == 4
    jobs.inspect_base(JobRun(job, SYSTEM))
    assert portions == [0, people[1].pk, "killed", people[3].pk, people[4].pk]
    assert Finding.objects.filter(key="name_case").count() == 5
    assert overview(by).full_at is not None
    assert findings.inspect_whole_base(by=by).pk == job.pk  # it is still marked as waiting: no second one


def test_many_at_once_wait_until_nothing_is_running(monkeypatch):
    people = [dirty() for _n in range(4)]
    monkeypatch.setattr(inspecting, "AT_ONCE", 2)
    deliver()
    assert PendingInspection.objects.count() == 4
    assert not Finding.objects.exists()
    running = Job.objects.create(kind="exchange.load", state=Job.State.RUNNING)
    jobs.inspect_waiting()
    assert PendingInspection.objects.count() == 4
    running.delete()
    jobs.inspect_waiting()
    assert not PendingInspection.objects.exists()
    assert all(keys_of(person) == {"name_case"} for person in people)


def test_a_fix_is_applied_and_undone(by):
    person = dirty()
    deliver()
    change = findings.fix_finding(by=by, finding_id=_of(person).pk)
    person.refresh_from_db()
    assert (person.surname, person.name) == ("Иванов", "Иванов Иван")
    assert keys_of(person) == set()
    revert_change(by=by, contact_id=person.pk, change_id=change.pk)
    deliver()
    assert keys_of(person) == {"name_case"}


def test_a_value_that_has_changed_is_not_put_right(by):
    person = dirty()
    deliver()
    finding = _of(person)
    change_fields(by=by, contact_id=person.pk, fields={"surname": "ПЕТРОВ"})
    with pytest.raises(Stale):
        findings.fix_finding(by=by, finding_id=finding.pk)
    assert Contact.objects.get(pk=person.pk).surname == "ПЕТРОВ"
    assert keys_of(person) == {"name_case"}  # of the new value


def test_all_of_a_page_leaves_what_was_found_since():
    shown = dirty("ИВАНОВ")
    deliver()
    page = signed_in_client("administrator").get("/people/quality/name_case/")
    since = dirty("ПЕТРОВ")
    deliver()
    upto = page.context["newest"]
    assert f'name="upto" value="{upto}"' in page.text
    answer = signed_in_client("administrator").post(
        "/people/quality/name_case/fixes/", {"all": "1", "upto": upto}
    )
    assert answer.status_code == 302
    assert Contact.objects.get(pk=shown.pk).surname == "Иванов"
    assert Contact.objects.get(pk=since.pk).surname == "ПЕТРОВ"


def test_without_a_sure_fix_nothing_is_done(by):
    person = dirty("Мусатов", "Анна")
    deliver()
    with pytest.raises(Refusal):
        findings.fix_finding(by=by, finding_id=_of(person, "surname_gender").pk)
    with pytest.raises(Refusal):
        findings.fix_findings(by=by, kind=FINDINGS["surname_gender"])


def test_all_are_put_right_in_one_change_and_put_back(by):
    crew = [dirty(surname) for surname in ("ИВАНОВ", "ПЕТРОВ", "соло")]
    late = dirty("ФЕТТ")
    deliver()
    change_fields(by=by, contact_id=late.pk, fields={"surname": "Фетт"})  # not delivered yet
    mass = findings.fix_findings(by=by, kind=FINDINGS["name_case"])
    assert (mass.kind, mass.changed, mass.state) == (MassChange.Kind.VALUES, 3, MassChange.State.DONE)
    assert [Contact.objects.get(pk=each.pk).surname for each in crew] == ["Иванов", "Петров", "Соло"]
    assert not Finding.objects.filter(key="name_case").exists()
    start_mass_undo(by=by, mass_id=mass.pk)
    deliver()
    assert [Contact.objects.get(pk=each.pk).surname for each in crew] == ["ИВАНОВ", "ПЕТРОВ", "соло"]
    assert Finding.objects.filter(key="name_case").count() == 3


def test_only_those_shown_are_put_right(by):
    first, second = dirty(), dirty()
    deliver()
    mass = findings.fix_findings(by=by, kind=FINDINGS["name_case"], finding_ids=[_of(first).pk])
    assert mass.changed == 1
    assert Contact.objects.get(pk=second.pk).surname == "ИВАНОВ"


def test_birthdays_are_put_right_together(by):
    person = make_person("Иванов Иван", phone="8 904 000-27-40")
    Contact.objects.filter(pk=person.pk).update(birth_year=1970, birth_month=2, birth_day=29)
    inspecting.inspect_contacts([person.pk])
    mass = findings.fix_findings(by=by, kind=FINDINGS["day_impossible"])
    person.refresh_from_db()
    assert (person.birth_year, person.birth_month, person.birth_day) == (1970, 2, None)
    start_mass_undo(by=by, mass_id=mass.pk)
    person.refresh_from_db()
    assert person.birth_day == 29


def test_points_are_put_right_together_and_put_back(by):
    crew = [
        make_person(f"Иванов {name}", email=f"{n}@gmial.com")
        for n, name in enumerate(("Иван", "Пётр", "Павел"))
    ]
    twice = make_person("Соло Хан", email="h@gmial.com, h@gmail.com")
    deliver()
    mass = findings.fix_findings(by=by, kind=FINDINGS["email_typo"])
    assert (mass.kind, mass.changed) == (MassChange.Kind.POINTS, 3)
    assert mass.skipped == {"since": 1}, "who has the right one already keeps both"
    assert [each.points.get().value for each in crew] == ["0@gmail.com", "1@gmail.com", "2@gmail.com"]
    assert twice.points.count() == 2
    point = crew[2].points.get()
    change_point(by=by, contact_id=crew[2].pk, point_id=point.pk, fields={"text": "rey@mail.ru"})
    mass = start_mass_undo(by=by, mass_id=mass.pk)
    assert (mass.undone, mass.kept) == (2, 1)
    assert [each.points.get().value for each in crew] == ["0@gmial.com", "1@gmial.com", "rey@mail.ru"]


def test_a_made_up_phone_is_marked_and_unmarked(by):
    person = make_person("Иванов Иван", phone="8 904 000-27-40")
    ContactPoint.objects.update(value="+79999999999")
    inspecting.inspect_contacts([person.pk])
    mass = findings.fix_findings(by=by, kind=FINDINGS["phone_impossible"])
    assert person.points.get().validity == "invalid"
    start_mass_undo(by=by, mass_id=mass.pk)
    assert person.points.get().validity == "unchecked"


def test_what_is_right_does_not_come_back_until_it_changes(by):
    person = dirty("Мусатов", "Анна")
    deliver()
    findings.dismiss_finding(by=by, finding_id=_of(person, "surname_gender").pk)
    deliver()
    run_whole(by)
    assert keys_of(person) == set()
    assert FindingDismissal.objects.get().by_id == by.user_id
    (row,) = rows_of(by, FINDINGS["surname_gender"], dismissed=True).rows
    assert row.said_by == "Лея Органа"
    change_fields(by=by, contact_id=person.pk, fields={"surname": "Белов"})
    deliver()
    assert keys_of(person) == {"surname_gender"}
    change_fields(by=by, contact_id=person.pk, fields={"surname": "Мусатов"})
    deliver()
    assert keys_of(person) == set()
    findings.take_up_finding(by=by, finding_id=_of(person, "surname_gender").pk)
    assert keys_of(person) == {"surname_gender"}


def test_right_for_all_with_the_same_value(by):
    first, second, other = dirty("Мусатов", "Анна"), dirty("Мусатов", "Анна"), dirty("Белов", "Анна")
    deliver()
    findings.dismiss_finding(by=by, finding_id=_of(first, "surname_gender").pk, for_all=True)
    third = dirty("Мусатов", "Анна")
    deliver()
    assert [keys_of(each) for each in (first, second, third)] == [set()] * 3
    assert keys_of(other) == {"surname_gender"}
    findings.take_up_finding(by=by, finding_id=_of(second, "surname_gender").pk)
    assert [keys_of(each) for each in (first, second, third)] == [{"surname_gender"}] * 3


def test_pages_ask_as_often_for_many_as_for_few(by):
    client = signed_in_client("administrator")

    def more(count):
        people = [dirty("ИВАНОВ", "Иван") for _n in range(count)]
        inspecting.inspect_contacts([each.pk for each in people])
        inspecting.recount(hurry=True)

    assert_same_queries(client, "/people/quality/", more)
    assert_same_queries(client, "/people/quality/name_case/", more)


def test_phones_of_many_ask_as_often_for_many_as_for_few(by):
    def more(count):
        for n in range(count):
            base = Contact.objects.count() + n
            for name in ("Лука", "Лея", "Хан"):
                make_person(f"Скайуокер {name}", phone=f"8 900 {base:03} 14-34")
        deliver()

    assert_same_queries(signed_in_client("administrator"), "/people/quality/phone_shared/", more)


def test_whoever_sees_masked_phones_sees_them_masked(by):
    person = make_person("Иванов Иван", phone="8 904 000-27-40")
    ContactPoint.objects.update(value="+79999999999")
    inspecting.inspect_contacts([person.pk])
    masked = Actor(
        user_id=by.user_id, sees_all=True, permissions=frozenset({"contacts.view", "contacts.inspect"})
    )
    (row,) = rows_of(masked, FINDINGS["phone_impossible"]).rows
    assert "•••" in row.before
    assert "•" not in rows_of(by, FINDINGS["phone_impossible"]).rows[0].before


def test_erasing_and_merging_leave_no_finding(by):
    crew = [make_person("Скайуокер Лука", phone="8 900 000-14-34") for _n in range(3)]
    deliver()
    erase_contact(by=by, contact_id=crew[0].pk)
    assert not Finding.objects.exists(), "two are not many"
    dirty_one, kept = dirty(), dirty("Соло")
    deliver()
    for participant in merge_participants:
        participant.merge(by, {dirty_one.pk: kept.pk})
    assert keys_of(dirty_one) == set()
    assert list(PendingInspection.objects.values_list("pk", flat=True)) == [kept.pk]

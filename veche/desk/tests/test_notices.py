"""Notices: who is told of what, once; what lights up; what a user wants to hear of."""

import datetime as dt
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.utils import timezone

from veche.accounts.actions import record_sign_in
from veche.accounts.testing import actor_of, make_user, member, signed_in_client
from veche.contacts.actions.contacts import change_fields
from veche.contacts.events import ColleagueMentioned
from veche.contacts.testing import make_person
from veche.core import delivery
from veche.core.actor import Actor
from veche.core.background import job_kind, run_job, start_job
from veche.core.events import JobEnded
from veche.core.ledger import publish
from veche.core.models import Job
from veche.core.refusal import NotFound, Refusal
from veche.core.testing import published
from veche.core.tidings import kinds
from veche.desk import actions
from veche.desk.actions.notices import forget_old_notices, keep_tidings
from veche.desk.models import Notice
from veche.desk.queries.notices import notice_of, notices_page, quiet_since, unread_count, wishes_of
from veche.ui.testing import assert_same_queries

pytestmark = pytest.mark.django_db
PADME, HAN, REY = "coordinator", "operator", "volunteer"


def tell(key):
    """Let a kind read all of the ledger that it cares for, as its subscriber does."""
    kind = kinds.get(key)
    found = sorted((entry for name in kind.events for entry in published(name)), key=lambda entry: entry.id)
    return keep_tidings(kind, kind.read(found))


def texts(who):
    return [line.words.text for line in notices_page(actor_of(who)).lines]


def give(person, to, by=PADME):
    change_fields(by=actor_of(by), contact_id=person.pk, fields={"responsible": member(to).pk})


def test_a_person_given_by_a_colleague_is_told_with_name_and_link():
    person = make_person("Скайуокер Лука")
    give(person, HAN)
    tell("contacts.given")
    [line] = notices_page(actor_of(HAN)).lines
    assert line.words.text == "Падме Амидала gave you Скайуокер Лука."
    assert line.words.url == f"/people/{person.pk}/"
    assert unread_count(actor_of(HAN)) == 1
    assert texts(PADME) == []


def test_nobody_is_told_of_what_he_did_himself():
    give(make_person(), PADME, by=PADME)
    tell("contacts.given")
    assert texts(PADME) == []


def test_the_same_entries_twice_tell_nothing_new():
    give(make_person(), HAN)
    assert tell("contacts.given") == 1
    before = Notice.objects.values().get()
    assert tell("contacts.given") == 0
    assert Notice.objects.values().get() == before


def test_people_given_in_one_go_are_one_notice_that_counts_up():
    by, people = actor_of(PADME), [make_person(f"Дроид {n}") for n in range(12)]
    for person in people[:5]:
        change_fields(by=by, contact_id=person.pk, fields={"responsible": member(HAN).pk})
    tell("contacts.given")
    assert texts(HAN) == ["Падме Амидала gave you 5 people."]
    actions.mark_all_read(by=actor_of(HAN), until=10**9, entry=10**9)
    for person in people[5:]:
        change_fields(by=by, contact_id=person.pk, fields={"responsible": member(HAN).pk})
    tell("contacts.given")
    tell("contacts.given")
    assert texts(HAN) == ["Падме Амидала gave you 12 people."]
    assert unread_count(actor_of(HAN)) == 1


def test_a_person_that_may_no_longer_be_seen_is_not_named():
    person = make_person("Тайный Агент")
    give(person, REY)
    tell("contacts.given")
    assert "Тайный" in texts(REY)[0]
    type(person).objects.filter(pk=person.pk).update(responsible=None)
    assert texts(REY) == ["Падме Амидала gave you 1 person."]


def test_a_mention_is_told_to_the_colleague_and_not_to_its_author():
    person = make_person("Скайуокер Лука")
    for colleague in (REY, PADME):
        mention = ColleagueMentioned(contact_id=person.pk, object_id=1, colleague=member(colleague).pk)
        publish(mention, by=actor_of(PADME))
    tell("contacts.mentioned")
    assert texts(PADME) == []
    assert texts(REY) == ["Падме Амидала mentioned you in a note on somebody whom you can no longer see."]
    type(person).objects.filter(pk=person.pk).update(responsible=member(REY))
    assert texts(REY) == ["Падме Амидала mentioned you in a note: Скайуокер Лука."]


@pytest.fixture
def work():
    @job_kind("desk.test_work", label="Counting droids")
    def count(run):
        if run.job.arguments.get("fails"):
            raise Refusal("test", "No droids here.")
        run.result("/droids/")

    def do(by, *, waited=0, **arguments):
        job = start_job("desk.test_work", by=by, subject="r2d2.xlsx", **arguments)
        Job.objects.filter(pk=job.pk).update(queued_at=timezone.now() - dt.timedelta(seconds=waited))
        run_job(job_id=job.pk)
        return job

    return do


def test_long_work_is_told_when_it_ends_short_work_only_when_it_fails(work):
    work(actor_of(HAN), waited=1)
    work(actor_of(HAN), waited=60)
    work(actor_of(HAN), waited=1, fails=True)
    work(Actor.system(), waited=60)
    tell("core.job_ended")
    lines = notices_page(actor_of(HAN)).lines
    assert [(line.words.text, line.words.more, line.words.tone) for line in lines] == [
        ("Counting droids: stopped by an error.", "r2d2.xlsx", "stop"),
        ("Counting droids: done.", "r2d2.xlsx", "ok"),
    ]
    assert lines[1].words.url == "/droids/"


def test_a_sign_in_is_told_when_the_device_is_new_but_not_the_first():
    han = actor_of(HAN)
    for agent in ("Firefox/150 Linux", "Firefox/151 Linux", "Chrome/140 Android"):
        record_sign_in(by=han, method="password", address="192.0.2.1", agent=agent)
        tell("accounts.new_device")
    assert len(texts(HAN)) == 1
    assert "Chrome on Android" in texts(HAN)[0]


def test_old_entries_are_no_news():
    give(make_person(), HAN)
    kind = kinds.get("contacts.given")
    tidings = kind.read(published("contacts.contact_changed"))
    late = [replace(tiding, at=tiding.at - dt.timedelta(days=3)) for tiding in tidings]
    assert late
    assert keep_tidings(kind, late) == 0


def test_each_kind_reads_the_ledger_with_a_cursor_of_its_own():
    names = {f"desk.notice:{kind.key}" for kind in kinds}
    assert names <= set(delivery.SUBSCRIBERS)
    assert all(delivery.SUBSCRIBERS[f"desk.notice:{kind.key}"].kinds == kind.events for kind in kinds)


def test_what_is_switched_off_is_not_told_and_security_cannot_be():
    han = actor_of(HAN)
    actions.choose_notices(by=han, wanted=["core.job_ended"])
    assert wishes_of(han).off == [
        kind.key for kind in kinds if kind.key != "core.job_ended" and not kind.urgent
    ]
    give(make_person(), HAN)
    tell("contacts.given")
    assert texts(HAN) == []


@pytest.mark.parametrize(
    ("clock", "begun"),
    [("23:30", "23:00"), ("03:00", "23:00"), ("07:00", None), ("22:59", None)],
)
def test_quiet_hours_may_pass_midnight(clock, begun):
    wishes = SimpleNamespace(quiet_from=dt.time(23), quiet_to=dt.time(7))
    now = timezone.make_aware(dt.datetime.combine(dt.date(2026, 11, 22), dt.time.fromisoformat(clock)))
    found = quiet_since(wishes, now)
    assert (found and timezone.localtime(found).strftime("%H:%M")) == begun
    assert found is None or dt.timedelta(0) <= now - found < dt.timedelta(hours=8)


def test_in_quiet_hours_only_what_was_there_before_and_security_light_up():
    han, now = actor_of(HAN), timezone.localtime()
    give(make_person(), HAN)
    tell("contacts.given")
    an_hour = dt.timedelta(hours=1)
    actions.choose_notices(
        by=han,
        wanted=[kind.key for kind in kinds],
        quiet_from=(now - an_hour).time(),
        quiet_to=(now + an_hour).time(),
    )
    assert unread_count(han) == 0
    assert len(texts(HAN)) == 1
    Notice.objects.update(kind="accounts.new_device")
    assert unread_count(han) == 1
    Notice.objects.update(kind="contacts.given", at=now - 2 * an_hour)
    assert unread_count(han) == 1


def test_half_of_quiet_hours_is_refused():
    with pytest.raises(Refusal):
        actions.choose_notices(by=actor_of(HAN), wanted=[], quiet_from=dt.time(22))


def test_somebody_elses_notice_is_nobodys():
    give(make_person(), HAN)
    tell("contacts.given")
    with pytest.raises(NotFound):
        notice_of(actor_of(REY), Notice.objects.get().pk)


def test_what_comes_while_somebody_marks_all_as_read_stays_new():
    give(make_person(), HAN)
    tell("contacts.given")
    seen = notices_page(actor_of(HAN))
    give(make_person(), HAN)
    tell("contacts.given")
    assert actions.mark_all_read(by=actor_of(HAN), until=seen.newest, entry=seen.entry) == 1
    assert unread_count(actor_of(HAN)) == 1


def test_a_notice_that_counts_on_while_somebody_marks_all_as_read_stays_new():
    padme, people = actor_of(PADME), [make_person(), make_person()]
    han = {"responsible": member(HAN).pk}
    change_fields(by=padme, contact_id=people[0].pk, fields=han)
    tell("contacts.given")
    client = signed_in_client(HAN)
    page = client.get("/notices/").content.decode()
    shown = {name: re.search(rf'name="{name}" value="(\d+)"', page)[1] for name in ("until", "entry")}
    change_fields(by=padme, contact_id=people[1].pk, fields=han)
    tell("contacts.given")
    client.post("/notices/readings/", shown)
    assert unread_count(actor_of(HAN)) == 1 and Notice.objects.get().count == 2
    assert client.post("/notices/readings/", {"until": "x", "entry": "9" * 30}).status_code == 302


def test_old_notices_are_forgotten():
    give(make_person(), HAN)
    give(make_person(), HAN)
    tell("contacts.given")
    Notice.objects.filter(pk=Notice.objects.first().pk).update(at=timezone.now() - dt.timedelta(days=61))
    assert forget_old_notices() == 1
    assert forget_old_notices() == 0


def test_the_page_the_drawer_the_bell_and_reading():
    person = make_person("Скайуокер Лука")
    give(person, HAN)
    tell("contacts.given")
    client, htmx = signed_in_client(HAN), {"HX-Request": "true"}
    assert "Notifications: 1 new" in client.get("/").content.decode()
    assert "You are responsible for these people now." in client.get("/notices/").content.decode()
    assert "All notifications" in client.get("/notices/", headers=htmx).content.decode()
    number = Notice.objects.get().pk
    answer = client.post(f"/notices/{number}/reading/", headers=htmx)
    assert answer.headers["HX-Redirect"] == f"/people/{person.pk}/"
    assert ">new<" not in client.get("/notices/").content.decode()
    assert "Notifications: " not in client.get("/notices/bell/").content.decode()


def test_choices_are_kept():
    client = signed_in_client(HAN)
    assert (
        client.post("/account/notices/", {"wanted": ["core.job_ended"], "quiet_from": "22:00"}).status_code
        == 422
    )
    answer = client.post(
        "/account/notices/", {"wanted": ["core.job_ended"], "quiet_from": "22:00", "quiet_to": "08:00"}
    )
    assert answer.status_code == 302
    assert wishes_of(actor_of(HAN)).quiet_to == dt.time(8)
    page = client.get("/account/notices/").content.decode()
    assert 'value="22:00"' in page


def test_the_list_asks_the_same_of_many_notices():
    def add(count):
        for n in range(count):
            give(make_person(f"Дроид {n}"), HAN)
        tell("contacts.given")

    assert_same_queries(signed_in_client(HAN), "/notices/", add)


def test_presence_names_colleagues_at_a_card_that_may_be_seen():
    person, padme = make_person(), signed_in_client(PADME)
    who = f"{member(HAN).pk}.editing,{member(REY).pk}.looking,{member(PADME).pk}.looking,999.looking,x.y"
    seen = padme.get("/presence/", {"contact": person.pk, "who": who}).content.decode()
    assert "Хан Соло is editing" in seen
    assert "Рей Скайуокер is looking" in seen
    assert "Падме" not in seen
    assert signed_in_client(REY).get("/presence/", {"contact": person.pk, "who": who}).status_code == 404


def test_a_user_who_was_switched_off_is_told_nothing():
    gone = make_user("Бывший")
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    kind = kinds.get("core.job_ended")
    publish(JobEnded(job_kind="x", state="failed", seconds=1), by=Actor(user_id=gone.pk))
    assert keep_tidings(kind, kind.read(published("core.job_ended"))) == 0

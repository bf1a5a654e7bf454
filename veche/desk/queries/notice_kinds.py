"""The first kinds of notices: a mention, people given to me, work of mine that ended, a sign-in from a new device.

Each has a reader, which finds in ledger entries whom to tell, and a teller, which says it in the reader's language. The
contract is in `veche/core/tidings.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from veche.accounts.events import SignedIn
from veche.accounts.models import SignIn
from veche.accounts.queries import browser_in_words, names_of
from veche.contacts.events import ColleagueMentioned, ContactAdded, ContactChanged
from veche.contacts.models import Contact
from veche.contacts.queries.scope import contacts_for
from veche.core.actor import Actor
from veche.core.background import title_of
from veche.core.events import JobEnded
from veche.core.ledger import Entry
from veche.core.models import Job
from veche.core.tidings import NoticeKind, Tiding, Words
from veche.ui.formats import count as in_digits

WORTH_TELLING = 5  # seconds: whoever waited less has seen the end himself


def mentioned(entries: list[Entry]) -> Iterator[Tiding]:
    """Whom a note refers to, unless he wrote it himself."""
    for entry in entries:
        if entry.data["colleague"] != entry.actor_id:
            yield Tiding(
                user_id=entry.data["colleague"],
                entry=entry.id,
                at=entry.at,
                by=entry.actor_id,
                contact_id=entry.contact_id,
                object_id=entry.object_id,
            )


def tell_mentioned(actor: Actor, notices: Collection[Any]) -> dict[int, Words]:
    people = contacts_for(actor).in_bulk({notice.contact_id for notice in notices} - {None})
    names = names_of(notice.by_id for notice in notices)
    told = {}
    for notice in notices:
        person, author = people.get(notice.contact_id), names.get(notice.by_id) or _("Somebody")
        if person is None:
            text = _("%(author)s mentioned you in a note on somebody whom you can no longer see.")
            told[notice.pk] = Words(text % {"author": author})
        else:
            text = _("%(author)s mentioned you in a note: %(person)s.")
            url = reverse("contacts:card", args=[person.pk])
            told[notice.pk] = Words(text % {"author": author, "person": person}, url=url)
    return told


def given(entries: list[Entry]) -> Iterator[Tiding]:
    """Whoever is responsible now for people whom somebody else gave; all of one request are one notice."""
    last = {
        entry.contact_id: entry
        for entry in entries
        if entry.contact_id
        and (entry.kind == ContactAdded.kind or "responsible" in entry.data.get("fields", ()))
    }
    people = Contact.objects.filter(pk__in=last, removed_at=None)
    for contact_id, user_id in people.exclude(responsible=None).values_list("pk", "responsible_id"):
        entry = last[contact_id]
        if user_id != entry.actor_id:
            yield Tiding(
                user_id=user_id,
                entry=entry.id,
                at=entry.at,
                group=str(entry.request_id),
                by=entry.actor_id,
                contact_id=contact_id,
            )


def tell_given(actor: Actor, notices: Collection[Any]) -> dict[int, Words]:
    alone = {notice.contact_id for notice in notices if notice.count == 1 and notice.contact_id}
    people = contacts_for(actor).in_bulk(alone)
    names = names_of(notice.by_id for notice in notices)
    mine = f"{reverse('contacts:people')}?responsible=me"
    told = {}
    for notice in notices:
        person = people.get(notice.contact_id) if notice.count == 1 else None
        giver = names.get(notice.by_id, "")
        if person is not None:
            url = reverse("contacts:card", args=[person.pk])
            if giver:
                text = _("%(giver)s gave you %(person)s.") % {"giver": giver, "person": person}
            else:
                text = _("%(person)s was given to you.") % {"person": person}
        else:
            url = mine
            text = _given_many(giver, notice.count)
        told[notice.pk] = Words(text, url=url)
    return told


def _given_many(giver: str, number: int) -> str:
    words = {"giver": giver, "shown": in_digits(number)}
    if giver:
        text = ngettext(
            "%(giver)s gave you %(shown)s person.", "%(giver)s gave you %(shown)s people.", number
        )
    else:
        text = ngettext("%(shown)s person was given to you.", "%(shown)s people were given to you.", number)
    return text % words


def ended_jobs(entries: list[Entry]) -> Iterator[Tiding]:
    """Whoever started work that failed, or that ended well after he could have looked away."""
    for entry in entries:
        state, seconds = entry.data["state"], entry.data["seconds"]
        if entry.actor_id is None or state == Job.State.CANCELLED:
            continue
        if state == Job.State.FAILED or seconds >= WORTH_TELLING:
            yield Tiding(user_id=entry.actor_id, entry=entry.id, at=entry.at, object_id=entry.object_id)


def tell_jobs(actor: Actor, notices: Collection[Any]) -> dict[int, Words]:
    jobs = Job.objects.filter(actor=actor.user_id).in_bulk({notice.object_id for notice in notices})
    told = {}
    for notice in notices:
        job = jobs.get(notice.object_id)
        if job is None:
            told[notice.pk] = Words(_("A background job has ended."))
            continue
        title = title_of(job)
        subject = "" if job.subject in title else job.subject
        if job.state == Job.State.FAILED:
            text = _("%(job)s: stopped by an error.") % {"job": title}
            told[notice.pk] = Words(text, subject, job.result_url, "stop", "alert-triangle")
        else:
            told[notice.pk] = Words(_("%(job)s: done.") % {"job": title}, subject, job.result_url, "ok")
    return told


def new_devices(entries: list[Entry]) -> Iterator[Tiding]:
    """Whoever signed in, if he never did with such a browser on such a system; the very first time is no news."""
    sign_ins = SignIn.objects.in_bulk({entry.data.get("sign_in") for entry in entries} - {None})
    for entry in entries:
        sign_in = sign_ins.get(entry.data.get("sign_in"))
        if sign_in is None:
            continue
        earlier = SignIn.objects.filter(user_id=entry.object_id, succeeded=True, at__lt=sign_in.at)
        agents = set(earlier.values_list("agent", flat=True).distinct())
        devices = {browser_in_words(agent) for agent in agents}
        if devices and browser_in_words(sign_in.agent) not in devices:
            yield Tiding(user_id=sign_in.user_id, entry=entry.id, at=entry.at, object_id=sign_in.pk)


def tell_devices(actor: Actor, notices: Collection[Any]) -> dict[int, Words]:
    found = SignIn.objects.filter(user_id=actor.user_id).in_bulk({notice.object_id for notice in notices})
    told = {}
    for notice in notices:
        sign_in = found.get(notice.object_id)
        device = browser_in_words(sign_in.agent) if sign_in else ""
        text = _("You signed in on a new device.")
        if device:
            text = _("You signed in on a new device: %(device)s.") % {"device": device}
        more = _("If it was not you, end the other sessions and change the password.")
        told[notice.pk] = Words(text, more, reverse("mfa_index"), "warn")
    return told


KINDS = (
    NoticeKind(
        key="contacts.mentioned",
        title=gettext_lazy("A colleague mentioned me in a note"),
        why=gettext_lazy("Your name stands in this note."),
        icon="at",
        order=10,
        events=frozenset({ColleagueMentioned.kind}),
        read=mentioned,
        tell=tell_mentioned,
        permission="contacts.view",
    ),
    NoticeKind(
        key="contacts.given",
        title=gettext_lazy("People were given to me"),
        why=gettext_lazy("You are responsible for these people now."),
        icon="user-share",
        order=20,
        events=frozenset({ContactAdded.kind, ContactChanged.kind}),
        read=given,
        tell=tell_given,
        permission="contacts.view",
    ),
    NoticeKind(
        key="core.job_ended",
        title=gettext_lazy("My import, export or other long work has ended"),
        why=gettext_lazy("You started this work."),
        icon="checks",
        order=30,
        events=frozenset({JobEnded.kind}),
        read=ended_jobs,
        tell=tell_jobs,
    ),
    NoticeKind(
        key="accounts.new_device",
        title=gettext_lazy("Somebody signed in with my name on a new device"),
        why=gettext_lazy("Security: this comes always, even in quiet hours."),
        icon="shield-lock",
        order=90,
        events=frozenset({SignedIn.kind}),
        read=new_devices,
        tell=tell_devices,
        urgent=True,
    ),
)

"""Work of the room that is longer than a click."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from veche.addresses.actions.territories_placing import count_houses_of_territories, count_streets_waiting
from veche.contacts.actions import (
    address_reading,
    counting,
    erasing,
    findings,
    giving,
    house_places,
    houses,
    inspecting,
    known_streets,
    mass_changes,
    street_slips,
    territory_following,
)
from veche.contacts.actions.own_index import build_index, give_up_index
from veche.contacts.inspecting import FINDINGS
from veche.contacts.models import House, MassChange, OwnField
from veche.contacts.queries.findings import fixable_ids
from veche.core import room
from veche.core.actor import JOB, Actor, actor_of_user
from veche.core.background import Cancelled, JobRun, job_kind
from veche.core.refusal import Refusal


@job_kind("contacts.own_index", label=_("Preparing a filter"))
def own_index(run: JobRun) -> None:
    """Build an own field's index. A second run finds it standing, or clears what the first one left half built."""
    field = OwnField.objects.filter(pk=run.job.object_id).first()
    if field is None:
        return
    try:
        build_index(field)
    except Exception:
        give_up_index(field)
        raise


def erase_long_removed() -> int:
    """Erase whoever was removed more than thirty days ago, portion by portion. A second run finds nobody left."""
    erased = 0
    while portion := erasing.erase_long_removed(by=Actor.system()):
        erased += portion
    return erased


def recount_everything() -> None:
    """Count all that is kept ready from the start, which heals whatever went wrong. A second run counts the same."""
    counting.recount_campaigns()
    counting.refresh_home(hurry=True)
    counting.learn_words()
    territory_following.note_everybody()
    street_slips.look_for_slips()
    known_streets.count_streets()
    houses.keep_all_houses()


def refresh_figures() -> None:
    """Count the home page's figures anew if they are stale. A second run finds them fresh."""
    counting.refresh_home()


def refresh_given_lists() -> None:
    """Look anew for the people of lists that grow; those of lists long ended go. A second run finds the same."""
    giving.refresh_growing_lists()
    giving.forget_ended_lists()


@job_kind("contacts.inspect_base", label=_("Looking through the base for mistakes"))
def inspect_base(run: JobRun) -> None:
    """Findings of the whole base, portion by portion; each replaces its own, so a second run finds the same."""
    after, done = run.cursor.get("after", 0), run.job.done
    while True:
        with transaction.atomic():
            portion = inspecting.inspect_after(after)
            if portion is None:
                break
            after, count = portion
            done += count
            run.checkpoint(done=done, cursor={"after": after})
    with transaction.atomic():
        inspecting.share_phones()
        inspecting.forget_nobodys()
        run.checkpoint(stage="counting")
    inspecting.recount(hurry=True, whole=True)
    run.result(reverse("contacts:quality"))


@job_kind(address_reading.JOB, label=_("Reading postal addresses"))
def read_addresses(run: JobRun) -> None:
    """Parts of all addresses that were not read by this parser, portion by portion; a second run finds those read."""
    begun_at = run.job.queued_at
    after, done = run.cursor.get("after", 0), run.job.done
    run.checkpoint(total=done + address_reading.count_unread_addresses())
    while True:
        with transaction.atomic():
            portion = address_reading.read_addresses_after(after)
            if portion is None:
                break
            after, count = portion
            done += count
            run.checkpoint(done=done, cursor={"after": after})
    street_slips.look_for_slips()
    known_streets.count_streets()
    houses.expect_all_houses()
    address_reading.note_addresses_read(begun_at)


@job_kind(territory_following.JOB, label=_("Laying out territories by houses"))
def follow_territories(run: JobRun) -> None:
    """People's territories after their addresses, street by street. A street that is done waits no more, so a second
    run goes on with the next."""
    territory_following.expand_streets()
    done = run.job.done
    while True:
        with transaction.atomic():
            waiting = count_streets_waiting()
            streets = territory_following.follow_portion()
            if not streets:
                break
            done += streets
            run.checkpoint(done=done, total=done + waiting - streets)
    count_houses_of_territories()
    run.result(reverse("addresses:territories"))


def follow_waiting_territories() -> None:
    """Lay out the streets that an import or a rule has left waiting. A second run finds it under way, or nothing."""
    territory_following.follow_waiting(by=Actor.system())


def read_waiting_addresses() -> None:
    """Begin to read addresses that an import has left, or all of them after an update of Veche. A second run finds it
    under way, or nothing left to read."""
    address_reading.start_reading_addresses(by=Actor.system())


def keep_waiting_houses(*, seconds: float = 45) -> None:
    """Count the houses where somebody came or went; all of them after an import, while no job is at work. A second run
    counts the same."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and houses.keep_pending_houses():
        pass
    if houses.are_all_expected() and not inspecting.is_anything_running():
        houses.keep_all_houses()


@job_kind(house_places.ONE, label=_("Looking for a house"), is_short=True)
def find_house(run: JobRun) -> None:
    """Ask the geocoder for one house. A second run asks again and keeps the same."""
    house = House.objects.filter(pk=run.job.object_id).first()
    if house is not None:
        run.result(reverse("contacts:house", args=[house.pk]))
        house_places.settle_place(by=run.actor, house_id=house.pk, spot=house_places.look_for(house))


@job_kind(house_places.MANY, label=_("Looking where houses stand"))
def find_houses(run: JobRun) -> None:
    """Ask the geocoder for all houses without a place, one by one; what was answered is kept at once, so a second run
    goes on with the next."""
    done = run.job.done
    run.result(reverse("contacts:houses"))
    while portion := house_places.next_placeless():
        for house in filter(None, (house_places.placeless().filter(pk=key).first() for key in portion)):
            spot = house_places.look_for(house)
            with transaction.atomic():
                house_places.settle_place(by=run.actor, house_id=house.pk, spot=spot)
                done += 1
                run.checkpoint(done=done, total=max(done, run.job.total or 0))


def inspect_whole_base() -> None:
    """Begin a look through the whole base, unless one is under way: what is found depends on the day, too."""
    inspecting.start_whole_inspection(by=Actor.system())


def inspect_waiting(*, seconds: float = 45) -> None:
    """Look at those whom imports and bulk changes have touched, while no job is at work; what is left waits on.

    A portion stops waiting with the commit of its findings, so nobody is lost when this is killed.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until and not inspecting.is_anything_running():
        if not inspecting.inspect_pending():
            break
    inspecting.recount_if_stale()


@job_kind(mass_changes.RUN, label=_("Many people: %(subject)s"))
def mass_change(run: JobRun) -> None:
    """Change the people of a bulk change portion by portion. A portion that is done is there no more, so a second run
    goes on with the next one."""
    mass = _mass_change(run, MassChange.State.RUNNING)
    if mass is None:
        return
    with _told(run, mass, mass_changes.finish_mass_change):
        done, portion = run.job.done, -1
        while portion:
            with transaction.atomic():
                portion = mass_changes.change_portion(by=_doer(run), mass=mass)
                done += portion
                run.checkpoint(done=done, total=mass.people)
        mass_changes.finish_mass_change(by=_doer(run), mass=mass)
    mass_changes.settle(mass)


@job_kind(mass_changes.UNDO, label=_("Undo: %(subject)s"))
def mass_undo(run: JobRun) -> None:
    """Put people back portion by portion. Whoever is back, or was kept, is marked, so a second run passes them over."""
    mass = _mass_change(run, MassChange.State.UNDOING)
    if mass is None:
        return
    with _told(run, mass, mass_changes.finish_mass_undo):
        after, done, portion = run.cursor.get("contact", 0), run.job.done, -1
        while portion:
            with transaction.atomic():
                after, portion = mass_changes.undo_portion(by=_doer(run), mass=mass, after=after)
                done += portion
                run.checkpoint(done=done, cursor={"contact": after})
        mass_changes.finish_mass_undo(by=_doer(run), mass=mass)
    mass_changes.settle(mass)


def forget_mass_changes() -> int:
    """What was before of changes that can no longer be undone goes. A second run finds none."""
    forgotten = 0
    while portion := mass_changes.forget_portion(by=Actor.system()):
        forgotten += portion
    return forgotten


def _mass_change(run: JobRun, state: str) -> MassChange | None:
    """The change of this job, if it still waits for it; the tray leads to its page."""
    mass = MassChange.objects.filter(pk=run.job.object_id, state=state, job_id=run.job.pk).first()
    if mass is not None:
        run.result(reverse("contacts:mass_change", args=[mass.pk]))
    return mass


def _doer(run: JobRun) -> Actor:
    """Who started the job, with the rights that they have now: asked anew for each portion."""
    return actor_of_user(run.job.actor, via=JOB, request_id=run.job.request_id)


@contextmanager
def _told(run: JobRun, mass: MassChange, end: Callable[..., MassChange]) -> Iterator[None]:
    """Whatever ends the job is also told to the change, by the machine: who began it may have lost the right to."""
    try:
        yield
    except Cancelled:
        end(by=Actor.system(), mass=mass, state=MassChange.State.CANCELLED)
        raise
    except Refusal as refusal:
        end(by=Actor.system(), mass=mass, state=MassChange.State.FAILED, error=str(refusal))
        raise
    except Exception as error:
        if not room.is_full(error):  # else the job waits, and so does the change
            end(by=Actor.system(), mass=mass, state=MassChange.State.FAILED, error=type(error).__name__)
        raise


@job_kind("contacts.fix_findings", label=_("Preparing to put right"))
def fix_findings(run: JobRun) -> None:
    """Make the sure fixes of one finding and begin the change of many people that applies them.

    A second run finds fixed what the first one did, or begins a change that finds it done.
    """
    kind = FINDINGS[run.job.arguments["finding"]]
    ids = fixable_ids(run.actor, kind, upto=run.job.arguments.get("upto"))
    run.checkpoint(done=0, total=len(ids))
    if ids:
        mass = findings.fix_contacts(by=run.actor, kind=kind, contact_ids=ids)
        run.result(reverse("contacts:mass_change", args=[mass.pk]))
    run.checkpoint(done=len(ids))

"""`veche demo`: fictional people for everybody who wants to look before loading their own."""

from __future__ import annotations

import csv
import itertools
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import click
from django.utils import translation
from django.utils.translation import gettext as _

from veche.accounts.actions import ensure_first_administrator
from veche.accounts.queries import first_administrator
from veche.contacts.actions.counting import learn_words, recount_campaigns, refresh_home
from veche.contacts.actions.inventing import MadeUp, add_made_up
from veche.core.actor import SHELL, Actor, actor_of_user
from veche.core.background import see_through
from veche.core.models import Job
from veche.core.refusal import Refusal
from veche.desk.fiction import World, houses, made_up, people, tables, today
from veche.desk.fiction.founding import found, give_lists
from veche.exchange import actions
from veche.exchange.models import Import

PORTION = 5_000  # people written in one transaction
SHEET = 400  # rows of the spreadsheet that is imported besides
HEADER = ("ФИО", "Дата рождения", "Телефон", "E-mail", "Адрес", "Откуда", "Метки", "Комментарий")
FAULTS = {
    17: "8 904 12",
    44: "нет",
    71: "89040002740, 8495200001 доб. 5",
    118: "+7 (999) 123",
}  # row → its phone


@click.command("demo")
@click.option(
    "--contacts",
    default=50_000,
    show_default=True,
    type=click.IntRange(1, 2_000_000),
    help="How many people.",
)
@click.option("--seed", default=1977, show_default=True, help="The same number gives the same people.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON at the end.")
def demo(contacts: int, seed: int, as_json: bool) -> None:
    """Fill the base with fictional people and two years of their history."""
    began = time.monotonic()
    actor = _administrator()
    labels = (
        _("Inventing people"),
        _("Looking for mistakes"),
    )  # in the shell's language; what is made is in the actor's
    try:
        with translation.override(actor.language), tempfile.TemporaryDirectory() as folder:
            world = found(actor)
            created = _invent(actor, world, contacts, seed, labels[0])
            since = today.mark()
            _import_a_sheet(actor, Path(folder) / _("Signatures of a galaxy far away.csv"), seed)
            _count()
            houses.describe_houses(actor, _done)
            today.colleagues_turn_to(first_administrator())
            today.colleagues_change_many(world, _done)
            today.take_lists_out(actor, world, _done)
            with _bar(contacts, labels[1]) as bar:
                today.look_for_mistakes(actor, lambda job_id: _done(job_id, bar))
            today.tell_of(since)
    except Refusal as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(2)
    seconds = round(time.monotonic() - began, 1)
    if as_json:
        click.echo(json.dumps({"created": created, "seconds": seconds}))
        return
    click.echo(_("People created: %(created)d, in %(seconds)s s.") % {"created": created, "seconds": seconds})
    click.echo(_("Look as one of the colleagues: Users, a name, Access."))


def _administrator() -> Actor:
    """Somebody for whom there is something to see: `veche run` would make the first administrator the same way."""
    ensure_first_administrator(by=Actor.system())
    return actor_of_user(first_administrator().pk, via=SHELL)


def _bar(length: int, label: str) -> Any:
    return click.progressbar(length=length, file=sys.stderr, label=label)


def _invent(by: Actor, world: World, contacts: int, seed: int, label: str) -> int:
    """The people in portions; a portion that is there already is passed over."""
    created = 0
    with _bar(contacts, label) as bar:
        for portion in _portions(made_up(world, contacts, seed=seed)):
            created += add_made_up(by=by, people=portion)
            bar.update(len(portion))
    give_lists(world)
    return created


def _portions(source: Iterator[MadeUp]) -> Iterator[list[MadeUp]]:
    """Each is thought up while the database still writes down the one before; never more than two are in memory."""

    def think_up() -> list[MadeUp]:
        return list(itertools.islice(source, PORTION))

    with ThreadPoolExecutor(1, "fiction") as beside:
        coming = beside.submit(think_up)
        while portion := coming.result():
            coming = beside.submit(think_up)
            yield portion


def _done(job_id: int, bar: Any = None) -> Job:
    """Do a job to its end here, with a bar that shows it."""

    def tell(job: Job) -> None:
        if bar is not None:
            bar.update(job.done - bar.pos)

    job = see_through(job_id, tell)
    if job.state != Job.State.DONE:
        raise Refusal("demo.stopped", job.error or _("The work was stopped."))
    return job


def _count() -> None:
    """What pages keep ready is counted in sets; listeners to the ledger hear of it all when the worker next works."""
    recount_campaigns()
    refresh_home(hurry=True)
    learn_words()


def _import_a_sheet(by: Actor, path: Path, seed: int) -> None:
    """One spreadsheet with faults goes the whole way, another waits for somebody's decisions."""
    if Import.objects.exists():
        return
    for number, loads in enumerate((True, False)):
        _write(path, seed + 1 + number)
        with path.open("rb") as file:
            imported = actions.upload_file(by=by, file=file, name=path.name)
        for start in (actions.start_check, actions.start_load)[: 1 + loads]:
            imported = start(by=by, imported=imported)
            _done(imported.job_id or 0)
            imported.refresh_from_db()


def _write(path: Path, seed: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        for person in people(SHEET, seed=seed, start=5_000_000):
            year, month, day = person.birthday
            phone = FAULTS.get(person.number % SHEET) or "".join(person.phones[:1])
            writer.writerow(
                [
                    " ".join(filter(None, (person.surname, person.given_name, person.patronymic))),
                    f"{day:02d}.{month:02d}.{year}" if year and month and day else str(year or ""),
                    phone,
                    *(person.emails or [""]),
                    person.address,
                    person.source[1],
                    ", ".join(tables.TAGS[place][0] for place in person.tags),
                    " ".join(person.notes),
                ]
            )

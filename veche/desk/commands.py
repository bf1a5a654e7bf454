"""`veche demo`: fictional people for everybody who wants to look before loading their own."""

from __future__ import annotations

import csv
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import click
from django.utils import translation
from django.utils.translation import gettext as _

from veche.accounts.queries import first_administrator
from veche.campaigns.actions import add_campaign
from veche.campaigns.models import Campaign
from veche.core import delivery
from veche.core.actor import SHELL, Actor, actor_of_user
from veche.core.background import see_through
from veche.core.models import Job
from veche.core.refusal import Refusal
from veche.desk.fiction import FictionalPerson, people, tables
from veche.exchange import actions
from veche.exchange.models import Import
from veche.exchange.queries import result

HEADER = (
    "ID", "Фамилия", "Имя", "Отчество", "Организация", "Дата рождения", "Пол", "Телефон", "Дополнительный телефон",
    "E-mail", "Telegram", "Адрес", "Откуда", "Кампания", "Метки", "Роль", "Комментарий",
)  # fmt: skip
ROLES = {
    "supporter": "Сторонник", "donor": "Донор", "volunteer": "Волонтёр", "house_elder": "Старший по дому",
    "journalist": "Журналист",
}  # fmt: skip


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
    """Fill the base with fictional people, through an import that can be undone."""
    began = time.monotonic()
    actor = _administrator()
    try:
        with translation.override(actor.language), tempfile.TemporaryDirectory() as folder:
            _make_campaigns(actor)
            path = Path(folder) / _("Fictional people of a galaxy far away.csv")
            _write(path, people(contacts, seed=seed))
            numbers = result(_load(actor, path))
        delivery.deliver_all()
    except Refusal as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(2)
    seconds = round(time.monotonic() - began, 1)
    if as_json:
        click.echo(json.dumps({"created": numbers.created if numbers else 0, "seconds": seconds}))
    elif numbers:
        done = {"created": numbers.created, "seconds": seconds}
        click.echo(_("People created: %(created)d, in %(seconds)s s.") % done)


def _administrator() -> Actor:
    user = first_administrator()
    return actor_of_user(user.pk, via=SHELL) if user else Actor.system()


def _make_campaigns(by: Actor) -> None:
    there = set(Campaign.objects.values_list("name", flat=True))
    for name, kind, colour, _share in tables.CAMPAIGNS:
        if name not in there:
            add_campaign(by=by, name=name, kind=kind, colour=colour)


def _write(path: Path, invented: Iterator[FictionalPerson]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        writer.writerows(map(_row, invented))


def _row(person: FictionalPerson) -> list[str]:
    year, month, day = person.birthday
    birthday = f"{day:02d}.{month:02d}.{year}" if year and month and day else str(year or "")
    phones = [*person.phones, "", ""]
    return [
        f"G{person.number + 1}",
        person.surname,
        "" if person.is_organisation else person.given_name,
        person.patronymic,
        person.given_name if person.is_organisation else "",
        birthday,
        {"m": "м", "f": "ж"}.get(person.gender, ""),
        phones[0],
        phones[1],
        *(person.emails or [""]),
        person.telegram,
        person.address,
        person.source[1],
        ", ".join(tables.CAMPAIGNS[place][0] for place in person.campaigns),
        ", ".join(tables.TAGS[place][0] for place in person.tags),
        ", ".join(ROLES[code] for code in person.roles),
        " ".join(person.notes),
    ]


def _load(actor: Actor, path: Path) -> Import:
    with path.open("rb") as file:
        imported = actions.upload_file(by=actor, file=file, name=path.name)
    imported = actions.choose_rules(
        by=actor, imported=imported, policy=Import.Policy.SKIP, match_by=["external_id"]
    )
    for start in (actions.start_check, actions.start_load):
        imported = start(by=actor, imported=imported)
        with click.progressbar(length=100, file=sys.stderr, label=_("Inventing people")) as bar:
            job = see_through(
                imported.job_id or 0, lambda job, bar=bar: bar.update((job.percent or 0) - bar.pos)
            )
        if job.state != Job.State.DONE:
            raise Refusal("demo.stopped", job.error or _("The import was stopped."))
        imported.refresh_from_db()
    return imported

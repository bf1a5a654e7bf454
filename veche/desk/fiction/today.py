"""What happens in the made-up headquarters on the day somebody looks at it: so that no screen is empty."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection, transaction
from django.utils.translation import gettext as _

from veche.accounts.models import User
from veche.contacts.actions.contacts import change_fields
from veche.contacts.actions.inspecting import start_whole_inspection
from veche.contacts.actions.mass_changes import start_mass_change, start_mass_undo
from veche.contacts.actions.notes import add_note
from veche.contacts.models import Contact, MassChange
from veche.core.actor import SHELL, Actor, actor_of_user
from veche.core.ledger import COLUMNS, entries
from veche.core.models import Job
from veche.core.tidings import kinds
from veche.desk.actions.notices import keep_tidings
from veche.desk.fiction import tables
from veche.desk.fiction.founding import MAIL
from veche.desk.fiction.past import World
from veche.desk.models import Notice
from veche.exchange.actions import exports
from veche.exchange.models import Export

GIVEN = 3  # people whom a colleague gives to the one who looks
Wait = Callable[[int], Job]


def mark() -> int:
    """The newest entry of the ledger."""
    with connection.cursor() as sql:
        sql.execute("SELECT coalesce(max(id), 0) FROM core_ledger")
        return sql.fetchone()[0]


def colleagues_turn_to(user: User | None) -> None:
    """A coordinator gives people to `user` and mentions them in a note, unless anybody ever told them anything."""
    if user is None or Notice.objects.filter(user=user).exists():
        return
    padme = actor_of_user(User.objects.get(email=f"padme@{MAIL}").pk, via=SHELL)
    people = list(Contact.objects.filter(responsible=None, kind="person").order_by("-pk")[: GIVEN + 1])
    for person in people[:GIVEN]:
        change_fields(by=padme, contact_id=person.pk, fields={"responsible": user.pk})
    for person in people[GIVEN:]:
        text = _("@%(name)s, she asks for you: call her back tomorrow.") % {"name": user.name or user.email}
        add_note(by=padme, contact_id=person.pk, text=text)


def colleagues_change_many(world: World, wait: Wait) -> None:
    """One coordinator invites the artists to a campaign, another gives them away and thinks better of it, unless
    anybody has ever changed many at once."""
    if MassChange.objects.exists():
        return
    artists = f"tag={world.tags[tables.ARTIST]}"
    padme, bail = (
        actor_of_user(User.objects.get(email=f"{word}@{MAIL}").pk, via=SHELL) for word in ("padme", "bail")
    )
    invited = start_mass_change(by=padme, kind="campaign_put", value=world.campaigns[1], asked=artists)
    given = start_mass_change(by=bail, kind="responsible", value=world.colleagues[2], asked=artists)
    for mass in (invited, given):
        if mass.job_id:
            wait(mass.job_id)
    undone = start_mass_undo(by=bail, mass_id=given.pk)
    if undone.state == MassChange.State.UNDOING and undone.job_id:
        wait(undone.job_id)


def take_lists_out(by: Actor, world: World, wait: Wait) -> None:
    """Two lists leave as files, unless any ever did."""
    if by.user_id is None or Export.objects.exists():
        return
    volunteers, donors = world.campaigns[-1], world.campaigns[2]
    for campaign, form, columns in (
        (volunteers, "xlsx", ["surname", "given_name", "phone", "tag"]),
        (donors, "csv", ["surname", "given_name", "email"]),
    ):
        order = exports.order_export(by=by, view={"campaign": str(campaign)}, columns=columns, form=form)
        wait(order.job_id or 0)


def look_for_mistakes(by: Actor, wait: Wait) -> None:
    """The whole base is looked through, as it is by night."""
    wait(start_whole_inspection(by=by).pk)


def tell_of(since: int) -> None:
    """Who is to be told of what happened after this entry is told now; nobody is told twice when it is read later."""
    with transaction.atomic(), connection.cursor() as sql:
        for kind in kinds:
            sql.execute(
                f"SELECT {COLUMNS} FROM core_ledger WHERE id > %s AND kind = ANY(%s) ORDER BY id",
                [since, sorted(kind.events)],
            )
            keep_tidings(kind, kind.read(entries(sql.fetchall())))

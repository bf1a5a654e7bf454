"""What is known of exports, and what an order asks for. A file is its maker's, and theirs who look after all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from veche.contacts.queries.own import own_fields
from veche.contacts.queries.people import Question, found
from veche.contacts.queries.people_filters import Filter, query_of
from veche.contacts.queries.people_found import codes_of  # noqa: F401  exports say it by this door
from veche.core.actor import Actor
from veche.core.models import Job
from veche.core.refusal import NotFound, Refusal
from veche.exchange.exporting.catalogue import Fact, facts
from veche.exchange.models import Export

KEPT_DAYS = 7  # a file; its line in the log stays
ANYBODYS = "accounts.manage"
SPLITS = ("rows", "campaign", "responsible")
FEWEST_ROWS, MOST_PARTS = 100, 1000
MOST_COUNTED = 100_000  # people; of so many those with an address are counted one by one

_CSS = {Export.State.READY: "ok", Export.State.FAILED: "stop", Export.State.MAKING: "acc"}


def exports_for(actor: Actor) -> QuerySet[Export]:
    """The exports that `actor` may see and fetch, the newest first."""
    if not actor.may("exchange.export"):
        return Export.objects.none()
    mine = Export.objects.all() if actor.may(ANYBODYS) else Export.objects.filter(made_by=actor.user_id)
    return mine.select_related("made_by").order_by("-made_at", "-id")


def get_export(actor: Actor, key: UUID) -> Export:
    """One export by its key, else `NotFound`."""
    export = exports_for(actor).filter(key=key).first()
    if export is None:
        raise NotFound
    return export


def job_of(export: Export) -> Job | None:
    return Job.objects.filter(pk=export.job_id).first() if export.job_id else None


@dataclass(frozen=True)
class Line:
    """An export, its job while it runs, and the colour of its state."""

    export: Export
    job: Job | None
    css: str
    ending: str


def lines(exports: Iterable[Export]) -> list[Line]:
    """One line per export, in the same order; one query for all jobs that run."""
    found = list(exports)
    jobs = Job.objects.in_bulk([each.job_id for each in found if each.is_busy and each.job_id])
    return [
        Line(
            export=each,
            job=jobs.get(each.job_id) if each.job_id else None,
            css=_CSS.get(Export.State(each.state), ""),
            ending=_ending(each),
        )
        for each in found
    ]


def _ending(export: Export) -> str:
    if export.state == Export.State.PRINTED:
        return _("Paper")
    return "ZIP" if export.options.get("split") else export.form.upper()


def file_path(export: Export) -> Path:
    """Where the file lies while the export is ready."""
    return Path(default_storage.path(export.file))


def file_name(export: Export) -> str:
    """What a browser saves the file as."""
    what = _("Letters") if export.is_letters else _("Houses") if export.is_houses else _("People")
    return f"{what} {export.made_at:%Y-%m-%d}{Path(export.file).suffix}"


def view_of(query: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a list's address that says whom it shows and in which order."""
    return query_of(query)


def question_of(actor: Actor, view: Mapping[str, Any]) -> Question:
    """What the view asks of the base; `Refusal` for a filter that asks for what isn't here, or waits for its index."""
    asked = found(actor, view)
    for each in asked.filters:
        if each.waits_for:
            words = _("The filter “%(name)s” is not prepared yet: open the list with it first.")
            raise Refusal("export.filter_waits", words % {"name": each.label})
        if each.unknown:
            words = _("The filter “%(name)s” asks for something that is not here.")
            raise Refusal("export.filter_unknown", words % {"name": each.label})
    return asked.question


def words_of(filters: list[Filter]) -> str:
    """The filters for people; empty for the whole base."""
    return "; ".join(f"{each.label}: {each.words}" for each in filters)


def titles(say: Callable[[], str], most: int = 1000) -> dict[str, str]:
    """What `say` says in each language that we speak: a title is kept as the filter was called when it was asked."""
    said = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said[language] = say()[:most]
    return said


def titles_of(actor: Actor, view: Mapping[str, Any]) -> dict[str, str]:
    """The title of an export of people in each language."""
    return titles(lambda: words_of(found(actor, view).filters))


def how_many(actor: Actor, view: Mapping[str, Any]) -> tuple[int, bool]:
    """(people behind the view, whether that is an estimate), as the list itself says it."""
    return found(actor, view).count()


@dataclass(frozen=True)
class Choice:
    """A fact with whether it is chosen."""

    fact: Fact
    chosen: bool


def choices(actor: Actor, asked: Iterable[str] = ()) -> list[Choice]:
    """Every fact, the chosen ones first in their order: `asked`, else those of the last export, else the usual ones."""
    offered = facts(own_fields())
    last = None if asked else remembered(actor)
    keys = [key for key in (last.columns if last else asked) if key in offered]
    keys = keys or [key for key, fact in offered.items() if fact.usual]
    chosen = [Choice(offered[key], True) for key in keys]
    return chosen + [Choice(fact, False) for key, fact in offered.items() if key not in keys]


def remembered(actor: Actor) -> Export | None:
    """The actor's last order: its columns and options are offered again."""
    if actor.user_id is None:
        return None
    orders = Export.objects.filter(made_by=actor.user_id).exclude(state=Export.State.PRINTED)
    return orders.exclude(options__has_any_keys=["letters", "houses"]).order_by("-made_at", "-id").first()


def remembered_letters(actor: Actor) -> dict[str, Any] | None:
    """What the actor's last letters were asked to be; their sender is offered again."""
    mine = Export.objects.filter(made_by=actor.user_id, options__has_key="letters")
    last = mine.order_by("-made_at", "-id").first() if actor.user_id else None
    return last.options["letters"] if last else None


def with_address(actor: Actor, view: Mapping[str, Any], people: tuple[int, bool]) -> tuple[int, bool] | None:
    """(people of the view who have an address, whether that is an estimate), never more than the `people` of the view
    as `how_many` told them; None where one cannot be told simply."""
    if view.get("match") == "any" or "address.is" in view:
        return None
    asked = found(actor, {**view, "address.is": "filled"})
    addressed, estimated = asked.count()
    if estimated and not people[1] and people[0] <= MOST_COUNTED:
        addressed, estimated = asked.exact_count(), False
    return min(addressed, people[0]), estimated or (people[1] and addressed > people[0])


def checked_columns(columns: list[str]) -> list[str]:
    """The columns, each once; `Refusal` when there are none or one is unknown."""
    offered: dict[str, Any] = facts(own_fields())
    chosen = list(dict.fromkeys(columns))
    if unknown := [key for key in chosen if key not in offered]:
        words = _("There is no column called “%(name)s”. There are: %(names)s.")
        names = {"name": unknown[0][:60], "names": ", ".join(offered)}
        raise Refusal("export.no_such_column", words % names)
    if not chosen:
        raise Refusal("export.no_columns", _("Choose at least one column."))
    return chosen

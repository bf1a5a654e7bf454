"""Letters as an export: labels, envelopes and the list for the post. The right, the log, the job and the end of the
file are those of every export."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from veche.core.action import action
from veche.core.actor import Actor
from veche.core.background import start_job
from veche.core.ledger import publish
from veche.core.refusal import Refusal
from veche.exchange.actions.exports import MAKE
from veche.exchange.actions.letter_font import make_font
from veche.exchange.events import ExportOrdered
from veche.exchange.letters import postlist
from veche.exchange.letters.addressing import Recipient
from veche.exchange.letters.drawing import Sender, draw_envelopes, draw_labels
from veche.exchange.letters.reading import recipients
from veche.exchange.letters.sheets import ENVELOPES, LABELS
from veche.exchange.models import Export
from veche.exchange.queries import orders
from veche.exchange.writing import Sheet, write_text, write_workbook

LABEL, ENVELOPE, POST = "labels", "envelopes", "post"
MOST = 20_000  # letters of one file; a pack of paper has 500 sheets
MOST_SORTED = 100_000  # letters that are held at once, to be brought into the order of postcodes
COLUMNS = ("name", "address")
SAMPLE = (
    Recipient(
        "Ивановой Марии Петровне", "Иванова Мария Петровна",
        ("ул. Малышева, д. 31, корп. 2, кв. 45", "г. Екатеринбург", "Свердловская область"), "620014", True,
    ),
    Recipient(
        "Константинопольскому Александру Владимировичу", "Константинопольский Александр Владимирович",
        ("ул. Героев Советского Союза, д. 128А, корп. 3, кв. 1045", "п. Верхнее Дуброво", "Белоярский район",
         "Свердловская область"), "624053", True,
    ),
)  # fmt: skip


@action("exchange.export")
def order_letters(*, by: Actor, view: Mapping[str, Any], form: str, letters: Mapping[str, Any]) -> Export:
    """Order letters to the people of a list; a job makes the file. `letters` is what `LettersForm` cleaned.

    `Refusal` for more than `MOST` people, or than `MOST_SORTED` in the order of postcodes.
    """
    view = orders.view_of(view)
    question = orders.question_of(by, view)
    people, _estimated = orders.how_many(by, view)
    _insist_fit(people, letters)
    if (form == Export.Form.PDF) == (letters["what"] == POST):
        raise Refusal("export.format", _("Choose what to print on, or a list for the post."))
    columns = [*COLUMNS, "phone"] if letters["what"] == POST else list(COLUMNS)
    export = Export.objects.create(
        made_by_id=by.user_id, view=view, words=orders.words_of(question.filters)[:1000], columns=columns, form=form,
        options={"delimiter": ";", "letters": dict(letters)}, language=by.language,
        titles=orders.titles_of(by, view),
    )  # fmt: skip
    filters = orders.codes_of(question.filters)
    publish(ExportOrdered(object_id=export.pk, form=form, filters=filters, columns=tuple(columns)), by=by)
    job = start_job(MAKE, by=by, subject=export.words or _("everybody"), export=export.pk)
    Export.objects.filter(pk=export.pk).update(job_id=job.pk)
    export.job_id = job.pk
    return export


def _insist_fit(people: int, letters: Mapping[str, Any]) -> None:
    if people > MOST and letters["what"] != POST:
        words = _("Letters to so many people do not fit one file: narrow the list to %(most)d people.")
        raise Refusal("export.too_many_letters", words % {"most": MOST})
    if people > MOST_SORTED and letters["by_postcode"]:
        words = _(
            "So many letters cannot be sorted: leave the order of postcodes out, or narrow the list to %(most)d."
        )
        raise Refusal("export.too_many_sorted", words % {"most": MOST_SORTED})


def write(path: Path, *, by: Actor, export: Export, upto: int, tell: Callable[[int], None]) -> int:
    """Write the file of an order for the people gathered; returns how many letters. May run twice.

    When it was ordered, how many people they are may have been an estimate: too many are refused here, not left out.
    """
    asked = export.options["letters"]
    _insist_fit(upto, asked)
    found = recipients(
        by, upto, only_sure=asked["only_sure"], one_for_flat=asked["one_for_flat"],
        one_for_home=asked.get("one_for_home", False), tell=tell,
    )  # fmt: skip
    if asked["by_postcode"]:
        found = iter(sorted(found, key=lambda letter: (not letter.postcode, letter.postcode)))
    return draw(path, asked, found)


def draw(path: Path, asked: Mapping[str, Any], found: Any) -> int:
    """Letters as they were asked for, to `path`."""
    if asked["what"] == POST:
        rows = postlist.rows(
            found, kind=asked["mail"], grams=asked["grams"], postcode_from=asked["sender_postcode"]
        )
        sheet = Sheet(_("Letters"), postlist.COLUMNS, rows)
        if path.suffix == ".csv":
            return write_text(path, sheet.columns, sheet.rows)
        return write_workbook(path, [sheet])
    font = make_font(path.parent)
    try:
        if asked["what"] == LABEL:
            return draw_labels(path, font, LABELS[asked["sheet"]], found, first=asked["first"])
        sender = Sender(asked["sender"], asked["sender_address"], asked["sender_postcode"])
        return draw_envelopes(path, font, ENVELOPES[asked["envelope"]], found, sender, stamp=asked["stamp"])
    finally:
        font.unlink()

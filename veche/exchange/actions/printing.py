"""The log of exports has what left on paper, too."""

from __future__ import annotations

from collections.abc import Mapping

from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.exchange.models import Export
from veche.exchange.queries import orders


@action("exchange.export")
def log_printing(*, by: Actor, view: Mapping[str, str], words: str, people: int, columns: list[str]) -> None:
    """Contacts has opened a page to print; the ledger has its event."""
    Export.objects.create(
        made_by_id=by.user_id, state=Export.State.PRINTED, form="", view=dict(view),
        words=words[:1000], columns=columns, people=people, language=by.language, titles=_titles(by, view, words),
    )  # fmt: skip
    unchanged()


def _titles(by: Actor, view: Mapping[str, str], words: str) -> dict[str, str]:
    """The title in each language, where the words are those of the list's filters."""
    said = orders.titles_of(by, view)
    return said if words in said.values() else {}

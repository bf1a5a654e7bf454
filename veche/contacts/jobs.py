"""Work of the room that is longer than a click."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from veche.contacts.actions import counting, erasing
from veche.contacts.actions.own_index import build_index, give_up_index
from veche.contacts.models import OwnField
from veche.core.actor import Actor
from veche.core.background import JobRun, job_kind


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


def refresh_figures() -> None:
    """Count the home page's figures anew if they are stale. A second run finds them fresh."""
    counting.refresh_home()

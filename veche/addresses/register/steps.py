"""In which order deltas come. Releases are made on Tuesdays and Fridays, and a delta holds what one step has changed.

The archive doesn't say what it follows, so the calendar does; where a release was left out, a person says it.
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from veche.core.refusal import Refusal

RELEASE_DAYS = (1, 4)  # Tuesday, Friday


def releases_between(before: dt.date, after: dt.date) -> list[dt.date]:
    """The days of release after `before` and before `after`."""
    days = (before + dt.timedelta(days=n) for n in range(1, (after - before).days))
    return [day for day in days if day.weekday() in RELEASE_DAYS]


def insist_next(stands_at: dt.date, delta: dt.date, follows: dt.date | None, *, region: str) -> None:
    """Raise `Refusal` unless the delta is the one step after the release that a region stands at."""
    said = {"region": region, "at": f"{stands_at:%d.%m.%Y}", "delta": f"{delta:%d.%m.%Y}"}
    if delta <= stands_at:
        raise Refusal(
            "register.old_delta",
            _("%(region)s stands at the release of %(at)s already, and this delta is of %(delta)s.") % said,
        )
    if follows is not None:
        if follows != stands_at:
            said["follows"] = f"{follows:%d.%m.%Y}"
            raise Refusal(
                "register.delta_out_of_step",
                _(
                    "%(region)s stands at the release of %(at)s, and this delta of %(delta)s follows that of"
                    " %(follows)s: load the deltas between them first, or a whole archive."
                )
                % said,
            )
        return
    if missing := releases_between(stands_at, delta):
        said["missing"] = ", ".join(f"{day:%d.%m.%Y}" for day in missing[:5]) + (
            "…" if len(missing) > 5 else ""
        )
        said["option"] = f"--follows {stands_at:%Y-%m-%d}"
        raise Refusal(
            "register.delta_out_of_step",
            _(
                "%(region)s stands at the release of %(at)s, this delta is of %(delta)s, and between them lies"
                " %(missing)s: load its delta first, or a whole archive. If there was no release then, add %(option)s."
            )
            % said,
        )

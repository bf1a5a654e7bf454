"""Expected failures: one exception, shown by one middleware as a page, a fragment or JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """We will not do this, and here is a whole sentence that says why and what to do instead.

    `code` is stable and in English (``"import.password_protected"``), `message` is in the reader's language,
    `fields` gives sentences per form field, `status` is the HTTP status that fits (422 by default).
    """

    def __init__(
        self, code: str, message: Any, *, fields: Mapping[str, Any] | None = None, status: int = 422
    ):
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.fields = dict(fields or {})
        self.status = status

    def __str__(self) -> str:
        return str(self.message)


class NotFound(Refusal):
    """It does not exist, or this viewer may not know that it does."""

    def __init__(self, message: Any = ""):
        from django.utils.translation import gettext as _

        super().__init__(
            "not_found", message or _("There is nothing here, or it is not yours to see."), status=404
        )


class Stale(Refusal):
    """Somebody changed it meanwhile: the reader must look at the present state first."""

    def __init__(self, message: Any = "", *, fields: Mapping[str, Any] | None = None):
        from django.utils.translation import gettext as _

        super().__init__(
            "stale",
            message
            or _("Somebody changed this while you were looking at it. Look at the new state and try again."),
            fields=fields,
            status=409,
        )

"""Shows a `Refusal` as a page, a fragment or JSON, and drops the cookie of a toast that has been shown.

Refuses requests with a zero character, too: no keyboard types one, and PostgreSQL keeps no text that has it. And
files when the disk is nearly full.
"""

import time
from collections.abc import Callable
from itertools import chain
from typing import Any

from django.http import HttpRequest, HttpResponse

from veche.core import room
from veche.core.refusal import Refusal
from veche.ui.errors import bad_request, show_refusal
from veche.ui.fragments import TOAST_COOKIE


class RefusalMiddleware:
    """Stands inside the one that sets `request.actor`: the refusal's page has the frame of whoever is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.asked_at = time.time_ns() // 1000
        if request.content_type == "multipart/form-data" and room.is_short():
            return show_refusal(request, room.refusal())  # before the file is read
        response = self.get_response(request)
        if getattr(request, "toast_is_shown", False):
            response.delete_cookie(TOAST_COOKIE, samesite="Lax")
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """A zero character in the address, the query or a form is answered with one sentence, status 400."""
        typed = chain.from_iterable(
            values for _name, values in chain(request.GET.lists(), request.POST.lists())
        )
        if any("\0" in text for text in chain([request.path], request.GET, request.POST, typed)):
            return bad_request(request)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Refusals only; everything else goes on to Django."""
        return show_refusal(request, exception) if isinstance(exception, Refusal) else None

"""Shows a `Refusal` as a page, a fragment or JSON, and drops the cookie of a toast that has been shown.

Refuses requests with a zero character, too: no keyboard types one, and PostgreSQL keeps no text that has it. And
files when the disk is nearly full. And compresses what is text.
"""

import time
from collections.abc import Callable
from itertools import chain
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware

from veche.core import room
from veche.core.refusal import Refusal
from veche.ui.errors import bad_request, show_refusal
from veche.ui.fragments import TOAST_COOKIE


class TextCompressionMiddleware(GZipMiddleware):
    """Pages and fragments, which come down to a fifth; not files, which are compressed already or streamed.

    What a page repeats of a request cannot be guessed from its length: Django's own answer has a name of random length
    in its head, and the token of a form is masked anew each time.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        kind = response.get("Content-Type", "").partition(";")[0]
        if response.streaming or not (kind.startswith("text/") or kind == "application/json"):
            return response
        return super().process_response(request, response)


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

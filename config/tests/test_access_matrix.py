"""Every address of the project against every role. Who may what is written in each room's `tests/access.py`."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from veche.accounts.testing import cast, signed_in_client
from veche.ui.testing import ROLES, SIGN_IN, Access, made

ROOMS = [config.name for config in apps.get_app_configs() if config.name.startswith("veche.")]


def rows() -> list[Access]:
    found = []
    for room in ROOMS:
        if find_spec(f"{room}.tests") and find_spec(f"{room}.tests.access"):
            found += import_module(f"{room}.tests.access").ACCESS
    return found


def addresses(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """Full names of all URL patterns; one without a name is given by its route, so that it fails."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from addresses(entry, inner)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}" if entry.name else str(entry.pattern)


def test_every_address_has_a_row_and_every_row_an_address():
    known, given = set(addresses(get_resolver())), {row.url for row in rows()}
    assert sorted(known - given) == [], "addresses without a row in their room's tests/access.py"
    assert sorted(given - known) == [], "rows whose address is gone"


@pytest.mark.django_db
@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.method}-{row.url}")
def test_access(row: Access):
    cast()
    answers = {role: _status(row, role) for role in ROLES}
    assert answers == {role: row.expected(role) for role in ROLES}


def _status(row: Access, role: str) -> int | str:
    """The status `role` gets, or `SIGN_IN`, in a transaction that is rolled back."""
    with transaction.atomic():
        options = {"raise_request_exception": False}
        client = Client(**options) if role == "anonymous" else signed_in_client(role, **options)
        url = reverse(row.url, query=made(row.query), kwargs=made(row.kwargs))
        ask = getattr(client, row.method.lower())
        headers = {"HX-Request": "true"} if row.htmx else {}
        response = ask(url, made(row.data) if row.method == "POST" else None, headers=headers)
        if response.streaming:
            response.getvalue()  # read to the end, so that its file is closed
        transaction.set_rollback(True)
    way = response.headers.get("HX-Redirect") or response.headers.get("Location", "")
    if role == "anonymous" and urlsplit(way).path == resolve_url(settings.LOGIN_URL):
        return SIGN_IN
    return response.status_code

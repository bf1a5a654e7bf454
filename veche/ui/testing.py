"""For every room's tests: the row of the access matrix, and the query count of list pages.

`veche/<room>/tests/access.py` holds ``ACCESS``, a list of `Access` rows; `config/tests/test_access_matrix.py` runs all
of them and fails for an address of the project without a row, and for a row without an address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

SIGN_IN = "sign in"  # what a stranger gets instead of a status: sent to the sign-in page
ROLES = ("administrator", "coordinator", "operator", "volunteer", "auditor", "anonymous")
Made = Mapping[str, Any] | Callable[[], Mapping[str, Any]]


@dataclass(frozen=True)
class Access:
    """What one address answers to each role, as HTTP statuses: 200, 302, 403 (colleague), 404 (stranger), 422 …

    `kwargs`, `data` and `query` are mappings, or functions that make them; they are called anew for each role inside
    a transaction that is rolled back, after the cast (`veche.accounts.testing.member`) has been made.
    `everyone` is the status of all roles that are not given one of their own, but for `anonymous`.
    """

    url: str  # the full name, e.g. "contacts:card"
    method: str = "GET"
    everyone: int | None = None
    administrator: int | None = None
    coordinator: int | None = None
    operator: int | None = None
    volunteer: int | None = None
    auditor: int | None = None
    anonymous: int | str = SIGN_IN
    kwargs: Made = field(default_factory=dict)
    data: Made = field(default_factory=dict)
    query: Made = field(default_factory=dict)
    htmx: bool = False

    def expected(self, role: str) -> int | str:
        """The status for `role`; raises ValueError when the row does not say it."""
        status = getattr(self, role)
        if status is None:
            status = self.everyone
        if status is None:
            raise ValueError(f"{self.method} {self.url} does not say what a {role} gets.")
        return status


def made(value: Made) -> dict[str, Any]:
    """A row's mapping, made now if it is a function."""
    return dict(value() if callable(value) else value)


def queries_of(client: Client, url: str) -> list[str]:
    """The SQL that one GET of `url` runs; the page must answer 200."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return [query["sql"] for query in captured.captured_queries]


def assert_same_queries(client: Client, url: str, make_rows: Callable[[int], Any]) -> None:
    """A list page asks the database as often for 30 rows as for 3. `make_rows(count)` makes so many more rows."""
    make_rows(3)
    client.get(url)  # warms what is kept per process
    few = queries_of(client, url)
    make_rows(27)
    many = queries_of(client, url)
    assert len(few) == len(many), "\n".join([f"{len(few)} queries for 3 rows, {len(many)} for 30:", *many])

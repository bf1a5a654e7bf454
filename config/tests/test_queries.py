"""No page asks the database more than twenty times, nor oftener when there is more to show."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.tests.crowd import Crowd, listed
from config.tests.test_access_matrix import rows
from veche.accounts.testing import signed_in_client
from veche.ui.testing import Access, made

pytestmark = pytest.mark.django_db
MOST = 20
FEW, MANY = 2, 8
MORE = 3  # questions that a page may ask more: about kinds of things that a few rows may not have
TRANSACTION = re.compile(r"(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT)\b")  # no questions


def readings(role: str) -> list[Access]:
    """Every GET row of the access matrix that `role` gets a page or a piece of one for."""
    return [row for row in rows() if row.method == "GET" and row.expected(role) == 200]


def asked(client: Client, url: str, *, htmx: bool = False) -> list[str]:
    """The questions of one GET; of a second where they are too many, for the first may fill what a process keeps."""
    headers = {"HX-Request": "true"} if htmx else {}
    for _twice in range(2):
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(url, headers=headers)
            if answer.streaming:
                answer.getvalue()  # read to the end, so that its file is closed
        assert answer.status_code == 200, (url, answer.status_code)
        questions = [query["sql"] for query in captured if not TRANSACTION.match(query["sql"])]
        if len(questions) <= MOST:
            break
    return questions


def of_the_crowd(crowd: Crowd, role: str) -> Iterator[tuple[str, str]]:
    """(name, address) of the pages about what has grown itself: one card, one import, one return."""
    card = {"contact_id": crowd.person.pk}
    yield "card", reverse("contacts:card", kwargs=card)
    for piece in ("head", "known", "more"):
        yield f"card: {piece}", reverse("contacts:piece", kwargs=card | {"piece": piece})
    yield "history", reverse("contacts:history", kwargs=card)
    yield "quick view", reverse("contacts:quick_view", kwargs=card)
    yield "list, every column", reverse("contacts:people") + "?sort=name&columns=" + ",".join(COLUMNS)
    if role != "administrator":
        return
    yield "seen by", reverse("contacts:seen_by", kwargs=card)
    checked, loaded = ({"import_id": each.pk} for each in (crowd.checked, crowd.imported))
    for step in ("table", "columns", "check", "rows"):
        yield f"import: {step}", reverse(f"exchange:{step}", kwargs=checked)
    yield "import: load", reverse("exchange:load", kwargs=loaded)
    yield "return", reverse("exchange:bridge_return", kwargs={"return_id": crowd.returned.pk})
    yield "print", reverse("contacts:people_print") + "?all=1&asked=&phones=1"


COLUMNS = ("name", "phone", "email", "address", "tags", "campaigns", "roles", "status", "responsible")


def counts(crowd: Crowd, role: str) -> dict[str, list[str]]:
    """The questions of each page, by its row's name and place in the matrix."""
    found, client = {}, signed_in_client(role)
    for place, row in enumerate(readings(role)):
        with transaction.atomic():
            url = reverse(row.url, query=made(row.query), kwargs=made(row.kwargs))
            found[f"{row.url} #{place}"] = asked(client, url, htmx=row.htmx)
            transaction.set_rollback(True)
    return found | {name: asked(client, url) for name, url in of_the_crowd(crowd, role)}


@pytest.mark.parametrize("role", ["administrator", "volunteer"])
def test_no_page_asks_more_than_twenty_times_or_more_for_more(role, tmp_path):
    crowd = Crowd(tmp_path)
    crowd.grow(FEW)
    few, before = counts(crowd, role), listed()
    crowd.grow(MANY)
    assert all(number >= before[kind] + MANY for kind, number in listed().items())
    many = counts(crowd, role)
    wrong = [
        f"{name}: {len(few[name])} questions for few, {len(questions)} for many\n{told(few[name], questions)}"
        for name, questions in many.items()
        if len(questions) > min(MOST, len(few[name]) + MORE)
    ]
    assert not wrong, "\n\n".join(wrong)


def told(few: list[str], many: list[str]) -> str:
    """What is asked several times or oftener than before, without its values."""
    before, now = (Counter(re.sub(r"\d+|'[^']*'", "#", sql)[:300] for sql in each) for each in (few, many))
    loud = [sql for sql in now if now[sql] > 1 or now[sql] > before[sql]] or now
    return "\n".join(f"  {now[sql]} (was {before[sql]}) × {sql}" for sql in loud)

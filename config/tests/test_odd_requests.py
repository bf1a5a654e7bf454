"""Nothing that a browser, a robot or a stranger may send breaks a page: no answer is a 500, whoever asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from veche.accounts.testing import actor_of, cast, signed_in_client
from veche.campaigns.testing import make_campaign
from veche.contacts.actions import belonging, notes
from veche.contacts.actions.contacts import change_fields
from veche.contacts.models import OwnField, RoleKind
from veche.contacts.testing import make_own_field, make_person, make_tag
from veche.core.testing import kinds_published

NUL, HUGE, HTMX = "а\x00б", "9" * 30, {"HX-Request": "true"}
KEYS_OF_HISTORY = [
    "253402300799.0.0.1",
    "-62135596800.0.0.1",
    "9" * 13 + ".0.0.0",
    f"1.{HUGE}.0.0",
    f"1.0.0.{HUGE}",
]
ODD_TEXTS = ["👩‍🚒\u202e", HUGE, "²", "http://[a", "9" * 5000]
PAGES = ("/search/", "/people/filter/", "/people/new/hint/", "/people/new/", "/territories/new/")
FILTERS = (
    "q",
    "after",
    "before",
    "sort",
    "campaign",
    "tag",
    "responsible",
    "territory",
    "kind",
    "phone",
    "batch",
)
KEYS = [
    "q", "after", "before", "sort", "campaign", "tag", "status", "role", "responsible", "territory", "kind", "phone",
    "reach", "batch", "only", "name", "email", "parent", "next", "verdict", "outcome", "code", "problems",
]  # fmt: skip
TYPED = [
    "name", "surname", "given_name", "patronymic", "gender", "birthday", "text", "purpose", "validity", "note",
    "value", "caution", "caution_until", "status", "responsible", "territory", "role", "since", "until", "tag",
    "campaign", "kind",
    "phone", "email", "account_kind", "account", "address", "origin_words", "revision", "colour", "type", "choices",
    "direction", "back", "login", "password", "code", "credential", "language", "theme", "next", "reach", "teams",
    "members", "parent", "starts_on", "ends_on", "goal", "about", "oldpassword", "password1", "password2", "sheet",
    "encoding", "delimiter", "header_row", "policy", "match_by", "tags", "default_city_code", "name_order", "label-0",
    "type-0", "target-0", "confirm_overwrites", "off", "restore",
]  # fmt: skip
NEEDS = {"choice": [{"id": "c1", "label": "да"}], "many_choices": [{"id": "c1", "label": "да"}]}


def patterns(resolver: URLResolver, route: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """(route, converters) of every address."""
    for entry in resolver.url_patterns:
        whole = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, whole)
        elif isinstance(entry, URLPattern):
            yield whole, dict(entry.pattern.converters)


@pytest.fixture
def world(db) -> dict[str, Any]:
    """One of everything that addresses speak of; values by the name in the route."""
    cast()
    leia = actor_of("administrator")
    person = make_person(
        phone="8 904 000-27-40", email="anna@example.org", addresses=["Гражданский, 3"],
        by=leia, fields={"responsible": actor_of("volunteer").user_id},
    )  # fmt: skip
    changed = change_fields(by=leia, contact_id=person.pk, fields={"caution": "злая собака"})
    note = notes.add_note(by=leia, contact_id=person.pk, text="Звонили")
    tag, campaign = make_tag(), make_campaign()
    held = belonging.give_role(by=leia, contact_id=person.pk, role_id=RoleKind.objects.first().pk)
    own = [make_own_field(type=kind, choices=NEEDS.get(kind)) for kind in OwnField.Type.values]
    return {
        "own": [field.key for field in own],
        "contact_id": person.pk, "point_id": person.points.first().pk, "address_id": person.addresses.first().pk,
        "note_id": note.pk, "tag_id": tag.pk, "campaign_id": campaign.pk, "held_id": held.pk,
        "change_id": changed.changes_made[0].pk, "entry_id": own[0].pk, "user_id": leia.user_id,
        "kind": "phone", "piece": "known", "part": "fields", "token": "no", "pk": 1,
    }  # fmt: skip


def paths(world: dict[str, Any]) -> Iterator[str]:
    """Every address with what is there, with numbers that no database holds, and with odd words."""
    for route, converters in patterns(get_resolver()):
        for odd in ("", HUGE, "%F0%9F", "own.nobody"):
            path = route
            for name, converter in converters.items():
                kind = type(converter).__name__
                fits = odd if kind == "StringConverter" or (odd.isdigit() and kind == "IntConverter") else ""
                for form in (f"<int:{name}>", f"<str:{name}>", f"<slug:{name}>"):
                    path = path.replace(form, fits or str(world.get(name, 1)))
            yield "/" + path
            if not converters:
                break
    for key in world["own"]:
        yield f"/people/{world['contact_id']}/fields/own.{key}/"
    for part in ("who", "caution", "standing"):
        yield f"/people/{world['contact_id']}/fields/{part}/"


NOTED = {"/people/print/"}  # what leaves the server on paper stands in the ledger as an export does


def answer(client: Client, method: str, path: str, data: Mapping[str, str], **headers: str) -> int:
    """The status of a request whose traces are rolled back; looking leaves none in the ledger."""
    with transaction.atomic():
        before = kinds_published()
        response = getattr(client, method)(path, data, headers=headers)
        if method == "get" and response.status_code < 500 and path not in NOTED:
            assert kinds_published() == before, path
        transaction.set_rollback(True)
    return response.status_code


def client_as(role: str) -> Client:
    return signed_in_client(role, raise_request_exception=False)


@pytest.mark.parametrize("role", ["administrator", "volunteer"])
def test_no_address_breaks(world, role):
    client = client_as(role)
    broken = [path for path in sorted(set(paths(world))) if answer(client, "get", path, {}) >= 500]
    assert broken == []


@pytest.mark.parametrize("text", ODD_TEXTS, ids=lambda text: ascii(text)[:20])
def test_no_query_breaks(world, text):
    client = client_as("administrator")
    asked = [("/people/", {key: text}) for key in [*FILTERS, *(f"own.{key}" for key in world["own"])]]
    asked += [(path, dict.fromkeys(KEYS, text)) for path in PAGES]
    asked += [(f"/people/{world['contact_id']}/history/", {"after": text})]
    assert [each for each in asked if answer(client, "get", *each, **HTMX) >= 500] == []


@pytest.mark.parametrize("after", KEYS_OF_HISTORY)
def test_no_key_of_the_history_breaks(world, after):
    path = f"/people/{world['contact_id']}/history/"
    assert answer(client_as("administrator"), "get", path, {"after": after}) == 200


def test_no_form_is_taken_without_its_token(world):
    client = signed_in_client("administrator", enforce_csrf_checks=True)
    asked = [path for path in sorted(set(paths(world))) if HUGE not in path and "%" not in path]
    assert [
        path
        for path in asked
        if answer(client, "post", path, {}, Accept="application/json") not in (403, 404)
    ] == []


def test_a_zero_character_is_answered_with_a_sentence(world):
    client = client_as("administrator")
    for method, path in (("get", "/people/"), ("get", "/search/"), ("post", "/people/new/")):
        assert answer(client, method, path, {"q": NUL, "name": NUL}, **HTMX) == 400
    assert answer(client, "get", f"/people/{world['contact_id']}/fields/%00/", {}) == 400


@pytest.mark.parametrize(("role", "start"), [("administrator", 0), ("volunteer", 3)])
def test_no_form_breaks(world, role, start):
    """Every field of every form gets another of the odd texts."""
    client = client_as(role)
    typed = {name: ODD_TEXTS[(start + n) % len(ODD_TEXTS)] for n, name in enumerate(TYPED)}
    asked = [path for path in sorted(set(paths(world))) if HUGE not in path]
    assert [path for path in asked if answer(client, "post", path, typed, **HTMX) >= 500] == []

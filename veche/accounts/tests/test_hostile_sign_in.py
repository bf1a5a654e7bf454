"""What no browser of an honest user sends to the pages of signing in."""

import json

import pytest
from django.core.cache import cache
from django.test import Client

from veche.accounts.testing import make_user, signed_in_client

pytestmark = pytest.mark.django_db
SHAPED = {
    "id": "AA",
    "rawId": "AA",
    "type": "public-key",
    "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA", "userHandle": "AAAA"},
}
CREDENTIALS = [
    "-1",
    "[]",
    "null",
    '"x"',
    "{}",
    '{"id": 1, "response": []}',
    json.dumps(SHAPED),
    "{",
    "[" * 5000,
    "9" * 5000,
]


@pytest.mark.parametrize("credential", CREDENTIALS, ids=lambda text: text[:24])
def test_a_passkey_that_is_none_is_refused(credential):
    cache.clear()
    stranger, user = (
        Client(raise_request_exception=False),
        signed_in_client("operator", raise_request_exception=False),
    )
    stranger.get("/sign-in/passkey/")
    assert stranger.post("/sign-in/passkey/", {"credential": credential}).status_code < 500
    assert "_auth_user_id" not in stranger.session
    user.get("/account/passkeys/new/")
    assert user.post("/account/passkeys/new/", {"credential": credential, "name": "x"}).status_code < 500


@pytest.mark.parametrize("email", ["K@example.org", "K@EXAMPLE.ORG ", " k@example.org", "\u212a@example.org"])
def test_spelling_an_address_otherwise_gives_no_more_tries(email):
    """U+212A, the Kelvin sign, is a K to whoever compares without regard to case."""
    cache.clear()
    user = make_user("Кайло", email="k@example.org")
    user.set_password("a quiet place in the woods")
    user.save()
    for _try in range(5):
        Client().post("/sign-in/", {"login": "k@example.org", "password": "wrong"})
    client = Client()
    client.post("/sign-in/", {"login": email, "password": "a quiet place in the woods"})
    assert "_auth_user_id" not in client.session


def test_a_forwarded_address_gives_no_more_tries(settings):
    """Without a proxy that the settings name, the header is what anybody may write."""
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "3/m/ip"}
    statuses = []
    for n in range(5):
        typed = {"login": f"u{n}@example.org", "password": "wrong"}
        statuses.append(
            Client().post("/sign-in/", typed, headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code
        )
    assert statuses[:3] != [429] * 3 and statuses[3:] == [429, 429]


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "http://[a"]
)
def test_nobody_is_sent_to_another_site_after_signing_in(path):
    cache.clear()
    user = make_user("Финн", email="finn@example.org")
    user.set_password("a quiet place in the woods")
    user.save()
    client = Client()
    response = client.post(
        "/sign-in/", {"login": user.email, "password": "a quiet place in the woods", "next": path}
    )
    assert response.status_code == 302 and response.headers["Location"] == "/"
    switched = client.post("/preferences/theme/", {"theme": "dark", "next": path})
    assert switched.headers["Location"] == "/"


def test_signing_in_changes_the_session_and_keeps_no_planted_one():
    cache.clear()
    user = make_user("По", email="po@example.org")
    user.set_password("a quiet place in the woods")
    user.save()
    client = Client()
    client.cookies["sessionid"] = "planted0planted0planted0planted0"
    client.post("/sign-in/", {"login": user.email, "password": "a quiet place in the woods"})
    assert client.session.get("_auth_user_id") == str(user.pk)
    assert client.cookies["sessionid"].value != "planted0planted0planted0planted0"

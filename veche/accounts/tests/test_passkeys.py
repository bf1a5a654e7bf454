"""A passkey in a real browser with a pretended key: made, used alone, used as the second factor."""

import pytest
from django.core.cache import cache

from veche.accounts import actions, queries
from veche.accounts.models import SignIn
from veche.accounts.testing import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "три бобра на берегу"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def by_password(page) -> None:
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill("luke@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_passkey_is_made_and_signs_in_alone_and_as_second_factor(chromium, live_server):
    cache.clear()
    user = make_user("Люк", email="luke@example.org")
    actions.set_own_password(by=queries.actor_for(user), password=PASSWORD)
    address = live_server.url.replace("127.0.0.1", "localhost")  # browsers know no passkeys for a number
    with chromium.new_context(base_url=address, locale="en") as context:
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
        by_password(page)
        page.goto("/account/passkeys/new/")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="Make the passkey").click()
        page.wait_for_url("**/account/codes/")
        assert page.locator(".accounts-codes li").count() == 10
        page.goto("/sign-out/")
        page.locator("main").get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/sign-in/**")
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_url(f"{address}/")
        context.clear_cookies()
        by_password(page)
        page.wait_for_url("**/sign-in/second/")
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url(f"{address}/")
    ways = SignIn.objects.filter(user=user, succeeded=True).order_by("at").values_list("method", flat=True)
    assert list(ways) == ["password", "passkey", "password+passkey"]

"""Signing in: password and pause, links, second factor, sessions, and what a stranger learns."""

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.utils import timezone

from veche.accounts import actions, jobs, queries
from veche.accounts.models import SignIn, SignInBackoff, SignInLink, User
from veche.accounts.testing import actor_of, make_user, member, signed_in_client
from veche.core.actor import Actor
from veche.core.refusal import Refusal
from veche.core.testing import published

pytestmark = pytest.mark.django_db
PASSWORD = "три бобра на берегу"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"


@pytest.fixture(autouse=True)
def nobody_has_tried_yet(settings):
    cache.clear()
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]  # a test need not be slow to guess


@pytest.fixture
def user() -> User:
    made = make_user("Люк Скайуокер", email="luke@example.org")
    actions.set_own_password(by=queries.actor_for(made), password=PASSWORD)
    made.refresh_from_db()
    return made


def stranger() -> Client:
    return Client(headers={"User-Agent": CHROME, "Accept-Language": "en"})


def sign_in(client: Client, password: str = PASSWORD, email: str = "luke@example.org"):
    return client.post("/sign-in/", {"login": email, "password": password})


def test_by_password_with_rows_to_look_at(user):
    client = stranger()
    assert sign_in(client, email="LUKE@example.org").status_code == 302
    row = SignIn.objects.get(user=user)
    assert (row.method, row.succeeded, row.address) == ("password", True, "127.0.0.1")
    assert published("accounts.signed_in")[-1].data == {"method": "password", "sign_in": row.pk}
    page = client.get("/account/security/").content.decode()
    assert "Chrome on Windows" in page and "127.0.0.1" in page


def test_a_stranger_is_sent_to_sign_in_and_back(user):
    client = stranger()
    response = client.get("/users/?a=1")
    assert response["Location"] == "/sign-in/?next=%2Fusers%2F%3Fa%3D1"
    response = client.get(
        "/users/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/people/?q=1"}
    )
    assert (response.status_code, response["HX-Redirect"]) == (204, "/sign-in/?next=%2Fpeople%2F%3Fq%3D1")
    response = client.get("/users/", headers={"Accept": "application/json"})
    assert (response.status_code, response.json()["code"]) == (401, "sign_in")
    response = client.post(
        "/sign-in/", {"login": user.email, "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert response["Location"] == "/"


def test_a_known_and_an_unknown_address_are_answered_alike(user):
    def said(email: str) -> str:
        page = sign_in(stranger(), "не тот", email).content.decode()
        return page.replace(email, "").split("<main")[1]

    strip = lambda page: [line for line in page.splitlines() if "csrf" not in line]  # noqa: E731
    assert strip(said("luke@example.org")) == strip(said("nobody@example.org"))
    failed = published("accounts.sign_in_failed")
    assert [row.object_id for row in failed] == [user.pk, None]
    assert SignIn.objects.get(user=user).succeeded is False


@pytest.mark.parametrize("email", ["luke@example.org", "nobody@example.org"])
def test_after_five_failures_even_the_right_password_waits(user, email):
    client = stranger()
    for _try in range(5):
        assert "do not fit" in sign_in(client, "не тот", email).content.decode()
    page = sign_in(client, PASSWORD, email).content.decode()
    assert "Wait 30 seconds" in page or "Wait 29 seconds" in page
    assert SignIn.objects.filter(user=user, succeeded=True).count() == 0


def test_the_pause_doubles_has_an_end_and_is_forgotten(user):
    by = actor_of(user)
    told = {"by": by, "email": user.email, "method": "password", "address": None, "agent": ""}
    pauses = [actions.record_failure(**told) for _try in range(12)]
    assert pauses == [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]
    assert 895 <= queries.pause_left("Luke@Example.org ") <= 900
    SignInBackoff.objects.update(wait_until=timezone.now() - dt.timedelta(seconds=1))
    client = stranger()
    assert sign_in(client).status_code == 302
    assert not SignInBackoff.objects.exists()
    SignInBackoff.objects.create(
        digest=queries.digest_of_address(user.email),
        failures=9,
        failed_at=timezone.now() - dt.timedelta(hours=2),
    )
    assert actions.record_failure(**told) == 0


def test_too_many_tries_from_one_address_are_stopped(user):
    answers = {sign_in(stranger(), "не тот", f"nobody{n}@example.org").status_code for n in range(61)}
    assert 429 in answers


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_time_count_each(user):
    def guess(_number: int) -> None:
        sign_in(stranger(), "не тот")
        connections.close_all()

    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(guess, range(8)))
    assert SignIn.objects.filter(user=user, succeeded=False).count() == 5  # the others were told to wait


def test_old_rows_are_forgotten(user):
    now = timezone.now()
    SignIn.objects.create(user=user, method="password", succeeded=True, at=now - dt.timedelta(days=366))
    kept = SignIn.objects.create(
        user=user, method="password", succeeded=True, at=now - dt.timedelta(days=364)
    )
    actions.issue_sign_in_link(by=actor_of("administrator"), user=user)
    jobs.forget_old_sign_ins()
    assert list(SignIn.objects.all()) == [kept] and SignInLink.objects.count() == 1
    SignInLink.objects.update(valid_until=now - dt.timedelta(hours=2))
    jobs.forget_old_sign_ins()
    assert SignInLink.objects.count() == 0


def test_a_link_signs_in_once_and_looking_does_not_spend_it(user):
    token = actions.issue_sign_in_link(by=actor_of("administrator"), user=user)
    assert SignInLink.objects.get().digest != token and len(token) >= 43
    url = f"/sign-in/link/{token}/"
    client = stranger()
    for _look in range(3):
        assert "Sign in" in client.get(url).content.decode()
    assert client.head(url).status_code == 405
    assert client.post(url)["Location"] == "/"
    assert client.get("/account/").status_code == 200
    assert published("accounts.sign_in_link_used")[-1].object_id == user.pk
    assert SignIn.objects.get(user=user).method == "link"
    again = stranger()
    assert again.post(url).status_code == 410
    assert again.get(url).status_code == 410
    assert again.get("/account/").status_code == 302


def test_a_link_ends_after_an_hour_and_with_the_next_one(user):
    first = actions.issue_sign_in_link(by=actor_of("administrator"), user=user)
    second = actions.issue_sign_in_link(by=actor_of("administrator"), user=user)
    assert not queries.sign_in_link_is_fresh(first) and queries.sign_in_link_is_fresh(second)
    SignInLink.objects.update(valid_until=timezone.now() - dt.timedelta(seconds=1))
    assert stranger().post(f"/sign-in/link/{second}/").status_code == 410


def test_no_link_for_who_is_switched_off(user):
    token = actions.issue_sign_in_link(by=actor_of("administrator"), user=user)
    actions.deactivate_user(by=actor_of("administrator"), user=user)
    assert stranger().post(f"/sign-in/link/{token}/").status_code == 410
    with pytest.raises(Refusal):
        actions.issue_sign_in_link(by=actor_of("administrator"), user=user)
    assert sign_in(stranger())["Location"] == "/sign-in/off/"


def test_the_first_sign_in_proposes_a_password():
    user = make_user("Новый")
    client = stranger()
    token = actions.issue_sign_in_link(by=actor_of("administrator"), user=user)
    assert client.post(f"/sign-in/link/{token}/")["Location"] == "/account/security/"
    assert "Set a password or add a passkey now" in client.get("/account/security/").content.decode()
    response = client.post("/account/password/set/", {"password1": "коротко", "password2": "коротко"})
    assert response.status_code == 200 and "10" in response.content.decode()
    response = client.post("/account/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    assert response["Location"] == "/account/security/"
    assert published("accounts.password_changed")[-1].object_id == user.pk
    assert client.get("/account/").status_code == 200  # the session that set it goes on
    assert sign_in(stranger(), email=user.email).status_code == 302


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def guarded(user: User) -> str:
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def test_the_code_from_the_app_is_asked_after_password_and_link(user):
    secret = guarded(user)
    client = stranger()
    assert sign_in(client)["Location"] == "/sign-in/second/"
    assert client.get("/account/").status_code == 302
    wrong = client.post("/sign-in/second/", {"code": "000000"})
    assert "This code is not right" in wrong.content.decode()
    assert published("accounts.sign_in_failed")[-1].data["method"] == "totp"
    assert client.post("/sign-in/second/", {"code": code_of(secret)}).status_code == 302
    assert SignIn.objects.filter(user=user, succeeded=True).get().method == "password+totp"
    token = actions.issue_sign_in_link(by=actor_of("administrator"), user=user)
    assert stranger().post(f"/sign-in/link/{token}/")["Location"] == "/sign-in/second/"


def test_codes_cannot_be_guessed_for_long(user):
    guarded(user)
    client = stranger()
    sign_in(client)
    pages = [client.post("/sign-in/second/", {"code": "000000"}).content.decode() for _try in range(11)]
    assert "Too many tries in a row" in pages[-1]


def test_switching_the_app_on_gives_recovery_codes_once(user, django_capture_on_commit_callbacks):
    client = stranger()
    sign_in(client)
    page = client.get("/account/app/", follow=True)
    assert page.request["PATH_INFO"] == "/account/confirm/"
    page = client.post("/account/confirm/?next=/account/app/", {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post("/account/app/", {"code": code_of(secret)}, follow=True)
    assert page.request["PATH_INFO"] == "/account/codes/" and len(page.context["unused_codes"]) == 10
    recovery = page.context["unused_codes"][0]
    assert recovery in page.content.decode()
    assert {"type": "totp", "change": "added"} in [
        row.data for row in published("accounts.second_factor_changed")
    ]
    other = stranger()
    sign_in(other)
    assert recovery not in other.get("/account/codes/", follow=True).content.decode()
    assert other.post("/sign-in/second/", {"code": recovery}).status_code == 302
    assert SignIn.objects.filter(method="password+code").exists()


def test_an_administrator_takes_a_lost_second_factor_away(user):
    guarded(user)
    client = signed_in_client(user)
    actions.remove_second_factor(by=actor_of("administrator"), user=user)
    assert not queries.is_guarded(user)
    assert client.get("/account/").status_code == 302
    assert published("accounts.second_factor_removed")[-1].object_id == user.pk


def test_ending_the_other_sessions_keeps_this_one(user):
    here, there = stranger(), stranger()
    sign_in(here)
    sign_in(there)
    assert here.post("/account/sessions/end/").status_code == 302
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


def test_a_new_password_ends_the_other_sessions(user):
    here, there = stranger(), stranger()
    sign_in(here)
    sign_in(there)
    new = "четыре бобра на берегу"
    given = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/account/password/", given).status_code == 302
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


def test_signing_out_takes_a_post_and_leaves_a_row(user):
    client = stranger()
    sign_in(client)
    client.get("/sign-out/")
    assert client.get("/account/").status_code == 200
    client.post("/sign-out/")
    assert client.get("/account/").status_code == 302
    assert published("accounts.signed_out")[-1].object_id == user.pk


def test_nobody_signs_up_and_no_letter_is_promised():
    assert stranger().get("/signup/").status_code in (302, 404)
    assert "Ask your administrator" in stranger().get("/sign-in/forgotten/").content.decode()


def test_the_switch_in_the_frame_is_kept_for_jobs(user):
    client = signed_in_client(user)
    client.post("/preferences/language/", {"language": "ru"})
    user.refresh_from_db()
    assert user.language == "ru"


def test_the_first_administrator_is_made_once():
    made = actions.ensure_first_administrator(by=Actor.system(), email="root@example.org")
    assert made.role == "administrator"
    assert actions.ensure_first_administrator(by=Actor.system(), email="other@example.org") is None
    assert User.objects.count() == 1
    User.objects.update(role="volunteer", is_active=False)
    again = actions.ensure_first_administrator(by=Actor.system(), email="root@example.org")
    assert (again.pk, again.role, again.is_active, again.reach) == (
        made.pk,
        "administrator",
        True,
        "everything",
    )
    assert len(published("accounts.role_changed")) == 1


def test_every_page_is_ours():
    from veche.accounts.urls import urlpatterns

    views = [pattern.callback for pattern in urlpatterns if hasattr(pattern, "callback")]
    templates = [
        {**view.view_initkwargs}.get("template_name") or getattr(view.view_class, "template_name", None)
        for view in views
        if hasattr(view, "view_class")
    ]
    assert all(name is None or name.startswith("accounts/") for name in templates), templates


def test_the_cast_stays_out_of_each_others_rows(user):
    assert "Chrome" not in signed_in_client(member("operator")).get("/account/security/").content.decode()

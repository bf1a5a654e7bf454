"""Somebody signs in: by a link that works once, by a password, after wrong ones; language and theme are kept."""

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from config.tests.journeys.pages import fits, go
from veche.accounts import actions
from veche.accounts.models import User
from veche.accounts.testing import actor_of, member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "три бобра на берегу"


@pytest.fixture(autouse=True)
def nobody_has_tried_yet():
    cache.clear()  # counters of tries of one address


@pytest.fixture
def user() -> User:
    actions.set_own_password(by=actor_of("operator"), password=PASSWORD)
    return member("operator")


def sign_in(page: Page, password: str) -> None:
    page.locator("[name=login]").fill("operator@example.org")
    page.locator("[name=password]").fill(password)
    page.keyboard.press("Enter")


def test_a_link_works_once(stranger_page):
    token = actions.issue_sign_in_link(by=actor_of("administrator"), user=member("operator"))
    first, second = stranger_page(), stranger_page(width=390, height=844, language="ru")
    for page in (first, second):
        go(page, f"/sign-in/link/{token}/")
        fits(page)
    first.get_by_role("button", name="Sign in", exact=True).click()
    expect(first.get_by_role("button", name="You and your preferences")).to_be_visible()

    second.get_by_role("main").get_by_role("button", name="Войти").click()
    expect(second.get_by_role("main")).to_contain_text("Попросите у администратора новую")
    go(second, "/people/")
    expect(second).to_have_url(re.compile(r"/sign-in/\?next="))


def test_a_password_brings_back_to_where_one_was_going(stranger_page, user):
    page = stranger_page()
    go(page, "/people/?sort=newest")
    expect(page.locator("[name=login]")).to_be_focused()
    sign_in(page, "не тот")
    expect(page.get_by_text("The address and the password do not fit each other. Try again.")).to_be_visible()
    expect(page.locator("[name=login]")).to_have_value("operator@example.org")
    sign_in(page, PASSWORD)
    expect(page).to_have_url(re.compile(r"/people/\?sort=newest$"))
    page.get_by_role("button", name="You and your preferences").click()
    page.get_by_role("button", name="Sign out").click()
    go(page, "/people/")
    expect(page).to_have_url(re.compile("/sign-in/"))


def test_who_guesses_has_to_wait(stranger_page, user, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    page = stranger_page(width=390, height=844, language="ru")
    go(page, "/sign-in/")
    for _try in range(5):
        with page.expect_response(re.compile("/sign-in/")):
            sign_in(page, "не тот")
        page.wait_for_load_state()
    sign_in(page, PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"Подождите \d+ секунд"))
    fits(page)
    go(page, "/")
    expect(page).to_have_url(re.compile("/sign-in/"))


def test_language_and_theme_survive_a_reload(stranger_page):
    page = stranger_page(color_scheme="light")
    go(page, "/sign-in/")
    page.get_by_role("button", name="Language and view").click()
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Русский").click()
    expect(page.get_by_role("heading", name="Войти")).to_be_visible()
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light

"""How views answer: page or piece, toast, form with errors, redirect."""

import json

import pytest
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory

from veche.ui import fragments

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def get():
    return lambda **headers: RequestFactory().get("/", **headers)


def test_htmx_wants_a_piece_but_boosted_links_and_lost_history_want_the_page(get):
    assert fragments.is_fragment(get(**HTMX))
    assert not fragments.is_fragment(get())
    assert not fragments.is_fragment(get(**HTMX, HTTP_HX_BOOSTED="true"))
    assert not fragments.is_fragment(get(**HTMX, HTTP_HX_HISTORY_RESTORE_REQUEST="true"))


def test_a_toast_travels_in_the_header_in_ascii_and_beside_other_events():
    response = fragments.trigger(HttpResponse(), "notes-changed", {"id": 7})
    fragments.toast(response, "Метка «донор» добавлена", undo_url="/undo/")
    header = response.headers["HX-Trigger"]
    assert header.isascii()
    assert json.loads(header) == {
        "notes-changed": {"id": 7},
        "toast": {"message": "Метка «донор» добавлена", "level": "ok", "undo": "/undo/"},
    }


@pytest.mark.parametrize("moved", [HttpResponseRedirect("/x/"), HttpResponse(headers={"HX-Redirect": "/x/"})])
def test_a_toast_on_a_redirect_waits_in_a_signed_cookie(get, moved):
    fragments.toast(moved, "Сохранено.")
    assert "HX-Trigger" not in moved.headers
    cookie = moved.cookies[fragments.TOAST_COOKIE]
    assert cookie["httponly"]
    request = get()
    request.COOKIES[fragments.TOAST_COOKIE] = cookie.value
    assert fragments.waiting_toast(request)["message"] == "Сохранено."


FORGED = {"empty": "", "rubbish": "rubbish", "another salt": signing.dumps({"message": "x"}, salt="another")}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)  # a signature holds the second it was made in
def test_a_forged_toast_is_nothing(get, forged):
    request = get()
    request.COOKIES[fragments.TOAST_COOKIE] = forged
    assert fragments.waiting_toast(request) is None


def test_redirect_moves_the_browser_not_the_fragment(get):
    assert fragments.redirect(get(), "/x/").url == "/x/"
    moved = fragments.redirect(get(**HTMX), "/x/")
    assert (moved.status_code, moved.headers["HX-Redirect"]) == (204, "/x/")


@pytest.mark.django_db
class TestOnThePage:
    """Through the whole stack, on the style page's form."""

    pytestmark = pytest.mark.urls("veche.ui.tests.urls")

    def test_a_bad_form_comes_back_as_422_with_its_words_and_its_error(self, client_of):
        client = client_of("volunteer")
        response = client.post("/look/form/", {"phone": "123"}, **HTMX)
        text = response.content.decode()
        assert response.status_code == 422
        assert "HX-Request" in response.headers["Vary"]
        assert "<html" not in text
        assert 'value="123"' in text
        assert 'aria-invalid="true"' in text
        assert 'aria-describedby="id_phone_said"' in text
        assert "One digit is missing" in text

    def test_a_good_form_comes_back_fresh_with_a_toast(self, client_of):
        good = {"phone": "+7 911 000-82-30", "kind": "a", "when": "later"}
        response = client_of("volunteer").post("/look/form/", good, **HTMX)
        assert response.status_code == 200
        assert json.loads(response.headers["HX-Trigger"])["toast"]["undo"] == "/look/toast/"

    def test_the_page_after_a_redirect_shows_the_toast_once(self, client_of):
        client = client_of("volunteer")
        detail = {"message": "Two < three", "level": "ok", "undo": None}
        value = signing.dumps(detail, salt=fragments.TOAST_SALT)
        client.cookies[fragments.TOAST_COOKIE] = value
        page = client.get("/look/")
        assert 'data-message="Two &lt; three"' in page.content.decode()
        assert page.cookies[fragments.TOAST_COOKIE].value == ""
        assert "data-message" not in client.get("/look/").content.decode()

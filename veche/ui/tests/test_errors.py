"""Refusals and errors as a page, a note for htmx, JSON; never a blank screen."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from veche.core import room
from veche.ui import errors

pytestmark = [pytest.mark.django_db, pytest.mark.urls("veche.ui.tests.urls")]
HTMX = {"HTTP_HX_REQUEST": "true"}
FORM = "application/x-www-form-urlencoded"
JSON = {"HTTP_ACCEPT": "application/json"}
STATUSES = [
    ("form", 422),
    ("missing", 404),
    ("stale", 409),
    ("forbidden", 403),
    ("full", 507),
    ("broken", 500),
]


@pytest.fixture
def client(client_of):
    return client_of("operator", raise_request_exception=False)


@pytest.mark.parametrize(("kind", "status"), STATUSES)
def test_a_page_with_the_frame(client, kind, status):
    response = client.get(f"/refuse/{kind}/")
    text = response.content.decode()
    assert response.status_code == status
    assert 'class="v-rail"' in text
    assert "<h1>" in text


@pytest.mark.parametrize(("kind", "status"), STATUSES)
def test_a_note_for_htmx_that_says_it_is_a_refusal(client, kind, status):
    response = client.get(f"/refuse/{kind}/", **HTMX)
    text = response.content.decode()
    assert response.status_code == status
    assert response.headers[errors.REFUSAL_HEADER]
    assert "<html" not in text
    assert 'class="v-note' in text


def test_the_sentence_and_the_fields_are_shown(client):
    for headers in ({}, HTMX):
        text = client.get("/refuse/form/", **headers).content.decode()
        assert "Give a number." in text
        assert "Eleven digits." in text


def test_json_for_programs(client):
    response = client.get("/refuse/form/", **JSON)
    assert response.status_code == 422
    expected = {"code": "sample.form", "message": "Give a number.", "fields": {"phone": "Eleven digits."}}
    assert response.json() == expected


def test_an_address_that_does_not_exist(client):
    assert client.get("/no/such/page/").status_code == 404


def test_a_stranger_gets_the_bare_page():
    text = Client().get("/no/such/page/").content.decode()
    assert "v-bare" in text
    assert "v-rail" not in text


def test_what_broke_is_not_told_but_can_be_found(client):
    text = client.get("/refuse/broken/").content.decode()
    assert "on purpose" not in text
    assert "Tell this code" in text


def test_a_broken_frame_still_answers(client, monkeypatch):
    monkeypatch.setattr("veche.ui.frame.Frame.navigation", property(lambda self: 1 / 0))
    response = client.get("/refuse/broken/")
    assert response.status_code == 500
    assert "Something broke" in response.content.decode()


def test_a_full_disk_is_told_in_one_sentence_and_no_file_is_read(client, monkeypatch):
    for headers in ({}, HTMX):
        assert "disk is full" in client.get("/refuse/full/", **headers).content.decode()
    monkeypatch.setattr(room, "is_short", lambda: True)
    response = client.post("/refuse/missing/", {"file": SimpleUploadedFile("a.csv", b"a")}, **HTMX)
    assert response.status_code == 507
    assert client.post("/refuse/missing/", "a=1", content_type=FORM).status_code == 404

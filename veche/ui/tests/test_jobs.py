"""The tray says what is at work, and on what."""

import pytest
from django.urls import reverse

from veche.core import background
from veche.core.actor import Actor, actor_of_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def kinds():
    background.job_kind("test.load", label="Loading a spreadsheet")(lambda run: None)
    background.job_kind("test.index", label="Preparing “%(subject)s”")(lambda run: None)
    yield
    del background.KINDS["test.load"], background.KINDS["test.index"]


def who(client) -> Actor:
    return actor_of_user(int(client.session["_auth_user_id"]), via="test")


def test_the_tray_names_the_file_and_its_buttons_do_too(client_of, kinds):
    client = client_of("coordinator")
    background.start_job("test.load", by=who(client), subject="Подписи <юг>.xlsx")
    page = client.get(reverse("ui:jobs")).content.decode()
    assert "Loading a spreadsheet" in page
    assert page.count("Подписи &lt;юг&gt;.xlsx</span>") == 1
    assert 'aria-label="Stop: Loading a spreadsheet Подписи &lt;юг&gt;.xlsx"' in page


def test_what_the_label_has_said_is_not_said_twice(client_of, kinds):
    client = client_of("coordinator")
    background.start_job("test.index", by=who(client), subject="Размер")
    page = client.get(reverse("ui:jobs")).content.decode()
    assert "Preparing “Размер”" in page
    assert "Размер</span>" not in page.replace("“Размер”</span>", "")

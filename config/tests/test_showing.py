"""Looking as another user, the page of somebody's access, and the switch of a presentation."""

import pytest
from django.db import InternalError, connection, transaction
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from veche.accounts.models import Team, User
from veche.accounts.roles import PERMISSIONS, WORDS
from veche.accounts.showing import PRESENTS, SEES_AS
from veche.accounts.testing import cast, make_user, member, signed_in_client
from veche.contacts.models import Note
from veche.contacts.testing import make_person
from veche.core import presenting
from veche.core.testing import published
from veche.ui.registry import navigation

pytestmark = pytest.mark.django_db


def looking_as(who: str) -> Client:
    client = signed_in_client("administrator")
    assert client.post(reverse("accounts:sight", args=[member(who).pk])).status_code == 302
    return client


@pytest.mark.parametrize("role", ["coordinator", "operator", "volunteer", "auditor"])
def test_an_administrator_sees_what_a_colleague_sees(role):
    cast()
    people = [make_person("Органа Лея", phone="8 904 000-27-40"), make_person("Соло Хан")]
    make_person("Чубакка", fields={"responsible": member(role).pk})
    theirs, as_them = signed_in_client(role), looking_as(role)
    for url in [
        "/", reverse("contacts:people"), reverse("contacts:card", args=[people[0].pk]),
        reverse("desk:search") + "?q=Органа", *(item.url for item in navigation),
    ]:  # fmt: skip
        real, seen = theirs.get(url), as_them.get(url)
        assert seen.status_code == real.status_code, url
        if real.status_code == 200:
            assert "You look as" in seen.text or "v-app" not in real.text
            assert _bare(seen.text) == _bare(real.text), url


def _bare(page: str) -> list[str]:
    """The lines of a page without its banner and what is new in every answer."""
    unique = ("csrf", "nonce", 'class="v-banner', 'action="/sight/end/"')
    lines = [line.strip() for line in page.splitlines()]
    return [line for line in lines if line and not any(word in line for word in unique)]


def test_nothing_can_be_changed_meanwhile():
    person = make_person("Соло Хан", fields={"responsible": member("volunteer").pk})
    client = looking_as("volunteer")
    note = reverse("contacts:note_new", args=[person.pk])
    assert client.post(note, {"text": "Это не я"}).status_code == 403
    for method in ("put", "patch", "delete"):
        assert getattr(client, method)(note).status_code == 403
    assert not Note.objects.exists()
    assert client.get(reverse("mfa_index")).status_code == 403, "how they sign in is nobody else's business"


def test_it_begins_and_ends_in_the_ledger():
    client, han = looking_as("operator"), member("operator")
    (begun,) = published("accounts.sight_begun")
    assert (begun.actor_id, begun.object_id) == (member("administrator").pk, han.pk)
    assert "Хан Соло" in client.get("/").text
    assert client.post(reverse("accounts:sight_end")).url == reverse("accounts:user_access", args=[han.pk])
    assert client.get(reverse("accounts:users")).status_code == 200
    (ended,) = published("accounts.sight_ended")
    assert (ended.actor_id, ended.object_id) == (member("administrator").pk, han.pk)


def test_signing_out_ends_it_too():
    client = looking_as("operator")
    client.post(reverse("account_logout"))
    (ended,) = published("accounts.sight_ended")
    (out,) = published("accounts.signed_out")
    assert ended.actor_id == out.actor_id == out.object_id == member("administrator").pk
    assert SEES_AS not in client.session


def test_nobody_looks_as_an_administrator_or_as_somebody_switched_off():
    client = signed_in_client("administrator")
    off = make_user("Кайло", "operator")
    User.objects.filter(pk=off.pk).update(is_active=False)
    for user in (make_user("Йода", "administrator"), off, member("administrator")):
        assert client.post(reverse("accounts:sight", args=[user.pk])).status_code == 422
        assert SEES_AS not in client.session
    assert not published("accounts.sight_begun")


def test_it_ends_when_either_is_no_longer_what_they_were():
    client, han = looking_as("operator"), member("operator")
    User.objects.filter(pk=han.pk).update(role="administrator")
    assert "You look as" not in client.get("/").text and SEES_AS not in client.session
    client = looking_as("volunteer")
    User.objects.filter(pk=member("administrator").pk).update(role="coordinator")
    assert "You look as" not in client.get("/").text and SEES_AS not in client.session


def test_a_key_in_the_session_of_somebody_else_gives_nothing():
    client = signed_in_client("coordinator")
    session = client.session
    session[SEES_AS] = member("auditor").pk
    session.save()
    assert "You look as" not in client.get("/").text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", [SEES_AS, PRESENTS])
def test_the_server_itself_refuses_to_write(key, monkeypatch):
    """A view that writes on GET is stopped by the database, and the connection is as it was afterwards."""

    def careless(request):
        with transaction.atomic():
            User.objects.filter(pk=han).update(name="Испорчено")

    cast()
    han = member("operator").pk
    client = signed_in_client("administrator")
    session = client.session
    session[key] = member("operator").pk
    session.save()
    monkeypatch.setattr("veche.accounts.views.own.queries.own_user", careless)
    answer = client.get(reverse("accounts:profile"))
    assert answer.status_code == 403 and "nothing can be changed" in answer.text
    assert User.objects.get(pk=member("operator").pk).name == "Хан Соло"
    with connection.cursor() as sql:
        sql.execute("SHOW default_transaction_read_only")
        assert sql.fetchone()[0] == "off"
        sql.execute("SHOW search_path")
        assert "presentation" not in sql.fetchone()[0]


def test_every_permission_has_words_and_the_page_says_them():
    assert set(WORDS) == frozenset().union(*PERMISSIONS.values())
    make_person(fields={"responsible": member("volunteer").pk})
    page = (
        signed_in_client("administrator")
        .get(reverse("accounts:user_access", args=[member("volunteer").pk]))
        .text
    )
    assert "1 person for whom they are responsible." in page
    may, may_not = page.split("What they may not")
    assert "writes notes" in may and "takes people out, in files and on paper" in may_not
    assert "Look as this user" in page
    own = reverse("accounts:user_access", args=[member("administrator").pk])
    assert "Look as this user" not in signed_in_client("administrator").get(own).text


@pytest.mark.django_db(transaction=True)
def test_nothing_that_would_be_read_later_is_sent_in_a_presentation(monkeypatch):
    """A streamed answer is read when the invented names are gone."""
    client = signed_in_client("administrator")
    session = client.session
    session[PRESENTS] = True
    session.save()

    def stream(*_args, **_options):
        return StreamingHttpResponse(user.name for user in User.objects.all())

    monkeypatch.setattr("veche.accounts.views.own.form_page", stream)
    answer = client.get(reverse("accounts:profile"))
    assert answer.status_code == 403 and not answer.streaming


@pytest.mark.django_db(transaction=True)
def test_what_would_be_made_up_for_too_long_is_stopped_and_said(monkeypatch):
    client = signed_in_client("administrator")
    session = client.session
    session[PRESENTS] = True
    session.save()

    def slow(*_args, **_options):
        with connection.cursor() as sql:
            sql.execute("SELECT pg_sleep(20)")

    monkeypatch.setattr(presenting, "PATIENCE", 50)
    monkeypatch.setattr("veche.accounts.views.own.queries.own_user", slow)
    answer = client.get(reverse("accounts:profile"))
    assert answer.status_code == 503 and "Narrow the question" in answer.text
    with connection.cursor() as sql:
        sql.execute("SHOW statement_timeout")
        assert sql.fetchone()[0] == "0"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("lens", [presenting.presenting, presenting.reading_only])
def test_not_even_a_table_without_names_is_written(lens):
    with lens(), pytest.raises(InternalError, match="read-only"), transaction.atomic():
        Team.objects.create(name="Новая")
    Team.objects.create(name="Новая")

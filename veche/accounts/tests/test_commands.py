"""`veche user …`."""

import json

import pytest
from click.testing import CliRunner

from veche.accounts.commands import user
from veche.accounts.models import User
from veche.accounts.testing import member
from veche.core.testing import published

pytestmark = pytest.mark.django_db


def veche(*words: str):
    return CliRunner().invoke(user, list(words))


def test_add_prints_a_link_that_works(client):
    done = veche("add", "anna@example.org", "--name", "Анна", "--role", "coordinator", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["role"], told["reach"], told["active"]) == ("coordinator", "everything", True)
    assert client.post("/sign-in/link/" + told["link"].split("/sign-in/link/")[1]).status_code == 302
    assert published("accounts.user_added")[-1].via == "shell"


def test_a_refusal_is_one_sentence_and_exit_code_two():
    member("operator")
    for words in (
        ("add", "operator@example.org", "--name", "А"),
        ("link", "nobody@example.org"),
        ("off", "nobody@example.org"),
    ):
        refused = veche(*words)
        assert refused.exit_code == 2
        assert len(refused.stderr.strip().splitlines()) == 1 and refused.stdout == ""


def test_role_off_and_on():
    member("operator")
    assert veche("role", "operator@example.org", "auditor").exit_code == 0
    changed = User.objects.get(email="operator@example.org")
    assert (changed.role, changed.reach) == ("auditor", "everything")
    veche("off", "operator@example.org")
    assert "auditor" in veche("list").stdout
    assert json.loads(veche("list", "--json").stdout)[0]["active"] is False
    veche("on", "operator@example.org")
    assert json.loads(veche("list", "--json").stdout)[0]["active"] is True

"""After `veche demo` no screen is empty: what a newcomer opens first has something to show."""

import pytest
from click.testing import CliRunner
from django.urls import reverse

from veche.accounts.models import User
from veche.accounts.testing import signed_in_client
from veche.contacts.models import Finding
from veche.desk.commands.demo import demo
from veche.desk.models import Notice
from veche.exchange.models import Export, Import

pytestmark = pytest.mark.django_db(transaction=True)
EMPTY = 'class="v-empty"'


def test_every_screen_has_something_to_show_at_once():
    done = CliRunner().invoke(demo, ["--contacts", "600"])
    assert done.exit_code == 0, done.output
    assert "Inventing people" in done.output and "Looking for mistakes" in done.output
    administrator = User.objects.get(role="administrator")
    assert Finding.objects.filter(dismissed=False).count() > 5
    assert {each.state for each in Export.objects.all()} == {"ready"} and Import.objects.count() == 2
    client = signed_in_client(administrator)
    for name in (
        "desk:home", "contacts:people", "contacts:quality", "contacts:given_lists", "exchange:imports",
        "exchange:exports", "contacts:mass_changes", "desk:notices", "campaigns:campaigns", "accounts:users",
        "accounts:teams",
    ):  # fmt: skip
        page = client.get(reverse(name))
        assert page.status_code == 200 and EMPTY not in page.text, name
    told = set(Notice.objects.filter(user=administrator).values_list("kind", flat=True))
    assert {"contacts.given", "contacts.mentioned"} <= told

    counted = (Export.objects.count(), Notice.objects.count())
    assert CliRunner().invoke(demo, ["--contacts", "600"]).exit_code == 0
    assert (Export.objects.count(), Notice.objects.count()) == counted, "a second run adds nothing of this"

"""Old exports and imports are reached from the newest, each once, whatever was made in the same instant."""

import pytest
from django.urls import reverse
from django.utils import timezone

from veche.accounts.testing import member, signed_in_client
from veche.exchange.models import Export, Import
from veche.exchange.queries.portions import portion
from veche.exchange.views import exports, imports

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("model", "page", "known"),
    [
        (Export, exports, lambda n: {"words": f"whom {n}"}),
        (Import, imports, lambda n: {"name": f"file {n}", "file": "", "size": 0, "sha256": ""}),
    ],
)
def test_every_line_of_a_long_list_is_reached_once(model, page, known, monkeypatch):
    monkeypatch.setattr(page, "SHOWN", 3)
    owner, now = member("administrator"), timezone.now()
    model.objects.bulk_create([model(made_by=owner, made_at=now, **known(n)) for n in range(7)])
    words = [next(iter(known(n).values())) for n in range(7)]
    client, url, seen = signed_in_client(owner), reverse(f"exchange:{page.__name__.split('.')[-1]}"), []
    address = url
    while address:
        answer = client.get(address)
        shown = answer.content.decode()
        seen += [each for each in reversed(words) if each in shown]
        more = answer.context["more"]
        assert (f"?before={more}" in shown) == bool(more)
        address = f"{url}?before={more}" if more else ""
    assert seen == words[::-1]


def test_a_garbled_place_is_the_beginning():
    Export.objects.create(made_by=member("administrator"))
    newest = Export.objects.order_by("-made_at", "-id")
    for garbled in ("", "x", "-1", "9" * 40, "404"):
        assert [each.pk for each in portion(newest, garbled, 3)[0]] == [Export.objects.get().pk]

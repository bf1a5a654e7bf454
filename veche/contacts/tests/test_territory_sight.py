"""What the pages of territories tell whoever sees a part of the base: no house and no count of people out of sight."""

import pytest
from django.urls import reverse

from veche.accounts.actions import add_territory
from veche.accounts.testing import make_user, signed_in_client
from veche.addresses.actions import territories
from veche.addresses.models import Coverage, StreetFinding
from veche.contacts.actions.territory_following import follow_waiting
from veche.contacts.testing import make_person
from veche.core.actor import Actor

pytestmark = pytest.mark.django_db
BY = Actor.system()


@pytest.fixture
def counted():
    """A territory that nobody's own follows, with a house where somebody else's person lives."""
    made, other = (add_territory(by=BY, name=f"Участок {number}") for number in (1, 2))
    for each in (made, other):
        territories.describe_territory(by=BY, territory_id=each.pk, kind="turf", town="Тверь", leads=False)
        territories.paste_houses(by=BY, territory_id=each.pk, text="ул. Ленина, 1–25")
    make_person(addresses=["г. Тверь, ул. Ленина, 5"])
    follow_waiting(by=BY)
    assert StreetFinding.objects.filter(people=1).exists()
    Coverage.objects.update(houses=7654, people=7654)
    return made


def test_a_volunteer_of_a_territory_is_told_of_no_house_and_no_count_of_others(counted):
    client = signed_in_client(make_user("Сборщик", "volunteer", reach="teams", territories=[counted]))
    page = client.get(reverse("addresses:territory", args=[counted.pk])).content.decode()
    assert "ул. Ленина" in page, "the rules are no secret"
    assert "654" not in page and "Участок 2" not in page
    assert f"{reverse('contacts:houses')}?territory={counted.pk}" in page
    assert "654" not in client.get(reverse("addresses:territories")).content.decode()
    assert client.get(reverse("addresses:territory_houses", args=[counted.pk])).status_code == 403
    listed = client.get(reverse("contacts:houses"), {"territory": counted.pk}).content.decode()
    assert "ул. Ленина, 5" not in listed


def test_who_sees_all_is_told(counted):
    client = signed_in_client("auditor")
    page = client.get(reverse("addresses:territory", args=[counted.pk])).content.decode()
    assert "654" in page and "Участок 2" in page
    assert client.get(reverse("addresses:territory_houses", args=[counted.pk])).status_code == 200

"""Who may see how many people of a territory's houses have another territory, and bring them in line."""

from veche.accounts.actions import add_territory
from veche.accounts.models import Territory
from veche.addresses.actions import territories
from veche.contacts.actions.address_reading import read_addresses_after
from veche.contacts.actions.territory_following import expand_streets, follow_portion
from veche.contacts.testing import make_person
from veche.core.actor import Actor
from veche.ui.testing import Access


def with_a_stray():
    by = Actor.system()
    number = Territory.objects.count()  # a walk through all pages asks for it page by page
    here, elsewhere = (add_territory(by=by, name=f"Участок {number}-{place}") for place in "АБ")
    territories.paste_houses(by=by, territory_id=here.pk, text="г. Екатеринбург, ул. Ленина, 1-25")
    make_person(addresses=["г. Екатеринбург, ул. Ленина 5"], fields={"territory": elsewhere.pk})
    read_addresses_after(0)
    expand_streets()
    follow_portion()
    return {"territory_id": here.pk}


TERRITORIES = [
    Access(
        "contacts:territory_strays", kwargs=with_a_stray, everyone=404, administrator=200, coordinator=200, auditor=200
    ),
    Access(
        "contacts:territory_strays", "POST", kwargs=with_a_stray, everyone=404, administrator=302, coordinator=302,
        auditor=403,
    ),
]  # fmt: skip

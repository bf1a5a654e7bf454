"""Why somebody is in a territory: the address and the rule that put him there, or that he was set otherwise by hand."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from veche.accounts.models import Territory
from veche.addresses.models import HouseCover, KnownHouse, TerritoryRule
from veche.addresses.queries.territories import VIEW, territories_seen_by, words_of
from veche.contacts.models import Contact
from veche.core.actor import Actor


def territory_reasons(actor: Actor, contact: Contact) -> list[str]:
    """A sentence, or none where no address has ever said anything of it."""
    told = contact.territory_by_address
    if told is None:
        return []
    if told != contact.territory_id:
        return _set_otherwise(actor, told)
    house = _house_of(contact, told)
    if house is None:
        return []
    words = {"address": ", ".join(filter(None, (house.town, house.street, house.house)))}
    rule = _rule_of(actor, house, told)
    if rule is None:
        return [_("By the address “%(address)s”.") % words]
    words["rule"] = words_of(rule)
    return [_("By the address “%(address)s” and the rule “%(rule)s”.") % words]


def _set_otherwise(actor: Actor, territory_id: int) -> list[str]:
    other = Territory.objects.filter(pk=territory_id).first()
    if other is None or not territories_seen_by(actor).filter(pk=territory_id).exists():
        return []
    return [_("Set otherwise than the address says, which lies in “%(territory)s”.") % {"territory": other}]


def _house_of(contact: Contact, territory_id: int) -> KnownHouse | None:
    """The house of an address of the contact that the territory has by its rules."""
    places = Q(pk=None)
    for each in contact.address_readings.exclude(town_key="", street_key=""):
        places |= Q(region=each.region, town_key=each.town_key, street_key=each.street_key, house=each.house)
    own = HouseCover.objects.filter(territory=territory_id, state=HouseCover.State.OWN).values("house")
    return KnownHouse.objects.filter(places, pk__in=own).order_by("pk").first()


def _rule_of(actor: Actor, house: KnownHouse, territory_id: int) -> TerritoryRule | None:
    """The most exact of the territory's rules that names the house, where the actor may look at them."""
    if not actor.may(VIEW) or not territories_seen_by(actor).filter(pk=territory_id).exists():
        return None
    rules = TerritoryRule.objects.filter(
        territory=territory_id, is_read=True, replaced_by=None, excluded=False,
        town_key__in=("", house.town_key), street_key__in=("", house.street_key),
    )  # fmt: skip
    fitting = [each for each in rules if each.rule.covers(house.number, house.house)]
    return max(fitting, key=lambda each: (each.rank, -each.pk), default=None)

"""Where houses stand: asked of the geocoder by a job, if the operator has named one. Only the address of the house
leaves the server; what somebody has typed in is never written over."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.contacts.actions.house_passport import insist_whole_reach
from veche.contacts.events import HouseChanged, PlacesSought
from veche.contacts.models import House
from veche.contacts.queries.house_reach import house_of
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.background import start_job
from veche.core.ledger import publish
from veche.core.models import Job
from veche.core.refusal import Refusal
from veche.gateways import geocoding

ONE, MANY = "contacts.find_house", "contacts.find_houses"
AGAIN = dt.timedelta(days=90)  # a house that was not found is not asked for sooner
BUSY = (Job.State.QUEUED, Job.State.RUNNING)
MOST_WAITING = 10  # single houses: other short jobs wait behind them, and many are for the job of many
PORTION = 500


def next_placeless() -> list[int]:
    """Some of them, those of most people first: each is looked at once more before it is asked for."""
    return list(placeless().order_by("-people", "-pk").values_list("pk", flat=True)[:PORTION])


def placeless() -> QuerySet[House]:
    """Houses of which nobody knows where they stand, and which nobody has asked for lately."""
    lately = timezone.now() - AGAIN
    return House.objects.filter(latitude=None).exclude(looked_for_at__gt=lately).exclude(town="", region="")


@action("contacts.edit")
def start_finding_house(*, by: Actor, house_id: int) -> Job:
    """Ask where one house stands, in the background."""
    house = house_of(by, house_id)
    if not geocoding.is_on():
        raise Refusal("house.no_geocoder", _("No geocoder is set: the operator can name one."))
    waiting = list(Job.objects.filter(kind=ONE, state__in=BUSY).values_list("object_id", flat=True))
    if house.pk in waiting:
        raise Refusal("house.sought_already", _("This house is being looked for already."))
    if len(waiting) >= MOST_WAITING:
        raise Refusal(
            "house.geocoder_full", _("The geocoder is being asked for other houses: try in a minute.")
        )
    publish(PlacesSought(object_id=house.pk, houses=1), by=by)
    return start_job(ONE, by=by, object_id=house.pk, subject=str(house))


@action("contacts.shape")
def start_finding_houses(*, by: Actor) -> Job:
    """Ask where all the houses stand of which it is not known, one after the other."""
    insist_whole_reach(by)
    if not geocoding.may_ask_in_bulk():
        sentence = _("Many houses are asked for only from a geocoder of your own; the operator can name one.")
        raise Refusal("house.no_geocoder", sentence)
    if Job.objects.filter(kind=MANY, state__in=BUSY).exists():
        raise Refusal("house.sought_already", _("The houses are being looked for already."))
    houses = placeless().count()
    if not houses:
        raise Refusal("house.nothing_sought", _("There is no house left to look for."))
    publish(PlacesSought(houses=houses), by=by)
    return start_job(MANY, by=by, total=houses)


def look_for(house: House) -> geocoding.Spot | None:
    """Ask the geocoder; its trouble in a sentence."""
    address = geocoding.HouseAddress(house.number, house.street, house.town, house.region)
    try:
        return geocoding.find_house(address)
    except geocoding.Trouble as trouble:
        sentences = {
            "busy": _("The geocoder asks for a rest. Go on later: what was found stays."),
            "refused": _("The geocoder refuses to answer. Ask the operator to look at its settings."),
            "unreachable": _("The geocoder cannot be reached. Go on later: what was found stays."),
            "nonsense": _(
                "The geocoder’s answer cannot be understood. Ask the operator to look at its settings."
            ),
        }
        raise Refusal(f"house.geocoder_{trouble.code}", sentences[trouble.code]) from trouble


@action("contacts.edit")
def settle_place(*, by: Actor, house_id: int, spot: geocoding.Spot | None) -> bool:
    """Keep what the geocoder has found, or that it found nothing; True where the house now has a place."""
    house = House.objects.select_for_update(no_key=True).filter(pk=house_id).first()
    if house is None:  # it went with its last address meanwhile
        unchanged()
        return False
    house.looked_for_at = timezone.now()
    if spot is None or house.place_from == House.PlaceFrom.HAND:
        house.save(update_fields=["looked_for_at"])
        unchanged()
        return False
    house.latitude, house.longitude = spot.latitude, spot.longitude
    house.place_from = House.PlaceFrom.GEOCODER
    house.save(update_fields=["looked_for_at", "latitude", "longitude", "place_from"])
    publish(HouseChanged(object_id=house.pk, fields=("latitude", "longitude")), by=by)
    return True

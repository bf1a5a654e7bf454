"""Rules and findings of territories in words, for their pages."""

from django import template

from veche.addresses.coverage.preview import DOUBTS
from veche.addresses.models import KnownHouse, StreetFinding, TerritoryRule
from veche.addresses.queries.territories import shown
from veche.addresses.queries.territory_checks import houses_in_words

register = template.Library()


@register.filter
def houses(rule: TerritoryRule) -> str:
    """The houses of a rule: «1–25, odd»."""
    return shown(rule)


@register.filter
def doubt(rule: TerritoryRule) -> str:
    """Why a rule is in doubt; "" where it is not."""
    return str(DOUBTS.get(rule.doubt, ""))


@register.filter
def finding_houses(finding: StreetFinding) -> str:
    """The houses of a finding."""
    return houses_in_words(finding)


@register.filter
def street_asked(house: KnownHouse) -> str:
    """A house as the filter of people by street takes it."""
    number = f" {house.number}" if house.number is not None else ""
    return f"{house.town}, {house.street}{number}" if house.town else f"{house.street}{number}"

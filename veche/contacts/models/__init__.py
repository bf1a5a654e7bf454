"""People and organisations that we know, and what we know of them."""

from veche.contacts.models.address_reading import AddressReading
from veche.contacts.models.belonging import CampaignTally, Membership, Tag, TagAssignment
from veche.contacts.models.contact import Contact, Gender, Kind
from veche.contacts.models.finding import Finding, FindingDismissal, PendingInspection
from veche.contacts.models.given import GivenContact, GivenList
from veche.contacts.models.history import FieldChange, Note, Origin, UndoKept
from veche.contacts.models.house import House, HouseElder, HouseEntry, PendingHouse
from veche.contacts.models.household import Household, HouseholdMember
from veche.contacts.models.learned_street import KnownStreet, LearnedStreet, StreetSlip
from veche.contacts.models.list_view import ListLayout, SavedView
from veche.contacts.models.lookup import Figure, NameWord
from veche.contacts.models.mass_change import MassChange, MassChunk, MassOutcome
from veche.contacts.models.merge import Merge, MergedContact, MergedRow, OtherValue
from veche.contacts.models.own_field import OwnField
from veche.contacts.models.reach import ContactPoint, ExternalId, PointKind, PostalAddress, Validity
from veche.contacts.models.relation import Relation, RelationKind
from veche.contacts.models.standing import ContactRole, RoleKind, Status

__all__ = [
    "AddressReading", "CampaignTally", "Contact", "ContactPoint", "ContactRole", "ExternalId", "FieldChange",
    "Figure", "Finding", "FindingDismissal", "Gender", "GivenContact", "GivenList", "House", "HouseElder",
    "HouseEntry", "Household", "HouseholdMember", "Kind", "KnownStreet", "LearnedStreet", "ListLayout",
    "MassChange", "MassChunk",
    "MassOutcome", "Membership", "Merge", "MergedContact", "MergedRow", "NameWord", "Note", "Origin",
    "OtherValue", "OwnField", "PendingHouse",
    "PendingInspection", "PointKind", "PostalAddress", "Relation", "RelationKind", "RoleKind", "SavedView",
    "Status", "StreetSlip",
    "Tag", "TagAssignment", "UndoKept", "Validity",
]  # fmt: skip

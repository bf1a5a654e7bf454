"""Every address of the room against every role."""

from veche.contacts.tests.access_card import CARD
from veche.contacts.tests.access_people import PEOPLE

ACCESS = [*CARD, *PEOPLE]

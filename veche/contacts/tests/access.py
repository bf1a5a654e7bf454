"""Every address of the room against every role."""

from veche.contacts.tests.access_bulk import BULK
from veche.contacts.tests.access_card import CARD
from veche.contacts.tests.access_findings import FINDINGS
from veche.contacts.tests.access_grid import GRID
from veche.contacts.tests.access_households import HOUSEHOLDS
from veche.contacts.tests.access_houses import HOUSES
from veche.contacts.tests.access_merges import MERGES
from veche.contacts.tests.access_people import PEOPLE
from veche.contacts.tests.access_quick import QUICK
from veche.contacts.tests.access_territories import TERRITORIES

ACCESS = [*BULK, *CARD, *FINDINGS, *GRID, *HOUSEHOLDS, *HOUSES, *MERGES, *PEOPLE, *QUICK, *TERRITORIES]

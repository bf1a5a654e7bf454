"""Who may take a list home, and what a coordinator brought back: its owner, and who looks after everybody's work."""

from django.core.files.uploadedfile import SimpleUploadedFile

from veche.accounts.testing import actor_of
from veche.contacts.testing import make_person
from veche.exchange.tests.bridge_home import applied, brought_back, saved, table_of, taken_home
from veche.ui.testing import Access

LOOKERS = {"everyone": 404, "administrator": 200, "coordinator": 200}
STEERERS = {"everyone": 404, "administrator": 302, "coordinator": 302}
TAKERS = {"everyone": 403, "administrator": 302, "coordinator": 302}


def a_sheet():
    make_person("Органа Лея", phone="8 916 000-00-01")
    return {"sheet_id": taken_home(actor_of("coordinator")).pk}


def somebody():
    make_person("Органа Лея", phone="8 916 000-00-01")
    return {}


def content(surname="Соло"):
    make_person("Органа Лея", phone="8 916 000-00-01")
    table = table_of(taken_home(actor_of("coordinator")))
    table[1][1] = surname
    return saved(table)


def a_file():
    return {"file": SimpleUploadedFile("люди.xlsx", content())}


def a_return(surname="Соло"):
    def make():
        return {"return_id": brought_back(actor_of("coordinator"), content(surname)).pk}

    return make


def a_written_one():
    by = actor_of("coordinator")
    returned = brought_back(by, content())
    return {"return_id": applied(by, returned).pk}


BRIDGE = [
    Access("exchange:bridge", everyone=403, administrator=200, coordinator=200),
    Access("exchange:bridge_sheets", "POST", kwargs=somebody, **TAKERS),
    Access("exchange:bridge_sheets", "POST", everyone=403, administrator=422, coordinator=422),
    Access("exchange:bridge_sheet", kwargs=a_sheet, **LOOKERS),
    Access("exchange:bridge_file", kwargs=a_sheet, **LOOKERS),
    Access("exchange:bridge_file", kwargs={"sheet_id": 404_404}, everyone=404),
    Access("exchange:bridge_returns", "POST", data=a_file, **TAKERS),
    Access("exchange:bridge_returns", "POST", everyone=403, administrator=422, coordinator=422),
    Access("exchange:bridge_return", kwargs=a_return(), **LOOKERS),
    Access("exchange:bridge_decisions", "POST", kwargs=a_return(), data={"decision": "reject"}, **STEERERS),
    Access("exchange:bridge_gone", "POST", kwargs=a_return(), data={"gone": "nothing"}, **STEERERS),
    Access("exchange:bridge_application", "POST", kwargs=a_return(), **STEERERS),
    Access("exchange:bridge_undoing", "POST", kwargs=a_written_one, **STEERERS),
]

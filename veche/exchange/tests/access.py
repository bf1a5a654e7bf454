"""Who may see and steer a coordinator's imports: their owner, and who looks after everybody's work."""

import tempfile
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from veche.accounts.testing import actor_of
from veche.exchange import actions
from veche.exchange.testing import PEOPLE_CAPTIONS, checked, loaded, make_import, run_jobs
from veche.exchange.tests.access_bridge import BRIDGE
from veche.exchange.tests.access_corrections import ACCESS as CORRECTIONS
from veche.exchange.tests.access_export import EXPORT
from veche.ui.testing import Access

ROWS = [["Органа", "Лея", "", "8 916 000-00-01", "", "", ""]]
LOOKERS = {"everyone": 404, "administrator": 200, "coordinator": 200}
STEERERS = {"everyone": 404, "administrator": 302, "coordinator": 302}


def an_import(prepare=lambda imported, by: imported):
    """The keyword arguments of an address about an import that `prepare` has brought to its state."""

    def make():
        by = actor_of("coordinator")
        with tempfile.TemporaryDirectory() as folder:
            return {"import_id": prepare(make_import(Path(folder), ROWS, by=by), by=by).pk}

    return make


def being_checked(imported, *, by):
    return actions.start_check(by=by, imported=imported)


def undone(imported, *, by):
    return run_jobs(actions.start_undo(by=by, imported=loaded(imported, by=by)))


def a_file():
    text = ";".join(PEOPLE_CAPTIONS) + "\n" + ";".join(ROWS[0])
    return {"file": SimpleUploadedFile("people.csv", text.encode())}


def columns():
    return {"policy": "fill_empty", "match_by": ["phone"], "target-1": "name.given"}


ACCESS = [
    Access("exchange:imports", everyone=403, administrator=200, coordinator=200),
    Access("exchange:import_new", everyone=403, administrator=200, coordinator=200),
    Access("exchange:import_new", "POST", data=a_file, everyone=403, administrator=302, coordinator=302),
    Access("exchange:import_new", "POST", everyone=403, administrator=422, coordinator=422),
    Access("exchange:import", kwargs=an_import(), **STEERERS),
    Access("exchange:import", kwargs={"import_id": 404_404}, everyone=404),
    Access("exchange:table", kwargs=an_import(), **LOOKERS),
    Access(
        "exchange:table", "POST", kwargs=an_import(), data={"encoding": "utf-8", "delimiter": ";"}, **LOOKERS
    ),
    Access("exchange:look", "POST", kwargs=an_import(), **STEERERS),
    Access("exchange:columns", kwargs=an_import(), **LOOKERS),
    Access("exchange:columns", "POST", kwargs=an_import(), data=columns, **STEERERS),
    Access("exchange:check", kwargs=an_import(checked), **LOOKERS),
    Access("exchange:check", "POST", kwargs=an_import(), **STEERERS),
    Access("exchange:load", kwargs=an_import(loaded), **LOOKERS),
    Access("exchange:load", "POST", kwargs=an_import(checked), **STEERERS),
    Access("exchange:rows", kwargs=an_import(checked), **LOOKERS),
    Access("exchange:rejects", kwargs=an_import(checked), **LOOKERS),
    Access("exchange:cancellation", "POST", kwargs=an_import(being_checked), **STEERERS),
    Access("exchange:journal", everyone=403, administrator=200, coordinator=200),
    Access("exchange:undoing", "POST", kwargs=an_import(loaded), **STEERERS),
    Access("exchange:redoing", "POST", kwargs=an_import(undone), **STEERERS),
    Access("exchange:kept", kwargs=an_import(undone), **LOOKERS),
    Access("exchange:kept_file", kwargs=an_import(undone), **LOOKERS),
    *EXPORT,
    *CORRECTIONS,
    *BRIDGE,
]

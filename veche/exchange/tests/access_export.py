"""Who may export, and whose files are whose: a coordinator's export is his own and the administrators'."""

from veche.accounts.testing import actor_of
from veche.core.background import run_job
from veche.exchange.actions import exports
from veche.ui.testing import Access

COLUMNS = {"column": ["surname", "phone"], "format": "csv"}
MAKERS = {"everyone": 404, "administrator": 200, "coordinator": 200}


def a_made_one():
    export = exports.order_export(by=actor_of("coordinator"), view={}, columns=["surname"])
    run_job(job_id=export.job_id)
    return {"key": export.key}


EXPORT = [
    Access("exchange:exports", everyone=403, administrator=200, coordinator=200),
    Access("exchange:export_new", everyone=403, administrator=200, coordinator=200),
    Access("exchange:export_new", "POST", data=COLUMNS, everyone=403, administrator=302, coordinator=302),
    Access("exchange:export_new", "POST", everyone=403, administrator=422, coordinator=422),
    Access("exchange:houses_export", everyone=403, administrator=200, coordinator=200),
    Access(
        "exchange:houses_export",
        "POST",
        data={"format": "csv"},
        everyone=403,
        administrator=302,
        coordinator=302,
    ),
    Access("exchange:houses_export", "POST", everyone=403, administrator=422, coordinator=422),
    Access("exchange:letters_new", everyone=403, administrator=200, coordinator=200),
    Access(
        "exchange:letters_new",
        "POST",
        data={"what": "labels"},
        everyone=403,
        administrator=302,
        coordinator=302,
    ),
    Access(
        "exchange:letters_sample",
        "POST",
        data={"what": "labels"},
        everyone=403,
        administrator=200,
        coordinator=200,
    ),
    Access("exchange:export_file", kwargs=a_made_one, **MAKERS),
    Access("exchange:export_file", kwargs={"key": "00000000-0000-4000-8000-000000000000"}, everyone=404),
    Access(
        "exchange:export_deletion",
        "POST",
        kwargs=a_made_one,
        everyone=404,
        administrator=302,
        coordinator=302,
    ),
]

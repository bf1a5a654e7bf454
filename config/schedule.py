"""The whole timetable, and nothing else. procrastinate finds the tasks by PROCRASTINATE_IMPORT_PATHS and reads
the hours as UTC: it is night in Russia then, whatever the zone of the server.

Each task works in sets, at once, and may run twice. What somebody waits for is no timed task but a job.
"""

from django.db import connection
from procrastinate.contrib.django import app

from veche.accounts import jobs as accounts
from veche.contacts import jobs as contacts
from veche.dedupe.jobs import searching
from veche.desk import jobs as desk
from veche.exchange.jobs import bridge, exports, undo
from veche.exchange.jobs import folder as watching


@app.periodic(cron="17 0 * * *", periodic_id="core.ledger_months")
@app.task(name="core.ensure_ledger_months", queueing_lock="core.ensure_ledger_months")
def ensure_ledger_months(timestamp: int) -> None:
    """Daily: the ledger has a partition for this month and the three after it. A second run finds them there."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT core_ensure_ledger_months(date_trunc('month', now() AT TIME ZONE 'UTC')::date, 4)"
        )


@app.periodic(cron="41 0 * * *", periodic_id="accounts.forget_old_sign_ins")
@app.task(name="accounts.forget_old_sign_ins", queueing_lock="accounts.forget_old_sign_ins")
def forget_old_sign_ins(timestamp: int) -> None:
    """Daily: ended sessions, spent links and last year's sign-ins go."""
    accounts.forget_old_sign_ins()


@app.periodic(cron="53 0 * * *", periodic_id="contacts.erase_long_removed")
@app.task(name="contacts.erase_long_removed", queueing_lock="contacts.erase_long_removed")
def erase_long_removed(timestamp: int) -> None:
    """Daily: people removed from the base more than thirty days ago are erased for good."""
    contacts.erase_long_removed()


@app.periodic(cron="*/5 * * * *", periodic_id="contacts.refresh_figures")
@app.task(name="contacts.refresh_figures", queueing_lock="contacts.refresh_figures")
def refresh_figures(timestamp: int) -> None:
    """Every five minutes: figures of the home page that are stale are counted anew; otherwise nothing happens."""
    contacts.refresh_figures()


@app.periodic(cron="*/10 * * * *", periodic_id="contacts.refresh_given_lists")
@app.task(name="contacts.refresh_given_lists", queueing_lock="contacts.refresh_given_lists")
def refresh_given_lists(timestamp: int) -> None:
    """Every ten minutes: new matches join the given lists that grow. A second run finds them there."""
    contacts.refresh_given_lists()


@app.periodic(cron="29 0 * * *", periodic_id="contacts.forget_mass_changes")
@app.task(name="contacts.forget_mass_changes", queueing_lock="contacts.forget_mass_changes")
def forget_mass_changes(timestamp: int) -> None:
    """Daily: what was before of bulk changes that can no longer be undone goes. A second run finds none."""
    contacts.forget_mass_changes()


@app.periodic(cron="23 1 * * *", periodic_id="contacts.recount_everything")
@app.task(name="contacts.recount_everything", queueing_lock="contacts.recount_everything")
def recount_everything(timestamp: int) -> None:
    """Daily: everything that is kept ready is counted from the start, which heals whatever went wrong."""
    contacts.recount_everything()


@app.periodic(cron="* * * * *", periodic_id="contacts.inspect_waiting")
@app.task(name="contacts.inspect_waiting", queueing_lock="contacts.inspect_waiting")
def inspect_waiting(timestamp: int) -> None:
    """Every minute: people whom an import has touched are looked at for mistakes, while no job is at work."""
    contacts.inspect_waiting()


@app.periodic(cron="* * * * *", periodic_id="contacts.read_waiting_addresses")
@app.task(name="contacts.read_waiting_addresses", queueing_lock="contacts.read_waiting_addresses")
def read_waiting_addresses(timestamp: int) -> None:
    """Every minute: a job reads the addresses of the last imports, and all of them once Veche reads them better."""
    contacts.read_waiting_addresses()


@app.periodic(cron="* * * * *", periodic_id="contacts.follow_waiting_territories")
@app.task(name="contacts.follow_waiting_territories", queueing_lock="contacts.follow_waiting_territories")
def follow_waiting_territories(timestamp: int) -> None:
    """Every minute: a job lays out the streets that imports and new rules have left, while no other is at work."""
    contacts.follow_waiting_territories()


@app.periodic(cron="* * * * *", periodic_id="contacts.keep_waiting_houses")
@app.task(name="contacts.keep_waiting_houses", queueing_lock="contacts.keep_waiting_houses")
def keep_waiting_houses(timestamp: int) -> None:
    """Every minute: houses where people came or went are counted, all of them after an import."""
    contacts.keep_waiting_houses()


@app.periodic(cron="29 1 * * *", periodic_id="contacts.inspect_whole_base")
@app.task(name="contacts.inspect_whole_base", queueing_lock="contacts.inspect_whole_base")
def inspect_whole_base(timestamp: int) -> None:
    """Daily: the whole base is looked through for mistakes, which a job does. A second run finds it under way."""
    contacts.inspect_whole_base()


@app.periodic(cron="37 0 * * *", periodic_id="dedupe.search_at_night")
@app.task(name="dedupe.search_at_night", queueing_lock="dedupe.search_at_night")
def search_at_night(timestamp: int) -> None:
    """Daily: who has changed is compared with everybody, if the rules want it. A second run finds it under way."""
    searching.search_at_night()


@app.periodic(cron="47 0 * * *", periodic_id="exchange.purge_rows")
@app.task(name="exchange.purge_rows", queueing_lock="exchange.purge_rows")
def purge_imported_rows(timestamp: int) -> None:
    """Daily: rows and files of imports that can no longer be undone go. A second run finds nothing."""
    undo.purge_rows()


@app.periodic(cron="7 * * * *", periodic_id="exchange.delete_old_exports")
@app.task(name="exchange.delete_old_exports", queueing_lock="exchange.delete_old_exports")
def delete_old_exports(timestamp: int) -> None:
    """Hourly: exported files whose time is over go. A second run finds none."""
    exports.delete_old_files()


@app.periodic(cron="11 1 * * *", periodic_id="exchange.purge_sheets")
@app.task(name="exchange.purge_sheets", queueing_lock="exchange.purge_sheets")
def purge_sheets(timestamp: int) -> None:
    """Daily: old downloads for Excel and what came back of them go. A second run finds none."""
    bridge.purge_sheets()


@app.periodic(cron="29 1 * * *", periodic_id="desk.forget_old_notices")
@app.task(name="desk.forget_old_notices", queueing_lock="desk.forget_old_notices")
def forget_old_notices(timestamp: int) -> None:
    """Daily: notices older than two months go. A second run finds none."""
    desk.forget_old_notices()


@app.periodic(cron="* * * * *", periodic_id="exchange.look_into_folder")
@app.task(name="exchange.look_into_folder", queueing_lock="exchange.look_into_folder")
def look_into_folder(timestamp: int) -> None:
    """Every minute: files of the watched folder go on by one step. Without such a folder nothing happens."""
    watching.look_into_folder()

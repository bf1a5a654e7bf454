"""The whole timetable, and nothing else. procrastinate finds the tasks by PROCRASTINATE_IMPORT_PATHS.

A timed task only does its work where that is one statement; what takes longer it starts as a job.
"""

from django.db import connection
from procrastinate.contrib.django import app


@app.periodic(cron="17 3 * * *", periodic_id="core.ledger_months")
@app.task(name="core.ensure_ledger_months", queueing_lock="core.ensure_ledger_months")
def ensure_ledger_months(timestamp: int) -> None:
    """Daily: the ledger has a partition for this month and the three after it. A second run finds them there."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT core_ensure_ledger_months(date_trunc('month', now() AT TIME ZONE 'UTC')::date, 4)"
        )

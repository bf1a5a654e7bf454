"""Everything on the timetable can be run, and twice."""

import pytest
from procrastinate.contrib.django import app

from config import schedule

PLANNED = list(app.periodic_registry.periodic_tasks.values())


def test_the_timetable_is_found():
    names = {planned.task.name for planned in PLANNED}
    assert {"core.ensure_ledger_months", "accounts.forget_old_sign_ins"} <= names
    assert schedule.__name__ in {planned.task.func.__module__ for planned in PLANNED}


@pytest.mark.django_db
@pytest.mark.parametrize("planned", PLANNED, ids=lambda planned: planned.task.name)
def test_a_planned_task_runs_twice(planned):
    planned.task.func(timestamp=0)
    planned.task.func(timestamp=0)

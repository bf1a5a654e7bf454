"""Many rows written by one statement hold what Django's own way of writing them would have left."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from veche.core.models import Cursor, Job
from veche.core.sets import add_rows, update_rows

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 1, 2, 3, 4, 5, 678901, dt.UTC)


def jobs(count: int) -> list[Job]:
    return [Job.objects.create(kind="test.sets", subject=f"{n}") for n in range(count)]


def test_each_row_gets_its_own_values_by_one_statement():
    one, two, other = jobs(3)
    one.subject, one.total, one.cursor, one.started_at = 'it\'s {a} \\ "“list”"', 7, {"ё": [1, None]}, NOW
    two.subject, two.total, two.cursor, two.request_id = "", None, {}, uuid.uuid4()
    with CaptureQueriesContext(connection) as asked:
        written = update_rows(Job, [one, two], ["subject", "total", "cursor", "started_at", "request_id"])
    assert (written, len(asked)) == (2, 1)
    for job in (one, two, other):
        held = Job.objects.get(pk=job.pk)
        assert {field.attname: getattr(held, field.attname) for field in Job._meta.concrete_fields} == {
            field.attname: getattr(job, field.attname) for field in Job._meta.concrete_fields
        }


def test_rows_are_added_as_they_stand_by_one_statement():
    one, two = (
        Job(kind="test", subject=text, cursor=cursor) for text, cursor in (("{ё}", {"a": [None]}), ("", {}))
    )
    two.total, two.started_at, two.request_id = 7, NOW, uuid.uuid4()
    with CaptureQueriesContext(connection) as asked:
        assert add_rows(Job, [one, two]) == 2
        assert add_rows(Job, []) == 0
    assert len(asked) == 1
    fields = [field.attname for field in Job._meta.concrete_fields if not field.primary_key]
    for job, held in zip((one, two), Job.objects.order_by("pk"), strict=True):
        assert [getattr(held, name) for name in fields] == [getattr(job, name) for name in fields]


def test_what_is_gone_is_passed_over_and_nothing_asks_nothing():
    kept, gone = jobs(2)
    Job.objects.filter(pk=gone.pk).delete()
    kept.subject = gone.subject = "now"
    assert update_rows(Job, [kept, gone], ["subject"]) == 1
    with CaptureQueriesContext(connection) as asked:
        assert update_rows(Job, [], ["subject"]) == 0
    assert not asked


def test_a_text_too_long_is_refused_and_not_cut():
    (job,) = jobs(1)
    job.kind = "x" * 1_000
    with pytest.raises(DataError), transaction.atomic():
        update_rows(Job, [job], ["kind"])


def test_a_key_of_text_does_too():
    cursor = Cursor.objects.create(name="by name")
    assert (
        update_rows(
            Cursor, [cursor], [each.name for each in Cursor._meta.concrete_fields if not each.primary_key]
        )
        == 1
    )

"""Building the index of an own field, beside the work that goes on."""

from __future__ import annotations

from django.db import connection

from veche.contacts.models import OwnField
from veche.contacts.queries.own_index import index_ddl, index_is_valid, index_name


def build_index(field: OwnField) -> None:
    """Build it unless it stands; what a broken-off build left is cleared first. Not in a transaction: CONCURRENTLY."""
    if not index_is_valid(field):
        with connection.cursor() as sql:
            sql.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index_name(field)}")
            sql.execute(index_ddl(field))
            sql.execute("ANALYZE contacts_contact")
    OwnField.objects.filter(pk=field.pk).update(index_state=OwnField.IndexState.READY)


def give_up_index(field: OwnField) -> None:
    """The index could not be built: the field may be asked for it again."""
    OwnField.objects.filter(pk=field.pk).update(index_state=OwnField.IndexState.NONE)

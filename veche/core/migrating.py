"""Operations for migrations that a kill may meet in the middle: `migrate` once more finishes what they began."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently as Concurrently
from django.contrib.postgres.operations import RemoveIndexConcurrently

__all__ = ["AddIndexConcurrently", "RemoveIndexConcurrently"]


class AddIndexConcurrently(Concurrently):
    """Django's, but for what a killed run has left: an index that is not valid, under the very name, goes first."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if self.allow_migrate_model(
            schema_editor.connection.alias, to_state.apps.get_model(app_label, self.model_name)
        ):
            schema_editor.execute(
                f"DROP INDEX CONCURRENTLY IF EXISTS {schema_editor.quote_name(self.index.name)}"
            )
        super().database_forwards(app_label, schema_editor, from_state, to_state)

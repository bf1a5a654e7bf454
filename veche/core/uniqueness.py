"""What may be there once only, when two people make it in the same instant.

An action looks first and refuses with a sentence. Between its look and its row another transaction may commit the
same; then the database refuses, and the reader should be told the very same thing:

    with unless_taken({"accounts_team_name_once": _team_taken}):
        team = Team.objects.create(name=name)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from veche.core.refusal import Refusal


@contextmanager
def unless_taken(refusals: Mapping[str, Callable[[], Refusal]]) -> Iterator[None]:
    """Raise the `Refusal` of the constraint that the writes inside broke; every other error passes.

    `refusals` names unique constraints, each with what makes its refusal. What was written inside is taken back.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if broken not in refusals:
            raise
        raise refusals[broken]() from error

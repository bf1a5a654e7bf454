"""What a search works on, as the settings say, and what is said where that is not installed."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from veche.core.refusal import Refusal
from veche.dedupe.finding.backends import DUCKDB, EngineMissing


def chosen_engine(asked: str = "") -> dict[str, str]:
    """What `finding.find` is told: the engine that was asked for, else that of the settings; and Spark's cluster."""
    return {
        "engine": asked or settings.VECHE_DEDUPE_ENGINE or DUCKDB,
        "master": settings.VECHE_SPARK_MASTER,
    }


def refusal_for(error: EngineMissing) -> Refusal:
    """What to do about an engine that is not installed."""
    if error.args[0] == "java":
        return Refusal(
            "engine", _("Spark needs Java 17 or newer, and there is none: install it, or set JAVA_HOME.")
        )
    return Refusal(
        "engine",
        _("Spark is not installed: run “.venv/bin/pip install --require-hashes -r requirements/spark.txt”."),
    )

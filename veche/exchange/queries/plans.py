"""How the columns of an import are read."""

from veche.exchange.mapping import ColumnPlan
from veche.exchange.mapping.correcting import fixes_of, with_fixes
from veche.exchange.models import Correction, Import


def plans_of(imported: Import) -> list[ColumnPlan]:
    """The stored mapping as the converter takes it, with what was said about single cells."""
    names = ColumnPlan.__dataclass_fields__
    plans = [ColumnPlan(**{name: plan[name] for name in names if name in plan}) for plan in imported.mapping]
    return with_fixes(plans, fixes_of(imported.corrections.exclude(state=Correction.State.LEAVING)))


def caption_of(imported: Import, column: int) -> str:
    """What the column is called in the file."""
    return next(
        (plan["caption"] or plan["title"] for plan in imported.mapping if plan["index"] == column), ""
    )

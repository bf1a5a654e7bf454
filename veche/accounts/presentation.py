"""What a presentation shows instead of colleagues: droids."""

from veche.core import presenting

DROIDS = (
    "R2-D2",
    "C-3PO",
    "BB-8",
    "K-2SO",
    "IG-11",
    "L3-37",
    "R5-D4",
    "4-LOM",
    "D-O",
    "BD-1",
    "C1-10P",
    "AP-5",
)


def invent() -> None:
    """Tell core what to invent. Names of teams and territories are the team's own words and stay."""
    presenting.define(
        "CREATE FUNCTION presentation.roll(given bigint, salt int) RETURNS bigint LANGUAGE sql IMMUTABLE AS"
        " $$ SELECT hashint8extended(given, {seed} + salt) & 9223372036854775807 $$"
    )
    droids = "ARRAY[" + ", ".join(f"'{name}'" for name in DROIDS) + "]"
    presenting.invent(
        "accounts_user",
        name=f"({droids})[1 + presentation.roll(real.id, 1) % {len(DROIDS)}] || ' № ' || real.id",
        email="'droid' || real.id || '@naboo.example'",
    )
    presenting.leave_open("accounts_user", "language")
    presenting.leave_open("accounts_team", "name")
    presenting.leave_open("accounts_territory", "name")
    presenting.leave_open("accounts_signin", "method")

"""The houses that we know, laid out over the rules of all territories: whose each is, and who else claims it.

It is reckoned street by street, in sets: who calls has put the streets into `placing_street` and the people who live
there into `placing_dweller`. None of it is an act of anybody's, so nothing is published; a second run finds the same.

Of the rules of one territory the most exact one that fits a house decides (a house before a range, a range before a
side, that before a street, that before a town; «кроме» before what is as exact). Of several territories of one kind
the one with the most exact rule has the house; a part goes before its whole; alike ones are a tie for a person.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import connection

from veche.addresses.coverage.checking import Double, Missing, doubles, missing
from veche.addresses.coverage.rules import Rule
from veche.addresses.models import Coverage, StreetFinding, StreetToPlace, TerritoryRule

# Whose a house is when several kinds have it: the first of these, but always a part before its whole.
KINDS = [
    Coverage.Kind.PRECINCT, Coverage.Kind.TURF, Coverage.Kind.MICRODISTRICT, Coverage.Kind.CONSTITUENCY,
    Coverage.Kind.OTHER,
]  # fmt: skip
_FORGET = """
DELETE FROM addresses_housecover WHERE house_id IN (
    SELECT k.id FROM addresses_knownhouse AS k JOIN placing_street AS s USING (town_key, street_key))
"""
_FORGET_HOUSES = """
DELETE FROM addresses_knownhouse AS k USING placing_street AS s
WHERE k.town_key = s.town_key AND k.street_key = s.street_key
"""
_KNOWN = """
INSERT INTO addresses_knownhouse
    (region, town_key, street_key, street_kind, town, street, house, number, people)
SELECT region, town_key, street_key, street_kind, min(town), min(street), house, max(number), count(*)
FROM placing_dweller GROUP BY region, town_key, street_key, street_kind, house
"""
# A street without a town is in the only town whose rules have such a street.
_HOUSES = """
CREATE TEMP TABLE placing_house ON COMMIT DROP AS
SELECT k.id, k.region, k.street_key, k.street_kind, k.house, k.number, k.people,
       CASE WHEN k.town_key <> '' THEN k.town_key ELSE (
           SELECT min(r.town_key) FROM addresses_territoryrule AS r
           WHERE r.street_key = k.street_key AND r.is_read AND r.replaced_by_id IS NULL
           HAVING count(DISTINCT r.town_key) = 1) END AS town_key
FROM addresses_knownhouse AS k JOIN placing_street AS s USING (town_key, street_key)
"""
_TREE = """
CREATE TEMP TABLE placing_tree ON COMMIT DROP AS
WITH RECURSIVE up(part, whole) AS (
    SELECT id, parent_id FROM accounts_territory WHERE parent_id IS NOT NULL
    UNION SELECT up.part, t.parent_id FROM up JOIN accounts_territory AS t ON t.id = up.whole
    WHERE t.parent_id IS NOT NULL
) SELECT part, whole FROM up
"""
_FITS = """
(r.region = '' OR h.region = '' OR r.region = h.region)
AND CASE WHEN r.house <> '' THEN r.house = h.house
    ELSE (r.side = '' OR mod(h.number, 2) = CASE r.side WHEN 'odd' THEN 1 ELSE 0 END)
         AND (r.first IS NULL OR h.number >= r.first) AND (r.last IS NULL OR h.number <= r.last) END
"""
# «ул. Мира» and «пер. Мира» are two where the rules have both; where they have one, a wrong kind is forgiven.
_CLAIMS = f"""
CREATE TEMP TABLE placing_claim ON COMMIT DROP AS
WITH rule AS (
    SELECT r.*, v.kind, v.leads FROM addresses_territoryrule AS r
    JOIN addresses_coverage AS v ON v.territory_id = r.territory_id
    WHERE r.is_read AND r.replaced_by_id IS NULL
      AND (r.town_key, r.street_key) IN (
          SELECT town_key, street_key FROM placing_house UNION SELECT town_key, '' FROM placing_house)
), kinds AS (
    SELECT DISTINCT kind, town_key, street_key, street_kind FROM rule
), fits AS (
    SELECT h.id AS house_id, h.people, r.kind, r.leads, r.territory_id, r.rank, r.excluded
    FROM placing_house AS h JOIN rule AS r ON r.town_key = h.town_key AND r.street_key = h.street_key
    WHERE {_FITS} AND (r.street_kind IN ('', h.street_kind) OR h.street_kind = '' OR NOT EXISTS (
        SELECT 1 FROM kinds AS k WHERE k.kind = r.kind AND k.town_key = r.town_key
          AND k.street_key = r.street_key AND k.street_kind = h.street_kind))
    UNION ALL
    SELECT h.id, h.people, r.kind, r.leads, r.territory_id, r.rank, r.excluded
    FROM placing_house AS h JOIN rule AS r ON r.town_key = h.town_key AND r.street_key = '' AND r.rank = 0
    WHERE h.street_key <> '' AND (r.region = '' OR h.region = '' OR r.region = h.region)
), best AS (
    SELECT DISTINCT ON (house_id, kind, territory_id) * FROM fits
    ORDER BY house_id, kind, territory_id, rank DESC, excluded DESC
)
SELECT house_id, people, kind, leads, territory_id, rank FROM best WHERE NOT excluded
"""
_PARTS_FIRST = """
DELETE FROM placing_claim AS whole USING placing_claim AS part, placing_tree AS tree
WHERE part.house_id = whole.house_id AND part.kind = whole.kind
  AND tree.part = part.territory_id AND tree.whole = whole.territory_id
"""
_COVERS = """
INSERT INTO addresses_housecover (house_id, kind, territory_id, state, rank, people)
SELECT house_id, kind, territory_id,
       CASE WHEN rank < max(rank) OVER alike THEN 'lost'
            WHEN count(*) OVER (PARTITION BY house_id, kind, rank) > 1 THEN 'tie' ELSE 'own' END, rank, people
FROM placing_claim WINDOW alike AS (PARTITION BY house_id, kind)
"""
_GAPS = """
INSERT INTO addresses_housecover (house_id, kind, territory_id, state, rank, people)
SELECT h.id, k.kind, NULL, 'gap', 0, h.people FROM placing_house AS h
JOIN (
    SELECT town.town_key, asked.kind
    FROM (SELECT DISTINCT town_key FROM placing_house) AS town, unnest(%s::text[]) AS asked(kind)
    WHERE EXISTS (SELECT 1 FROM addresses_territoryrule AS r JOIN addresses_coverage AS v
                  ON v.territory_id = r.territory_id
                  WHERE r.town_key = town.town_key AND r.is_read AND r.replaced_by_id IS NULL AND v.kind = asked.kind)
) AS k ON k.town_key = h.town_key
WHERE NOT EXISTS (SELECT 1 FROM placing_claim AS c WHERE c.house_id = h.id AND c.kind = k.kind)
"""
# What people of a house get: the territory, or nothing said (`tied`) where several claim it alike.
_OWN = """
CREATE TEMP TABLE placing_own ON COMMIT DROP AS
SELECT h.id AS house_id, own.territory_id, COALESCE(own.state = 'tie', false) AS tied
FROM placing_house AS h LEFT JOIN LATERAL (
    SELECT c.territory_id, c.state FROM addresses_housecover AS c
    JOIN addresses_coverage AS v ON v.territory_id = c.territory_id AND v.leads
    WHERE c.house_id = h.id AND c.state IN ('own', 'tie') AND NOT EXISTS (
        SELECT 1 FROM addresses_housecover AS p
        JOIN addresses_coverage AS w ON w.territory_id = p.territory_id AND w.leads
        JOIN placing_tree AS tree ON tree.part = p.territory_id
        WHERE p.house_id = h.id AND p.state = 'own' AND tree.whole = c.territory_id)
    ORDER BY array_position(%s::text[], c.kind::text), c.territory_id LIMIT 1
) AS own ON true
"""
_COUNT = """
UPDATE addresses_coverage AS v SET houses = COALESCE(n.houses, 0), people = COALESCE(n.people, 0)
FROM addresses_coverage AS w LEFT JOIN (
    SELECT territory_id, count(*) AS houses, sum(people) AS people FROM addresses_housecover
    WHERE state = 'own' GROUP BY territory_id
) AS n ON n.territory_id = w.territory_id
WHERE w.territory_id = v.territory_id
  AND (v.houses, v.people) IS DISTINCT FROM (COALESCE(n.houses, 0), COALESCE(n.people, 0))
"""
_DROP = "DROP TABLE IF EXISTS pg_temp.placing_house, pg_temp.placing_tree, pg_temp.placing_claim, pg_temp.placing_own"


def place_houses() -> None:
    """Lay out the houses of `placing_street`; leaves `placing_own` (house_id, territory_id, tied) behind."""
    kinds = [str(kind) for kind in KINDS]
    with connection.cursor() as sql:
        sql.execute(_DROP)
        for statement in (_FORGET, _FORGET_HOUSES, _KNOWN, _HOUSES, _TREE):
            sql.execute(statement)
        sql.execute("ANALYZE placing_house")
        for statement in (_CLAIMS, _PARTS_FIRST, _COVERS):
            sql.execute(statement)
        sql.execute(_GAPS, [kinds])
        sql.execute(_OWN, [kinds])
        _check_streets(sql)


def count_houses_of_territories() -> None:
    """Houses and people of each territory, for the list of them."""
    with connection.cursor() as sql:
        sql.execute(_COUNT)


def streets_waiting(limit: int) -> list[tuple[str, str]]:
    """The next streets that are to be laid out, each with its town."""
    rows = StreetToPlace.objects.order_by("asked_at", "id").values_list("town_key", "street_key")
    return list(rows[:limit])


def streets_for_all(mark: str) -> list[tuple[str, str]]:
    """Rows that stand for all streets of a town, or of the base."""
    return list(StreetToPlace.objects.filter(street_key=mark).values_list("town_key", "street_key"))


def are_streets_waiting() -> bool:
    return StreetToPlace.objects.exists()


def count_streets_waiting() -> int:
    return StreetToPlace.objects.count()


def has_rules() -> bool:
    """Whether any territory has houses at all; without them nothing here costs anything."""
    return TerritoryRule.objects.filter(is_read=True, replaced_by=None).exists()


def forget_streets(streets: list[tuple[str, str]]) -> None:
    """These were laid out."""
    with connection.cursor() as sql:
        sql.execute(
            "DELETE FROM addresses_streettoplace USING unnest(%s::text[], %s::text[]) AS done(town, street)"
            " WHERE town_key = done.town AND street_key = done.street",
            [[town for town, _street in streets], [street for _town, street in streets]],
        )


def _check_streets(sql: Any) -> None:
    """Numbers that nobody has and houses that two claim, of the streets in work, out of the rules themselves."""
    sql.execute(
        "DELETE FROM addresses_streetfinding AS f USING placing_street AS s"
        " WHERE f.town_key = s.town_key AND f.street_key = s.street_key"
    )
    sql.execute("SELECT part, whole FROM placing_tree")
    related = frozenset(sql.fetchall())
    sql.execute("SELECT town_key, street_key, house, number, people FROM placing_house WHERE town_key <> ''")
    people = defaultdict(list)
    for town, street, house, number, count in sql.fetchall():
        people[town, street].append((house, number, count))
    found = []
    for (kind, town, street, _kind), claims in _claims_by_street(sql).items():
        shown = claims[0][1]
        known = people[town, street]
        rules = [rule for _whose, rule in claims]
        base = {
            "kind": kind,
            "town": shown.town,
            "town_key": town,
            "street": shown.street,
            "street_key": street,
        }
        found += [_missing_row(base, each) for each in missing(rules)]
        found += [_double_row(base, each, known) for each in doubles(claims, related)]
    StreetFinding.objects.bulk_create(found, batch_size=2000)


def _claims_by_street(sql: Any) -> dict[tuple[str, str, str, str], list[tuple[int, Rule]]]:
    rows = TerritoryRule.objects.raw(
        "SELECT r.*, v.kind AS coverage_kind FROM addresses_territoryrule AS r"
        " JOIN addresses_coverage AS v ON v.territory_id = r.territory_id"
        " JOIN placing_street AS s ON s.town_key = r.town_key AND s.street_key = r.street_key"
        " WHERE r.is_read AND r.replaced_by_id IS NULL AND r.town_key <> '' AND r.street_key <> ''"
    )
    streets: dict[tuple[str, str, str, str], list[tuple[int, Rule]]] = defaultdict(list)
    for row in rows:
        key = (row.coverage_kind, row.town_key, row.street_key, row.street_kind)
        streets[key].append((row.territory_id, row.rule))
    return streets


def _missing_row(base: dict[str, Any], hole: Missing) -> StreetFinding:
    return StreetFinding(
        what=StreetFinding.What.MISSING, side=hole.side, first=hole.first, last=hole.last, **base
    )


def _double_row(
    base: dict[str, Any], double: Double, known: list[tuple[str, int | None, int]]
) -> StreetFinding:
    shared = Rule(street_key="-", side=double.side, first=double.first, last=double.last, house=double.house)
    return StreetFinding(
        what=StreetFinding.What.DOUBLE, side=double.side, first=double.first, last=double.last,
        house=double.house, one_id=double.one, other_id=double.other, winner=double.winner,
        people=sum(count for house, number, count in known if shared.covers(number, house)), **base,
    )  # fmt: skip

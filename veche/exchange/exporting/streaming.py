"""The people of a portion as the base tells them: one query in sets, for a workbook or straight for a text file.

The people and their order stand in the temporary table `veche_export` (`actions.exports.gather`). What another team
calls its campaigns and tags is left out, and so are housemates out of sight; phones are masked for whoever sees them
masked on the screen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.accounts.models import User
from veche.contacts.models import Kind, Origin, OwnField, PointKind, RoleKind, Status
from veche.contacts.queries.masking import sees_phones
from veche.contacts.queries.scope import visible_sql
from veche.core.actor import Actor
from veche.exchange.exporting.catalogue import Fact
from veche.exchange.writing import MOMENT, MONEY, NUMBER

# The country codes of E.164, a space after them, so that no program sees a number.
_COUNTRY = (
    r"^\+(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
    r"|2[1-689]\d|3[578]\d|42\d|5[09]\d|6[789]\d|8[0578]\d|9[679]\d)(\d+)$"
)
_OPEN = rf"""CASE WHEN p.value LIKE '+7__________' AND length(p.value) = 12
    THEN '+7 ' || substr(p.value, 3, 3) || ' ' || substr(p.value, 6, 3) || '-' || substr(p.value, 9, 2) || '-'
         || substr(p.value, 11, 2)
    ELSE regexp_replace(p.value, '{_COUNTRY}', '+\1 \2') END
    || CASE p.extension WHEN '' THEN '' ELSE replace(%(extension)s, '#', p.extension) END"""
_MASKED = """CASE WHEN p.value LIKE '+7__________' AND length(p.value) = 12
    THEN '+7 ' || substr(p.value, 3, 3) || ' •••-' || substr(p.value, 9, 2) || '-' || substr(p.value, 11, 2)
    ELSE '•••••••' || right(p.value, 4) END"""

_POINT = "array_agg(p.shown) FILTER (WHERE p.kind = '{kind}') AS {kind}"

_JOINS = {
    "points": """LEFT JOIN (
        SELECT p.contact_id, {points} FROM (
            SELECT p.contact_id, p.kind, CASE p.kind WHEN 'phone' THEN {phone} ELSE p.value END AS shown
            FROM chosen JOIN contacts_contactpoint AS p USING (contact_id)
            ORDER BY p.contact_id, p.validity = 'invalid', p.position, p.id) AS p
        GROUP BY p.contact_id) AS points ON points.contact_id = contact.id""",
    "places": """LEFT JOIN (
        SELECT a.contact_id, string_agg(a.text, '; ' ORDER BY a.position, a.id) AS texts
        FROM chosen JOIN contacts_postaladdress AS a USING (contact_id)
        GROUP BY a.contact_id) AS places ON places.contact_id = contact.id""",
    "tags": """LEFT JOIN (
        SELECT s.contact_id, string_agg(t.name, ', ' ORDER BY t.name) AS names
        FROM chosen JOIN contacts_tagassignment AS s USING (contact_id) JOIN contacts_tag AS t ON t.id = s.tag_id
        WHERE %(sees_all)s OR t.campaign_id IS NULL OR t.campaign_id = ANY(%(campaigns)s)
        GROUP BY s.contact_id) AS tags ON tags.contact_id = contact.id""",
    "campaigns": """LEFT JOIN (
        SELECT m.contact_id, string_agg(c.name, ', ' ORDER BY c.name) AS names
        FROM chosen JOIN contacts_membership AS m USING (contact_id)
        JOIN campaigns_campaign AS c ON c.id = m.campaign_id
        WHERE %(sees_all)s OR m.campaign_id = ANY(%(campaigns)s)
        GROUP BY m.contact_id) AS campaigns ON campaigns.contact_id = contact.id""",
    "roles": """LEFT JOIN (
        SELECT r.contact_id, string_agg(%(roles)s::jsonb ->> r.role_id::text, ', ' ORDER BY r.id) AS names
        FROM chosen JOIN contacts_contactrole AS r USING (contact_id)
        WHERE r.until IS NULL OR r.until >= %(today)s::date
        GROUP BY r.contact_id) AS roles ON roles.contact_id = contact.id""",
    "household": """LEFT JOIN (
        SELECT mine.contact_id, mine.household_id AS number, count(*) AS people,
               COALESCE(NULLIF(h.name, ''), string_agg(mate.name, ', ' ORDER BY m.is_head DESC, m.id)
                        FILTER (WHERE {seen})) AS title
        FROM chosen JOIN contacts_householdmember AS mine USING (contact_id)
        JOIN contacts_household AS h ON h.id = mine.household_id
        JOIN contacts_householdmember AS m ON m.household_id = mine.household_id
        JOIN contacts_contact AS mate ON mate.id = m.contact_id AND mate.removed_at IS NULL
        GROUP BY mine.contact_id, mine.household_id, h.name) AS home ON home.contact_id = contact.id""",
    "responsible": "LEFT JOIN accounts_user AS responsible ON responsible.id = contact.responsible_id",
    "territory": "LEFT JOIN accounts_territory AS territory ON territory.id = contact.territory_id",
    "origin": """LEFT JOIN (
        SELECT DISTINCT ON (o.contact_id) o.contact_id, o.collector, o.happened_on AS day,
               COALESCE(NULLIF(o.batch_name, ''), NULLIF(o.words, ''), %(channels)s::jsonb ->> o.channel) AS source,
               CASE WHEN %(sees_all)s OR o.campaign_id = ANY(%(campaigns)s) THEN c.name END AS campaign
        FROM chosen JOIN contacts_origin AS o USING (contact_id)
        LEFT JOIN campaigns_campaign AS c ON c.id = o.campaign_id
        ORDER BY o.contact_id, o.id) AS origin ON origin.contact_id = contact.id""",
    "others": """LEFT JOIN (
        SELECT e.contact_id, string_agg(CASE e.system WHEN '' THEN e.value ELSE e.system || ': ' || e.value END, ', '
               ORDER BY e.id) AS ids
        FROM chosen JOIN contacts_externalid AS e USING (contact_id)
        GROUP BY e.contact_id) AS others ON others.contact_id = contact.id""",
    "notes": """LEFT JOIN (
        SELECT n.contact_id, string_agg(to_char(n.made_at AT TIME ZONE %(zone)s, 'DD.MM.YYYY') || ': ' || {note}, E'\\n'
               ORDER BY n.made_at DESC, n.id DESC) AS texts
        FROM chosen JOIN contacts_note AS n USING (contact_id)
        GROUP BY n.contact_id) AS notes ON notes.contact_id = contact.id""",
}

_ROWS = """
WITH chosen AS MATERIALIZED (
    SELECT position, contact_id FROM pg_temp.veche_export WHERE position > %(after)s AND position <= %(upto)s)
SELECT {expressions}
FROM chosen JOIN contacts_contact AS contact ON contact.id = chosen.contact_id {joins}
WHERE contact.removed_at IS NULL ORDER BY chosen.position
"""


@dataclass(frozen=True)
class Question:
    """A query for rows of people: its `params` want `after` and `upto`, positions in the table, besides."""

    sql: str
    params: dict[str, Any]


def rows_question(actor: Actor, facts: Sequence[Fact], fields: Iterable[OwnField]) -> Question:
    """Typed rows: numbers as numbers, moments as moments, everything else as text."""
    return _question(actor, facts, fields, [f"({fact.sql})" for fact in facts])


def text_question(
    actor: Actor, facts: Sequence[Fact], fields: Iterable[OwnField], *, comma: bool
) -> Question:
    """Rows of texts for a text file, disarmed already; `comma` says that fractions are written 2,5."""
    return _question(actor, facts, fields, [_as_text(fact, comma) for fact in facts])


def _question(
    actor: Actor, facts: Sequence[Fact], fields: Iterable[OwnField], expressions: list[str]
) -> Question:
    points = ", ".join(_POINT.format(kind=kind) for kind in PointKind.values)
    phone = _OPEN if sees_phones(actor) else _MASKED
    needed = dict.fromkeys(fact.needs for fact in facts if fact.needs)
    joins = "\n".join(_JOINS[need] for need in needed).replace("{points}", points).replace("{phone}", phone)
    colleagues = _colleagues() if "notes" in needed else {}
    seen, reach = _seen(actor)
    joins = joins.replace("{note}", _note_text(colleagues)).replace("{seen}", seen)
    sql = _ROWS.format(expressions=",\n".join(expressions), joins=joins)
    return Question(sql, _words(actor, fields) | colleagues | reach)


def _seen(actor: Actor) -> tuple[str, dict[str, Any]]:
    """The condition that the actor sees a housemate, and its parameters by name."""
    text, params = visible_sql(actor, "mate")
    named = {f"reach_{n}": value for n, value in enumerate(params)}
    for name in named:
        text = text.replace("%s", f"%({name})s", 1)
    return text, named


def _colleagues() -> dict[str, str]:
    """Parameters with the names of all colleagues, by whose number a note mentions them."""
    names = {f"colleague_{pk}": f"@{name}" for pk, name in User.objects.values_list("pk", "name")}
    return names | {"colleague_gone": "@" + _("a colleague who is gone")}


def _note_text(colleagues: Iterable[str]) -> str:
    """SQL for a note as it is read: references to colleagues (`contacts.mentions`) become their names."""
    read = "n.text"
    for name in colleagues:
        if name == "colleague_gone":
            read = rf"regexp_replace({read}, '@\{{\d+\}}', replace(%({name})s, '\', '\\'), 'g')"
        else:
            read = f"replace({read}, '@{{{name.removeprefix('colleague_')}}}', %({name})s)"
    return f"CASE WHEN strpos(n.text, '@{{') = 0 THEN n.text ELSE {read} END"


def _as_text(fact: Fact, comma: bool) -> str:
    if fact.key == "number":
        return fact.sql
    if fact.type in (NUMBER, MONEY):
        number = f"({fact.sql})::text"
        return f"replace({number}, '.', ',')" if comma else number
    if fact.type == MOMENT:
        return f"to_char(({fact.sql}) AT TIME ZONE %(zone)s, 'DD.MM.YYYY HH24:MI')"
    # A phone has its spaces: no program takes it for a formula or a number, and it keeps its plus.
    starts = "'=', '-', '@', E'\\t', E'\\r', E'\\n', '＝', '－', '＠'"
    if not fact.key.startswith("phone"):
        starts += ", '+', '＋'"
    return f"CASE WHEN left({fact.sql}, 1) IN ({starts}) THEN '''' || ({fact.sql}) ELSE NULLIF({fact.sql}, '') END"


def _words(actor: Actor, fields: Iterable[OwnField]) -> dict[str, Any]:
    """What the words of lists are in the language active now, and what the actor may know of."""
    own = {
        f"own_{field.pk}": json.dumps({str(each["id"]): each["label"] for each in field.choices})
        for field in fields
        if field.type in (OwnField.Type.CHOICE, OwnField.Type.MANY_CHOICES)
    }
    return own | {
        "sees_all": actor.sees_all,
        "campaigns": sorted(actor.scope("campaign")),
        "kinds": _labels(Kind.choices),
        "genders": json.dumps({"m": _("male"), "f": _("female")}),
        "statuses": _labels((status.pk, status) for status in Status.objects.all()),
        "roles": _labels((role.pk, role) for role in RoleKind.objects.all()),
        "channels": _labels(Origin.Channel.choices),
        "extension": _(", ext. %(extension)s") % {"extension": "#"},
        "yes": _("yes"),
        "no": _("no"),
        "today": timezone.localdate(),
        "zone": settings.TIME_ZONE,
    }


def _labels(pairs: Iterable[tuple[Any, Any]]) -> str:
    return json.dumps({str(key): str(label) for key, label in pairs})

"""Which houses belong to a territory: said by a person in the words of a commission, rule by rule, and taken back.

Who sees people by territory would see more of them after giving their own territory one more street. So only somebody
who sees the whole base may say which houses a territory has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain, count
from typing import NamedTuple

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.accounts.actions import add_territory
from veche.accounts.models import Territory
from veche.addresses.coverage.naming import NOWHERE, Town, street_named, town_named
from veche.addresses.coverage.reading import SILENT, Section, read, read_one
from veche.addresses.coverage.rules import Rule, Unread
from veche.addresses.events import StreetsAsked, TerritoryDescribed, TerritoryHousesChanged
from veche.addresses.models import Coverage, TerritoryRule, TerritoryText
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import NotFound, Refusal

ALL_STREETS = "*"  # of a town, or of the base: what `StreetToPlace` says of them in one row
LONGEST_TEXT = 200_000
EXAMPLE, TOWN_EXAMPLE = "ул. Ленина, 1–25 (нечётные), 30, 32/1", "г. Екатеринбург"
_REPLACE = """
WITH replaced AS (
    UPDATE addresses_territoryrule AS r SET replaced_by_id = t.text
    FROM unnest(%s::bigint[], %s::bigint[]) AS t(territory, text)
    WHERE r.territory_id = t.territory AND r.replaced_by_id IS NULL RETURNING r.territory_id
) SELECT territory_id, count(*) FROM replaced GROUP BY 1
"""
_ONE_AT_A_TIME = 0x5445525249
_NOTE = """
INSERT INTO addresses_streettoplace (town_key, street_key, asked_at)
SELECT town_key, street_key, now() FROM unnest(%s::text[], %s::text[]) AS asked(town_key, street_key)
ON CONFLICT (town_key, street_key) DO UPDATE SET asked_at = EXCLUDED.asked_at
"""


class Pasted(NamedTuple):
    """A text on its way: whose it is, how it was read, and whether it stands `instead` of what was said before."""

    coverage: Coverage
    text: str
    section: Section
    instead: bool


@action("addresses.draw_territories")
def describe_territory(
    *, by: Actor, territory_id: int, kind: str, town: str = "", number: str = "", leads: bool = True
) -> Coverage:
    """Say what kind a territory is, in which town its streets are, and whether people follow it."""
    hold_streets()
    coverage = coverage_of(by, territory_id)
    named = _town(town)
    new = {
        "kind": Coverage.Kind(kind), "number": number.strip()[:20], "leads": leads, "region": named.region,
        "town": named.town, "town_key": named.key,
    }  # fmt: skip
    fields = [name for name, value in new.items() if getattr(coverage, name) != value]
    if not fields:
        unchanged()
        return coverage
    for name in fields:
        setattr(coverage, name, new[name])
    coverage.changed_at = timezone.now()
    coverage.save(update_fields=[*fields, "changed_at"])
    if {"kind", "leads"} & set(fields):
        note_streets_of(territory_id)
    publish(TerritoryDescribed(object_id=territory_id, fields=tuple(fields)), by=by)
    return coverage


@action("addresses.draw_territories")
def paste_houses(*, by: Actor, territory_id: int, text: str, instead: bool = False) -> TerritoryText:
    """Give a territory the houses that a text describes, beside those it has or `instead` of them.

    What was not understood is kept with them. `Refusal` where the text says nothing of houses at all.
    """
    hold_streets()
    coverage = coverage_of(by, territory_id)
    section = read_one(_insist_text(text), town_of(coverage))
    return _keep_text(by, Pasted(coverage, text, section, instead))


def look_at_houses(*, by: Actor, territory_id: int, text: str, instead: bool = False) -> Section:
    """How `paste_houses` would read a text; writes nothing."""
    by.require("addresses.draw_territories")
    _insist_whole_sight(by)
    coverage = Coverage.objects.filter(territory_id=territory_id).first()
    section = read_one(_insist_text(text), town_of(coverage) if coverage else NOWHERE)
    if not section.rules and not section.unread:
        raise _nothing_in_it()
    return section


def look_at_precincts(
    *, by: Actor, text: str, kind: str, town: str, parent: Territory | None = None
) -> list[tuple[str, Section]]:
    """How `paste_precincts` would read a text, precinct by precinct; writes nothing."""
    by.require("addresses.draw_territories")
    _insist_whole_sight(by)
    return _numbered(_insist_text(text), _town(town))


@action("addresses.draw_territories")
def paste_precincts(
    *, by: Actor, text: str, kind: str, town: str, parent: Territory | None = None, instead: bool = True
) -> list[TerritoryText]:
    """Read a whole resolution: each heading «Избирательный участок № …» is a territory of its own, made if need be.

    A heading that comes again, as on every page of a long list, goes on with its precinct.
    """
    hold_streets()
    _insist_whole_sight(by)
    home = _town(town)
    sections = _numbered(_insist_text(text), home)
    known = _numbered_ones(kind, parent, {section.number for _told, section in sections})
    pasted: list[Pasted] = []
    begun: set[int] = set()
    for told, section in sections:
        coverage = _precinct(by, section, Coverage.Kind(kind), home, parent, known)
        if coverage.pk in begun and not section.rules and not section.unread:
            continue
        pasted.append(Pasted(coverage, told, section, instead and coverage.pk not in begun))
        begun.add(coverage.pk)
    return _keep_texts(by, pasted)


@action("addresses.draw_territories")
def take_back_text(*, by: Actor, text_id: int) -> int:
    """Take a pasted text back with its rules; what it replaced holds again, unless a later text has replaced all
    that was there since. Returns the territory."""
    hold_streets()
    _insist_whole_sight(by)
    text = TerritoryText.objects.select_for_update().filter(pk=text_id).first()
    if text is None:
        raise NotFound
    note_streets_of(text.territory_id)
    rules = TerritoryRule.objects.filter(territory_id=text.territory_id)
    later = (
        rules.filter(replaced_by__gt=text.pk).order_by("replaced_by").values_list("replaced_by", flat=True)
    )
    replaced_since = later.first()
    back = rules.filter(replaced_by=text).update(replaced_by=replaced_since)
    back = 0 if replaced_since else back
    removed = TerritoryRule.objects.filter(text=text).count()
    text.delete()
    note_streets_of(text.territory_id)
    publish(TerritoryHousesChanged(object_id=text.territory_id, added=back, removed=removed), by=by)
    return text.territory_id


@action("addresses.draw_territories")
def rewrite_rule(*, by: Actor, rule_id: int, text: str) -> list[TerritoryRule]:
    """Write a rule, or a piece that was not understood, in other words. Numbers alone stay on the rule's street."""
    hold_streets()
    old = _rule(by, rule_id)
    coverage = coverage_of(by, old.territory_id)
    section = _read_in_place(old, coverage, _insist_text(text)[:2000])
    if not section.rules:
        message = _("This is not understood. Write it as “%(example)s”.") % {"example": EXAMPLE}
        raise Refusal("territories.not_understood", message, fields={"text": message})
    note_streets_of(old.territory_id)
    rows = [_row(coverage.territory_id, None, text, each) for each in section.rules]
    for row in rows:
        row.start, row.end, row.text_id, row.sure, row.doubt = old.start, old.end, old.text_id, 100, ""
    made = TerritoryRule.objects.bulk_create(rows)
    old.delete()
    note_streets([each.rule for each in made])
    publish(TerritoryHousesChanged(object_id=coverage.territory_id, added=len(made), removed=1), by=by)
    return made


@action("addresses.draw_territories")
def remove_rule(*, by: Actor, rule_id: int) -> int:
    """Take one rule away, or a piece that says nothing of houses. Returns the territory."""
    hold_streets()
    rule = _rule(by, rule_id)
    note_streets([rule.rule] if rule.is_read else [])
    rule.delete()
    publish(TerritoryHousesChanged(object_id=rule.territory_id, removed=1), by=by)
    return rule.territory_id


@action("addresses.draw_territories")
def ask_for_all_streets(*, by: Actor) -> None:
    """Have all houses laid out anew, after a change that touched everybody."""
    hold_streets()
    _insist_whole_sight(by)
    note_all_streets()
    publish(StreetsAsked(), by=by)


def hold_streets() -> None:
    """Wait until nobody else notes streets or lays them out, and keep others waiting until the transaction ends.

    Called before anything is locked or written: two who have a row each would wait for each other.
    """
    with connection.cursor() as sql:
        sql.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])


def coverage_of(by: Actor, territory_id: int) -> Coverage:
    """What is said of a territory, locked; made where nothing was said. `NotFound`, or a refusal to who sees less."""
    _insist_whole_sight(by)
    if not Territory.objects.filter(pk=territory_id).exists():
        raise NotFound
    Coverage.objects.get_or_create(territory_id=territory_id, defaults={"kind": Coverage.Kind.OTHER})
    return Coverage.objects.select_for_update().get(territory_id=territory_id)


def town_of(coverage: Coverage) -> Town:
    return Town(coverage.region, coverage.town, coverage.town_key) if coverage.town_key else NOWHERE


def note_streets(rules: Iterable[Rule]) -> None:
    """The houses of these rules' streets are to be laid out anew; addresses that name no town are, too."""
    asked = set()
    for rule in rules:
        if rule.town_key and rule.rank == 0:
            asked.add((rule.town_key, ALL_STREETS))
        elif rule.town_key:
            asked |= {(rule.town_key, rule.street_key), ("", rule.street_key)}
    note_places(asked - {("", "")})


def note_streets_of(territory_id: int) -> None:
    """The same for all rules of a territory."""
    rows = TerritoryRule.objects.filter(territory_id=territory_id, is_read=True, replaced_by=None)
    note_streets(row.rule for row in rows)


def note_all_streets() -> None:
    """The same for the whole base, if any territory has houses at all."""
    if TerritoryRule.objects.filter(is_read=True).exists():
        note_places({(ALL_STREETS, ALL_STREETS)})


def note_places(asked: set[tuple[str, str]]) -> None:
    """The houses of these streets, keys of towns and of streets, are to be laid out anew; after `hold_streets`."""
    if asked:
        towns, streets = zip(*sorted(asked), strict=True)
        with connection.cursor() as sql:
            sql.execute(_NOTE, [list(towns), list(streets)])


def _keep_text(by: Actor, pasted: Pasted) -> TerritoryText:
    return _keep_texts(by, [pasted])[0]


def _keep_texts(by: Actor, pasted: list[Pasted]) -> list[TerritoryText]:
    """Keep texts with their rules, all of them at once: a resolution has hundreds of precincts."""
    if not all(each.section.rules or each.section.unread for each in pasted):
        raise _nothing_in_it()
    kept = TerritoryText.objects.bulk_create(
        TerritoryText(territory_id=each.coverage.territory_id, text=each.text, made_by_id=by.user_id)
        for each in pasted
    )
    removed = _replace(
        {text.territory_id: text.pk for each, text in zip(pasted, kept, strict=True) if each.instead}
    )
    rows = []
    for each, text in zip(pasted, kept, strict=True):
        own = [_row(text.territory_id, text, each.text, rule) for rule in each.section.rules]
        own += [_unread_row(text.territory_id, text, piece) for piece in each.section.unread]
        rows += sorted(own, key=lambda row: row.start)
    TerritoryRule.objects.bulk_create(rows, batch_size=2000)
    note_streets(rule for each in pasted for rule in each.section.rules)
    _settle(pasted)
    publish(
        *(
            TerritoryHousesChanged(
                object_id=text.territory_id,
                added=len(each.section.rules),
                removed=removed.get(text.territory_id, 0) if each.instead else 0,
                unread=sum(not piece.remark for piece in each.section.unread),
            )
            for each, text in zip(pasted, kept, strict=True)
        ),
        by=by,
    )
    return kept


def _replace(texts: dict[int, int]) -> dict[int, int]:
    """Have the rules of these territories replaced by the text that each got; how many were, by territory."""
    rules = TerritoryRule.objects.filter(territory__in=texts, replaced_by=None)
    if not texts or not rules.exists():
        return {}
    note_streets(row.rule for row in rules.filter(is_read=True))
    with connection.cursor() as sql:
        sql.execute(_REPLACE, [list(texts), list(texts.values())])
        return dict(sql.fetchall())


def _settle(pasted: Iterable[Pasted]) -> None:
    """Note that the territories changed; one that has no town yet gets the first that its rules name."""
    coverages: dict[int, Coverage] = {}
    for each in pasted:
        coverage = coverages.setdefault(each.coverage.pk, each.coverage)
        coverage.changed_at = timezone.now()
        first = next((rule for rule in each.section.rules if rule.town_key), None)
        if first and not coverage.town_key:
            coverage.region, coverage.town, coverage.town_key = first[:3]
    Coverage.objects.bulk_update(coverages.values(), ["changed_at", "region", "town", "town_key"])


def _row(territory_id: int, text: TerritoryText | None, told: str, rule: Rule) -> TerritoryRule:
    return TerritoryRule(
        territory_id=territory_id, text=text, start=rule.start, end=rule.end,
        written=" ".join(told[rule.start : rule.end].split())[:300], region=rule.region[:120],
        town=rule.town[:200], town_key=rule.town_key, street=rule.street[:200], street_key=rule.street_key,
        street_kind=rule.street_kind[:40], side=rule.side, first=rule.first, last=rule.last,
        house=rule.house[:60], excluded=rule.excluded, rank=rule.rank, sure=round(rule.sure * 100),
        doubt=rule.doubt,
    )  # fmt: skip


def _unread_row(territory_id: int, text: TerritoryText, piece: Unread) -> TerritoryRule:
    return TerritoryRule(
        territory_id=territory_id, text=text, start=piece.start, end=piece.end, is_read=False,
        is_remark=piece.remark, written=" ".join(piece.text.split())[:300], sure=0,
    )  # fmt: skip


def _numbered(text: str, town: Town) -> list[tuple[str, Section]]:
    """Each precinct with its own part of the text, from which its places count."""
    sections = [each for each in read(text, town) if each.number]
    if not sections:
        raise Refusal(
            "territories.no_headings",
            _("No heading with the number of a precinct was found: paste such a text on a territory’s page."),
            fields={"text": _("There is no heading with a number.")},
        )
    ends = [each.start for each in sections[1:]] + [len(text)]
    return [(text[each.start : end], _moved(each)) for each, end in zip(sections, ends, strict=True)]


def _moved(section: Section) -> Section:
    """A section whose places count from its own beginning."""
    at = section.start
    return Section(
        section.number,
        0,
        [each._replace(start=each.start - at, end=each.end - at) for each in section.rules],
        [each._replace(start=each.start - at, end=each.end - at) for each in section.unread],
        [(start - at, end - at) for start, end in section.heads],
    )


def _numbered_ones(kind: str, parent: Territory | None, numbers: set[str]) -> dict[str, list[Coverage]]:
    """The territories that have these numbers, by number."""
    beside = {"territory__parent": parent} if parent else {}
    known: dict[str, list[Coverage]] = defaultdict(list)
    for each in Coverage.objects.filter(kind=kind, number__in=numbers, **beside).order_by("pk"):
        known[each.number].append(each)
    return known


def _precinct(
    by: Actor, section: Section, kind: str, home: Town, parent: Territory | None,
    known: dict[str, list[Coverage]],
) -> Coverage:  # fmt: skip
    """The territory with this number, whatever it is called; a new one «УИК № 12» where there is none.

    Commissions number precincts anew in every region, and turfs in every town: one of the same number elsewhere is
    another one. Where no town was typed, the first street says where this one is.
    """
    first = next((rule for rule in section.rules if rule.town_key), None)
    place = Town(*first[:3]) if first and not home.key else home
    alike = [each for each in known[section.number] if _is_there(each, place, kind)]
    if alike:
        return max(alike, key=lambda each: each.town_key == place.key)
    territory = _territory_for(by, section.number, kind, place, parent)
    coverage = Coverage.objects.update_or_create(
        territory=territory,
        defaults={
            "kind": kind, "number": section.number, "region": place.region, "town": place.town,
            "town_key": place.key,
        },
    )[0]  # fmt: skip
    known[section.number].append(coverage)
    return coverage


def _is_there(coverage: Coverage, place: Town, kind: str) -> bool:
    """Whether a territory may be the one of its number in `place`: nothing that is known says otherwise."""
    if not coverage.town_key or not place.key:
        return True
    if kind == Coverage.Kind.PRECINCT and coverage.region and place.region:
        return coverage.region == place.region
    return coverage.town_key == place.key


def _territory_for(by: Actor, number: str, kind: str, place: Town, parent: Territory | None) -> Territory:
    """A territory for a precinct that is not known yet: one that was named for it, or a new one."""
    name = f"УИК № {number}" if kind == Coverage.Kind.PRECINCT else f"№ {number}"
    names = [
        ", ".join(filter(None, (name, *beside))) for beside in ((), (place.town,), (place.town, place.region))
    ]
    numbered = Coverage.objects.filter(territory__parent=parent).exclude(number="")
    told = next(
        each
        for each in chain(names, (f"{names[-1]} ({n})" for n in count(2)))
        if not numbered.filter(territory__name__iexact=each).exists()
    )
    named = Territory.objects.filter(name__iexact=told, parent=parent).first()
    return named or add_territory(by=by, name=told, parent=parent)


def _rule(by: Actor, rule_id: int) -> TerritoryRule:
    _insist_whole_sight(by)
    rule = TerritoryRule.objects.select_for_update(of=("self",)).filter(pk=rule_id, replaced_by=None).first()
    if rule is None:
        raise NotFound
    return rule


def _read_in_place(old: TerritoryRule, coverage: Coverage, text: str) -> Section:
    town = Town(old.region, old.town, old.town_key) if old.town_key else town_of(coverage)
    section = read_one(text, town)
    if section.rules or not old.street:
        return section
    beside = read_one(f"{old.street}: {text}", town)
    beside.rules = [
        rule for rule in beside.rules if rule.doubt != SILENT
    ]  # the street itself says nothing here
    return beside


def _town(text: str) -> Town:
    """The town that was typed; `Refusal` for what is none."""
    text = " ".join(text.split())
    if not text:
        return NOWHERE
    named = town_named(text) or town_named(f"г. {text}")
    if named is None or (street_named(text) and not named.key):
        message = _("This is not known for a town or a village: write it as “%(example)s”.") % {
            "example": TOWN_EXAMPLE
        }
        raise Refusal("territories.town", message, fields={"town": message})
    return named


def _nothing_in_it() -> Refusal:
    message = _("There is nothing in it yet: paste streets and houses.")
    return Refusal("territories.nothing", message, fields={"text": message})


def _insist_text(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        message = _("The text is too long: paste it in parts of two hundred thousand letters.")
        raise Refusal("territories.long", message, fields={"text": message})
    return text.replace("\0", " ")


def _insist_whole_sight(by: Actor) -> None:
    if not by.sees_all:
        raise Refusal(
            "territories.whole_sight",
            _(
                "Which houses a territory has decides whom colleagues see: only who sees the whole base may say it."
            ),
            status=403,
        )

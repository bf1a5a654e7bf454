"""Deltas: after one, a region is as a whole archive of the same release would have made it; out of step, refused."""

from __future__ import annotations

import copy
import datetime as dt
import random

import pytest

from veche.addresses.models import AddressObject, Alias, House, Load, Region
from veche.addresses.queries.lookup import find
from veche.addresses.register.generating import Archive, guid_of
from veche.addresses.register.parts import Parts
from veche.addresses.register.steps import releases_between
from veche.addresses.testing import load_archive, small_archive
from veche.core.refusal import Refusal

pytestmark = pytest.mark.django_db
TUESDAY, FRIDAY, NEXT_TUESDAY = dt.date(2026, 9, 8), dt.date(2026, 9, 11), dt.date(2026, 9, 15)


def delta(version=FRIDAY) -> Archive:
    a = Archive(version=version, dictionaries=False)
    a._ids = iter(
        range(1_000_000 + version.toordinal() * 10_000, 10**10)
    )  # rows of a later release are newer
    return a


def state() -> dict[str, list]:
    """All that the register holds, but for what says by which load."""
    return {
        model.__name__: sorted(model.objects.values_list(), key=repr)
        for model in (AddressObject, House, Alias)
    }


@pytest.fixture
def loaded(tmp_path):
    load_archive(small_archive().write(tmp_path / "gar.zip"))


def apply(a: Archive, tmp_path, **options) -> Load:
    return load_archive(a.write(tmp_path / f"gar_delta_{a.version}.zip"), is_delta=True, **options)


def test_a_delta_changes_adds_and_removes(loaded, tmp_path):
    a = delta()
    a.add(66, "ADDR_OBJ", objectid=21, objectguid=guid_of(21), name="Карла Маркса", typename="ул", level=8,
          isactual=0, isactive=0)  # fmt: skip
    a.add(66, "ADDR_OBJ", objectid=21, objectguid=guid_of(21), name="Земская", typename="ул", level=8)
    a.object(66, 30, "Новая", "ул", 8, 2, postcode=620100)
    a.house(66, 200, 30, "1", postcode=620101)
    a.add(66, "HOUSES", objectid=102, objectguid=guid_of(102), housenum="14-а", housetype=2, isactive=0)
    a.param(66, "HOUSES_PARAMS", 100, 5, "620015", changeidend=7)
    a.param(66, "HOUSES_PARAMS", 100, 5, "620999")
    a.param(66, "HOUSES_PARAMS", 100, 7, "65701000001", changeidend=7)
    assert apply(a, tmp_path).state == "done"
    street = AddressObject.objects.get(pk=21)
    assert (street.name, street.path) == ("Земская", [1, 2])
    assert [*Alias.objects.filter(object_id=21).values_list("name", "old")] == [
        ("Карла Маркса", True),
        ("", False),
    ]
    best = find(Parts(city="Екатеринбург", street="Карла Маркса", house="5")).best
    assert best.object_id == 103 and best.reasons == ["“Карла Маркса” is called “Земская” now."]
    assert House.objects.get(pk=200).postcode == 620101 and AddressObject.objects.get(pk=30).path == [1, 2]
    assert not House.objects.filter(pk=102).exists()
    assert (House.objects.get(pk=100).postcode, House.objects.get(pk=100).oktmo) == (620999, None)
    assert AddressObject.objects.get(pk=2).weight == 4 and Region.objects.get().version == FRIDAY


def test_a_moved_parent_moves_all_below_it_though_the_delta_does_not_list_them(loaded, tmp_path):
    a = delta()
    a.place(66, 7, 2)  # the district, with a town, a village and a street below it, goes under the town
    a.rows.pop((66, "MUN_HIERARCHY"))
    assert apply(a, tmp_path).state == "done"
    assert AddressObject.objects.get(pk=22).path == [1, 2, 7, 5]
    assert AddressObject.objects.get(pk=22).mun_path == [1, 7, 5]
    assert AddressObject.objects.get(pk=6).place_id == 7 and AddressObject.objects.get(pk=2).weight == 6


def test_a_removed_street_is_known_to_be_no_more(loaded, tmp_path):
    a = delta()
    a.add(
        66,
        "ADDR_OBJ",
        objectid=21,
        objectguid=guid_of(21),
        name="Карла Маркса",
        typename="ул",
        level=8,
        isactive=0,
    )
    apply(a, tmp_path)
    best = find(Parts(city="Екатеринбург", street="Карла Маркса")).best
    assert best.object_id == 21 and best.reasons == ["The register says that Карла Маркса is no more."]


def test_flats_come_and_go(loaded, tmp_path):
    a = delta()
    a.flat(66, 2000, 100, "41")
    a.flat(66, 1040, 100, "40", isactive=0)
    a.flat(66, 1101, 100, "XI", kind=1, isactive=0)
    a.flat(66, 2001, 103, "1")
    a.add(66, "APARTMENTS", objectid=1039, objectguid=guid_of(1039), number="39", aparttype=2, isactive=0)
    load = apply(a, tmp_path)
    house = House.objects.get(pk=100)
    assert [(span.lower, span.upper) for span in house.flats] == [(1, 40), (41, 42)] and house.rooms == [
        "2:12А"
    ]
    assert House.objects.get(pk=103).flats is not None
    assert load.totals["flats_unplaced"] == 1  # it doesn't say in which house the flat 39 was


def test_a_delta_and_a_whole_archive_agree(tmp_path):
    """Random changes: the whole archive of the second release and the first with its delta are the same register."""
    dice = random.Random(66)
    first = small_archive()
    for n in range(40):
        first.object(
            66, 300 + n, f"{n}-я Улица {n % 7}", "ул", 8, dice.choice((2, 5, 6, 23)), postcode=620000 + n
        )
    for n in range(120):
        first.house(66, 500 + n, 300 + n % 40, str(n), postcode=620000 + n, oktmo=str(65000000 + n))
    second, change = Archive(version=FRIDAY, rows=copy.deepcopy(first.rows)), delta()
    second._ids = change._ids
    for n in range(60):
        _change(dice, n, second, change)
    load_archive(first.write(tmp_path / "first.zip"))
    assert apply(change, tmp_path).state == "done"
    by_delta = state()
    load_archive(second.write(tmp_path / "second.zip"))
    whole = state()
    for name in whole:
        assert by_delta[name] == whole[name]


def _change(dice: random.Random, n: int, second: Archive, change: Archive) -> None:
    """One change of a street or house: its new rows stand in both archives, what they replace is closed in both."""
    kind = dice.randrange(6)
    street, house = 300 + n % 40, 500 + dice.randrange(120)
    if kind == 0:  # renamed
        _replace(second, change, "ADDR_OBJ", street, name=f"Иная {n}")
    elif kind == 1:  # moved
        for tree in ("ADM_HIERARCHY", "MUN_HIERARCHY"):
            _replace(second, change, tree, street, parentobjid=dice.choice((2, 5, 7)))
    elif kind == 2:  # renumbered
        _replace(second, change, "HOUSES", house, housenum=f"{n}Б")
    elif kind == 3:  # torn down
        _replace(second, change, "HOUSES", house, isactive=0)
    elif kind == 4:
        _replace(second, change, "HOUSES_PARAMS", house, typeid=5, value=str(630000 + n))
    else:
        for archive in (second, change):
            archive.house(66, 900 + n, street, f"{n}/2", postcode=620000 + n)


def _replace(second: Archive, change: Archive, table: str, id_: int, **values) -> None:
    wanted = values.get("typeid")
    old = [
        row
        for row in second.rows[66, table]
        if row["OBJECTID"] == id_ and wanted in (None, row.get("TYPEID"))
    ][-1]
    if old.get("ISACTIVE") == 0 and table == "HOUSES":
        return
    new = {**old, **{name.upper(): value for name, value in values.items()}, "ID": next(change._ids)}
    closing = {"CHANGEIDEND": 1} if table.endswith("_PARAMS") else {"ISACTIVE": 0}
    if "ISACTUAL" in old:
        closing["ISACTUAL"] = 0
    old.update(closing)
    second.rows[66, table].append(new)
    change.rows.setdefault((66, table), []).extend([dict(old), dict(new)])


@pytest.mark.parametrize(
    ("version", "follows", "sentence"),
    [
        (NEXT_TUESDAY, None, "between them lies 11.09.2026: load its delta first.*--follows 2026-09-08"),
        (TUESDAY, None, "stands at the release of 08.09.2026 already"),
        (dt.date(2026, 9, 4), None, "stands at the release of 08.09.2026 already"),
        (NEXT_TUESDAY, FRIDAY, "follows that of 11.09.2026"),
    ],
)
def test_a_delta_out_of_step_is_refused(loaded, tmp_path, version, follows, sentence):
    before = state()
    with pytest.raises(Refusal, match=sentence):
        apply(delta(version), tmp_path, follows=follows)
    assert state() == before and Region.objects.get().version == TUESDAY


def test_a_release_that_was_left_out_is_said_by_a_person(loaded, tmp_path):
    empty = delta(NEXT_TUESDAY)
    assert apply(empty, tmp_path, follows=TUESDAY).state == "done"
    assert Region.objects.get().version == NEXT_TUESDAY


def test_a_delta_changes_loaded_regions_only(loaded, tmp_path):
    with pytest.raises(Refusal, match="region 01 is not: load it from a whole archive first"):
        apply(delta(), tmp_path, regions=[1])
    a = delta()
    a.object(1, 900, "Адыгея", "Респ", 1)
    assert apply(a, tmp_path).regions == [66] and not AddressObject.objects.filter(region=1).exists()


def test_releases_come_on_tuesdays_and_fridays():
    assert releases_between(TUESDAY, FRIDAY) == [] == releases_between(FRIDAY, NEXT_TUESDAY)
    assert releases_between(TUESDAY, dt.date(2026, 9, 18)) == [FRIDAY, NEXT_TUESDAY]

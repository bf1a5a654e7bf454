"""Loading the register: every trap of its format, bad archives, and who may."""

from __future__ import annotations

import datetime as dt
import zipfile

import pytest

from veche.accounts.testing import actor_of
from veche.addresses.actions.register import start_load
from veche.addresses.models import AddressObject, Alias, House, Load, Region, Word
from veche.addresses.register.archive import Archive as Opened
from veche.addresses.register.elements import Reader, Spot
from veche.addresses.register.generating import XML, Archive, element, guid_of
from veche.addresses.register.schema import TABLES
from veche.addresses.testing import load_archive, small_archive
from veche.core.models import Job
from veche.core.refusal import Refusal
from veche.core.testing import kinds_published

pytestmark = pytest.mark.django_db


def in_order(**over) -> Archive:
    """The least that is a region: itself, a town, a street."""
    a = Archive(**over)
    a.object(66, 1, "Свердловская", "обл", 1)
    a.object(66, 2, "Екатеринбург", "г", 5, 1)
    a.object(66, 3, "Ленина", "ул", 8, 2)
    return a


def house_of(**found) -> House:
    return House.objects.get(**found)


def test_what_was_written_is_what_is_loaded(tmp_path):
    load = load_archive(small_archive().write(tmp_path / "gar.zip"))
    assert (load.state, load.done, load.error) == ("done", [66], "")
    region = Region.objects.get()
    assert (region.code, region.name, region.version) == (66, "Свердловская", dt.date(2026, 9, 8))
    assert (region.objects_count, region.houses_count, region.flats_count) == (9, 6, 42)
    street = AddressObject.objects.get(pk=20)
    assert (street.path, street.place_id, street.postcode, street.guid) == ([1, 2], 2, 620014, guid_of(20))
    assert AddressObject.objects.get(pk=2).weight == 4 and AddressObject.objects.get(pk=1).weight == 6
    assert {
        "addresses.register_load_started",
        "addresses.region_loaded",
        "addresses.register_load_ended",
    } <= set(kinds_published())


def test_of_several_rows_of_an_object_the_one_in_force_counts(tmp_path):
    a = in_order()
    for version, name, actual, active in (
        (900, "Прежняя", 0, 0),
        (901, "Новая", 1, 1),
        (899, "Древняя", 0, 1),
    ):
        a.add(66, "ADDR_OBJ", id=version, objectid=4, objectguid=guid_of(4), name=name, typename="ул", level=8,
              isactual=actual, isactive=active)  # fmt: skip
    a.place(66, 4, 2)
    for version, number, actual, active in ((800, "1", 0, 1), (801, "2", 1, 1), (802, "3", 1, 0)):
        a.add(66, "HOUSES", id=version, objectid=10, objectguid=guid_of(10), housenum=number, housetype=2,
              isactual=actual, isactive=active)  # fmt: skip
    a.place(66, 10, 3)
    load_archive(a.write(tmp_path / "gar.zip"))
    assert AddressObject.objects.get(pk=4).name == "Новая"
    assert {*Alias.objects.filter(object_id=4, old=True).values_list("name", flat=True)} == {
        "Прежняя",
        "Древняя",
    }
    assert house_of(pk=10).key == "2"


def test_two_rows_in_force_of_one_house_are_one_house(tmp_path):
    a = in_order()
    a.house(66, 10, 3, "1", postcode=620001)
    a.house(66, 10, 3, "2", postcode=620002)
    a.house(66, 11, 3, "3")
    load_archive(a.write(tmp_path / "gar.zip"))
    house = house_of(pk=10)
    assert (house.key, house.postcode, House.objects.count()) == ("2", 620002, 2)


def test_an_object_that_is_no_more_stays_known_where_it_was_and_a_house_goes(tmp_path):
    a = in_order()
    a.object(66, 4, "Снесённая", "ул", 8, 2, isactive=0)
    a.rows[66, "ADM_HIERARCHY"][-1]["ISACTIVE"] = 0
    a.house(66, 10, 3, "1", isactive=0)
    load_archive(a.write(tmp_path / "gar.zip"))
    gone = AddressObject.objects.get(pk=4)
    assert (gone.active, gone.path) == (False, [1, 2]) and not House.objects.exists()


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ({"number": "12"}, "12"),
        (
            {"number": "12", "addnum1": "2", "addtype1": 1},
            "12|2",
        ),  # ADDTYPE 1 is a block, HOUSETYPE 1 an estate
        ({"number": "12", "addnum1": "2", "addtype1": 2}, "12||2"),
        ({"number": "12", "addnum1": "2", "addtype1": 3}, "12||2"),
        ({"number": "12", "addnum1": "Б", "addtype1": 4}, "12|||Б"),
        ({"number": "12", "addnum1": "2", "addtype1": 1, "addnum2": "3", "addtype2": 2}, "12|2|3"),
        ({"number": "3", "kind": 7}, "||3"),  # HOUSETYPE 7 is a building, 10 a block, 9 a letter
        ({"number": "3", "kind": 10}, "|3"),
        ({"number": "А", "kind": 9}, "|||А"),
        ({"number": "4", "kind": 1}, "4"),
        ({"addnum1": "5", "addtype1": 2, "kind": None}, "||5"),  # without a number of its own
        ({"number": "09-а"}, "9А"),
        ({"number": '9 "A"'}, "9А"),  # a Latin letter
        ({"number": "12К3С1"}, "12|3|1"),
    ],
)
def test_numbers_of_houses(tmp_path, row, key):
    a = in_order()
    a.house(66, 10, 3, **row)
    load_archive(a.write(tmp_path / "gar.zip"))
    assert house_of().key == key


def test_the_dictionary_says_which_parameter_is_the_oktmo_and_what_a_type_means(tmp_path):
    a = in_order()
    a.house(66, 10, 3, "1")
    a.param(66, "HOUSES_PARAMS", 10, 7, "11111111")
    load_archive(a.write(tmp_path / "gar.zip"))
    assert (
        house_of().oktmo == 11111111
        and Word.objects.filter(vocabulary="object", short="ул", level=8).exists()
    )
    with zipfile.ZipFile(tmp_path / "gar.zip", "a") as archive:
        row = '<PARAMTYPE ID="77" NAME="OKTMO" CODE="OKTMO" ISACTIVE="true" />'
        switched = '<PARAMTYPE ID="78" NAME="OKTMO" CODE="OKTMO" ISACTIVE="false" />'
        archive.writestr("AS_PARAM_TYPES_20260908_x.XML", f"{XML}<PARAMTYPES>{row}{switched}</PARAMTYPES>")
    load_archive(tmp_path / "gar.zip")
    assert house_of().oktmo is None  # parameter 7 is something else now, 78 is not in force
    assert Word.objects.filter(vocabulary="param", code=77).exists()
    assert not Word.objects.filter(vocabulary="param", code=78).exists()


def test_only_parameters_in_force_count(tmp_path):
    a = in_order()
    a.house(66, 10, 3, "1")
    a.param(66, "HOUSES_PARAMS", 10, 5, "620001", changeidend=999)
    a.param(66, "HOUSES_PARAMS", 10, 5, "620002", enddate="2020-01-01")
    a.param(66, "HOUSES_PARAMS", 10, 5, "620003")
    a.house(66, 11, 3, "2")
    a.param(66, "HOUSES_PARAMS", 11, 5, "620009", changeidend=999)
    a.param(66, "HOUSES_PARAMS", 11, 8, "66:41:1:1")
    load_archive(a.write(tmp_path / "gar.zip"))
    assert house_of(pk=10).postcode == 620003 and house_of(pk=11).postcode is None


def test_the_two_trees_are_kept_apart(tmp_path):
    a = in_order()
    a.object(66, 4, "Ленинский", "м.р-н", 3, 1)
    a.object(66, 5, "Мира", "ул", 8, 2, mun=4, oktmo="65701000")
    a.house(66, 10, 5, "1")
    a.house(66, 11, 5, "2", mun=4)
    load_archive(a.write(tmp_path / "gar.zip"))
    street = AddressObject.objects.get(pk=5)
    assert (street.path, street.mun_path, street.place_id, street.mun_oktmo) == ([1, 2], [1, 4], 2, 65701000)
    assert (house_of(pk=10).mun_parent_id, house_of(pk=11).mun_parent_id) == (None, 4)


def test_tables_of_like_names_are_not_mixed_up(tmp_path):
    a = in_order()
    path = a.write(tmp_path / "gar.zip")
    with zipfile.ZipFile(path, "a") as archive:
        for name in ("ADDR_OBJ_DIVISION", "ADDR_OBJ_TYPES", "HOUSES_NOTES"):
            archive.writestr(f"66/AS_{name}_20260908_x.XML", "not even XML")
    assert load_archive(path).state == "done" and AddressObject.objects.count() == 3


def test_only_the_chosen_regions_come_and_another_load_adds_and_replaces(tmp_path):
    a = in_order()
    a.object(1, 50, "Адыгея", "Респ", 1)
    path = a.write(tmp_path / "gar.zip")
    load_archive(path, regions=[66])
    assert {*AddressObject.objects.values_list("region", flat=True)} == {66}
    load_archive(path, regions=[1])
    assert {*AddressObject.objects.values_list("region", flat=True)} == {1, 66}
    load_archive(path)
    assert AddressObject.objects.count() == 4 and Region.objects.count() == 2


def test_the_same_elements_written_otherwise_are_read_by_expat(tmp_path):
    rows = [{"ID": n, "OBJECTID": n, "OBJECTGUID": guid_of(n), "NAME": 'О"&<>Коннор', "TYPENAME": "ул", "LEVEL": 8,
             "ISACTUAL": 1, "ISACTIVE": 1} for n in range(1, 50)]  # fmt: skip
    usual = "".join(element("ADDR_OBJ", row) for row in rows)
    odd = usual.replace('ISACTUAL="1" ISACTIVE="1" />', "ISACTIVE='1'\n ISACTUAL = '1'></OBJECT>", 20)
    told = []
    for text in (usual, odd, f"<!-- made by hand -->{usual}", usual.replace(' NAME="О', ' NAME="/>О')):
        path = tmp_path / "x.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(
                "66/AS_ADDR_OBJ_20260908_x.XML", f"{XML}\n<ADDRESSOBJECTS>{text}</ADDRESSOBJECTS>\n"
            )
        with Opened(path) as archive:
            entry = archive.files(66, "ADDR_OBJ")[0]
            reader = Reader(archive, entry, TABLES["ADDR_OBJ"], Spot())
            blocks = list(reader.blocks())
            every = [row for block in blocks for row in block.rows]
            assert sum(block.seen for block in blocks) == len(every) == 49
            for block in blocks:  # it goes on from any spot that it has told
                rest = Reader(archive, entry, TABLES["ADDR_OBJ"], block.after).blocks()
                after = [row for each in rest for row in each.rows]
                assert after == every[len(every) - len(after) :]
        told.append((reader.slow, [row[:3] for row in every]))
    assert [slow for slow, _rows in told] == [False, True, True, False]
    assert told[0][1] == told[1][1] == told[2][1] == told[3][1]


BOMB = '<!DOCTYPE A [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("doctype", f"{BOMB}<ADDRESSOBJECTS></ADDRESSOBJECTS>", "объявляет тип документа"),
        ("no end", "<ADDRESSOBJECTS>", "в архиве повреждён"),
        (
            "another root",
            "<HOUSES></HOUSES>",
            "элемент HOUSES, хотя место там только для ADDRESSOBJECTS/OBJECT",
        ),
        ("another element", "<ADDRESSOBJECTS><ROW ID='1'/></ADDRESSOBJECTS>", "элемент ROW"),
        ("no id", "<ADDRESSOBJECTS><OBJECT ID='1' /></ADDRESSOBJECTS>", "у которого OBJECTID отсутствует"),
        ("not XML", "что-то", "в архиве повреждён"),
        ("empty", "", "в архиве повреждён"),
    ],
)
def test_a_bad_file_is_one_sentence_and_nothing_is_half_done(tmp_path, name, text, sentence):
    """In the language of whoever began the load, here the machine's own."""
    load_archive(in_order().write(tmp_path / "good.zip"))
    a = in_order(version=dt.date(2026, 9, 11))
    a.object(66, 99, "Лишняя", "ул", 8, 2)
    path = a.write(tmp_path / "bad.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("66/AS_ADDR_OBJ_20260911_z.XML", XML + text)
    load = load_archive(path)
    assert load.state == "failed" and sentence in load.error and "Traceback" not in load.error
    assert load.error == Job.objects.get(pk=load.job_id).error
    assert (
        Region.objects.get().version == dt.date(2026, 9, 8)
        and not AddressObject.objects.filter(pk=99).exists()
    )


def test_a_damaged_or_cut_archive_is_one_sentence(tmp_path):
    path = small_archive().write(tmp_path / "gar.zip")
    whole = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        entry = next(each for each in archive.infolist() if "AS_APARTMENTS" in each.filename)
    spoilt = bytearray(whole)
    for at in range(entry.header_offset + 120, entry.header_offset + 400):
        spoilt[at] ^= 0xFF
    (tmp_path / "spoilt.zip").write_bytes(spoilt)
    load = load_archive(tmp_path / "spoilt.zip")
    assert load.state == "failed" and "в архиве повреждён: скачайте архив ещё раз." in load.error
    assert not AddressObject.objects.exists() and not Region.objects.exists()
    for name, content, sentence in (
        ("cut.zip", whole[: len(whole) // 2], "is no whole zip archive"),
        ("text.zip", b"hello", "is no whole zip archive"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(Refusal, match=sentence):
            load_archive(tmp_path / name)
    with pytest.raises(Refusal, match="There is no file"):
        load_archive(tmp_path / "nowhere.zip")
    assert Load.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "options", "sentence"),
    [
        (lambda a: a.rows.pop((66, "HOUSES")) and a.without.add("HOUSES"), {}, "lacks AS_HOUSES"),
        (lambda a: None, {"regions": [1]}, "has no region 01; it has: 66."),
        (lambda a: a.rows.clear(), {}, "has no region"),
        (lambda a: None, {"is_delta": True}, "begin with a whole archive"),
    ],
)
def test_what_is_no_register_is_refused_before_anything_begins(tmp_path, change, options, sentence):
    a = small_archive()
    change(a)
    with pytest.raises(Refusal, match=sentence):
        load_archive(a.write(tmp_path / "gar.zip"), **options)
    assert not Job.objects.exists()


def test_a_delta_is_not_taken_for_a_whole_archive(tmp_path):
    with pytest.raises(Refusal, match="add --delta"):
        load_archive(small_archive().write(tmp_path / "gar_delta_xml.zip"))
    a = small_archive()
    a.rows[66, "ADDR_OBJ"].pop(0)
    load = load_archive(a.write(tmp_path / "renamed.zip"))
    assert load.state == "failed" and "нет самого региона" in load.error


def test_one_load_at_a_time(tmp_path):
    path = small_archive().write(tmp_path / "gar.zip")
    start_load(by=actor_of("administrator"), path=path)
    with pytest.raises(Refusal, match="is being loaded already"):
        start_load(by=actor_of("administrator"), path=path)


@pytest.mark.parametrize("role", ["coordinator", "operator", "volunteer", "auditor"])
def test_only_an_administrator_loads(tmp_path, role):
    with pytest.raises(Refusal) as refused:
        start_load(by=actor_of(role), path=small_archive().write(tmp_path / "gar.zip"))
    assert refused.value.status == 403

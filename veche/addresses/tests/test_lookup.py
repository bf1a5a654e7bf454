"""What is found in the register, and what is said where something doesn't fit."""

import pytest

from veche.addresses.queries.lookup import find
from veche.addresses.queries.suggest import suggest
from veche.addresses.register.parts import Parts
from veche.addresses.testing import CITY, LENINA, load_archive, load_small_register, small_archive

pytestmark = pytest.mark.django_db
WHOLE = {
    "region": "Свердловская область",
    "city": "Екатеринбург",
    "street": "Ленина",
    "street_type": "проспект",
}


@pytest.fixture
def register(tmp_path):
    return load_small_register(tmp_path)


def found(**parts):
    return find(Parts(**parts))


def test_a_whole_address_is_found_with_all_that_is_known_of_it(register):
    answer = found(**WHOLE, house="12", flat="7", postcode="620015")
    best = answer.best
    assert (answer.status, best.object_id, best.level, best.score) == ("found", 100, "flat", 1.0)
    assert (best.postcode, best.oktmo, best.house_exists, best.flat_exists) == (
        "620015",
        "65701000001",
        True,
        True,
    )
    assert best.text == "Свердловская обл, г Екатеринбург, пр-кт Ленина, д. 12, кв. 7" and best.reasons == []
    assert [step.id for step in best.adm_path] == [1, CITY, LENINA] == [step.id for step in best.mun_path]


def test_a_postcode_comes_from_the_street_where_the_house_has_none(register):
    assert found(**WHOLE, house="12", block="2").best.postcode == "620014"


def test_flats_that_are_there_and_that_are_not(register):
    assert found(**WHOLE, house="12", flat="12а").best.flat_exists is True
    assert found(**WHOLE, house="12", flat="XI").best.flat_exists is True
    missing = found(**WHOLE, house="12", flat="41")
    assert missing.status == "partly" and missing.best.flat_exists is False
    assert missing.best.reasons == ["The house has no flat or room 41."]
    assert found(**WHOLE, house="14А", flat="3").best.flat_exists is None  # of that house no flats are known


@pytest.mark.parametrize(
    ("parts", "object_id", "reason"),
    [
        ({"house": "12", "building": "2"}, 101, "The register writes the house as д. 12 корп. 2."),
        ({"house": "12/2"}, 101, "The register writes the house as д. 12 корп. 2."),
        ({"house": "12к2"}, 101, None),
        ({"house": "14", "letter": "А"}, 102, "The register writes the house as д. 14А."),
        ({"house": "14/а"}, 102, None),
    ],
)
def test_a_house_is_found_however_its_number_is_cut(register, parts, object_id, reason):
    best = found(**WHOLE, **parts).best
    assert best.object_id == object_id and best.reasons == ([reason] if reason else [])


def test_a_missing_house_is_told_with_its_neighbours(register):
    answer = found(**WHOLE, house="12", block="9")
    assert answer.status == "partly" and answer.best.object_id == LENINA and answer.best.house_exists is False
    assert answer.best.reasons == [
        "The register has no д. 12 корп. 9 in пр-кт Ленина; there is: д. 12; д. 12 корп. 2."
    ]


def test_namesakes_are_ranked_and_told_apart(register):
    answer = found(street="Ленина")
    assert answer.status == "ambiguous" and answer.best is None
    assert {each.object_id for each in answer.candidates} == {20, 22} and "choose one" in answer.reason
    assert found(street="Ленина", house="3").best.object_id == 104  # that house stands in one of them
    assert found(street="Ленина", street_type="проспект").best.object_id == 20
    assert found(street="Ленина", district="Сысертский район").best.object_id == 22
    assert found(street="Ленина", postcode="624021").best.object_id == 22


def test_another_type_is_found_and_said(register):
    best = found(**{**WHOLE, "street_type": "улица"}, house="12").best
    assert best.object_id == 100 and best.score < 0.9
    assert best.reasons == ["It is written as “улица”, and the register has “пр-кт”."]


def test_a_typing_error_is_mended_within_the_town_and_said(register):
    best = found(city="Екатеринбург", street="Карла Марска", house="5").best
    assert best.object_id == 103 and best.reasons == ["“Карла Марска” was read as “Карла Маркса”."]
    assert found(city="Екатиринбург", street="Маркса Карла", house="5").best.object_id == 103


def test_a_house_of_a_village_without_streets(register):
    assert (
        found(
            district="Сысертский район", settlement="Кашино", settlement_type="село", house="7"
        ).best.object_id
        == 105
    )


def test_what_is_not_there_is_said(register):
    assert found(region="Омская область", street="Ленина").reason == (
        "“Омская область” is not among the loaded regions: 66 Свердловская обл."
    )
    assert found(settlement="Нигдешино").reason == "The register knows no place called “Нигдешино” there."
    above = found(city="Екатеринбург", street="Несуществующая", house="1")
    assert above.status == "partly" and above.best.object_id == CITY and above.best.level == "place"
    assert above.best.reasons == ["The register knows no street or area called “Несуществующая” there."]


def test_an_empty_register_says_so():
    assert found(street="Ленина").reason == "No region of the register is loaded."


def test_renamed_streets_are_found_by_their_old_names(tmp_path):
    archive = small_archive()
    archive.add(66, "ADDR_OBJ", objectid=21, objectguid="0" * 8 + "-0000-0000-0000-" + "0" * 12, name="Баранчинская",
                typename="ул", level=8, isactual=0, isactive=0)  # fmt: skip
    load_archive(archive.write(tmp_path / "gar.zip"))
    best = found(city="Екатеринбург", street="Баранчинская", house="5").best
    assert best.object_id == 103 and best.reasons == ["“Баранчинская” is called “Карла Маркса” now."]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("екат", "Свердловская обл, г Екатеринбург"),
        ("г. Сысерть", "Свердловская обл, Сысертский р-н, г Сысерть"),
        ("мар", "Свердловская обл, г Екатеринбург, ул Карла Маркса"),
        ("маркса кар", "Свердловская обл, г Екатеринбург, ул Карла Маркса"),
        ("екатеринбург лен", "Свердловская обл, г Екатеринбург, пр-кт Ленина"),
        ("ленина екат", "Свердловская обл, г Екатеринбург, пр-кт Ленина"),
        ("екатеринбург, пр-кт Ленина 14", "Свердловская обл, г Екатеринбург, пр-кт Ленина, д. 14А"),
        ("ktybyf", None),
    ],
)
def test_suggestions_follow_the_typing(register, typed, first):
    told = suggest(typed)
    assert (told[0].text if told else None) == first


def test_suggestions_stay_in_the_place_that_is_known(register):
    assert [each.object_id for each in suggest("лен", place_id=5)] == [22]


@pytest.mark.parametrize("typed", ["", " ", "%", "_", "\\", "'", "ул", "12", "," * 500, "а " * 300, "\x00"])
def test_odd_typing_is_harmless(register, typed):
    assert isinstance(suggest(typed), list)
    assert find(Parts(street=typed, house=typed, flat=typed, city=typed)).status

"""The geocoder's client against its stand-in: over the wire, with every way in which a service goes wrong."""

import time
from decimal import Decimal

import pytest

from veche.gateways.geocoding import HouseAddress, Spot, Trouble, find_house, is_on, may_ask_in_bulk
from veche.gateways.geocoding.client import PUBLIC
from veche.gateways.geocoding.fake import FakeGeocoder

MIRA = HouseAddress("5", "ул. Мира", "Тверь", "Тверская область")


@pytest.fixture
def asks(settings):
    """`asks(fake)`: the stand-in is the server, and it may be asked as fast as one can."""

    def ask(fake: FakeGeocoder) -> FakeGeocoder:
        settings.VECHE_GEOCODER, settings.VECHE_GEOCODER_PER_SECOND = fake.url, 1000
        return fake

    return ask


def test_a_house_is_found_and_only_its_address_is_sent(asks, settings):
    settings.VECHE_URL = "https://crm.example.org"
    with FakeGeocoder({"5 ул. Мира": ("56.8570001", "35.912")}) as fake:
        asks(fake)
        assert find_house(MIRA) == Spot(Decimal("56.857000"), Decimal("35.912000"))
    sent = {"street": "5 ул. Мира", "city": "Тверь", "state": "Тверская область", "countrycodes": "ru"}
    assert fake.asked[0].items() >= sent.items()
    assert set(fake.asked[0]) == {*sent, "format", "addressdetails", "limit", "accept-language"}
    assert fake.agents == ["Veche (https://crm.example.org)"]


def test_the_middle_of_the_street_is_no_house(asks):
    with FakeGeocoder({"7 ул. Мира": ("56.857", "35.912")}) as fake:
        asks(fake)
        assert find_house(MIRA) is None


@pytest.mark.parametrize(
    ("asked", "told", "same"),
    [
        ("5 к2", "5 корпус 2", True),
        ("12А", "12а", True),
        ("5 с1", "5 строение 1", True),
        ("5/2", "5/2", True),
        ("5", "5А", False),
        ("5 к2", "52", False),
        ("51", "5 к1", False),
    ],
)
def test_numbers_of_houses_are_compared_as_people_do(asks, asked, told, same):
    body = f'[{{"lat": "56", "lon": "35", "address": {{"house_number": "{told}"}}}}]'
    with FakeGeocoder(body=body) as fake:
        asks(fake)
        assert (find_house(HouseAddress(asked, "ул. Мира", "Тверь")) is not None) is same


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"status": 429}, "busy"),
        ({"status": 503}, "busy"),
        ({"status": 403}, "refused"),
        ({"status": 302, "to": "/search?q=other"}, "refused"),
        ({"body": "<html>"}, "nonsense"),
        ({"body": "[" * 200_000}, "nonsense"),
        ({"body": "[" + "1," * 600_000 + "1]"}, "nonsense"),
        ({"body": '{"error": "x"}'}, "nonsense"),
        ({"body": '[{"lat": "x", "lon": "1", "address": {"house_number": "5"}}]'}, "nonsense"),
        ({"body": '[{"lat": "NaN", "lon": "1", "address": {"house_number": "5"}}]'}, "nonsense"),
        ({"body": '[{"lat": "156", "lon": "1", "address": {"house_number": "5"}}]'}, "nonsense"),
    ],
)
def test_trouble_has_a_code(asks, options, code):
    with FakeGeocoder(**options) as fake:
        asks(fake)
        with pytest.raises(Trouble) as caught:
            find_house(MIRA)
    assert caught.value.code == code


def test_a_server_cannot_send_the_address_on_to_another_one(asks):
    with FakeGeocoder() as other, FakeGeocoder(status=302, to=f"{other.url}/search?street=5") as fake:
        asks(fake)
        with pytest.raises(Trouble):
            find_house(MIRA)
    assert (len(fake.asked), other.asked) == (1, [])


def test_an_answer_that_comes_drop_by_drop_is_not_waited_for(asks, monkeypatch):
    monkeypatch.setattr("veche.gateways.geocoding.client.SECONDS", 0.3)
    with FakeGeocoder(body="[" + " " * 60, pause=0.05) as fake:
        asks(fake)
        began = time.monotonic()
        with pytest.raises(Trouble) as caught:
            find_house(MIRA)
    assert caught.value.code == "unreachable" and time.monotonic() - began < 2.5


def test_a_server_that_is_gone_is_unreachable(asks):
    with FakeGeocoder() as fake:
        asks(fake)
    with pytest.raises(Trouble) as caught:
        find_house(MIRA)
    assert caught.value.code == "unreachable"


def test_questions_keep_their_distance(asks, settings):
    with FakeGeocoder() as fake:
        asks(fake)
        settings.VECHE_GEOCODER_PER_SECOND = 10
        began = time.monotonic()
        for _question in range(4):
            find_house(MIRA)
        assert time.monotonic() - began >= 0.3
    assert len(fake.asked) == 4


def test_it_is_off_until_somebody_names_a_server(settings):
    assert (is_on(), may_ask_in_bulk()) == (False, False)
    with pytest.raises(Trouble):
        find_house(MIRA)
    settings.VECHE_GEOCODER = f"https://{PUBLIC}"
    assert (is_on(), may_ask_in_bulk()) == (True, False)
    settings.VECHE_GEOCODER = "https://geo.example.org"
    assert may_ask_in_bulk()

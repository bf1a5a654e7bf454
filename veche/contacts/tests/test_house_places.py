"""The geocoder is asked by a job, of houses only, and never over what somebody has typed."""

import pytest

from veche.accounts.testing import actor_of
from veche.contacts.actions import houses
from veche.contacts.actions.house_passport import change_house
from veche.contacts.actions.house_places import start_finding_house, start_finding_houses
from veche.contacts.models import House
from veche.contacts.testing import make_person
from veche.core.actor import Actor
from veche.core.background import run_job
from veche.core.models import Job
from veche.core.refusal import Refusal
from veche.gateways.geocoding.fake import FakeGeocoder

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def street():
    for number in (1, 2, 3):
        make_person(f"Житель {number}", addresses=[f"г. Тверь, ул. Мира, д. {number}, кв. 7"])
    houses.keep_all_houses()
    typed = House.objects.get(number="3")
    change_house(by=Actor.system(), house_id=typed.pk, fields={"place": "56.1, 35.1"})


def places() -> dict[str, str]:
    return {each.number: f"{each.latitude} {each.place_from}" for each in House.objects.order_by("number")}


def test_houses_without_a_place_are_asked_for_one_by_one(street, settings):
    settings.VECHE_GEOCODER_PER_SECOND = 1000
    with FakeGeocoder({"1 ул. Мира": ("56.85", "35.91")}) as fake:
        settings.VECHE_GEOCODER = fake.url
        job = start_finding_houses(by=actor_of("coordinator"))
        with pytest.raises(Refusal):
            start_finding_houses(by=actor_of("coordinator"))
        run_job(job_id=job.pk)
        assert sorted(each["street"] for each in fake.asked) == ["1 ул. Мира", "2 ул. Мира"]
        assert "Житель" not in str(fake.asked) and "7" not in "".join(each["street"] for each in fake.asked)
        assert places() == {"1": "56.850000 geocoder", "2": "None ", "3": "56.100000 hand"}
        job.refresh_from_db()
        assert (job.state, job.done) == (Job.State.DONE, 2)
        with pytest.raises(Refusal):  # what was not found is not asked for again so soon
            start_finding_houses(by=actor_of("coordinator"))


def test_trouble_ends_the_job_with_a_sentence_and_keeps_what_was_found(street, settings):
    settings.VECHE_GEOCODER_PER_SECOND = 1000
    with FakeGeocoder(status=429) as fake:
        settings.VECHE_GEOCODER = fake.url
        job = start_finding_houses(by=actor_of("coordinator"))
        run_job(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED and "rest" in job.error
    assert len(fake.asked) == 1


def test_one_house_is_asked_for_by_who_may_change_it(street, settings):
    house = House.objects.get(number="1")
    with pytest.raises(Refusal):  # nobody has named a server
        start_finding_house(by=actor_of("coordinator"), house_id=house.pk)
    settings.VECHE_GEOCODER_PER_SECOND = 1000
    with FakeGeocoder({"1 ул. Мира": ("56.85", "35.91")}) as fake:
        settings.VECHE_GEOCODER = fake.url
        with pytest.raises(Refusal):
            start_finding_house(by=actor_of("volunteer"), house_id=house.pk)
        job = start_finding_house(by=actor_of("coordinator"), house_id=house.pk)
        with pytest.raises(Refusal, match="looked for already"):  # a second press
            start_finding_house(by=actor_of("coordinator"), house_id=house.pk)
        run_job(job_id=job.pk)
    house.refresh_from_db()
    assert f"{house.longitude}" == "35.910000"


def test_the_houses_of_a_street_are_not_asked_for_one_by_one_by_hand(street, settings, monkeypatch):
    monkeypatch.setattr("veche.contacts.actions.house_places.MOST_WAITING", 2)
    settings.VECHE_GEOCODER = "https://geocoder.example.org"
    first, second, third = House.objects.values_list("pk", flat=True)
    for house in (first, second):
        start_finding_house(by=actor_of("coordinator"), house_id=house)
    with pytest.raises(Refusal, match="try in a minute"):
        start_finding_house(by=actor_of("coordinator"), house_id=third)

"""People's territories follow their addresses: by rules of all kinds, with overlaps, gaps, and what was set by hand."""

import pytest
from django.db import connection

from veche.accounts.actions import add_territory, change_territory, remove_territory
from veche.accounts.models import Territory
from veche.accounts.testing import actor_of
from veche.addresses.actions import territories as rules
from veche.addresses.models import Coverage, HouseCover, KnownHouse, StreetFinding, StreetToPlace
from veche.contacts import jobs
from veche.contacts.actions import address_reading
from veche.contacts.actions.contacts import change_fields, remove_contact
from veche.contacts.actions.mass_changes import start_mass_change, start_mass_undo
from veche.contacts.actions.points import add_address, change_address
from veche.contacts.actions.territory_following import expand_streets, follow_portion, follow_waiting
from veche.contacts.actions.territory_strays import bring_in_line
from veche.contacts.models import Contact, FieldChange
from veche.contacts.queries.provenance import provenance
from veche.contacts.queries.territory_reasons import territory_reasons
from veche.contacts.subscribers import follow_territories
from veche.contacts.testing import make_person
from veche.core.actor import Actor
from veche.core.background import run_job
from veche.core.ledger import COLUMNS, entries
from veche.core.models import Job

pytestmark = pytest.mark.django_db
BY = Actor.system()


def territory(text="", *, name="", kind="precinct", parent=None, leads=True, town="Екатеринбург"):
    made = add_territory(by=BY, name=name or f"Участок {Territory.objects.count() + 1}", parent=parent)
    rules.describe_territory(by=BY, territory_id=made.pk, kind=kind, town=town, leads=leads)
    if text:
        rules.paste_houses(by=BY, territory_id=made.pk, text=text)
    return made


def dweller(address, **known):
    return make_person(addresses=[address if "," in address else f"г. Екатеринбург, {address}"], **known)


def hear():
    """What the worker would do after the commits so far: deliver the ledger to the subscriber."""
    with connection.cursor() as sql:
        sql.execute(f"SELECT {COLUMNS} FROM core_ledger ORDER BY id")
        heard = entries(sql.fetchall())
        sql.execute("TRUNCATE core_ledger")
    follow_territories(heard)


def move(person, address):
    there = person.addresses.get().pk
    change_address(by=BY, contact_id=person.pk, address_id=there, fields={"text": address})


def of(person):
    return Contact.objects.get(pk=person.pk).territory


def test_a_contact_follows_its_address_into_the_territory_and_out_of_it():
    one, two = territory("ул. Ленина, 1-25 (нечётные)"), territory("ул. Ленина, 2-30 (чётные)")
    odd, even = dweller("ул. Ленина 13, кв. 5"), dweller("ул. Ленина, д. 12/2")
    hear()
    assert (of(odd), of(even)) == (one, two)
    change = FieldChange.objects.get(contact=odd, field="territory")
    assert (change.before, change.after, change.by) == (None, one.pk, None)
    revision = Contact.objects.get(pk=odd.pk).revision
    hear()
    assert Contact.objects.get(pk=odd.pk).revision == revision, "nothing was new"
    move(odd, "г. Екатеринбург, ул. Ленина 4")
    hear()
    assert of(odd) == two
    move(odd, "г. Тверь, ул. Мира 4")
    hear()
    assert of(odd) is None


def test_a_territory_set_by_hand_stays_until_it_is_brought_in_line():
    one, by_hand = territory("ул. Мира"), territory(kind="other")
    person, cleared = dweller("ул. Мира 5"), dweller("ул. Мира 7")
    hear()
    change_fields(by=BY, contact_id=person.pk, fields={"territory": by_hand.pk})
    change_fields(by=BY, contact_id=cleared.pk, fields={"territory": None})
    rules.ask_for_all_streets(by=BY)
    hear()
    assert of(person) == by_hand and of(cleared) is None
    mass = bring_in_line(by=BY, territory_id=one.pk)
    assert (of(person), of(cleared), mass.changed) == (one, one, 2)
    other = territory("ул. Мира 5")
    hear()
    assert of(person) == other, "it follows again: a house is more exact than a street"
    assert of(cleared) == one


def test_bringing_in_line_is_undone_as_any_bulk_change():
    one, by_hand = territory("ул. Мира"), territory(kind="other")
    person = dweller("ул. Мира 5")
    hear()
    change_fields(by=BY, contact_id=person.pk, fields={"territory": by_hand.pk})
    start_mass_undo(by=BY, mass_id=bring_in_line(by=BY, territory_id=one.pk).pk)
    assert of(person) == by_hand
    rules.ask_for_all_streets(by=BY)
    hear()
    assert of(person) == by_hand, "after the undo it is set by hand again"


def test_a_bulk_change_by_hand_stays_too():
    territory("ул. Мира")
    by_hand = territory(kind="other")
    person = dweller("ул. Мира 5")
    hear()
    start_mass_change(by=BY, kind="territory", value=by_hand.pk, ids=[person.pk])
    rules.ask_for_all_streets(by=BY)
    hear()
    assert of(person) == by_hand


def test_taking_a_text_back_brings_people_back():
    one, two = territory("ул. Мира"), territory()
    person = dweller("ул. Мира 5")
    hear()
    text = rules.paste_houses(by=BY, territory_id=two.pk, text="ул. Мира, 5, 7")
    hear()
    assert of(person) == two
    rules.take_back_text(by=BY, text_id=text.pk)
    hear()
    assert of(person) == one
    again = rules.paste_houses(by=BY, territory_id=one.pk, text="ул. Гоголя", instead=True)
    hear()
    assert of(person) is None and one.rules.filter(replaced_by=again).count() == 1
    rules.take_back_text(by=BY, text_id=again.pk)
    hear()
    assert of(person) == one


def state(person, kind="precinct"):
    house = person.addresses.get().reading.house
    return sorted(HouseCover.objects.filter(house__house=house, kind=kind).values_list("territory", "state"))


def test_the_most_exact_rule_has_the_house_and_alike_ones_are_a_tie():
    street, range_, house = territory("ул. Мира"), territory("ул. Мира 1-9"), territory("ул. Мира 5")
    exact, ranged, whole = dweller("ул. Мира 5"), dweller("ул. Мира 7"), dweller("ул. Мира 11")
    hear()
    assert (of(exact), of(ranged), of(whole)) == (house, range_, street)
    assert state(exact) == [(street.pk, "lost"), (range_.pk, "lost"), (house.pk, "own")]
    rival = territory("ул. Мира 5-6")
    hear()
    assert of(exact) == house
    territory("ул. Мира 7")
    territory("ул. Мира 7, 8")
    hear()
    assert {each for _id, each in state(ranged)} == {"lost", "tie"}
    assert of(ranged) == range_, "who is claimed alike by two stays where he was"
    doubles = StreetFinding.objects.filter(what="double", winner=None)
    assert [(each.house, each.people) for each in doubles if each.house] == [("7", 1)]
    spans = [each for each in doubles if not each.house]
    assert [(each.first, each.last, {each.one, each.other}) for each in spans] == [(5, 6, {range_, rival})]


def test_the_card_says_by_which_address_and_rule_somebody_is_there():
    here, there = territory("ул. Мира, 1-9 (нечётные)"), territory("ул. Гоголя")
    person = dweller("ул. Мира 5")
    hear()
    office, volunteer = actor_of("administrator"), actor_of("volunteer")
    told = territory_reasons(office, Contact.objects.get(pk=person.pk))
    assert told == ["By the address “Екатеринбург, ул. Мира, 5” and the rule “ул. Мира, 1–9 (нечётные)”."]
    assert provenance(office, Contact.objects.get(pk=person.pk), "territory")[0] == told[0]
    assert territory_reasons(volunteer, Contact.objects.get(pk=person.pk)) == [
        "By the address “Екатеринбург, ул. Мира, 5”."
    ]
    change_fields(by=BY, contact_id=person.pk, fields={"territory": there.pk})
    set_by_hand = Contact.objects.get(pk=person.pk)
    assert territory_reasons(office, set_by_hand) == [
        f"Set otherwise than the address says, which lies in “{here}”."
    ]
    assert territory_reasons(volunteer, set_by_hand) == []


def test_exceptions_are_taken_out_again():
    territory("ул. Мира (кроме 5, 7)")
    inside, outside = dweller("ул. Мира 3"), dweller("ул. Мира 7")
    hear()
    assert of(inside) and of(outside) is None and state(outside) == [(None, "gap")]


def test_kinds_do_not_disturb_each_other_and_a_part_goes_before_its_whole():
    region = territory("г. Екатеринбург (полностью)", kind="constituency")
    precinct = territory("ул. Мира 1-9", parent=region)
    turf = territory("ул. Мира 5", kind="turf", parent=precinct)
    aside = territory("ул. Мира", kind="district", leads=False)
    in_turf, in_precinct, elsewhere = dweller("ул. Мира 5"), dweller("ул. Мира 7"), dweller("ул. Гоголя 7")
    hear()
    assert (of(in_turf), of(in_precinct), of(elsewhere)) == (turf, precinct, region)
    assert state(in_turf, "district") == [(aside.pk, "own")]
    assert not StreetFinding.objects.filter(what="double").exists()
    coverage = Coverage.objects.get(territory=region)
    assert (coverage.houses, coverage.people) == (3, 3)
    change_territory(by=BY, territory=turf, name="Сборщик", parent=None)
    hear()
    assert of(in_turf) == precinct, "no longer a part of it, the turf stands behind the precinct"


def test_streets_of_one_name_and_two_kinds_are_told_apart_where_the_rules_do():
    street, lane = territory("ул. Мира"), territory("пер. Мира")
    on_street, on_lane, unsaid = dweller("ул. Мира 5"), dweller("пер. Мира 5"), dweller("Мира 6")
    alone = territory("проспект Ленина")
    wrong_kind = dweller("ул. Ленина 5")
    hear()
    assert (of(on_street), of(on_lane), of(wrong_kind)) == (street, lane, alone)
    assert of(unsaid) in (None, street)


def test_towns_of_one_name_need_their_region_and_a_street_without_a_town_the_only_one():
    here = territory("ул. Уральских Рабочих")
    no_town = make_person(addresses=["ул. Уральских Рабочих, д. 5"])
    village = territory("с. Ивановка, Саратовская область", town="")
    hear()
    assert of(no_town) == here
    assert village.rules.count()


def test_gaps_are_told_for_towns_that_have_rules():
    territory("ул. Мира: 1, 3, 9; ул. Гоголя")
    gap, covered, far = dweller("ул. Мира 5"), dweller("ул. Мира 3"), dweller("г. Тверь, ул. Мира 5")
    hear()
    assert state(gap)[0][1] == "gap" and state(covered)[0][1] == "own"
    assert not HouseCover.objects.filter(house__town_key="тверь").exists() and of(far) is None
    missing = StreetFinding.objects.get(what="missing")
    assert (missing.side, missing.first, missing.last) == ("odd", 5, 7)


def test_who_is_registered_elsewhere_belongs_there():
    one, two = territory("ул. Мира"), territory("ул. Гоголя")
    person = dweller("ул. Мира 5")
    hear()
    assert of(person) == one
    add_address(by=BY, contact_id=person.pk, text="г. Екатеринбург, ул. Гоголя 5", purpose="registration")
    hear()
    assert of(person) == two
    assert KnownHouse.objects.filter(street_key="мира").count() == 0


def test_whoever_is_removed_is_not_counted():
    one = territory("ул. Мира")
    remove_contact(by=BY, contact_id=dweller("ул. Мира 5").pk)
    dweller("ул. Мира 5")
    hear()
    assert Coverage.objects.get(territory=one).people == 1


def test_a_removed_territory_lets_its_people_follow_another():
    one = territory("ул. Мира 1-9")
    two = territory("ул. Мира")
    person = dweller("ул. Мира 5")
    hear()
    assert of(person) == one
    remove_territory(by=BY, territory=one)
    hear()
    assert of(person) == two


def test_an_import_is_followed_by_a_job_once_its_addresses_are_read():
    one = territory("ул. Мира")
    people = [dweller(f"ул. Мира {n}") for n in range(1, 4)]
    address_reading.keep_addresses_for_later()
    rules.note_all_streets()
    assert follow_waiting(by=BY) is None and StreetToPlace.objects.exists(), "addresses are yet to be read"
    job = address_reading.start_reading_addresses(by=BY)
    run_job.func(job.pk)
    rules.note_places({(f"город {n}", "мира") for n in range(60)})
    jobs.follow_waiting_territories()
    job = Job.objects.get(kind="contacts.follow_territories")
    run_job.func(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (Job.State.DONE, 62, 62)
    assert {of(person) for person in people} == {one} and not StreetToPlace.objects.exists()


def test_without_rules_nothing_is_laid_out():
    territory()
    dweller("ул. Мира 5")
    rules.ask_for_all_streets(by=BY)
    hear()
    assert not StreetToPlace.objects.exists() and not KnownHouse.objects.exists()


def test_a_portion_that_failed_waits_on(monkeypatch):
    territory("ул. Мира")
    dweller("ул. Мира 5")
    rules.note_all_streets()
    address_reading.read_addresses_after(0)
    expand_streets()
    waiting = StreetToPlace.objects.count()
    monkeypatch.setattr("veche.addresses.actions.territories_placing._check_streets", lambda sql: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        follow_portion()
    assert StreetToPlace.objects.count() == waiting


def test_a_house_is_a_gap_only_of_kinds_that_its_town_has():
    territory("ул. Ленина, 1-9")
    territory("ул. Мира, 1-9", kind="turf", town="Тверь")
    dweller("ул. Ленина 5")
    dweller("ул. Ленина 50")
    make_person(addresses=["г. Тверь, ул. Мира, 99"])
    hear()
    gaps = HouseCover.objects.filter(state="gap").values_list("house__town", "house__house", "kind")
    assert sorted(gaps) == [("Екатеринбург", "50", "precinct"), ("Тверь", "99", "turf")]

"""Cards that become one lose nothing, and come apart again as they were."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from veche.accounts.testing import actor_of, member
from veche.campaigns.testing import make_campaign
from veche.contacts.actions import belonging, notes, points
from veche.contacts.actions.contacts import change_fields
from veche.contacts.actions.erasing import erase_contact
from veche.contacts.actions.giving import give_list
from veche.contacts.actions.merging import MOST, MergeSet, merge_contacts, merge_many
from veche.contacts.actions.reverting import revert_change
from veche.contacts.actions.unmerging import unmerge, unmerge_many
from veche.contacts.events import ContactsMerged, ContactsUnmerged
from veche.contacts.models import (
    Contact,
    ContactPoint,
    ExternalId,
    FieldChange,
    GivenList,
    Membership,
    Merge,
    MergedContact,
    MergedRow,
    Note,
    OtherValue,
    Status,
)
from veche.contacts.queries.merging import comparison, merged_into
from veche.contacts.queries.search import search_contacts
from veche.contacts.registry import merge_participants
from veche.contacts.testing import make_organisation, make_own_field, make_person, make_tag
from veche.contacts.tests.everything import ITSELF, Everything, picture
from veche.core.ledger import history
from veche.core.refusal import NotFound, Refusal, Stale
from veche.core.testing import published

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return actor_of("administrator")


def status(code):
    return Status.objects.get(code=code).pk


def values(contact_id):
    rows = ContactPoint.objects.filter(contact=contact_id).order_by("kind", "position", "id")
    return list(rows.values_list("value", flat=True))


# --- there and back


@pytest.mark.parametrize("seed", range(4))
def test_a_merge_undone_at_once_leaves_every_table_as_it_was(by, seed):
    base = Everything(seed)
    people = [base.person() for _n in range(3 + seed % 3)]
    for each in people:
        base.fill(each)
    before = picture()
    assert all(before[table] for table in merge_participants.tables - ITSELF), "no table is left empty"

    kept, *gone = [each.pk for each in base.chance.sample(people, base.chance.randint(2, len(people)))]
    merge = merge_contacts(by=by, kept_id=kept, gone_ids=gone)
    assert picture() != before
    with connection.cursor() as sql:
        for participant in merge_participants:
            for column in participant.columns:
                sql.execute(f"SELECT count(*) FROM {participant.table} WHERE {column} = ANY(%s)", [gone])
                assert sql.fetchone() == (0,), f"{participant.table} knows of somebody who is gone"
    unmerge(by=by, merge_id=merge.pk)

    assert picture() == before


@pytest.mark.parametrize("seed", range(2))
def test_merges_upon_merges_come_apart_from_the_last_to_the_first(by, seed):
    base = Everything(100 + seed)
    people = [base.person() for _n in range(5)]
    for each in people:
        base.fill(each)
    a, b, c, d, e = (each.pk for each in people)
    before = picture()
    first = merge_contacts(by=by, kept_id=b, gone_ids=[a])
    second = merge_contacts(by=by, kept_id=c, gone_ids=[b])
    third = merge_contacts(by=by, kept_id=c, gone_ids=[d, e])
    assert [merged_into(each) for each in (a, b, c, d, e)] == [c, c, None, c, c]

    unmerge_many(by=by, merge_ids=[first.pk, third.pk, second.pk])

    assert picture() == before
    assert merged_into(a) is None


def test_many_sets_are_merged_as_one_is(by):
    base = Everything(7)
    people = [base.person() for _n in range(6)]
    for each in people:
        base.fill(each)
    ids = [each.pk for each in people]
    before = picture()
    done = merge_many(by=by, sets=[MergeSet(ids[0], (ids[1],)), MergeSet(ids[2], (ids[3], ids[4]))])
    assert [merge.contact_id for merge in done.merges] == [ids[0], ids[2]] and not done.refused
    assert len({merge.together for merge in done.merges}) == 1
    assert len(published(ContactsMerged.kind)) == 2
    assert [merged_into(each) for each in ids] == [None, ids[0], None, ids[2], ids[2], None]
    unmerge_many(by=by, merge_ids=[merge.pk for merge in done.merges])
    assert picture() == before


def test_what_cannot_be_merged_of_many_is_left_alone_and_told(by):
    one, two, three, firm = make_person(), make_person(), make_person(), make_organisation()
    sets = [
        MergeSet(one.pk, (two.pk,)),
        MergeSet(three.pk, (two.pk,)),
        MergeSet(three.pk, (firm.pk,)),
        MergeSet(three.pk, (10**9,)),
    ]
    done = merge_many(by=by, sets=sets)
    assert [merge.contact_id for merge in done.merges] == [one.pk]
    assert {place: refusal.code for place, refusal in done.refused.items()} == {
        1: "contacts.merged_twice", 2: "contacts.merge_kinds", 3: "not_found",
    }  # fmt: skip
    again = merge_many(by=by, sets=sets[:1])
    assert not again.merges and again.refused[0].code == "stale"


def test_twenty_sets_cost_as_many_questions_as_two(by):
    def cost(number):
        ids = [[make_person(phone="8 904 000-27-40").pk for _each in range(2)] for _n in range(number)]
        with CaptureQueriesContext(connection) as asked:
            merge_many(by=by, sets=[MergeSet(one, (other,)) for one, other in ids])
        return len(asked)

    assert cost(20) == cost(2)


# --- nothing is lost


def test_the_one_that_stays_has_all_that_both_had(by):
    campaigns, tag = [make_campaign(), make_campaign()], make_tag()
    kept = make_person("Скайуокер Лука", phone="8 904 000-27-40", campaign=campaigns[0])
    gone = make_person("Скайуокеров Люк", phone="8 904 000-27-41, 8 904 000-27-40", campaign=campaigns[1])
    belonging.put_tag(by=by, contact_id=gone.pk, tag_id=tag.pk)
    notes.add_note(by=by, contact_id=gone.pk, text="Живёт на Татуине")
    merge = merge_contacts(by=by, kept_id=kept.pk, gone_ids=[gone.pk], reason="один телефон")

    assert values(kept.pk) == ["+79040002740", "+79040002741"], "each once, the main one stays the first"
    assert set(Membership.objects.values_list("contact", "campaign")) == {
        (kept.pk, each.pk) for each in campaigns
    }
    assert kept.tagged.get().tag_id == tag.pk and kept.notes.get().text == "Живёт на Татуине"
    assert kept.origins.count() == 2
    other = OtherValue.objects.get(field="name")
    assert (other.value, other.former_id) == ("Скайуокеров Люк", gone.pk)
    assert not Contact.objects.filter(pk=gone.pk).exists()
    told = published(ContactsMerged.kind)
    assert [(each.contact_id, each.object_id, each.data["gone"]) for each in told] == [
        (kept.pk, merge.pk, [gone.pk])
    ]
    assert {each.object_id for each in history(contact_id=kept.pk)} >= {kept.pk, gone.pk}


def test_whoever_was_merged_is_found_by_the_former_name_and_number(by):
    kept, gone = make_person("Органа Лея"), make_person("Амидала-Наберри Лея")
    ExternalId.objects.create(contact=gone, system="Фонд", value="Ф-77")
    merge_contacts(by=by, kept_id=kept.pk, gone_ids=[gone.pk])
    for text in ("амидала", "лея наберри", "Ф-77"):
        assert [hit.id for hit in search_contacts(by, text).hits] == [kept.pk], text
    assert not search_contacts(actor_of("volunteer"), "амидала").hits


def test_what_is_chosen_stays_and_what_is_not_stands_beside(by):
    field = make_own_field("Размер")
    kept, gone = make_person("Органа Лея"), make_person("Соло Лея Бейловна")
    change_fields(by=by, contact_id=kept.pk, fields={"birthday": "21.10.1956", f"own.{field.key}": "S"})
    change_fields(by=by, contact_id=gone.pk, fields={"birthday": "22.10.1956", f"own.{field.key}": "M"})
    merge_contacts(
        by=by, kept_id=kept.pk, gone_ids=[gone.pk],
        choices={"surname": gone.pk, "birthday": gone.pk, f"own.{field.key}": kept.pk},
    )  # fmt: skip
    kept.refresh_from_db()
    assert (kept.name, kept.birth_day) == ("Соло Лея Бейловна", 22)
    assert kept.own == {field.key: "S"}
    assert set(OtherValue.objects.values_list("field", "value", "former_id")) == {
        ("name", "Органа Лея", kept.pk), ("birthday", "21.10.1956", kept.pk), (f"own.{field.key}", "M", gone.pk),
    }  # fmt: skip
    told = FieldChange.objects.filter(contact=kept, request_id=by.request_id).values_list("field", "after")
    assert ("surname", "Соло") in told and ("birthday", "22.10.1956") in told


def test_the_stricter_mark_wins_whatever_is_chosen(by):
    kept, gone = make_person("Органа Лея"), make_person("Органа Лея")
    change_fields(
        by=by, contact_id=kept.pk, fields={"status": status("active"), "caution": "Перезвонить позже"}
    )
    change_fields(
        by=by, contact_id=gone.pk, fields={"status": status("refused"), "caution": "Не звонить никогда"}
    )
    merge_contacts(by=by, kept_id=kept.pk, gone_ids=[gone.pk], choices={"status": kept.pk})
    kept.refresh_from_db()
    assert kept.status.code == "refused"
    assert kept.caution == "Перезвонить позже; Не звонить никогда"


def test_of_a_phone_that_both_have_the_remarks_of_both_stay(by):
    kept, gone = make_person(phone="8 904 000-27-40"), make_person(phone="8 904 000-27-40")
    for each, note, validity in ((kept, "утром", "valid"), (gone, "не его", "invalid")):
        ContactPoint.objects.filter(contact=each).update(note=note, validity=validity)
    ContactPoint.objects.filter(contact=kept).update(purpose="")
    ContactPoint.objects.filter(contact=gone).update(purpose="home")
    merge_contacts(by=by, kept_id=kept.pk, gone_ids=[gone.pk])
    point = kept.points.get()
    assert set(point.note.split("; ")) == {"утром", "не его"}
    assert (point.validity, point.purpose) == ("invalid", "home")


def test_whose_phones_come_first_can_be_chosen(by):
    kept, gone = make_person(phone="8 904 000-27-40"), make_person(phone="8 904 000-27-41, 8 904 000-27-42")
    merge_contacts(by=by, kept_id=kept.pk, gone_ids=[gone.pk], choices={"phone": gone.pk})
    assert values(kept.pk) == ["+79040002741", "+79040002742", "+79040002740"]


# --- months later


def test_what_came_since_stays_and_is_told(by):
    kept, gone = make_person("Скайуокер Лука", phone="8 904 000-27-40"), make_person("Скайуокеров Люк")
    notes.add_note(by=by, contact_id=gone.pk, text="Старая")
    merge = merge_contacts(by=by, kept_id=kept.pk, gone_ids=[gone.pk])
    notes.add_note(by=by, contact_id=kept.pk, text="Новая")
    points.add_points(by=by, contact_id=kept.pk, kind="phone", text="8 904 000-27-49")
    change_fields(by=by, contact_id=kept.pk, fields={"surname": "Кеноби"})

    undone = unmerge(by=by, merge_id=merge.pk)

    assert {each.words.replace("\xa0", " ") for each in undone.stayed} == {"Новая", "+7 904 000-27-49"}
    assert set(Note.objects.values_list("contact", "text")) == {(gone.pk, "Старая"), (kept.pk, "Новая")}
    assert values(kept.pk) == ["+79040002740", "+79040002749"]
    kept.refresh_from_db()
    assert kept.surname == "Кеноби", "nobody loses what was written since"
    assert Contact.objects.get(pk=gone.pk).name == "Скайуокеров Люк"
    assert published(ContactsUnmerged.kind)[0].contact_id == kept.pk
    assert not MergedRow.objects.exists() and MergedContact.objects.get().row is None


def test_what_came_since_can_be_given_to_the_other(by):
    kept, gone = make_person("Скайуокер Лука"), make_person("Скайуокеров Люк")
    merge = merge_contacts(by=by, kept_id=kept.pk, gone_ids=[gone.pk])
    note = notes.add_note(by=by, contact_id=kept.pk, text="Про Люка")
    address = points.add_address(by=by, contact_id=kept.pk, text="Екатеринбург, ул. Мира, 7")
    assigned = {f"contacts_note:{note.pk}": gone.pk, f"contacts_postaladdress:{address.pk}": gone.pk}
    unmerge(by=by, merge_id=merge.pk, assigned=assigned)
    note.refresh_from_db()
    address.refresh_from_db()
    assert (note.contact_id, address.contact_id, address.reading.contact_id) == (gone.pk, gone.pk, gone.pk)


def test_a_row_corrected_since_goes_back_corrected_and_one_removed_since_comes_back(by):
    kept, gone = make_person("Скайуокер Лука"), make_person(phone="8 904 000-27-40, 8 904 000-27-41")
    merge = merge_contacts(by=by, kept_id=kept.pk, gone_ids=[gone.pk])
    first, second = kept.points.order_by("position")
    points.change_point(by=by, contact_id=kept.pk, point_id=first.pk, fields={"note": "дочь"})
    points.remove_point(by=by, contact_id=kept.pk, point_id=second.pk)
    unmerge(by=by, merge_id=merge.pk)
    assert values(gone.pk) == ["+79040002740", "+79040002741"]
    assert ContactPoint.objects.get(pk=first.pk).note == "дочь"
    assert not kept.points.exists()


def test_what_the_merge_filled_in_and_somebody_changed_since_stays(by):
    kept, gone = make_person("Органа Лея"), make_person("Органа Лея")
    change_fields(by=by, contact_id=gone.pk, fields={"birthday": "1956", "status": status("moved")})
    merge = merge_contacts(by=by, kept_id=kept.pk, gone_ids=[gone.pk])
    change_fields(by=by, contact_id=kept.pk, fields={"birthday": "21.10.1956"})
    undone = unmerge(by=by, merge_id=merge.pk)
    kept.refresh_from_db()
    assert (kept.birth_year, kept.birth_day, kept.status_id) == (1956, 21, None)
    assert undone.fields_stayed == ["birthday"]
    fields = FieldChange.objects.filter(contact=kept).values_list("field", flat=True)
    assert sorted(fields) == ["birthday", "birthday"], (
        "how the birthday came to be is told, the status never was"
    )


def test_what_a_row_hung_on_may_be_gone_when_the_merge_is_undone(by):
    tag, campaign = make_tag(), make_campaign()
    kept, gone = make_person(campaign=campaign), make_person(campaign=campaign)
    author = actor_of("operator")
    for each in (kept, gone):
        belonging.put_tag(by=by, contact_id=each.pk, tag_id=tag.pk)
    change_fields(by=by, contact_id=gone.pk, fields={"responsible": author.user_id})
    merge = merge_contacts(by=by, kept_id=kept.pk, gone_ids=[gone.pk])
    tag.delete()
    member("operator").delete()
    unmerge(by=by, merge_id=merge.pk)
    back = Contact.objects.get(pk=gone.pk)
    assert not back.tagged.exists() and back.responsible_id is None
    assert back.memberships.get().campaign_id == campaign.pk


def test_a_list_given_to_a_colleague_counts_people_once(by):
    kept, gone = make_person(), make_person()
    given = give_list(
        by=by,
        name="Обзвон",
        until=timezone.localdate(),
        to=member("volunteer"),
        ids=[kept.pk, gone.pk],
    )
    merge = merge_contacts(by=by, kept_id=kept.pk, gone_ids=[gone.pk])
    assert GivenList.objects.get(pk=given.pk).people == 1
    unmerge(by=by, merge_id=merge.pk)
    assert GivenList.objects.get(pk=given.pk).people == 2


# --- refused


@pytest.mark.parametrize(
    ("kept", "gone", "code"),
    [(0, [0], "contacts.merge_itself"), (0, [], "contacts.merge_alone"), (0, [1, 1], "contacts.merge_itself"),
     (0, range(1, MOST + 2), "contacts.merge_too_many")],
)  # fmt: skip
def test_no_sense_is_refused_in_one_sentence(by, kept, gone, code):
    with pytest.raises(Refusal) as refused:
        merge_contacts(by=by, kept_id=kept, gone_ids=list(gone))
    assert refused.value.code == code and str(refused.value)


def test_kinds_do_not_mix(by):
    with pytest.raises(Refusal) as refused:
        merge_contacts(by=by, kept_id=make_person().pk, gone_ids=[make_organisation().pk])
    assert refused.value.code == "contacts.merge_kinds"
    assert Contact.objects.count() == 2


def test_only_who_may_merges_and_only_whom_they_see(by):
    one, other = make_person(), make_person()
    for role in ("operator", "volunteer", "auditor"):
        with pytest.raises(Refusal) as refused:
            merge_contacts(by=actor_of(role), kept_id=one.pk, gone_ids=[other.pk])
        assert refused.value.status == 403, role
    merge = merge_contacts(by=by, kept_id=one.pk, gone_ids=[other.pk])
    with pytest.raises(Refusal) as refused:
        unmerge(by=actor_of("operator"), merge_id=merge.pk)
    assert refused.value.status == 403


def test_the_choice_must_be_of_these_people(by):
    one, other, third = make_person(), make_person(), make_person()
    for choices in ({"surname": third.pk}, {"wealth": one.pk}):
        with pytest.raises(Stale):
            merge_contacts(by=by, kept_id=one.pk, gone_ids=[other.pk], choices=choices)


def test_a_change_of_the_merged_card_is_not_put_back_over_what_stands_there(by):
    kept, gone = make_person("Органа Лея"), make_person("Соло Лея")
    change_fields(by=by, contact_id=gone.pk, fields={"surname": "Амидала"})
    merge_contacts(by=by, kept_id=kept.pk, gone_ids=[gone.pk])
    change = FieldChange.objects.get(contact=kept, after="Амидала")
    with pytest.raises(Stale):
        revert_change(by=by, contact_id=kept.pk, change_id=change.pk)
    kept.refresh_from_db()
    assert kept.surname == "Органа"


def test_a_merge_is_undone_once_and_the_latest_first(by):
    one, two, three = make_person(), make_person(), make_person()
    first = merge_contacts(by=by, kept_id=one.pk, gone_ids=[two.pk])
    second = merge_contacts(by=by, kept_id=one.pk, gone_ids=[three.pk])
    with pytest.raises(Refusal) as refused:
        unmerge(by=by, merge_id=first.pk)
    assert refused.value.code == "contacts.merged_since"
    unmerge(by=by, merge_id=second.pk)
    unmerge(by=by, merge_id=first.pk)
    with pytest.raises(Stale):
        unmerge(by=by, merge_id=first.pk)
    with pytest.raises(NotFound):
        unmerge(by=by, merge_id=10**9)


def test_erasing_the_one_that_stays_leaves_nothing_of_those_merged(by):
    one, two = make_person("Скайуокер Лука"), make_person("Скайуокеров Люк")
    merge_contacts(by=by, kept_id=one.pk, gone_ids=[two.pk])
    erase_contact(by=by, contact_id=one.pk)
    assert not any(model.objects.exists() for model in (Merge, MergedContact, MergedRow, OtherValue, Contact))


def test_the_comparison_says_what_differs_and_what_would_stay(by):
    one = make_person("Скайуокер Лука Анакинович", phone="8 904 000-27-40")
    two = make_person("Скайуокеров Лука", phone="8 904 000-27-40, 8 904 000-27-41")
    found = comparison(by, [one.pk, two.pk])
    lines = {line.code: line for line in found.lines}
    assert [side.id for side in found.people] == [one.pk, two.pk]
    assert lines["surname"].conflict and lines["surname"].suggested == one.pk
    assert ("ов", True) in lines["surname"].values[1].pieces
    assert lines["given_name"].same and not lines["given_name"].conflict
    assert lines["patronymic"].result == "Анакинович" and not lines["patronymic"].conflict
    assert [added for _text, added in lines["phone"].values[1].items] == [False, True]
    with pytest.raises(NotFound):
        comparison(by, [one.pk, 10**9])

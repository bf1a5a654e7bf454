"""Points, addresses, roles, tags, campaigns and notes of one contact."""

import pytest

from veche.accounts.testing import actor_of, member
from veche.campaigns.testing import make_campaign
from veche.contacts.actions import belonging, notes, points
from veche.contacts.actions.reverting import revert_change
from veche.contacts.models import ContactPoint, Note, RoleKind
from veche.contacts.queries.card import card
from veche.contacts.testing import make_person, make_tag
from veche.core.ledger import history
from veche.core.refusal import NotFound, Refusal, Stale

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return actor_of("coordinator")


def values(contact, kind="phone"):
    return list(contact.points.filter(kind=kind).order_by("position").values_list("value", flat=True))


def newest(contact):
    return history(contact_id=contact.pk)[0]


def test_several_phones_in_one_go_in_their_normal_form(by):
    contact = make_person()
    points.add_points(by=by, contact_id=contact.pk, kind="phone", text="8 (904) 000-27-40, 79040002741")
    assert values(contact) == ["+79040002740", "+79040002741"]
    assert newest(contact).data["point"] == "phone"
    assert "904" not in str(newest(contact).data)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("email", " Han@Example.RU ", "han@example.ru"),
        ("telegram", "https://t.me/Han_Solo", "han_solo"),
        ("vk", "vk.com/id1", "id1"),
        ("ok", "https://ok.ru/profile/575", "575"),
        ("whatsapp", "8 904 000-27-40", "79040002740"),
        ("max", "@han", "han"),
    ],
)
def test_every_kind_has_its_normal_form(by, kind, typed, value):
    contact = make_person()
    points.add_points(by=by, contact_id=contact.pk, kind=kind, text=typed)
    assert values(contact, kind) == [value]


@pytest.mark.parametrize(
    ("kind", "typed"), [("phone", "12"), ("email", "хан"), ("vk", "два слова"), ("phone", " ")]
)
def test_what_is_none_is_refused_at_its_field(by, kind, typed):
    contact = make_person()
    with pytest.raises(Refusal) as refused:
        points.add_points(by=by, contact_id=contact.pk, kind=kind, text=typed)
    assert kind in refused.value.fields
    assert not contact.points.exists()


def test_the_same_phone_twice_is_refused(by):
    contact = make_person(phone="8 904 000-27-40")
    with pytest.raises(Refusal):
        points.add_points(by=by, contact_id=contact.pk, kind="phone", text="+7 904 000 27 40")
    assert len(values(contact)) == 1


def test_the_main_one_comes_first(by):
    contact = make_person(phone="8 904 000-27-40, 8 904 000-27-41, 8 904 000-27-42")
    last = contact.points.get(value="+79040002742")
    points.make_point_main(by=by, contact_id=contact.pk, point_id=last.pk)
    assert values(contact) == ["+79040002742", "+79040002740", "+79040002741"]


def test_a_removed_phone_comes_back_as_it_was_once(by):
    contact = make_person(phone="8 904 000-27-40")
    point = contact.points.get()
    points.change_point(
        by=by, contact_id=contact.pk, point_id=point.pk, fields={"note": "мама", "validity": "valid"}
    )
    before = ContactPoint.objects.values().get()
    change = points.remove_point(by=by, contact_id=contact.pk, point_id=point.pk)
    assert not contact.points.exists()
    revert_change(by=by, contact_id=contact.pk, change_id=change.pk)
    after = ContactPoint.objects.values().get()
    assert {**after, "made_at": None} == {**before, "made_at": None}
    with pytest.raises(Stale):
        revert_change(by=by, contact_id=contact.pk, change_id=change.pk)


def test_the_only_thing_known_stays(by):
    contact = make_person("", phone="8 904 000-27-40")
    with pytest.raises(Refusal):
        points.remove_point(by=by, contact_id=contact.pk, point_id=contact.points.get().pk)
    assert contact.points.exists()


def test_two_editors_of_one_phone(by):
    contact = make_person(phone="8 904 000-27-40, 8 904 000-27-41")
    first, second = contact.points.order_by("position")
    points.change_point(by=by, contact_id=contact.pk, point_id=first.pk, fields={"note": "мама"}, revision=1)
    points.change_point(by=by, contact_id=contact.pk, point_id=second.pk, fields={"note": "папа"}, revision=1)
    with pytest.raises(Stale):
        points.change_point(
            by=by, contact_id=contact.pk, point_id=first.pk, fields={"note": "брат"}, revision=1
        )


def test_a_point_of_somebody_else_is_not_there(by):
    point = make_person(phone="8 904 000-27-40").points.get()
    with pytest.raises(NotFound):
        points.remove_point(by=by, contact_id=make_person().pk, point_id=point.pk)


def test_a_volunteer_sees_phones_masked_opens_them_one_by_one_and_not_endlessly(monkeypatch):
    monkeypatch.setattr(points, "REVEALS_PER_HOUR", 2)
    volunteer = actor_of("volunteer")
    contact = make_person(phone="8 904 000-27-40", fields={"responsible": member("volunteer").pk})
    shown = card(volunteer, contact.pk).points[0]
    assert shown.masked
    assert "000" not in shown.text
    assert shown.link == ""
    points.reveal_phone(by=volunteer, contact_id=contact.pk, point_id=shown.point.pk)
    assert newest(contact).kind == "contacts.phone_revealed"
    opened = card(volunteer, contact.pk).points[0]
    assert (opened.masked, opened.link) == (False, "tel:+79040002740")
    points.reveal_phone(by=volunteer, contact_id=contact.pk, point_id=shown.point.pk)
    with pytest.raises(Refusal) as refused:
        points.reveal_phone(by=volunteer, contact_id=contact.pk, point_id=shown.point.pk)
    assert refused.value.status == 429


def test_addresses_are_kept_as_typed_changed_and_brought_back(by):
    contact = make_person()
    address = points.add_address(
        by=by, contact_id=contact.pk, text=" Ленина, 5\n кв. 86 ", purpose="registration"
    )
    assert address.text == "Ленина, 5 кв. 86"
    points.change_address(
        by=by, contact_id=contact.pk, address_id=address.pk, fields={"text": "Ленина, 5 кв. 88"}
    )
    change = points.remove_address(by=by, contact_id=contact.pk, address_id=address.pk)
    assert not contact.addresses.exists()
    revert_change(by=by, contact_id=contact.pk, change_id=change.pk)
    assert contact.addresses.get().text == "Ленина, 5 кв. 88"


def test_a_role_has_dates_and_comes_back(by):
    contact, kind = make_person(), RoleKind.objects.get(code="house_elder")
    held = belonging.give_role(
        by=by, contact_id=contact.pk, role_id=kind.pk, since="14.03.2021", note="Ленина, 5"
    )
    with pytest.raises(Refusal):
        belonging.give_role(by=by, contact_id=contact.pk, role_id=kind.pk, since="14.03.2021")
    with pytest.raises(Refusal) as refused:
        belonging.change_role(by=by, contact_id=contact.pk, held_id=held.pk, fields={"until": "01.01.2020"})
    assert "until" in refused.value.fields
    belonging.change_role(by=by, contact_id=contact.pk, held_id=held.pk, fields={"until": "01.01.2022"})
    assert card(by, contact.pk).roles[0].is_over
    change = belonging.take_role(by=by, contact_id=contact.pk, held_id=held.pk)
    revert_change(by=by, contact_id=contact.pk, change_id=change.pk)
    assert f"{contact.roles.get().until}" == "2022-01-01"


def test_tags_and_campaigns_are_put_on_once(by):
    contact, tag, campaign = make_person(), make_tag(), make_campaign()
    for _twice in range(2):
        belonging.put_tag(by=by, contact_id=contact.pk, tag_id=tag.pk)
        belonging.join_campaign(by=by, contact_id=contact.pk, campaign_id=campaign.pk)
    kinds = [entry.kind for entry in history(contact_id=contact.pk)]
    assert kinds == ["contacts.campaign_joined", "contacts.tag_put", "contacts.contact_added"]
    belonging.take_tag(by=by, contact_id=contact.pk, tag_id=tag.pk)
    belonging.leave_campaign(by=by, contact_id=contact.pk, campaign_id=campaign.pk)
    assert not contact.tagged.exists()
    assert not contact.memberships.exists()


def test_a_tag_of_a_campaign_out_of_reach_is_not_there():
    operator = actor_of("operator")
    contact = make_person(by=operator)
    with pytest.raises(NotFound):
        belonging.put_tag(by=operator, contact_id=contact.pk, tag_id=make_tag(campaign=make_campaign()).pk)


def test_a_note_is_its_authors(by):
    contact = make_person()
    note = notes.add_note(by=by, contact_id=contact.pk, text=" Просил перезвонить ")
    assert note.text == "Просил перезвонить"
    with pytest.raises(Refusal) as refused:
        notes.edit_note(
            by=actor_of("administrator"), contact_id=contact.pk, note_id=note.pk, text="Не просил"
        )
    assert refused.value.status == 403
    notes.edit_note(by=by, contact_id=contact.pk, note_id=note.pk, text="Просил не звонить")
    assert Note.objects.get().edited_at is not None
    notes.pin_note(by=by, contact_id=contact.pk, note_id=note.pk, pinned=True)
    change = notes.remove_note(by=by, contact_id=contact.pk, note_id=note.pk)
    assert not Note.objects.exists()
    revert_change(by=by, contact_id=contact.pk, change_id=change.pk)
    back = Note.objects.get()
    assert (back.text, back.pinned, back.made_at) == ("Просил не звонить", True, note.made_at)


def test_an_empty_note_is_none(by):
    contact = make_person()
    with pytest.raises(Refusal):
        notes.add_note(by=by, contact_id=contact.pk, text=" \n ")

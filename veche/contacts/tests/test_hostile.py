"""What somebody who may do little tries to do more, and what is typed against all sense."""

import pytest

from veche.accounts.actions import add_team
from veche.accounts.testing import actor_of, make_user, signed_in_client
from veche.campaigns.testing import make_campaign
from veche.contacts.actions import belonging, notes, points
from veche.contacts.actions.contacts import change_fields
from veche.contacts.actions.reverting import revert_change
from veche.contacts.actions.shape import archive_entry
from veche.contacts.models import FieldChange, Origin, OwnField, RoleKind
from veche.contacts.own_values import clean_own
from veche.contacts.queries.card import card
from veche.contacts.queries.people import people
from veche.contacts.queries.people_filters import read_filters
from veche.contacts.queries.search import search_contacts
from veche.contacts.testing import make_own_field, make_person, make_tag
from veche.core.refusal import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return actor_of("coordinator")


@pytest.fixture
def shared():
    """(an operator of one team, a contact of theirs that is in another team's campaign too, that campaign, its tag)."""
    by = actor_of("administrator")
    operator = make_user("Чубакка")
    ours, theirs = make_campaign("Наш двор"), make_campaign("Чужая петиция")
    ours.teams.add(add_team(by=by, name="Двор", members=[operator]))
    contact = make_person(campaign=theirs)
    tag = make_tag("чужая метка", campaign=theirs)
    belonging.join_campaign(by=by, contact_id=contact.pk, campaign_id=ours.pk)
    belonging.join_campaign(by=by, contact_id=contact.pk, campaign_id=theirs.pk)
    belonging.put_tag(by=by, contact_id=contact.pk, tag_id=tag.pk)
    return operator, contact, theirs, tag


def test_the_card_does_not_tell_of_another_teams_campaigns_and_tags(shared):
    operator, contact, _theirs, _tag = shared
    page = signed_in_client(operator).get(f"/people/{contact.pk}/").content.decode()
    assert "Наш двор" in page
    assert "Чужая петиция" not in page and "чужая метка" not in page
    assert "Чужая петиция" in signed_in_client("auditor").get(f"/people/{contact.pk}/").content.decode()


def test_nobody_takes_out_of_another_teams_campaign_or_takes_its_tag_off(shared):
    operator, contact, theirs, tag = shared
    by = actor_of(operator)
    belonging.leave_campaign(by=by, contact_id=contact.pk, campaign_id=theirs.pk)
    belonging.take_tag(by=by, contact_id=contact.pk, tag_id=tag.pk)
    whole = card(actor_of("administrator"), contact.pk)
    assert theirs in [row.campaign for row in whole.memberships]
    assert tag in [row.tag for row in whole.tags]


def test_the_name_of_an_import_is_told_only_to_who_sees_somebody_of_it():
    Origin.objects.create(contact=make_person(), channel="import", batch=7, batch_name="должники.xlsx")
    (told,) = read_filters(actor_of("auditor"), {"batch": "7"})
    (hidden,) = read_filters(actor_of("volunteer"), {"batch": "7"})
    assert told.words == "должники.xlsx"
    assert hidden.unknown and "должники" not in hidden.words


def test_a_note_is_brought_back_by_who_removed_it_or_by_a_coordinator(by):
    volunteer = actor_of("volunteer")
    contact = make_person(fields={"responsible": volunteer.user_id})
    note = notes.add_note(by=by, contact_id=contact.pk, text="Не для всех")
    removed = notes.remove_note(by=by, contact_id=contact.pk, note_id=note.pk)
    with pytest.raises(Refusal) as refused:
        revert_change(by=volunteer, contact_id=contact.pk, change_id=removed.pk)
    assert refused.value.status == 403
    revert_change(by=by, contact_id=contact.pk, change_id=removed.pk)
    assert contact.notes.get().text == "Не для всех"


def test_a_phone_typed_anew_stands_in_the_way_of_its_undo(by):
    contact = make_person(phone="8 904 000-27-40")
    gone = points.remove_point(by=by, contact_id=contact.pk, point_id=contact.points.get().pk)
    points.add_points(by=by, contact_id=contact.pk, kind="phone", text="8 904 000-27-40")
    with pytest.raises(Refusal) as refused:
        revert_change(by=by, contact_id=contact.pk, change_id=gone.pk)
    assert refused.value.code == "contacts.there_again"
    assert contact.points.count() == 1


def test_a_role_given_anew_stands_in_the_way_of_its_undo(by):
    contact, role = make_person(), RoleKind.objects.first()
    held = belonging.give_role(by=by, contact_id=contact.pk, role_id=role.pk, since="01.02.2026")
    gone = belonging.take_role(by=by, contact_id=contact.pk, held_id=held.pk)
    belonging.give_role(by=by, contact_id=contact.pk, role_id=role.pk, since="01.02.2026")
    with pytest.raises(Refusal):
        revert_change(by=by, contact_id=contact.pk, change_id=gone.pk)
    assert contact.roles.count() == 1


def test_a_value_of_an_archived_field_is_not_put_back(by):
    contact, field = make_person(), make_own_field()
    change_fields(by=by, contact_id=contact.pk, fields={f"own.{field.key}": "XL"})
    archive_entry(by=by, entry=field)
    change = FieldChange.objects.get(contact=contact, field=f"own.{field.key}")
    with pytest.raises(Refusal):
        revert_change(by=by, contact_id=contact.pk, change_id=change.pk)
    contact.refresh_from_db()
    assert contact.own == {field.key: "XL"}


@pytest.mark.parametrize(
    ("type", "typed"),
    [
        ("user", "²"),
        ("user", "9" * 30),
        ("link", "http://[a"),
        ("link", "javascript:alert(1)//a.b"),
        ("link", "javascript://a.b/%0aalert(1)"),
        ("money", "9" * 20),
        ("number", "9" * 400),
        ("date", "31.02.2026"),
    ],
)
def test_nonsense_in_an_own_field_is_refused_with_a_sentence(type, typed):
    with pytest.raises(Refusal):
        clean_own(OwnField(key="f", label="Поле", type=type), typed)


@pytest.mark.parametrize("typed", ["+7 904 000-27-40", "8 904 123-27-40", "79049992740"])
def test_hidden_digits_cannot_be_found_out_by_asking_for_whole_numbers(typed):
    """Whoever sees +7 904 •••-27-40 gets the same answer for each of the thousand numbers that it may be."""
    volunteer = actor_of("volunteer")
    contact = make_person(phone="8 904 000-27-40", fields={"responsible": volunteer.user_id})
    make_person("Соло Хан", phone="8 916 000-27-40", fields={"responsible": volunteer.user_id})
    assert [hit.id for hit in search_contacts(volunteer, typed).hits] == [contact.pk]
    assert [found.pk for found in people(volunteer, read_filters(volunteer, {"q": typed})).contacts] == [
        contact.pk
    ]
    whole = search_contacts(actor_of("operator"), "8 904 123-27-40")
    assert whole.hits == []


def test_a_second_press_on_add_is_dropped_while_the_first_is_on_its_way():
    """Without this, htmx queues the second press and sends it afterwards: the person would be there twice."""
    page = signed_in_client("operator").get("/people/new/").content.decode()
    form = page[page.index('<form class="v-form" id="new-contact"') :]
    assert 'hx-sync="this:drop"' in form[: form.index(">")]

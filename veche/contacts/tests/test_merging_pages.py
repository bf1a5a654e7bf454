"""The pages of merging: side by side, the list of merges, undo; where old links lead."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from veche.accounts.testing import actor_of, make_user
from veche.campaigns.testing import make_campaign
from veche.contacts.actions import belonging, notes
from veche.contacts.actions.merging import merge_contacts
from veche.contacts.actions.unmerging import unmerge
from veche.contacts.models import Contact, Merge, Note
from veche.contacts.queries.merging import merges_for
from veche.contacts.queries.merging_since import came_since
from veche.contacts.testing import make_organisation, make_person, make_tag
from veche.core.refusal import NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return actor_of("administrator")


@pytest.fixture
def client(client_of):
    return client_of("administrator")


def text_of(response):
    return response.content.decode()


def test_two_cards_stand_side_by_side_and_become_one(client):
    one, two = make_person("Скайуокер Лука", phone="8 904 000-27-40"), make_person("Скайуокеров Лука")
    page = text_of(client.get(f"/people/merges/new/?ids={one.pk},{two.pk}"))
    assert 'name="choice.surname"' in page and "<mark>ов</mark>" in page
    assert 'name="choice.given_name"' not in page, "what is the same is not asked"
    answer = client.post("/people/merges/new/", {"ids": [one.pk, two.pk], "choice.surname": two.pk})
    assert answer["Location"] == f"/people/{one.pk}/"
    assert Contact.objects.get().surname == "Скайуокеров"


@pytest.mark.parametrize("number", [1, 10])
def test_too_few_and_too_many_are_told_in_a_sentence(client, number):
    ids = ",".join(str(make_person().pk) for _n in range(number))
    assert client.get(f"/people/merges/new/?ids={ids}").status_code == 422


def test_kinds_and_forged_choices_are_refused(client):
    one, two, firm = make_person(), make_person(), make_organisation()
    assert client.get(f"/people/merges/new/?ids={one.pk},{firm.pk}").status_code == 422
    forged = {"ids": [one.pk, two.pk], "choice.surname": firm.pk}
    assert client.post("/people/merges/new/", forged).status_code == 422
    assert Contact.objects.count() == 3


def test_the_address_of_the_card_that_went_leads_on_with_a_word(client, by):
    kept, gone = make_person("Органа Лея"), make_person("Органа Л.")
    merge_contacts(by=by, kept_id=kept.pk, gone_ids=[gone.pk])
    answer = client.get(f"/people/{gone.pk}/", follow=True)
    assert answer.redirect_chain == [(f"/people/{kept.pk}/", 302)]
    page = text_of(answer)
    assert "Also known as" in page or "Известно и так" in page
    assert "Органа Л." in page


def test_an_edit_of_the_card_that_went_is_told_where_it_is(client, by):
    kept, gone = make_person("Органа Лея"), make_person("Органа Л.")
    merge_contacts(by=by, kept_id=kept.pk, gone_ids=[gone.pk])
    answer = client.post(
        f"/people/{gone.pk}/fields/name/", {"surname": "Соло"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 409
    assert f'href="/people/{kept.pk}/"' in text_of(answer) and "Органа Лея" in text_of(answer)


def test_who_may_not_see_the_one_that_stays_learns_nothing(by, client_of):
    kept, gone = make_person(), make_person()
    merge_contacts(by=by, kept_id=kept.pk, gone_ids=[gone.pk])
    assert client_of("volunteer").get(f"/people/{gone.pk}/").status_code == 404


def test_the_history_tells_of_the_merge_and_leads_to_its_undo(client, by):
    kept, gone = make_person("Органа Лея"), make_person("Соло Лея")
    merge = merge_contacts(by=by, kept_id=kept.pk, gone_ids=[gone.pk])
    page = text_of(client.get(f"/people/{kept.pk}/history/"))
    assert f'href="/people/merges/{merge.pk}/"' in page and "Соло Лея (№" in page


def test_what_came_since_is_shown_and_goes_where_it_is_said(client, by):
    kept, gone = make_person("Органа Лея"), make_person("Соло Лея")
    merge = merge_contacts(by=by, kept_id=kept.pk, gone_ids=[gone.pk])
    mine, theirs = (notes.add_note(by=by, contact_id=kept.pk, text=text) for text in ("О Лее", "О другой"))
    page = text_of(client.get(f"/people/merges/{merge.pk}/"))
    assert f'name="since.contacts_note:{mine.pk}"' in page and "О другой" in page
    answer = client.post(f"/people/merges/{merge.pk}/undo/", {f"since.contacts_note:{theirs.pk}": gone.pk})
    assert answer["Location"] == f"/people/{kept.pk}/"
    assert dict(Note.objects.values_list("text", "contact")) == {"О Лее": kept.pk, "О другой": gone.pk}
    assert client.post(f"/people/merges/{merge.pk}/undo/").status_code == 409


def test_the_list_asks_as_much_for_thirty_merges_as_for_three(client, by):
    def cost(number):
        for _n in range(number):
            merge_contacts(by=by, kept_id=make_person().pk, gone_ids=[make_person().pk])
        with CaptureQueriesContext(connection) as asked:
            page = text_of(client.get("/people/merges/"))
        assert page.count("b-entry") >= number
        return len(asked)

    assert cost(3) == cost(27)


def test_a_coordinator_merges_and_undoes_only_among_the_people_in_reach(by):
    coordinator = actor_of(make_user("Координатор", "coordinator", reach="own"))
    ours, other = (make_person(fields={"responsible": coordinator.user_id}) for _n in range(2))
    strange = [make_person(), make_person()]
    merge = merge_contacts(by=coordinator, kept_id=ours.pk, gone_ids=[other.pk])
    foreign = merge_contacts(by=by, kept_id=strange[0].pk, gone_ids=[strange[1].pk])
    assert list(merges_for(coordinator)) == [merge] and set(merges_for(by)) == {merge, foreign}
    with pytest.raises(NotFound):
        merge_contacts(by=coordinator, kept_id=ours.pk, gone_ids=[strange[0].pk])
    with pytest.raises(NotFound):
        unmerge(by=coordinator, merge_id=foreign.pk)
    assert Merge.objects.filter(undone_at=None).count() == 2


def test_of_what_came_since_another_teams_tags_and_campaigns_are_not_told(by):
    coordinator = actor_of(make_user("Координатор", "coordinator", reach="own"))
    kept, gone = (make_person(fields={"responsible": coordinator.user_id}) for _n in range(2))
    merge = merge_contacts(by=coordinator, kept_id=kept.pk, gone_ids=[gone.pk])
    theirs = make_campaign("Чужая петиция")
    belonging.join_campaign(by=by, contact_id=kept.pk, campaign_id=theirs.pk)
    for tag in (make_tag("чужая метка", campaign=theirs), make_tag("общая метка")):
        belonging.put_tag(by=by, contact_id=kept.pk, tag_id=tag.pk)
    mine, all_of_it = ({each.words for each in came_since(actor, merge)} for actor in (coordinator, by))
    assert mine == {"общая метка"}
    assert all_of_it == {"общая метка", "чужая метка", "Чужая петиция"}

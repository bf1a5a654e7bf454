"""What the one box answers beside people: commands, campaigns, tags, staff, and those opened last."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from veche.accounts.testing import actor_of, signed_in_client
from veche.campaigns.testing import make_campaign
from veche.contacts.actions.viewing import save_view
from veche.contacts.testing import make_organisation, make_person, make_tag
from veche.desk.queries.finding import find

pytestmark = pytest.mark.django_db
MOST_QUERIES = 16


@pytest.fixture
def by():
    return actor_of("administrator")


def found(actor, text, **options):
    """Titles by group."""
    return {
        group.title: ["".join(part for part, _is_match in option.title) for option in group.options]
        for group in find(actor, text, **options).groups
    }


def test_groups_come_with_what_fits(by):
    make_person("Парков Хан")
    make_organisation("Парк культуры Беспина")
    campaign, tag = make_campaign("Парк на Беспине"), make_tag("парковка")
    groups = find(by, "парк").groups
    assert [group.title for group in groups] == ["People", "Organisations", "Campaigns", "Tags"]
    people = reverse("contacts:people")
    assert groups[2].options[0].url == f"{people}?campaign={campaign.pk}"
    assert groups[3].options[0].url == f"{people}?tag={tag.pk}"


@pytest.mark.parametrize("typed", ["#вод", "# вод", "#djl"])
def test_a_tag_by_its_sign(by, typed):
    make_person("Водитель Хан")
    make_tag("водитель")
    make_tag("юрист")
    assert found(by, typed) == {"Tags": ["водитель"]}


def test_a_sign_alone_lists_all_of_its_kind(by):
    for name in ("водитель", "юрист"):
        make_tag(name)
    assert found(by, "#") == {"Tags": ["водитель", "юрист"]}
    assert by.name in found(by, "@")["Staff"]
    assert set(found(by, ">")) == {"Commands"}


def test_a_saved_view_is_found_by_its_name_by_who_sees_it(by):
    view = save_view(by=by, name="Доноры на звонок", audience="private", query={"phone": "yes"}, columns=[])
    for typed in ("донор зв", "ljyjh", ">доноры"):
        options = next(group.options for group in find(by, typed).groups if group.title == "Saved views")
        assert [option.url for option in options] == [
            f"{reverse('contacts:people')}?view={view.pk}&phone=yes"
        ]
    assert "Saved views" not in found(actor_of("volunteer"), "доноры")


def test_a_colleague_by_the_sign_leads_to_the_people_in_their_care(by):
    option = find(by, f"@{by.name[:4]}").groups[0].options[0]
    assert option.url == f"{reverse('contacts:people')}?responsible={by.user_id}"


@pytest.mark.parametrize("typed", [">people", ">зущзду", "> Peop"])
def test_commands_in_either_layout(by, typed):
    options = [option for group in find(by, typed).groups for option in group.options]
    assert reverse("contacts:people") in [option.url for option in options]


def test_for_an_empty_text_those_opened_last_and_the_commands(by):
    one, two = make_person("Иванов Пётр"), make_person("Органа Лея")
    groups = found(by, "", recent=[two.pk, one.pk])
    assert list(groups) == ["Recently opened", "Commands"]
    assert groups["Recently opened"] == ["Органа Лея", "Иванов Пётр"]


@pytest.mark.parametrize("recent", ["", ",", "abc", "1,2,x", "9" * 400, "-1", "١٢", "0"])
def test_a_strange_list_of_recent_ones_is_no_error(recent):
    client = signed_in_client("coordinator")
    assert client.get(reverse("desk:search"), {"q": "", "recent": recent}).status_code == 200


@pytest.mark.parametrize(
    "typed", ["а" * 10_000, "> " + "я" * 10_000, "@" * 5_000, "#\x01\\%_'\"", "5 " * 5_000, "]]>"]
)
def test_whatever_is_typed_is_no_error(typed):
    client = signed_in_client("coordinator")
    assert client.get(reverse("desk:search"), {"q": typed}, headers={"HX-Request": "true"}).status_code == 200


def test_the_answer_tells_the_palette_by_which_words_to_choose_the_pages_own_commands():
    client = signed_in_client("coordinator")
    ask = lambda text: client.get(reverse("desk:search"), {"q": text}, headers={"HX-Request": "true"})  # noqa: E731
    assert 'data-forms="nzv|тям"' in ask(">nzv").content.decode()
    assert "data-forms" not in ask("@анна").content.decode()
    assert 'data-forms=""' in ask(">").content.decode()


def test_what_folds_to_nothing_in_one_layout_does_not_choose_every_command_of_the_page(by):
    assert find(by, "эээъъъ").forms == ["эээъъъ"]  # of ''']]] nothing is left
    assert find(by, ">-").forms is None


def test_a_search_asks_few_questions_however_much_there_is(by):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            find(by, "пар")
        return len(asked)

    make_person("Парков Хан"), make_tag("пар 0"), make_campaign("Пар 0")
    few = queries()
    for n in range(1, 6):
        make_person(f"Парков Хан {n}"), make_tag(f"пар {n}"), make_campaign(f"Пар {n}")
    assert queries() <= few <= MOST_QUERIES

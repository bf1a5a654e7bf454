"""Home and the search box as pages."""

import datetime as dt

import pytest
from django.utils import timezone

from veche.accounts.models import Team
from veche.accounts.testing import actor_of, member, signed_in_client
from veche.campaigns.testing import make_campaign
from veche.contacts.actions import counting
from veche.contacts.actions.giving import give_list
from veche.contacts.testing import make_organisation, make_person
from veche.desk.queries.finding import find
from veche.desk.queries.overview import overview
from veche.ui.testing import assert_same_queries

pytestmark = pytest.mark.django_db


def recount():
    counting.recount_campaigns()
    counting.refresh_home(hurry=True)
    counting.learn_words()


def titles(answer):
    return {
        group.title: ["".join(piece for piece, _match in option.title) for option in group.options]
        for group in answer.groups
    }


def test_an_empty_base_says_what_to_do_first():
    page = signed_in_client("administrator").get("/").content.decode()
    assert "Start with the spreadsheet you have" in page
    assert "/imports/new/" in page
    assert "Nobody has been given to you yet" in signed_in_client("volunteer").get("/").content.decode()


def test_home_shows_kept_figures():
    campaign = make_campaign("Парк")
    make_person(phone="8 904 000-27-40", campaign=campaign)
    make_person("Органа Лея")
    recount()
    seen = overview(actor_of("administrator"))
    assert (seen.size, seen.figures.reachable, seen.unreachable, seen.grown) == (2, 1, 1, 2)
    assert [(line.title, line.number, line.share) for line in seen.campaigns] == [("Парк", 1, 50)]
    assert [bar.number for bar in seen.weeks] == [0] * 11 + [2]
    page = signed_in_client("administrator").get("/").content.decode()
    assert "1 contact has neither a phone nor an e-mail nor a messenger that works." in page
    assert "?reach=no" in page


def test_lists_that_were_given_stand_on_the_page():
    make_person("Органа Лея")
    until = timezone.localdate() + dt.timedelta(days=3)
    give_list(by=actor_of("coordinator"), name="Двор", to=member("volunteer"), until=until, asked="q=органа")
    (given,) = overview(actor_of("volunteer")).lists
    page = signed_in_client("volunteer").get("/").content.decode()
    assert f'/people/?list={given.pk}">Двор</a><b class="num">1</b>' in page
    assert "Двор" not in signed_in_client("operator").get("/").content.decode()


def test_home_of_a_part_of_the_base_tells_only_of_that():
    team = Team.objects.create(name="Округ")
    member("operator").teams.add(team)
    make_person(campaign=make_campaign("Наша", teams=[team]))
    make_person(campaign=make_campaign("Чужая"))
    recount()
    seen = overview(actor_of("operator"))
    assert (seen.size, seen.whole, seen.figures.total) == (1, False, 0)
    page = signed_in_client("operator").get("/").content.decode()
    assert "Наша" in page
    assert "Чужая" not in page
    assert "Whom we can reach" not in page


def test_home_asks_the_same_of_a_large_base():
    def add(count):
        for n in range(count):
            make_person(f"Дроид {n}", campaign=make_campaign())
        recount()

    assert_same_queries(signed_in_client("administrator"), "/", add)


def test_search_groups_what_it_finds():
    make_person("Альтов Семён")
    make_organisation("Альянс")
    make_campaign("Альтернатива")
    recount()
    assert titles(find(actor_of("administrator"), "аль")) == {
        "People": ["Альтов Семён"],
        "Organisations": ["Альянс"],
        "Campaigns": ["Альтернатива"],
    }


def test_after_the_sign_only_commands():
    make_person("Импортов Иван")
    recount()
    assert set(titles(find(actor_of("administrator"), ">imp"))) == {"Commands"}
    assert "People from a spreadsheet" in titles(find(actor_of("administrator"), ">spread"))["Commands"]
    assert "People from a spreadsheet" in titles(find(actor_of("administrator"), "ызкуфв"))["Commands"]
    assert "People from a spreadsheet" not in titles(find(actor_of("volunteer"), ">")).get("Commands", [])


def test_another_teams_campaign_is_not_found():
    make_campaign("Тайная")
    assert find(actor_of("operator"), "тайная").groups == []


def test_the_palette_gets_options_and_a_browser_a_page():
    make_person("Скайуокер Лука", phone="8 904 000-27-40")
    client = signed_in_client("administrator")
    piece = client.get("/search/", {"q": "скай"}, headers={"HX-Request": "true"}).content.decode()
    assert piece.lstrip().startswith('<div class="cap"')
    assert "<mark>Скай</mark>уокер" in piece
    page = client.get("/search/", {"q": "скай"}).content.decode()
    assert "<html" in page
    assert "<mark>Скай</mark>уокер" in page
    main = page[page.index("<main") : page.index("</main>")]
    assert 'role="option"' not in main  # these are options of the palette's list; on a page they are links
    none = client.get("/search/", {"q": "<script>"}, headers={"HX-Request": "true"}).content.decode()
    assert "&lt;script&gt;" in none


def test_search_asks_a_bounded_number_of_questions(django_assert_max_num_queries):
    make_person("Скайуокер Лука")
    actor = actor_of("administrator")
    for text in ("скайуокер", "crfqejrth", "скайуокре", "нет никого такого", "2740", "a@b"):
        with django_assert_max_num_queries(60):
            find(actor, text)

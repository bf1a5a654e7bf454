"""The list as a grid: columns, cells edited and pasted, saved views; each with the rights of whoever asks."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from veche.accounts.models import Team
from veche.accounts.testing import actor_of, make_user, member, signed_in_client
from veche.campaigns.testing import make_campaign
from veche.contacts.actions.cells import change_cell
from veche.contacts.actions.contacts import change_fields
from veche.contacts.actions.points import add_points, remove_point
from veche.contacts.actions.viewing import open_first, save_view
from veche.contacts.models import Contact, ListLayout, OwnField, SavedView, Status
from veche.contacts.queries.people_columns import MOST_COLUMNS, SYSTEM, columns_for
from veche.contacts.queries.people_rows import rows
from veche.contacts.queries.viewing import views_for
from veche.contacts.testing import make_own_field, make_person
from veche.core.refusal import Refusal, Stale
from veche.ui.testing import assert_same_queries

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def by():
    return actor_of("coordinator")


@pytest.fixture
def luke():
    return make_person("Скайуокер Лука", phone="+7 904 000-27-40")


def shirt():
    field = make_own_field()
    OwnField.objects.filter(pk=field.pk).update(key="shirt")
    return field


@pytest.fixture
def client():
    return signed_in_client("coordinator")


def paste(client, query, *cells):
    return client.post(f"/people/cells/{query}", {"cells": json.dumps(cells)}, headers=HTMX)


def heads(page):
    return re.findall(r'<th scope="col" data-key="([^"]+)" data-width="(\d+)"( data-frozen)?', page)


def test_columns_are_those_of_the_address_then_ones_own_then_the_views(by, client, luke):
    field = shirt()
    Contact.objects.filter(pk=luke.pk).update(own={"shirt": "XL"})
    view = save_view(by=by, name="Футболки", query={}, columns=["name", "own.shirt"])
    assert [key for key, _w, _f in heads(client.get(f"/people/?view={view.pk}").content.decode())] == [
        "name",
        "own.shirt",
    ]
    laid_out = [
        {"key": "own.shirt", "width": 333, "frozen": True},
        {"key": "name", "width": 5},
        {"key": "droid"},
    ]
    client.post("/people/layout/", {"view": view.pk, "columns": json.dumps(laid_out)})
    page = client.get(f"/people/?view={view.pk}").content.decode()
    assert heads(page) == [("own.shirt", "333", " data-frozen"), ("name", "40", "")]
    assert ">XL</td>" in page
    address = client.get(f"/people/?view={view.pk}&columns=phone,nonsense,own.shirt").content.decode()
    assert heads(address) == [("own.shirt", "333", " data-frozen"), ("phone", "142", "")]
    others = signed_in_client("administrator").get("/people/").content.decode()
    assert "own.shirt" not in [key for key, _w, _f in heads(others)]
    OwnField.objects.filter(pk=field.pk).update(archived_at=luke.made_at)
    assert [key for key, _w, _f in heads(client.get(f"/people/?view={view.pk}").content.decode())] == ["name"]


def test_columns_are_chosen_without_javascript(client, luke):
    chosen = {"column": ["name", "phone", "email"], "frozen": ["email"], "back": "tag.is=empty&after=3"}
    answer = client.post("/people/layout/", chosen)
    assert (answer.status_code, answer.url) == (302, "/people/?tag.is=empty")
    assert heads(client.get("/people/").content.decode()) == [
        ("email", "190", " data-frozen"), ("name", "264", ""), ("phone", "142", "")
    ]  # fmt: skip
    client.post("/people/layout/", {"reset": "1"})
    assert len(heads(client.get("/people/").content.decode())) == len(
        [each for each in SYSTEM.values() if each.usual]
    )


@pytest.mark.parametrize(
    "columns",
    ["x", "{}", "[1]", "null", '[{"key": 1e400}]', "[" * 5000, '[{"width": 1}]', '"' + "x" * 30_000 + '"'],
)
def test_nonsense_for_a_layout_is_refused_or_left_out(client, luke, columns):
    assert client.post("/people/layout/", {"columns": columns}).status_code in (204, 422)
    assert client.get("/people/").status_code == 200


def test_no_more_columns_than_a_page_bears(by):
    for n in range(MOST_COLUMNS + 5):
        OwnField.objects.create(key=f"f{n}", label=f"Поле {n}")
    asked = ",".join(f"own.f{n}" for n in range(MOST_COLUMNS + 5))
    assert len(columns_for(by, {"columns": asked}, None)) == MOST_COLUMNS


def test_every_column_is_drawn_and_says_what_is_copied(by, luke):
    field = make_own_field(type="user")
    Contact.objects.filter(pk=luke.pk).update(
        own={field.key: member("operator").pk}, birth_day=3, birth_month=11, gender="m",
        status=Status.objects.get(code="moved"),
    )  # fmt: skip
    keys = ["name", "phone", "birthday", "gender", "status", "number", f"own.{field.key}", "added"]
    columns = columns_for(by, {"columns": ",".join(keys)}, None)
    (row,) = rows(by, [Contact.objects.get(pk=luke.pk)], columns)
    texts = {cell.column.key: cell.text for cell in row.cells}
    assert texts["birthday"] == "03.11"
    assert texts["number"] == str(luke.pk)
    assert texts[f"own.{field.key}"] == str(member("operator"))
    assert all(texts.values())


def test_a_cell_is_edited_where_it_stands(client, luke):
    address = f"/people/{luke.pk}/cells/caution/?columns=name,caution"
    control = client.get(address).content.decode()
    assert 'name="caution"' in control and f'name="revision" value="{luke.revision}"' in control
    answer = client.post(address, {"caution": "Стреляет", "revision": luke.revision}, headers=HTMX)
    assert 'data-text="Стреляет"' in answer.content.decode()
    assert "reversal" in answer.headers["HX-Trigger"]
    assert Contact.objects.get(pk=luke.pk).caution == "Стреляет"


def test_somebody_elses_change_meanwhile_shows_three_values_and_loses_nothing(client, by, luke):
    change_fields(by=by, contact_id=luke.pk, fields={"caution": "Громкий"})
    typed = {"caution": "Стреляет", "revision": luke.revision, "was": "—"}
    answer = client.post(f"/people/{luke.pk}/cells/caution/", typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert re.search(r"It was.*?—.*?It is now.*?Громкий.*?You typed.*?Стреляет", page, re.DOTALL)
    assert "Стреляет</textarea>" in page
    revision = re.search(r'name="revision" value="(\d+)"', page)[1]
    assert client.post(f"/people/{luke.pk}/cells/caution/", typed | {"revision": revision}).status_code == 200
    assert Contact.objects.get(pk=luke.pk).caution == "Стреляет"


def test_what_cannot_be_stays_in_the_control_with_its_reason(client, luke):
    for key, typed in {"birthday": "31.02.1980", "phone": "12", "email": "не почта"}.items():
        name = "value" if key in ("phone", "email") else key
        answer = client.post(f"/people/{luke.pk}/cells/{key}/", {name: typed, "revision": luke.revision})
        assert answer.status_code == 422, key
        assert f'value="{typed}"' in answer.content.decode()


def test_the_first_phone_is_replaced_and_a_missing_email_added(client, luke):
    for key, typed, stored in [
        ("phone", "8 904 000 27 41", "+79040002741"), ("email", "luka@example.org", "luka@example.org"),
        ("address", "ул. Ленина, 5", "ул. Ленина, 5"),
    ]:  # fmt: skip
        assert client.post(f"/people/{luke.pk}/cells/{key}/", {"value": typed}).status_code == 200
        parts = (
            luke.addresses.values_list("text", flat=True)
            if key == "address"
            else luke.points.filter(kind=key).values_list("value", flat=True)
        )
        assert list(parts) == [stored]


def test_a_pasted_column_changes_each_cell_by_itself_and_says_what_it_left(client, luke):
    leia = make_person("Органа Лея")
    status = Status.objects.get(code="moved")
    answer = paste(
        client, "?columns=name,status",
        [luke.pk, "status", str(status).upper()], [leia.pk, "status", "нет такого"], [luke.pk, "name", "a"],
        [999999, "status", "b"],
    )  # fmt: skip
    page = answer.content.decode()
    assert "1 cell has been changed." in answer.headers["HX-Trigger"]
    assert "“нет такого” is not on the list" in page and "changed on the card" in page
    assert "1 person is there no more, or is out of your reach." in page
    assert Contact.objects.get(pk=luke.pk).status == status
    assert sorted(re.findall(r'<tr data-id="(\d+)"', page)) == sorted([str(luke.pk), str(leia.pk)])


def test_too_many_cells_and_uneven_ones_are_refused(client, luke):
    assert paste(client, "", *[[luke.pk, "caution", "x"]] * 5001).status_code == 422
    for sent in (
        "",
        "x",
        "1",
        "[1]",
        '[["1", "caution", "x"]]',
        '[[1, 2, "x"]]',
        "[" * 9999,
        '[[1, "a\\u0000"]]',
    ):
        assert client.post("/people/cells/", {"cells": sent}).status_code == 422, sent
    assert paste(client, "", [luke.pk, "caution", "a\0b", 1e9]).status_code == 200


def test_a_strangers_row_is_neither_edited_nor_pasted_into(luke):
    operator = signed_in_client("operator")
    assert operator.get(f"/people/{luke.pk}/cells/caution/").status_code == 404
    answer = paste(operator, "", [luke.pk, "caution", "x"])
    assert answer.status_code == 422 and "Скайуокер" not in answer.content.decode()
    with pytest.raises(Refusal):
        change_cell(by=actor_of("volunteer"), contact_id=luke.pk, key="caution", typed="x")
    assert Contact.objects.get(pk=luke.pk).caution == ""


def test_a_masked_phone_is_not_edited(luke):
    volunteer = actor_of("volunteer")
    assert not any(column.edited for column in columns_for(volunteer, {}, None))


def test_a_stale_cell_is_told_from_a_fresh_one(by, luke):
    change_cell(by=by, contact_id=luke.pk, key="caution", typed="один", revision=luke.revision)
    change_cell(by=by, contact_id=luke.pk, key="birthday", typed="1980", revision=luke.revision)
    with pytest.raises(Stale):
        change_cell(by=by, contact_id=luke.pk, key="caution", typed="два", revision=luke.revision)


def test_a_phone_that_somebody_else_took_away_or_put_first_is_not_written_over(by, luke):
    seen = Contact.objects.get(pk=luke.pk).revision
    add_points(by=by, contact_id=luke.pk, kind="phone", text="+7 904 000-27-41")
    remove_point(by=by, contact_id=luke.pk, point_id=luke.points.order_by("position").first().pk)
    with pytest.raises(Stale):
        change_cell(by=by, contact_id=luke.pk, key="phone", typed="+7 904 000-27-42", revision=seen)
    assert luke.points.get().value == "+79040002741"
    change_cell(by=by, contact_id=luke.pk, key="email", typed="luke@example.org", revision=seen)


def test_a_view_is_for_one_a_team_or_everyone(by):
    team = Team.objects.create(name="Двор")
    chewie, lando = make_user("Чубакка"), make_user("Ландо")
    chewie.teams.add(team)
    member("coordinator").teams.add(team)
    for name, given in {
        "моя": {},
        "наша": {"audience": "team", "team_id": team.pk},
        "общая": {"audience": "everyone"},
    }.items():
        save_view(by=actor_of(member("coordinator")), name=name, query={"tag.is": "empty"}, **given)
    seen = {
        user: sorted(views_for(actor_of(user)).values_list("name", flat=True)) for user in (chewie, lando)
    }
    assert seen == {chewie: ["наша", "общая"], lando: ["общая"]}
    for given in ({"audience": "everyone"}, {"audience": "team", "team_id": team.pk}, {"audience": "all"}):
        with pytest.raises(Refusal):
            save_view(by=actor_of(lando), name="чужая", query={}, **given)


def test_a_link_shows_the_second_user_the_same_within_their_rights(by):
    team = Team.objects.create(name="Двор")
    chewie = make_user("Чубакка")
    chewie.teams.add(team)
    campaign = make_campaign(teams=[team])
    ours, theirs = make_person("Наш Иван", campaign=campaign), make_person("Чужой Иван")
    view = save_view(by=by, name="Иваны", query={"q": "иван", "sort": "-name"}, columns=["name", "phone"])
    address = f"/people/?view={view.pk}&{view.query}&columns=name,phone"
    whole = signed_in_client("coordinator").get(address).content.decode()
    part = signed_in_client(chewie).get(address).content.decode()
    assert ours.name in whole and theirs.name in whole
    assert ours.name in part and theirs.name not in part
    assert [key for key, _w, _f in heads(part)] == ["name", "phone"]
    assert "Иваны" in whole and "Иваны" not in part  # a private view's name is nobody else's


def test_the_section_opens_with_the_view_chosen_for_it(client, by, luke):
    view = save_view(by=by, name="Доноры", query={"phone": "yes"})
    client.post("/people/views/first/", {"view": view.pk, "back": f"view={view.pk}"})
    assert client.get("/people/").url == f"/people/?view={view.pk}&phone=yes"
    assert client.get("/people/?view=all").status_code == 200
    assert signed_in_client("administrator").get("/people/").status_code == 200
    client.post("/people/views/first/", {"back": "view=all"})
    assert client.get("/people/").status_code == 200
    assert ListLayout.objects.filter(opens_first=True).count() == 0


def test_a_view_is_saved_changed_removed_and_brought_back(client, luke):
    answer = client.post(
        "/people/views/?phone=yes&sort=newest&after=12", {"name": " С  телефоном ", "audience": "private"}
    )
    view = SavedView.objects.get()
    assert (view.name, view.query, answer.url) == (
        "С телефоном",
        "phone=yes&sort=newest",
        f"/people/?view={view.pk}&phone=yes&sort=newest",
    )
    page = client.get(f"/people/?view={view.pk}&phone=no").content.decode()
    assert "not as they were saved" in page
    client.post(
        f"/people/views/?view={view.pk}&phone=no", {"name": "Без", "audience": "private", "over": "1"}
    )
    view.refresh_from_db()
    assert (view.name, view.query) == ("Без", "phone=no")
    client.post(f"/people/views/{view.pk}/removal/")
    assert "Без" not in client.get("/people/").content.decode()
    client.post(f"/people/views/{view.pk}/restoration/")
    assert "Без" in client.get("/people/").content.decode()


def test_rows_follow_the_key_and_need_as_many_queries_for_three_as_for_thirty(client):
    shirt()
    for n in range(55):
        make_person(f"Дроидов Д{n:02}")
    page = client.get("/people/").content.decode()
    after = re.search(r'after="(\d+)"', page)[1]
    more = client.get(f"/people/rows/?after={after}").content.decode()
    first, second = (re.findall(r'<tr data-id="(\d+)"', text) for text in (page, more))
    assert len(first) + len(second) == 55 and not set(first) & set(second)
    assert 'data-after=""' in more

    def add(count):
        for n in range(count):
            person = make_person(f"Дроидов Э{n}")
            Contact.objects.filter(pk=person.pk).update(own={"shirt": "XL"})

    Contact.objects.all().delete()
    assert_same_queries(client, "/people/?columns=name,own.shirt,status,tags&sort=status", add)


@pytest.mark.django_db(transaction=True)
def test_two_windows_that_choose_the_first_view_at_once_agree(by):
    """The second waits for the first, instead of falling over the rule that only one view is the first."""
    one, other = (save_view(by=by, name=name, query={}) for name in ("Падаваны", "Джедаи"))

    def second() -> None:
        try:
            open_first(by=by, view=other)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            open_first(by=by, view=one)
            waiting = pool.submit(second)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
        waiting.result(timeout=60)
    assert list(ListLayout.objects.filter(opens_first=True).values_list("view", flat=True)) == [other.pk]

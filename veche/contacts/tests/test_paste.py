"""A range pasted out of a spreadsheet: one change with one undo, what was left alone told; marks chosen in a cell."""

import json
import re

import pytest

from veche.accounts.testing import actor_of, member, signed_in_client
from veche.campaigns.testing import make_campaign
from veche.contacts.actions.cells import change_cell
from veche.contacts.actions.contacts import change_fields
from veche.contacts.actions.mass_changes import start_mass_undo
from veche.contacts.actions.pasting import Cell, paste_cells
from veche.contacts.models import Contact, FieldChange, MassChange, MassOutcome, OwnField, Status, Tag
from veche.contacts.queries import pastes
from veche.contacts.queries.pastes import cells_changed, cells_left
from veche.contacts.testing import make_own_field, make_person
from veche.core.background import run_job
from veche.core.models import Job

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def by():
    return actor_of("coordinator")


@pytest.fixture
def luke():
    return make_person("Скайуокер Лука", phone="+7 904 000-27-40")


def everything_of(contact):
    """All that a paste can touch."""
    now = Contact.objects.get(pk=contact.pk)
    fields = ("name", "surname", "given_name", "gender", "caution", "birth_year", "birth_month", "birth_day")
    return (
        {name: getattr(now, name) for name in (*fields, "status_id", "responsible_id", "own")},
        sorted(now.points.values_list("kind", "value", "as_given")),
        sorted(now.addresses.values_list("text", flat=True)),
        sorted(now.tagged.values_list("tag__name", flat=True)),
        sorted(now.memberships.values_list("campaign__name", flat=True)),
    )


def test_a_paste_of_every_column_is_one_change_and_one_undo(by, luke):
    leia = make_person("Органа Лея", email="leia@example.org")
    field = make_own_field()
    tag, campaign = Tag.objects.create(name="Джедай"), make_campaign("Повстанцы")
    status = Status.objects.get(code="moved")
    before = [everything_of(each) for each in (luke, leia)]
    row = {
        "surname": "Вейдер", "given_name": "Дарт", "gender": "male", "birthday": "03.11.1980",
        "caution": "Душит", "status": str(status), "responsible": str(member("operator")),
        f"own.{field.key}": "XL", "phone": "8 904 000-27-41", "email": "d@example.org",
        "address": "ул. Ленина, 5", "tags": "джедай", "campaigns": campaign.name,
    }  # fmt: skip
    cells = [Cell(each.pk, key, text, each.revision) for each in (luke, leia) for key, text in row.items()]
    mass = paste_cells(by=by, cells=cells)
    assert (mass.state, mass.changed, cells_changed(mass)) == (
        "done",
        2,
        2 * len(row) - 1,
    )  # he was male before
    fields, points, addresses, tags, campaigns = everything_of(luke)
    assert fields == {
        "name": "Вейдер Дарт", "surname": "Вейдер", "given_name": "Дарт", "gender": "m", "caution": "Душит",
        "birth_year": 1980, "birth_month": 11, "birth_day": 3, "status_id": status.pk,
        "responsible_id": member("operator").pk, "own": {field.key: "XL"},
    }  # fmt: skip
    assert [value for _kind, value, _given in points] == ["d@example.org", "+79040002741"]
    assert (addresses, tags, campaigns) == (["ул. Ленина, 5"], [tag.name], [campaign.name])
    assert FieldChange.objects.filter(request_id=mass.request_id, contact=luke).count() >= 10
    mass = start_mass_undo(by=by, mass_id=mass.pk)
    assert (mass.state, mass.undone, mass.kept) == ("undone", 2, 0)
    assert [everything_of(each) for each in (luke, leia)] == before


def test_what_somebody_has_changed_since_is_kept_by_the_undo(by, luke):
    mass = paste_cells(by=by, cells=[Cell(luke.pk, "caution", "один"), Cell(luke.pk, "phone", "89040002741")])
    change_cell(by=actor_of("administrator"), contact_id=luke.pk, key="phone", typed="89040002742")
    mass = start_mass_undo(by=by, mass_id=mass.pk)
    assert (mass.undone, mass.kept) == (0, 1)
    assert Contact.objects.get(pk=luke.pk).caution == ""
    assert luke.points.get().value == "+79040002742"


def test_a_cell_changed_meanwhile_is_left_and_may_be_put_over(by, luke):
    client = signed_in_client("coordinator")
    change_fields(by=actor_of("administrator"), contact_id=luke.pk, fields={"caution": "чужое"})
    change_cell(by=actor_of("administrator"), contact_id=luke.pk, key="phone", typed="89040002742")
    cells = [
        [luke.pk, key, text, luke.revision] for key, text in (("caution", "моё"), ("phone", "89040002743"))
    ]
    cells.append([luke.pk, "birthday", "1980", luke.revision])  # nobody touched it
    page = client.post("/people/cells/", {"cells": json.dumps(cells)}, headers=HTMX).content.decode()
    assert page.count("Somebody changed it while you were copying.") == 2
    now = Contact.objects.get(pk=luke.pk)
    assert (now.caution, now.birth_year) == ("чужое", 1980)
    again = [[luke.pk, "caution", "моё"], [luke.pk, "phone", "89040002743"]]
    assert json.dumps(again, ensure_ascii=True).replace('"', "&quot;") in page
    client.post("/people/cells/", {"cells": json.dumps(again)}, headers=HTMX)
    assert Contact.objects.get(pk=luke.pk).caution == "моё"
    assert luke.points.get().value == "+79040002743"


def test_the_journal_says_what_was_left_alone_and_why(by, luke):
    leia = make_person("Органа Лея")
    cells = [
        Cell(luke.pk, "status", "нет такого"),
        Cell(luke.pk, "caution", "да"),
        Cell(leia.pk, "birthday", "31.02.1980"),
    ]
    mass = paste_cells(by=by, cells=cells)
    assert (mass.changed, mass.skipped) == (1, {"refused": 1})
    left, more = cells_left(by, mass)
    assert [(cell.contact, cell.key, cell.text) for cell in left] == [
        (luke, "status", "нет такого"), (leia, "birthday", "31.02.1980"),
    ]  # fmt: skip
    assert more is None
    page = signed_in_client("coordinator").get(f"/people/changes/{mass.pk}/").content.decode()
    assert "Cells that stayed as they were" in page and "“нет такого” is not on the list" in page
    assert "Pasted: Status, Caution, Birthday" in page
    assert "Pasted: Status" in signed_in_client("coordinator").get("/people/changes/").content.decode()
    assert not MassChange.objects.filter(pk=mass.pk, made_by=member("operator")).exists()


def test_the_page_of_a_paste_tells_of_everybody_page_by_page(by, monkeypatch):
    monkeypatch.setattr(pastes, "PAGE", 2)
    crew = [make_person(f"Штурмовик Пятый{n}") for n in range(5)]
    mass = paste_cells(by=by, cells=[Cell(each.pk, "status", "нет такого") for each in crew])
    client, told, rest = signed_in_client("coordinator"), [], ""
    for expected in (2, 2, 1):
        page = client.get(
            f"/people/changes/{mass.pk}/{rest}", headers=HTMX if rest else None
        ).content.decode()
        assert page.count("“нет такого” is not on the list") == expected
        told += re.findall(r'class="mid" href="/people/(\d+)/">', page.partition("Whom it left alone")[0])
        rest = next(iter(re.findall(r'hx-get="(\?cells=\d+)"', page)), "")
    assert ([int(each) for each in told], rest) == ([each.pk for each in crew], "")


def test_nobody_loses_the_last_thing_known_of_them(by):
    nobody = make_person("Джа Джа", phone="", email="")
    mass = paste_cells(by=by, cells=[Cell(nobody.pk, "surname", ""), Cell(nobody.pk, "given_name", "")])
    assert (mass.changed, mass.skipped) == (0, {"bare": 1})
    assert Contact.objects.get(pk=nobody.pk).name


def test_the_same_again_changes_nothing(by, luke):
    cells = [Cell(luke.pk, "caution", "да"), Cell(luke.pk, "email", "l@example.org")]
    paste_cells(by=by, cells=cells)
    revision = Contact.objects.get(pk=luke.pk).revision
    mass = paste_cells(by=by, cells=cells)
    assert (mass.changed, mass.skipped) == (0, {"same": 1})
    assert Contact.objects.get(pk=luke.pk).revision == revision


def test_an_own_field_of_a_colleague_is_pasted_by_name(by, luke):
    field = make_own_field(type="user")
    paste_cells(by=by, cells=[Cell(luke.pk, f"own.{field.key}", str(member("operator")))])
    assert Contact.objects.get(pk=luke.pk).own == {field.key: member("operator").pk}
    OwnField.objects.filter(pk=field.pk).update(archived_at=luke.made_at)
    mass = paste_cells(by=by, cells=[Cell(luke.pk, f"own.{field.key}", "")])
    assert mass.skipped == {"refused": 1}


def test_a_long_column_is_a_job_of_the_tray(by, monkeypatch):
    monkeypatch.setattr("veche.contacts.actions.mass_changes.PASTED_AT_ONCE", 3)
    people = [make_person(f"Дроидов Д{n}") for n in range(8)]
    mass = paste_cells(by=by, cells=[Cell(each.pk, "caution", "дроид") for each in people])
    assert mass.is_busy and Job.objects.filter(pk=mass.job_id).exists()
    run_job(job_id=mass.job_id)
    assert Contact.objects.filter(caution="дроид").count() == 8
    start_mass_undo(by=by, mass_id=mass.pk)
    assert Contact.objects.filter(caution="дроид").count() == 0
    assert MassOutcome.objects.filter(mass_change=mass, what="undone").count() == 8


def test_tags_are_chosen_in_a_cell_and_put_back_by_the_undo(by, luke):
    client = signed_in_client("coordinator")
    jedi, pilot, sith = (Tag.objects.create(name=name) for name in ("Джедай", "Лётчик", "Ситх"))
    client.post(f"/people/{luke.pk}/cells/tags/", {"mark": [sith.pk]})
    page = client.get(f"/people/{luke.pk}/cells/tags/").content.decode()
    assert f'name="held" value="{sith.pk}"' in page and page.count('name="mark"') == 3
    theirs = Tag.objects.create(name="Чужая")
    change_cell(by=by, contact_id=luke.pk, key="tags", typed="Ситх, Чужая", words=True)
    answer = client.post(
        f"/people/{luke.pk}/cells/tags/?columns=name,tags",
        {"held": [sith.pk], "mark": [jedi.pk, pilot.pk]},
        headers=HTMX,
    )
    held = luke.tagged.order_by("tag__name").values_list("tag__name", flat=True)
    assert list(held) == ["Джедай", "Лётчик", "Чужая"]  # what a colleague put on meanwhile stays
    assert 'data-text="Джедай, Лётчик, Чужая"' in answer.content.decode()
    undo = json.loads(answer.headers["HX-Trigger"])["toast"]["undo"]
    undone = client.post(undo, headers=HTMX)
    assert json.loads(undone.headers["HX-Trigger"])["row-changed"] == {"id": luke.pk}
    assert list(held.all()) == ["Ситх", theirs.name]


def test_campaigns_are_chosen_within_ones_reach(by, luke):
    client = signed_in_client("coordinator")
    ours = make_campaign("Повстанцы")
    answer = client.post(f"/people/{luke.pk}/cells/campaigns/", {"mark": [ours.pk]}, headers=HTMX)
    assert "undo" in answer.headers["HX-Trigger"]
    assert list(luke.memberships.values_list("campaign", flat=True)) == [ours.pk]
    assert client.post(f"/people/{luke.pk}/cells/campaigns/", {"mark": [999_999]}).status_code == 404
    assert client.post(f"/people/{luke.pk}/marks/nonsense/").status_code == 404
    operator = signed_in_client("operator")
    assert operator.post(f"/people/{luke.pk}/marks/tags/?put=1").status_code == 404

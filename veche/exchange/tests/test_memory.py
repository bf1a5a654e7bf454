"""What is remembered from one file to the next: columns and rules by the captions, and the file itself."""

import json

import pytest
from click.testing import CliRunner
from django.urls import reverse

from veche.accounts.models import Team
from veche.accounts.testing import actor_of, make_user, signed_in_client
from veche.campaigns.models import Campaign
from veche.contacts.models import OwnField
from veche.exchange import actions
from veche.exchange.models import Import, SavedMapping
from veche.exchange.queries import memory
from veche.exchange.testing import checked, csv_file, loaded, make_import, run_jobs

pytestmark = pytest.mark.django_db
CAPTIONS = ["Кто", "Тел.", "Размер", "Статус"]
ROWS = [["Органа Лея", "8 916 000-00-01", "XL", "актив."]]
LATER = [["Соло Хан", "8 916 000-00-02", "S", "актив."]]
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def by():
    return actor_of("coordinator")


def load_first(by, tmp_path, **rules) -> Import:
    """The file as somebody has laid it out by hand, loaded."""
    imported = make_import(tmp_path, ROWS, by=by, captions=CAPTIONS)
    columns = [
        {"index": 0, "target": "name.full"},
        {"index": 2, "target": "field:new", "field_type": "choice", "label": "Размер футболки"},
        {"index": 3, "target": "status"},
    ]
    imported = actions.map_columns(by=by, imported=imported, columns=columns)
    given = {"policy": "update", "match_by": ["phone"], "name_order": "surname_first", **rules}
    imported = checked(actions.choose_rules(by=by, imported=imported, **given), by=by)
    actions.match_words(by=by, imported=imported, column=3, words={"актив.": "Активист"})
    imported = run_jobs(actions.start_check(by=by, imported=imported))
    return run_jobs(actions.start_load(by=by, imported=imported, confirm_overwrites=True))


def laid_out(imported: Import) -> dict[str, str]:
    return {plan["caption"]: plan["target"] for plan in imported.mapping}


def test_the_next_file_with_the_same_captions_is_laid_out_alike(by, tmp_path):
    load_first(by, tmp_path)
    size = OwnField.objects.get(label="Размер футболки")
    turned = [3, 0, 2, 1]  # in any order
    later = make_import(
        tmp_path, [[LATER[0][at] for at in turned]], by=by, captions=[CAPTIONS[at].upper() for at in turned]
    )
    assert laid_out(later) == {
        "СТАТУС": "status",
        "КТО": "name.full",
        "РАЗМЕР": f"field:{size.key}",
        "ТЕЛ.": "phone",
    }
    assert (later.policy, later.match_by, later.options["name_order"]) == (
        "update",
        ["phone"],
        "surname_first",
    )
    assert later.remembered.file_name == "люди.csv"
    assert checked(later, by=by).totals["check"]["new_words"].get("statuses") is None
    assert later.rows.get().draft["status"] == "Активист"


def test_another_set_of_captions_is_guessed(by, tmp_path):
    load_first(by, tmp_path)
    other = make_import(tmp_path, [[*LATER[0], "да"]], by=by, captions=[*CAPTIONS, "Был"])
    assert other.remembered is None and other.policy == "fill_empty"


def test_the_columns_may_be_laid_out_afresh(by, tmp_path):
    load_first(by, tmp_path)
    client = signed_in_client("coordinator")
    later = make_import(tmp_path, LATER, by=by, captions=CAPTIONS)
    page = client.get(reverse("exchange:columns", args=[later.pk])).content.decode()
    assert "laid out as in the file “люди.csv”" in page
    client.post(reverse("exchange:guess", args=[later.pk]), **HTMX)
    later.refresh_from_db()
    later = run_jobs(later)
    assert (later.remembered, later.policy) == (None, "fill_empty") and not later.corrections.exists()
    assert laid_out(later)["Размер"] == "field:new"
    assert actions.choose_table(by=by, imported=later, header_row=1).remembered is None


def test_it_is_shared_in_the_team_and_with_those_who_see_the_campaign(by, tmp_path):
    campaign, team, ours = (
        Campaign.objects.create(name="Сквер"),
        Team.objects.create(name="Штаб"),
        Team.objects.create(name="Двор"),
    )
    maker = make_user("Кассиан Андор", "coordinator", reach="teams")
    mate = make_user("Джин Эрсо", "coordinator", reach="teams")
    stranger = make_user("Уэдж Антиллес", "coordinator", reach="teams")
    sees = make_user("Бодхи Рук", "coordinator", reach="teams")
    maker.teams.add(team), mate.teams.add(team), sees.teams.add(ours)
    campaign.teams.add(ours)
    maker_acts = actor_of(maker)
    load_first(maker_acts, tmp_path)
    shared = {
        user.name: memory.mappings_for(actor_of(user)).exists() for user in (maker, mate, stranger, sees)
    }
    assert shared == {maker.name: True, mate.name: True, stranger.name: False, sees.name: False}
    SavedMapping.objects.update(campaign=campaign)
    assert (
        memory.mappings_for(actor_of(sees)).exists() and not memory.mappings_for(actor_of(stranger)).exists()
    )
    assert memory.mappings_for(by).exists()


def test_a_mapping_is_kept_once_and_may_be_forgotten(by, tmp_path):
    load_first(by, tmp_path)
    loaded(make_import(tmp_path, LATER, by=by, captions=CAPTIONS), by=by)
    saved = SavedMapping.objects.get()
    assert saved.uses == 2
    client = signed_in_client("coordinator")
    assert "Размер футболки" in client.get(reverse("exchange:mappings")).content.decode()
    client.post(reverse("exchange:mapping_removal", args=[saved.pk]), **HTMX)
    assert not SavedMapping.objects.exists()
    assert make_import(tmp_path, LATER, by=by, captions=CAPTIONS).remembered is None


def test_a_field_that_is_gone_is_guessed(by, tmp_path):
    load_first(by, tmp_path)
    loaded(make_import(tmp_path, LATER, by=by, captions=CAPTIONS), by=by)
    OwnField.objects.all().delete()
    assert laid_out(make_import(tmp_path, LATER, by=by, captions=CAPTIONS))["Размер"] == "field:new"


def test_the_same_file_is_recognised(by, tmp_path):
    first = load_first(by, tmp_path)
    again = make_import(tmp_path, ROWS, by=by, captions=CAPTIONS)
    before = memory.loaded_before(by, again)
    assert before.imported == first and before.is_open and before.numbers.created == 1
    client = signed_in_client("coordinator")
    for name in ("table", "columns"):
        page = client.get(reverse(f"exchange:{name}", args=[again.pk])).content.decode()
        assert "This very file was loaded on" in page and reverse("exchange:import", args=[first.pk]) in page
    assert memory.loaded_before(by, make_import(tmp_path, LATER, by=by, captions=CAPTIONS)) is None
    stranger = actor_of(make_user("Уэдж Антиллес", "coordinator", reach="own"))
    assert memory.loaded_before(stranger, make_import(tmp_path, ROWS, by=stranger, captions=CAPTIONS)) is None


@pytest.mark.django_db(transaction=True)
def test_the_command_says_so_too(tmp_path):
    from veche.exchange.commands.imports import import_

    path = str(csv_file(tmp_path / "люди.csv", [CAPTIONS, *ROWS]))
    first = json.loads(CliRunner().invoke(import_, [path, "--json"]).stdout.splitlines()[-1])
    assert (first["created"], first["loaded_before"], first["mapping"]) == (1, None, None)
    again = CliRunner().invoke(import_, [path])
    assert "--fresh-mapping" in again.output and "люди.csv" in again.output
    last = json.loads(
        CliRunner().invoke(import_, [path, "--json", "--fresh-mapping"]).stdout.splitlines()[-1]
    )
    assert last["mapping"] is None and last["loaded_before"] and last["created"] == 0

"""Export: whom it gives, what it writes, and that it is noted."""

from __future__ import annotations

import csv

import pytest
from openpyxl import load_workbook

from veche.accounts.testing import actor_of
from veche.campaigns.testing import make_campaign
from veche.contacts.actions.belonging import join_campaign
from veche.contacts.testing import make_person
from veche.core.refusal import Refusal
from veche.core.testing import kinds_published
from veche.exchange.actions.exporting import export_people
from veche.exchange.exporting import safe_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def base():
    campaign = make_campaign("Парк")
    anna = make_person("Иванова Анна Петровна", phone="8 904 000-27-40", email="anna@example.org")
    make_person("=1+1")
    join_campaign(by=actor_of("administrator"), contact_id=anna.pk, campaign_id=campaign.pk)
    return campaign


def test_everybody_whom_the_actor_sees_goes_into_the_workbook(base, tmp_path):
    path = tmp_path / "people.xlsx"
    assert export_people(by=actor_of("coordinator"), path=path) == 2
    rows = list(load_workbook(path).active.iter_rows(values_only=True))
    anna = next(row for row in rows if row[1] == "Иванова")
    assert "+7 904 000-27-40" in [str(cell).replace("\u00a0", " ") for cell in anna]
    assert "anna@example.org" in anna and "Парк" in anna
    assert "exchange.people_exported" in kinds_published()


def test_no_cell_of_a_text_file_is_a_formula(base, tmp_path):
    path = tmp_path / "people.csv"
    export_people(by=actor_of("administrator"), path=path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file, delimiter=";") for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "-", "@"))]
    assert any(cell.startswith("'=") for cell in cells)


def test_one_campaign_alone(base, tmp_path):
    assert export_people(by=actor_of("administrator"), path=tmp_path / "a.csv", campaign=base) == 1


@pytest.mark.parametrize("role", ["operator", "volunteer", "auditor"])
def test_who_may_not_export_gets_nothing(base, tmp_path, role):
    path = tmp_path / "people.csv"
    with pytest.raises(Refusal) as refused:
        export_people(by=actor_of(role), path=path)
    assert refused.value.status == 403 and not path.exists()


def test_another_ending_is_refused_in_a_sentence(base, tmp_path):
    with pytest.raises(Refusal) as refused:
        export_people(by=actor_of("administrator"), path=tmp_path / "people.pdf")
    assert refused.value.code == "export.format"


@pytest.mark.parametrize("text", ["=1+1", "+7", "-1", "@x", "\tx"])
def test_formula_starts_are_disarmed(text):
    assert safe_text(text) == f"'{text}" and safe_text(5) == 5

"""A column of addresses shows how its samples will be read, before anything is loaded; other columns don't."""

import pytest
from django.template.loader import render_to_string

from veche.exchange.models import Import
from veche.exchange.queries.preview import columns_shown

pytestmark = pytest.mark.django_db
SAMPLES = [
    "г. Тверь, ул. Мира, 5 кв 7",
    "позвонить позже",
    "Тверь, ул. Мира, 12, (Динамо)",
    "Тверь, Новая, 1",
]


def column(target, samples=SAMPLES):
    given = {"index": 0, "title": "Где живёт", "samples": samples, "filled": 4, "rows": 4, "distinct": 4}
    imported = Import(columns=[given], mapping=[{"index": 0, "target": target}])
    (shown,) = columns_shown(imported)
    return shown


def test_a_column_of_addresses_shows_three_of_them_in_parts():
    read = column("address")["read"]
    assert [each.understood for each in read] == ["whole", "not", "partly"]
    assert [part.value for part in read[0].parts] == ["Тверь", "ул. Мира", "5", "кв. 7"]


def test_another_column_is_not_read():
    assert column("note")["read"] == []


def test_the_page_draws_the_parts_and_says_what_is_no_address():
    page = render_to_string(
        "exchange/import_column.html", {"column": column("address"), "targets": [], "types": []}
    )
    assert "ул. Мира" in page and "Not understood as an address" in page and "Динамо" in page


def test_what_stands_in_a_file_is_escaped():
    shown = column("address", ["г. Тверь, ул. <i>Мира</i>, 5"])
    page = render_to_string("exchange/import_column.html", {"column": shown, "targets": [], "types": []})
    assert "<i>Мира" not in page

"""A column of addresses shows how its samples will be read, before anything is loaded; other columns don't."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from veche.accounts.testing import actor_of, signed_in_client
from veche.exchange.models import Import
from veche.exchange.queries.address_sample import address_sample
from veche.exchange.queries.preview import columns_shown
from veche.exchange.testing import checked, make_import

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


# --- the check of a whole file


def test_the_check_says_how_the_addresses_of_the_file_are_read(tmp_path):
    texts = ["г. Тверь, ул. Мира, 5 кв 7"] * 4 + ["позвонить позже", "Тверь, ул. Мира, 12, (Динамо)", ""]
    rows = [[f"Иванов Иван {'АБВГДЕЖ'[n]}", text] for n, text in enumerate(texts)]
    by = actor_of("administrator")
    imported = checked(make_import(tmp_path, rows, by=by, captions=["ФИО", "Адрес"]), by=by)
    sample = address_sample(imported)
    assert sample.counts == {"whole": 4, "partly": 1, "not": 0} and not sample.is_part
    assert [number for number, _read in sample.doubts] == [7]
    page = (
        signed_in_client("administrator").get(reverse("exchange:check", args=[imported.pk])).content.decode()
    )
    assert "How the addresses are read" in page and "Динамо" in page


def test_a_file_without_addresses_says_nothing_of_them(tmp_path):
    by = actor_of("administrator")
    rows = [["Иванов Иван", "8 904 000-27-40"]]
    imported = make_import(tmp_path, rows, by=by, captions=["ФИО", "Телефон"])
    assert address_sample(checked(imported, by=by)) is None

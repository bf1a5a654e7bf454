"""LibreOffice opens a list, saves it in its own way, and nothing has changed but what was changed."""

import os
import shutil
import subprocess

import pytest

from veche.accounts.testing import actor_of
from veche.contacts.actions.contacts import change_fields
from veche.contacts.testing import make_person
from veche.exchange.models import BridgeCell
from veche.exchange.tests.bridge_home import brought_back, saved, table_of, taken_home

# Text in UTF-8 with semicolons: a person is asked, without a screen it has to be said.
AS_TEXT = "csv:Text - txt - csv (StarCalc):59,34,76,1"

pytestmark = [pytest.mark.django_db, pytest.mark.machine]


def saved_by_libreoffice(folder, content, ending):
    """The workbook as LibreOffice saves it. Without it the test fails in CI; elsewhere it is left out, aloud."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        tell = pytest.fail if os.environ.get("CI") else pytest.skip
        tell("The round trip of a list needs LibreOffice Calc: install it and start again.")
    path = folder / "home.xlsx"
    path.write_bytes(content)
    words = [
        program,
        f"-env:UserInstallation=file://{folder / 'profile'}",
        "--headless",
        "--convert-to",
        ending,
    ]
    made = folder / "made"
    subprocess.run([*words, "--outdir", str(made), str(path)], check=True, capture_output=True, timeout=180)
    return next(made.iterdir()).read_bytes()


@pytest.mark.parametrize("ending", ["xlsx", "ods", AS_TEXT], ids=["xlsx", "ods", "csv"])
def test_a_round_trip_through_libreoffice(tmp_path, ending):
    by = actor_of("coordinator")
    lea = make_person("Органа Лея Бейловна", by=by, phone="8 904 000-27-40, 8 904 000-27-41")
    make_person("Скайуокер Лука", by=by, phone="8 904 000-27-42")
    change_fields(by=by, contact_id=lea.pk, fields={"birthday": "03.11"})
    table = table_of(taken_home(by))
    table[1][2] = "Бреха"
    content = saved_by_libreoffice(tmp_path, saved(table), ending)
    returned = brought_back(by, content, f"home.{ending.partition(':')[0]}")
    assert returned.state == "compared", returned.error
    found = BridgeCell.objects.filter(batch=returned).values_list("code", "was", "yours")
    assert list(found) == [("given_name", "Лея", "Бреха")]

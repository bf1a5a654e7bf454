"""An import that changed people is undone, what somebody edited stays and is listed, and it is loaded again."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from config.tests.journeys.pages import fits, go
from veche.accounts.testing import actor_of
from veche.contacts.actions.contacts import change_fields
from veche.contacts.models import Contact
from veche.contacts.testing import make_person
from veche.exchange.testing import loaded, make_import

pytestmark = pytest.mark.browser
KNOWN = [["Органа", "Лея", "89040002740"], ["Антиллес", "Пётр", "89040002742"]]


def brought(tmp_path: Path):
    """An import that gave two known people an e-mail and a birthday, and brought one more; then somebody was edited."""
    by = actor_of("coordinator")
    for surname, given, phone in KNOWN:
        make_person(f"{surname} {given}", phone=phone, by=by)
    rows = [
        [surname, given, "", phone, f"{n}@example.org", "14.06.1979", ""]
        for n, (surname, given, phone) in enumerate([*KNOWN, ["Кеноби", "Оби-Ван", "89040002746"]])
    ]
    imported = loaded(make_import(tmp_path, rows, by=by, policy="update"), by=by)
    edited = Contact.objects.get(surname="Антиллес")
    change_fields(by=actor_of("administrator"), contact_id=edited.pk, fields={"birthday": "13.07.1942"})
    return imported, edited


def look(page: Page, name: str) -> None:
    fits(page)
    if folder := os.environ.get("VECHE_LOOK"):
        page.screenshot(path=f"{folder}/{name}.png", animations="disabled")


@pytest.mark.parametrize(
    ("width", "language", "theme"), [(1440, "ru", "light"), (390, "ru", "dark"), (1440, "en", "dark")]
)
def test_undo_keeps_what_was_edited_and_loads_again(
    journey_page, live_server, tmp_path, width, language, theme
):
    imported, edited = brought(tmp_path)
    page = journey_page(width=width, language=language, theme=theme)
    shot = f"{width}-{language}-{theme}"
    go(page, f"{live_server.url}/imports/journal/")
    look(page, f"journal-{shot}")
    page.locator(f'[data-opens="undo-{imported.pk}"]').click()
    look(page, f"dialog-{shot}")
    page.locator(f"#undo-{imported.pk} .btn-stop").click()
    expect(page.locator(f'a[href="/imports/{imported.pk}/kept/"]')).to_be_visible(timeout=20_000)
    look(page, f"undone-{shot}")
    page.locator(f'a[href="/imports/{imported.pk}/kept/"]').click()
    expect(page.locator(".x-entry .mid").first).to_have_text("Антиллес Пётр")
    look(page, f"kept-{shot}")
    edited.refresh_from_db()
    assert edited.birth_year == 1942
    assert Contact.objects.get(surname="Органа").birth_year is None
    assert not Contact.objects.filter(surname="Кеноби").exists()
    go(page, f"{live_server.url}/imports/journal/")
    page.locator(f'[hx-post="/imports/{imported.pk}/redoing/"]').click()
    expect(page.locator(".v-figures")).to_be_visible(timeout=20_000)
    look(page, f"redone-{shot}")
    assert Contact.objects.get(surname="Органа").birth_year == 1979
    assert Contact.objects.filter(surname="Кеноби").exists()
    go(page, f"{live_server.url}/people/{Contact.objects.get(surname='Органа').pk}/")
    disclosure = page.locator("#card-points .pc-from summary").last
    disclosure.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#card-points .pc-told p").first).to_contain_text("люди.csv")
    look(page, f"card-{shot}")

"""A spreadsheet goes from somebody's desktop into the base and back out, by mouse, keyboard and thumb."""

import io
import re
from pathlib import Path

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from veche.accounts.testing import actor_of
from veche.campaigns.testing import make_campaign
from veche.contacts.models import Contact
from veche.core.models import Job
from veche.exchange.testing import loaded, make_import, xlsx_file

pytestmark = pytest.mark.browser
JOB = 20_000  # milliseconds a job may take on a busy machine
CAPTIONS = ["ФИО", "Телефон", "Почта", "Дата рождения", "Адрес", "Отряд"]
PEOPLE = [
    ["Органа Лея Бейловна", "8 904 000-27-40", "leia@example.org", "14.06.1979", "Альдераан, ул. Дворцовая, 1", "штаб"],
    ["СКАЙУОКЕР ЛЮК ЭНАКИНОВИЧ", "8(904)0002741", "luke@example.org", "14.06.1979", "Татуин, д. 5", "сбор подписей"],
    ["Соло Хан", "79040002742.0", "", "", "Кореллия, пер. Портовый, д. 12", "водители"],
    ["Калриссиан Лэндо", "+7 904 000 27 43, 8 904 000 27 44", "", "", "Беспин, Облачный город, д. 7", "сбор подписей"],
    ["Амидала Падме Руви", "8 904 000-27-45", "padme@example.org", "27.03.1981", "Набу, наб. Озёрная, д. 3", "штаб"],
    ["Кеноби Оби-Ван", "8 904 000-27-46", "", "1957", "Татуин, Пустоши", "сбор подписей"],
    ["Тано Асока", "нет", "asoka@example.org", "", "Шили, ул. Равнинная, д. 8", "обзвон"],
    ["Антиллес Ведж", "8 904 000-27-47", "", "", "Кореллия, ул. Верфь, д. 2", "обзвон"],
    ["Эрсо Джин", "8 904 000-27-48", "jyn@example.org", "", "Лаг, Ферма", "сбор подписей"],
    ["Андор Кассиан", "8 904 000-27-49", "", "", "Феррикс, ул. Кирпичная, д. 9", "водители"],
]  # fmt: skip
REPEATED, TOTAL = ["Органа Лея", "+7 904 000-27-40", "", "", "", "штаб"], ["Итого: 11", "", "", "", "", ""]


@pytest.fixture
def spreadsheet(tmp_path: Path) -> Path:
    """Twelve rows: ten people, one of them twice, and a line of totals."""
    return xlsx_file(tmp_path / "отряд.xlsx", [CAPTIONS, *PEOPLE, REPEATED, TOTAL])


def drop(page: Page, path: Path) -> None:
    """Let a file fall on the page, as from the desktop."""
    held = page.evaluate_handle(
        """([bytes, name]) => {
            const held = new DataTransfer();
            held.items.add(new File([new Uint8Array(bytes)], name));
            return held;
        }""",
        [list(path.read_bytes()), path.name],
    )
    page.dispatch_event("file-drop .v-drop", "drop", {"dataTransfer": held})


def figures(page: Page) -> dict[str, str]:
    shown = page.locator(".v-figures").first.locator("> div")
    return {one.locator(".v-key").inner_text(): one.locator("b").inner_text() for one in shown.all()}


def fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0, page.url


def take_back(page: Page) -> None:
    """Find the import in the list and undo it."""
    page.goto("/imports/")
    page.get_by_role("main").get_by_role("link", name="отряд.xlsx").first.click()
    page.get_by_role("button", name="Undo the import").click()
    page.get_by_role("dialog").get_by_role("button", name="Undo the import").click()
    expect(page.get_by_role("heading", name="The import has been undone")).to_be_visible(timeout=JOB)
    expect(page.get_by_text("10 people were removed.")).to_be_visible()
    assert not Contact.objects.exists()


def try_captions_in_the_second_row(page: Page) -> None:
    """Say that the captions stand lower, and take it back."""
    second = page.get_by_role("radio", name="Captions in row 2", exact=True)
    second.check()
    expect(page.get_by_role("heading", name=re.compile("11 rows were found"))).to_be_visible(timeout=JOB)
    expect(second).to_be_checked()
    first = page.get_by_role("radio", name="Captions in row 1", exact=True)
    first.check()
    expect(page.get_by_role("heading", name=re.compile("12 rows were found"))).to_be_visible(timeout=JOB)
    expect(first).to_be_checked()


def test_a_spreadsheet_becomes_people_and_is_taken_back(journey_page, spreadsheet):
    page = journey_page("coordinator")
    page.goto("/imports/")
    page.get_by_role("main").get_by_role("link", name="Import a spreadsheet").first.click()
    drop(page, spreadsheet)

    expect(
        page.get_by_role("heading", name="12 rows were found. Is the row of captions right?")
    ).to_be_visible(timeout=JOB)
    try_captions_in_the_second_row(page)
    page.get_by_role("link", name="On to the columns").click()

    squad = page.get_by_role("combobox", name="What “Отряд” becomes")
    squad.select_option("field:new")
    page.locator("[name=label-5]").fill("Отряд")
    page.locator("[name=type-5]").select_option("choice")
    expect(page.get_by_text("The choices come from the column: 4 values.")).to_be_visible()
    page.keyboard.press("Control+Enter")

    page.wait_for_url(re.compile("/check/$"))
    page.reload()  # the page may be closed and opened at any moment
    expect(page.get_by_role("heading", name=re.compile("12 rows have been checked"))).to_be_visible(
        timeout=JOB
    )
    expected = {
        "new people": "10",
        "cards filled in": "0",
        "unchanged": "0",
        "repeat a row above": "1",
        "cannot be taken": "1",
    }
    assert figures(page) == expected
    assert not Contact.objects.exists()
    page.get_by_role(
        "link", name="Columns", exact=True
    ).first.click()  # back, and what was chosen is still there
    expect(page.locator("[name=target-5]")).to_have_value("field:new")
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("button", name="Load 11 rows").click()

    expect(page.get_by_role("heading", name="The file is in the base: 12 rows")).to_be_visible(timeout=JOB)
    page.reload()
    assert figures(page) == {
        "Created": "10",
        "Updated": "0",
        "Unchanged": "0",
        "Repeated": "1",
        "Rejected": "1",
    }
    with page.expect_download() as taken:
        page.get_by_role("link", name="Rejected rows").click()
    rows = list(openpyxl.load_workbook(io.BytesIO(Path(taken.value.path()).read_bytes())).active.values)
    assert len(rows) == 2 and rows[1][0] == 13 and "totals" in rows[1][1]

    page.locator(".v-figures").get_by_role("link", name="10", exact=True).click()
    page.get_by_role("main").get_by_role("link", name=re.compile("Органа Лея")).first.click()
    expect(page.get_by_role("heading", name="Органа Лея Бейловна")).to_be_visible()
    take_back(page)


def test_the_same_on_a_phone_in_russian(journey_page, spreadsheet):
    page = journey_page("coordinator", width=390, height=844, language="ru", theme="dark")
    page.goto("/imports/new/")
    fits(page)
    page.set_input_files("input[type=file]", spreadsheet)
    page.wait_for_url(re.compile("/table/$"))
    fits(page)
    expect(page.get_by_role("heading", name=re.compile("Нашли 12 строк"))).to_be_visible(timeout=JOB)
    fits(page)
    page.locator(".v-abar .btn-primary").tap()
    page.wait_for_url(re.compile("/columns/$"))
    fits(page)
    page.locator(".v-abar .btn-primary").tap()
    expect(
        page.get_by_role("heading", name="12 строк проверено. В базе пока ничего не изменилось")
    ).to_be_visible(timeout=JOB)
    fits(page)
    page.get_by_role("button", name="Загрузить 11 строк").tap()
    expect(page.get_by_role("heading", name="Файл в базе: 12 строк")).to_be_visible(timeout=JOB)
    fits(page)
    page.get_by_role("link", name="К людям").tap()
    expect(page.get_by_role("link", name=re.compile("Скайуокер Люк"))).to_be_visible()
    assert Contact.objects.count() == 10


def test_a_file_that_is_no_table_is_refused_where_it_was_dropped(journey_page, tmp_path):
    page = journey_page("coordinator")
    page.goto("/imports/new/")
    (tmp_path / "empty.csv").write_bytes(b"")
    page.set_input_files("input[type=file]", tmp_path / "empty.csv")
    expect(page.get_by_role("main").get_by_text("The file is empty: choose another file.")).to_be_visible()
    assert page.url.endswith("/imports/new/")


def test_a_file_without_people_ends_in_its_sentence_on_the_page_that_looks_through_it(journey_page, tmp_path):
    page = journey_page("coordinator", width=390, height=844)
    page.goto("/imports/new/")
    (tmp_path / "captions.csv").write_text("Фамилия;Имя;Телефон\n")
    page.set_input_files("input[type=file]", tmp_path / "captions.csv")
    page.wait_for_url(re.compile("/table/$"))
    expect(page.get_by_text("There is a header but not a single row under it")).to_be_visible(timeout=JOB)
    fits(page)
    page.get_by_role("link", name="Choose another file").tap()
    page.wait_for_url(re.compile("/imports/new/$"))


MORE = [
    "Фетт Боба", "Джинн Квай-Гон", "Винду Мейс", "Пава Джессика", "Тико Роуз", "Мотма Мон",
    "Акбар Гиал", "Бридгер Эзра", "Врен Сабин", "Джаррус Кэнан", "Синдулла Гера", "Рекс Антон",
    "Дарклайтер Биггс", "Морган Тала", "Раэль Лютен", "Онара Кари",
]  # fmt: skip
PHONED = [[name, f"8 904 000-28-{number:02}"] for number, name in enumerate(MORE)]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_people_of_several_imports_stand_in_the_list(journey_page, picture, tmp_path, language):
    by = actor_of("coordinator")
    for name, rows, tags in (("Округ № 16", PEOPLE, ["штаб"]), ("Парк Альдераан", PHONED, ["подписант"])):
        rows = [row[:5] for row in rows]
        captions = CAPTIONS[: len(rows[0])]
        campaign = make_campaign(name)
        loaded(make_import(tmp_path, rows, by=by, captions=captions, campaign=campaign, tags=tags), by=by)
    Job.objects.update(dismissed_at=timezone.now())
    page = journey_page("coordinator", language=language)
    page.goto("/people/")
    expect(page.get_by_role("link", name="Органа Лея Бейловна").first).to_be_visible()
    expect(
        page.get_by_role("gridcell", name="Парк Альдераан").first
    ).to_be_visible()  # the grid has been laid out
    picture(page, f"people.{language}")

"""Whoever sees little tries every door; and a presentation is walked through from end to end."""

import pytest
from django.urls import reverse
from django.utils import timezone

from config.tests.crawl import crawl
from veche.accounts.showing import PRESENTS
from veche.accounts.testing import actor_of, cast, member, signed_in_client
from veche.campaigns.testing import make_campaign
from veche.contacts.actions import belonging, notes, points
from veche.contacts.actions.contacts import change_fields
from veche.contacts.actions.giving import give_list
from veche.contacts.models import Contact, OwnField, RoleKind
from veche.contacts.testing import make_own_field, make_person, make_tag
from veche.core import delivery
from veche.exchange.actions import upload_file
from veche.exchange.models import Import
from veche.exchange.testing import csv_file, loaded

pytestmark = pytest.mark.django_db
ROWS = (
    ("Фамилия", "Имя", "Отчество", "Телефон", "E-mail", "Адрес", "Комментарий"),
    ("Преображенская", "Аглая", "Иринарховна", "8 904 111-22-33", "aglaya@preobrazhenie.ru", "Кострома, ул. Сенная, 7",
     "Дочь Иринарха"),
    ("Вознесенский", "Парфён", "Саввич", "8 904 111-22-44", "parfen@voznesenie.ru", "Галич, ул. Луговая, 9",
     "Спросить Савву"),
)  # fmt: skip
SECRETS = (  # of people whom nobody may come upon; digits are looked for in numbers written together
    "преображенск", "аглая", "иринарх", "9041112233", "aglaya@", "сенная", "вознесенск", "парфён", "парфен", "саввич",
    "9041112244", "parfen@", "луговая", "спросить савву", "богоявленск", "9041112255", "bogoyavlenskaya@", "полевая",
    "тайная беседа", "злая собака", "отпускница", "27.11.1949", "1949-11-27", "27 november", "27 nov", "особая примета",
)  # fmt: skip


@pytest.fixture
def base(tmp_path):
    """People with all that can be known of them, by import and by hand; nobody's but the headquarters'."""
    by = actor_of("administrator")
    cast()
    path = csv_file(tmp_path / "Список Преображенской.csv", ROWS)
    with path.open("rb") as file:
        loaded(upload_file(by=by, file=file, name=path.name), by=by)
    field = make_own_field("Примета", OwnField.Type.TEXT)
    campaign = make_campaign("Парк")
    person = make_person(
        "Отпускница Капитолина", by=by, phone="8 904 111-22-55", email="bogoyavlenskaya@example.org",
        telegram="bogoyavlenskaya_k", campaign=campaign, addresses=["Нерехта, ул. Полевая, 3"],
        note="Тайная беседа о собраниях", fields={"birthday": "27.11.1949"},
    )  # fmt: skip
    changes = {"surname": "Богоявленская", "caution": "Злая собака", f"own.{field.key}": "Особая примета"}
    change_fields(by=by, contact_id=person.pk, fields=changes)
    (more,) = points.add_points(by=by, contact_id=person.pk, kind="phone", text="8 904 111-22-33 доб. 5")
    points.remove_point(by=by, contact_id=person.pk, point_id=more.pk)
    belonging.put_tag(by=by, contact_id=person.pk, tag_id=make_tag("подписант").pk)
    belonging.give_role(by=by, contact_id=person.pk, role_id=RoleKind.objects.first().pk)
    notes.pin_note(by=by, contact_id=person.pk, note_id=person.notes.get().pk, pinned=True)
    delivery.deliver_all()
    return person


def known(*people):
    """What to try for each word of an address."""
    some = [person.pk for person in people]
    points_of = [point.pk for person in people for point in person.points.all()]
    codes = ["name", "birthday", "own.field_1", *(f"point.{pk}" for pk in points_of)]
    return {
        "contact_id": some, "point_id": points_of, "import_id": [*Import.objects.values_list("pk", flat=True)],
        "piece": ["head", "known", "more"], "code": codes, "kind": ["phone"], "user_id": [member("operator").pk],
        "part": ["who", "caution", "standing", "own.field_1", "tags", "fields"],
        "note_id": [note.pk for person in people for note in person.notes.all()],
    }  # fmt: skip


QUESTIONS = (
    "q=Богоявленская",
    "q=9041112255",
    "q=2255",
    "q=bogoyavlenskaya@example.org",
    "q=Преображенская",
    "q=ко",
)


def test_a_volunteer_comes_upon_nobody_who_was_not_given(base):
    own = make_person("Соло Хан", phone="8 904 000-27-40")
    give_list(
        by=actor_of("coordinator"),
        name="Двор",
        to=member("volunteer"),
        until=timezone.localdate(),
        ids=[own.pk],
    )
    pages, masked = 0, 0
    for page in crawl(signed_in_client("volunteer"), known(*Contact.objects.all()), QUESTIONS):
        assert page.status < 500, page.url
        pages += page.status == 200
        masked += "•••-27-40" in page.text
        assert "9040002740" not in page.digits, f"{page.url} says a masked phone"
        lower = page.text.lower().replace(page.url.lower(), "")
        for secret in SECRETS[: SECRETS.index("тайная беседа")]:
            if secret not in "".join(QUESTIONS).lower():
                assert secret not in (page.digits if secret.isdigit() else lower), f"{page.url} says {secret}"
    assert pages > 30 and masked > 4


def test_a_presentation_says_no_real_value_on_any_page(base):
    client = signed_in_client("administrator")
    assert "Богоявленская" in client.get(reverse("contacts:card", args=[base.pk])).text
    client.post(reverse("accounts:presentation"))
    assert client.session[PRESENTS]
    colleagues = ["хан соло", "падме", "скайуокер", "operator@example.org", "volunteer@example.org"]
    pages, answers = 0, set()
    for page in crawl(client, known(*Contact.objects.all())):
        assert page.status < 500, page.url
        pages += page.status == 200
        answers.add(page.url)
        lower = page.text.lower()
        for secret in (*SECRETS, *(name for name in colleagues if name != "скайуокер")):
            assert secret not in (page.digits if secret.isdigit() else lower), f"{page.url} says {secret}"
    assert pages > 60
    assert reverse("contacts:card", args=[base.pk]) in answers


def test_invented_names_stay_and_are_found_by_search(base):
    client = signed_in_client("administrator")
    client.post(reverse("accounts:presentation"))
    url = reverse("contacts:card", args=[base.pk])
    name = _heading(client.get(url).text)
    assert name == _heading(client.get(url).text) and len(name.split()) == 2
    assert name in client.get(reverse("contacts:people"), {"q": name.split()[0]}).text
    assert name.split()[0] in client.get(reverse("desk:search"), {"q": name.split()[0]}).text
    assert client.post(reverse("contacts:note_new", args=[base.pk]), {"text": "Нет"}).status_code == 403
    assert client.get(reverse("exchange:imports")).status_code == 403
    client.post(reverse("accounts:presentation"))
    assert _heading(client.get(url).text).startswith("Богоявленская")


def _heading(page: str) -> str:
    return page.split("<h1>", 1)[1].split("<", 1)[0].strip()

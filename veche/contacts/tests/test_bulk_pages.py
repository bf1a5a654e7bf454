"""The bar, its page, the journal and what is printed, as a browser asks for them."""

import json

import pytest

from veche.accounts.testing import actor_of, make_user, signed_in_client
from veche.contacts.actions import mass_changes as actions
from veche.contacts.actions.belonging import put_tag
from veche.contacts.models import Contact, MassChange, Status, TagAssignment
from veche.contacts.queries import selection
from veche.contacts.testing import make_own_field, make_person, make_tag
from veche.core.testing import published
from veche.ui.testing import assert_same_queries

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def client():
    return signed_in_client("coordinator")


@pytest.fixture
def crew():
    by = actor_of("coordinator")
    return [
        make_person(name, by=by, phone=f"8 904 000-27-4{n}")
        for n, name in enumerate(("Соколов Пётр", "Смирнова Анна"))
    ]


def ids(people):
    return ",".join(str(person.pk) for person in people)


def toast_of(answer):
    return json.loads(answer.headers["HX-Trigger"])["toast"]


def test_the_bar_repeats_the_number_on_each_button(client, crew):
    answer = client.get("/people/bulk/", {"ids": [person.pk for person in crew]}, headers=HTMX)
    text = answer.content.decode()
    assert "<html" not in text
    assert 'data-count="2"' in text
    for words in (
        "Tag 2 people",
        "Take off 2 people",
        "Put 2 people in",
        "Change 2 people",
        "Remove 2 people",
    ):
        assert words in text, words
    assert f'value="{ids(crew)}"' in text


def test_who_cannot_be_seen_is_not_counted(crew):
    make_user("Финн", "operator", email="finn@example.org", reach="own")
    mine = make_person(by=actor_of("operator"))
    answer = signed_in_client("operator").get(
        "/people/bulk/", {"ids": f"{ids(crew)},{mine.pk}"}, headers=HTMX
    )
    assert 'data-count="1"' in answer.content.decode()


def test_without_javascript_it_is_a_page_of_forms(client, crew):
    field = make_own_field("Размер")
    page = client.get("/people/bulk/", {"all": "1", "asked": "q=Соколов&page=2"}).content.decode()
    assert page.count("<form") >= 5 and 'id="bulk-tag"' not in page
    assert "Tag 1 person" in page
    chosen = client.get(
        "/people/bulk/", {"all": "1", "asked": "q=Соколов", "own": field.key}
    ).content.decode()
    assert f'name="what" value="{field.key}"' in chosen and 'name="value"' in chosen
    data = {"all": "1", "asked": "q=Соколов", "kind": "own", "what": field.key, "value": "XL"}
    answer = client.post("/people/changes/", data)
    mass = MassChange.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/people/changes/{mass.pk}/")
    assert Contact.objects.get(pk=crew[0].pk).own == {field.key: "XL"}
    assert "Размер: XL" in client.get(answer.url).content.decode()


def test_a_change_answers_with_a_toast_that_undoes_it(client, crew):
    tag = make_tag("пилот")
    put_tag(by=actor_of("coordinator"), contact_id=crew[0].pk, tag_id=tag.pk)
    data = {"ids": ids(crew), "kind": "tag_put", "tag": tag.pk}
    answer = client.post("/people/changes/", data, headers=HTMX)
    mass = MassChange.objects.get()
    assert (answer.status_code, answer.content) == (200, b"")
    assert toast_of(answer) == {
        "message": "Put on the tag “пилот”: changed 1 person. Skipped 1 person: they had this tag already.",
        "level": "ok",
        "undo": f"/people/changes/{mass.pk}/undo/",
    }
    assert {"people-changed", "selection-done"} <= json.loads(answer.headers["HX-Trigger"]).keys()
    undone = client.post(toast_of(answer)["undo"], headers=HTMX)
    assert toast_of(undone)["message"] == "Put on the tag “пилот”: undone for 1 person."
    assert TagAssignment.objects.get().contact == crew[0]


def test_a_large_number_is_typed_once_more(client, crew, monkeypatch):
    monkeypatch.setattr(selection, "LARGE", 2)
    bar = client.get("/people/bulk/", {"ids": ids(crew)}, headers=HTMX).content.decode()
    assert bar.count('<confirm-number id="bulk-tag" number="2">') == 1
    data = {"ids": ids(crew), "kind": "remove"}
    for typed in ("", "3", "two"):
        answer = client.post("/people/changes/", data | {"number": typed}, headers=HTMX)
        assert answer.status_code == 422
    assert not MassChange.objects.exists()
    assert client.post("/people/changes/", data | {"number": " 2 "}, headers=HTMX).status_code == 200
    assert not Contact.objects.filter(removed_at=None).exists()


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "tag_put", "tag": "999999"}, {"kind": "tag_put", "tag": "1; DROP TABLE contacts_tag"},
        {"kind": "tag_put"}, {"kind": "values"}, {"kind": "points"}, {"kind": ""}, {"kind": "\x00"},
        {"kind": "own", "what": "'"},
        {"kind": "own", "what": "nothing", "value": "x"}, {"kind": "status", "status": "9" * 40},
        {"kind": "status", "status": "-1"}, {"kind": "responsible", "responsible": "99999"},
        {"kind": "tag_put", "tag": "²"}, {"kind": "campaign_take", "campaign": "٣"},
        {"ids": "1,2,x", "kind": "remove"}, {"ids": "9" * 30, "kind": "remove"}, {"ids": "", "kind": "remove"},
        {"ids": ",".join(str(n) for n in range(5002)), "kind": "remove"}, {"ids": "1\x00", "kind": "remove"},
        {"ids": "", "all": "1", "asked": "tag=9999999", "kind": "remove"},
        {"ids": "", "all": "1", "asked": "own.nothing=5", "kind": "remove"},
        {"ids": "", "all": "1", "asked": "finding=%00&ids=1,x", "kind": "remove"},
        {"ids": "", "all": "1", "asked": "ids=" + "7" * 400, "kind": "remove"},
    ],
)  # fmt: skip
def test_nonsense_is_refused_and_changes_nothing(client, crew, data):
    answer = client.post("/people/changes/", {"ids": ids(crew)} | data, headers=HTMX)
    assert answer.status_code in (400, 404, 422), answer.content
    assert not MassChange.objects.exists()
    assert Contact.objects.filter(removed_at=None).count() == 2


def test_script_in_a_name_stays_text(client, crew):
    tag = make_tag("<script>alert(1)</script>")
    crew[0] = make_person("<img src=x onerror=alert(2)>", by=actor_of("coordinator"))
    data = {"ids": ids(crew[:1]), "kind": "tag_put", "tag": tag.pk}
    client.post("/people/changes/", data)
    client.post("/people/changes/", data)
    pages = [
        "/people/changes/",
        f"/people/changes/{MassChange.objects.first().pk}/",
        f"/people/print/?ids={crew[0].pk}",
    ]
    pages.append(f"/people/bulk/?ids={crew[0].pk}")
    for page in pages:
        text = client.get(page).content.decode()
        assert "<script>alert" not in text and "<img src=x" not in text, page


def test_the_page_of_a_change_lists_whom_it_left_alone(client, crew):
    status = Status.objects.get(code="active")
    by = actor_of("coordinator")
    for _twice in range(2):
        mass = actions.start_mass_change(
            by=by, kind="status", value=status.pk, ids=[each.pk for each in crew]
        )
    page = client.get(f"/people/changes/{mass.pk}/").content.decode()
    assert "It was so already" in page and "Соколов Пётр" in page and "Смирнова Анна" in page
    assert "Соколов" not in client.get(f"/people/changes/{mass.pk}/?why=kept").content.decode()


def test_the_journal_asks_the_base_as_often_for_thirty(client):
    person, by = make_person(by=actor_of("coordinator")), actor_of("coordinator")

    def more(count):
        for n in range(count):
            kind, value = ("tag_put", make_tag().pk) if n % 2 else ("status", Status.objects.first().pk)
            actions.start_mass_change(by=by, kind=kind, value=value, ids=[person.pk])

    assert_same_queries(client, "/people/changes/", more)


def test_the_people_of_a_change_are_a_list(client, crew):
    by = actor_of("coordinator")
    mass = actions.start_mass_change(by=by, kind="tag_put", value=make_tag().pk, ids=[crew[0].pk])
    page = client.get("/people/", {"change": mass.pk}).content.decode()
    assert "Соколов Пётр" in page and "Смирнова Анна" not in page
    picked = client.get("/people/", {"ids": str(crew[1].pk)}).content.decode()
    assert "Соколов Пётр" not in picked and "Смирнова Анна" in picked


def test_paper_shows_phones_only_when_asked_and_is_noted(client, crew):
    active = Status.objects.get(code="active")
    page = client.get("/people/print/", {"ids": ids(crew)}).content.decode()
    assert "Соколов Пётр" in page and "904" not in page
    assert "904" in client.get("/people/print/", {"ids": ids(crew), "phones": "1"}).content.decode()
    client.get("/people/print/", {"all": "1", "asked": f"q=Соколов&status={active.pk}"})
    by_hand = {"people": 2, "filters": ["ids"]}
    assert [entry.data for entry in published("contacts.people_printed")] == [
        {**by_hand, "phones": False}, {**by_hand, "phones": True},
        {"people": 0, "phones": False, "filters": ["q", f"status:{active.pk}"]},
    ]  # fmt: skip


def test_paper_is_an_export_in_all_but_name(crew):
    """Whoever may not take people out in a file may not do it on paper; it stands among the exports."""
    operator = signed_in_client("operator")
    assert operator.get("/people/print/", {"ids": ids(crew)}).status_code == 403
    assert "/people/print/" not in operator.get("/people/bulk/", {"ids": ids(crew)}).content.decode()
    assert not published("contacts.people_printed")
    client = signed_in_client("coordinator")
    assert "/people/print/" in client.get("/people/bulk/", {"ids": ids(crew)}).content.decode()
    client.get("/people/print/", {"all": "1", "asked": "q=Соколов", "phones": "1"})
    log = client.get("/exports/").content.decode()
    assert "Printed" in log and "Соколов" in log
    assert client.get("/exports/new/").status_code == 200, "a file is ordered as ever"


def test_whoever_exports_is_led_there_with_the_same_people(client, crew):
    bar = client.get("/people/bulk/", {"ids": ids(crew)}, headers=HTMX).content.decode()
    address = f"/exports/new/?ids={crew[0].pk}%2C{crew[1].pk}"
    assert address in bar
    assert "2 people" in client.get(address).content.decode()
    operator = signed_in_client("operator")
    assert "/exports/new/" not in operator.get("/people/bulk/", {"ids": "1"}, headers=HTMX).content.decode()

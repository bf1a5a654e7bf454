"""Columns that name a relative: the relation where it is surely known who is meant, the note always."""

import pytest
from django.urls import reverse

from veche.accounts.testing import actor_of, signed_in_client
from veche.contacts.models import Contact, Note, Relation
from veche.contacts.testing import make_person
from veche.exchange import actions
from veche.exchange.captions import known_target
from veche.exchange.mapping.draft import RowDraft
from veche.exchange.mapping.plans import ColumnPlan, Options
from veche.exchange.mapping.steps import step_for
from veche.exchange.testing import loaded, make_import, run_jobs

CAPTIONS = ["ФИО", "Телефон", "Адрес", "Жена"]
HOME = "г. Москва, ул. Ленина, д. 1, кв. 5"
IVAN = ["Иванов Иван Петрович", "+79160000001", HOME, "Иванова Мария Сергеевна"]
MARIA = ["Иванова Мария Сергеевна", "+79160000002", "г Москва, ул. Ленина д. 1 кв 5", ""]


@pytest.mark.parametrize(
    ("caption", "target"),
    [
        ("Муж", "spouse"), ("Супруг(а)", "spouse"), ("Мать", "parent"), ("Ребёнок", "child"), ("Дети", "child"),
        ("Брат/сестра", "sibling"), ("Родственник", "relative"), ("Кем приведён", "bringer"),
    ],
)  # fmt: skip
def test_captions_of_relatives(caption, target):
    assert known_target(caption)[0] == f"relative.{target}"


def test_a_cell_names_people_and_stays_as_a_note():
    draft = RowDraft(1)
    plan = ColumnPlan(index=0, target="relative.child", caption="Дети")
    step_for(plan, Options())(draft, "Иванова Анна Петровна")
    assert draft.notes == ["Дети: Иванова Анна Петровна"]
    assert draft.relatives == [
        {"code": "child", "surname": "Иванова", "given_name": "Анна", "patronymic": "Петровна"}
    ]


def ties():
    return set(Relation.objects.values_list("kind__code", "one__surname", "other__surname"))


@pytest.mark.django_db
def test_one_of_the_same_address_is_linked_once_undone_and_linked_again(tmp_path):
    by = actor_of("coordinator")
    maria = make_person("Иванова Мария Сергеевна", phone="+79160000002", by=by)
    imported = loaded(make_import(tmp_path, [MARIA, IVAN], by=by, captions=CAPTIONS, policy="update"), by=by)
    assert imported.totals["load"]["relatives"] == {"row": 3, "named": 1, "found": 1, "missing": 0}
    (tie,) = Relation.objects.all()
    assert (tie.kind.code, {tie.one.surname, tie.other.surname}) == ("spouse", {"Иванов", "Иванова"})
    assert Note.objects.filter(text="Жена: Иванова Мария Сергеевна", contact__surname="Иванов").exists()
    again = loaded(make_import(tmp_path, [IVAN], by=by, captions=CAPTIONS, policy="update"), by=by)
    assert (again.totals["load"]["relatives"]["found"], Relation.objects.count()) == (1, 1)
    imported = run_jobs(actions.start_undo(by=by, imported=again))
    assert Relation.objects.get().pk == tie.pk, "the second file has made nothing, so its undo takes nothing"
    assert maria.pk in (tie.one_id, tie.other_id)


@pytest.mark.django_db
def test_the_undo_takes_the_relation_of_known_people_and_the_redo_makes_it_again(tmp_path):
    by = actor_of("coordinator")
    for name, phone, *_rest in (IVAN, MARIA):
        make_person(name, phone=phone, by=by)
    imported = loaded(make_import(tmp_path, [MARIA, IVAN], by=by, captions=CAPTIONS, policy="update"), by=by)
    assert Relation.objects.count() == 1
    imported = run_jobs(actions.start_undo(by=by, imported=imported))
    assert (Relation.objects.count(), Contact.objects.filter(given_name__in=["Иван", "Мария"]).count()) == (
        0,
        2,
    )
    imported = run_jobs(actions.start_redo(by=by, imported=imported))
    assert Relation.objects.count() == 1
    assert imported.totals["load"]["relatives"]["found"] == 1


@pytest.mark.django_db
def test_of_two_who_may_be_meant_and_of_a_namesake_elsewhere_only_the_note_stays(tmp_path):
    by = actor_of("coordinator")
    for phone in ("+79160000003", "+79160000004"):
        make_person("Иванова Мария Сергеевна", phone=phone, by=by)
    petr = ["Петров Пётр Петрович", "+79160000003", "", "Иванова Мария Сергеевна"]
    elsewhere = ["Сидоров Олег Ильич", "+79160000009", "г. Москва, ул. Мира, д. 3", "Иванова Мария Сергеевна"]
    both = ["Орлов Егор Ильич", "+79160000003, +79160000004", "", "Иванова Мария Сергеевна"]
    rows = [elsewhere, both]
    imported = loaded(make_import(tmp_path, rows, by=by, captions=CAPTIONS, policy="update"), by=by)
    assert imported.totals["load"]["relatives"]["missing"] == 2
    assert not Relation.objects.exists()
    assert Note.objects.filter(text="Жена: Иванова Мария Сергеевна").count() == 2
    by_phone = ["Зайцев Яков Ильич", "+79160000004", "", "Мария"]
    rows = [petr, by_phone]
    other = loaded(make_import(tmp_path, rows, by=by, captions=CAPTIONS, policy="update"), by=by)
    assert other.totals["load"]["relatives"]["found"] == 2, "of one phone a given name is enough"
    address = reverse("exchange:import", args=[imported.pk])
    page = signed_in_client("coordinator").get(address, follow=True).content.decode()
    assert "Not found for sure: 2" in page or "Точно не найдено: 2" in page

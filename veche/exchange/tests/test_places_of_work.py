"""Columns that name a place of work or somebody by the team's own kinds: linked, added once, undone, done again."""

import pytest
from django.urls import reverse

from veche.accounts.models import Team, User
from veche.accounts.testing import actor_of, make_user, signed_in_client
from veche.campaigns.testing import make_campaign
from veche.contacts.actions import shape
from veche.contacts.actions.relations import relate
from veche.contacts.models import Contact, Membership, Note, Relation, RelationKind
from veche.contacts.testing import make_organisation, make_person
from veche.core.refusal import Refusal
from veche.exchange import actions
from veche.exchange.mapping.relative_kinds import is_place
from veche.exchange.testing import loaded, make_import, run_jobs

CAPTIONS = ["ФИО", "Телефон", "Место работы"]
WORK = "organisation.employer"
ROWS = [
    ["Иванов Иван Петрович", "+79160000001", "ООО «Ромашка»"],
    ["Петров Пётр Ильич", "+79160000002", 'ооо  "ромашка"'],
    ["Сидоров Олег Ильич", "+79160000003", "Школа № 5"],
    ["Орлов Егор Ильич", "+79160000004", "пенсионер"],
    ["Зайцев Яков Ильич", "+79160000005", "ТСЖ «Тантив»"],
]


@pytest.mark.parametrize(
    "text", ["пенсионер", "Не работает.", "временно не работаю", "на пенсии", "-", "5", "ИП"]
)
def test_what_is_no_place(text):
    assert not is_place(text)
    assert is_place(f"{text} ООО Ромашка")


def brought(tmp_path, rows=ROWS, by=None, target=WORK, **options):
    by = by or actor_of("coordinator")
    imported = make_import(tmp_path, rows, by=by, captions=CAPTIONS, policy="update", **options)
    imported = actions.map_columns(by=by, imported=imported, columns=[{"index": 2, "target": target}])
    return loaded(imported, by=by)


def workers():
    ties = Relation.objects.filter(kind__code="employer")
    return sorted(ties.values_list("one__name", "other__surname"))


@pytest.mark.django_db
def test_employers_are_found_or_added_once_undone_and_done_again(tmp_path):
    by = actor_of("coordinator")
    tantiv = make_organisation("ТСЖ «Тантив»", by=by)
    imported = brought(tmp_path, by=by)
    assert imported.totals["load"]["relatives"]["places"] == {"named": 4, "found": 4, "added": 2}
    linked = [
        ("ООО «Ромашка»", "Иванов"), ("ООО «Ромашка»", "Петров"), ("ТСЖ «Тантив»", "Зайцев"), ("Школа № 5", "Сидоров"),
    ]  # fmt: skip
    assert workers() == linked
    assert Note.objects.filter(text="Место работы: пенсионер").count() == 1
    school = Contact.objects.get(name="Школа № 5")
    assert (school.origins.get().batch, school.origins.get().batch_row) == (imported.pk, 4)
    page = signed_in_client("coordinator").get(reverse("exchange:import", args=[imported.pk]), follow=True)
    assert "organisations added for it: 2" in page.content.decode()
    again = brought(tmp_path, ROWS[:1], by=by)
    assert again.totals["load"]["relatives"]["places"] == {"named": 1, "found": 1, "added": 0}
    assert workers() == linked
    run_jobs(actions.start_undo(by=by, imported=again))
    assert workers() == linked
    hired = make_person("Новиков Глеб")
    relate(by=actor_of("administrator"), one_id=school.pk, other_id=hired.pk, kind_code="employer")
    imported = run_jobs(actions.start_undo(by=by, imported=imported))
    kept = set(Contact.objects.filter(kind="organisation").values_list("pk", flat=True))
    assert kept == {tantiv.pk, school.pk} and workers() == [("Школа № 5", "Новиков")]
    imported = run_jobs(actions.start_redo(by=by, imported=imported))
    assert workers() == sorted([*linked, ("Школа № 5", "Новиков")])
    assert imported.totals["load"]["relatives"]["places"] == {"named": 4, "found": 4, "added": 1}


@pytest.mark.django_db
def test_of_two_of_one_name_and_of_a_kind_put_away_only_the_note_stays(tmp_path):
    by = actor_of("coordinator")
    for name in ("ООО «Ромашка»", "ООО Ромашка"):
        make_organisation(name, by=by)
    imported = brought(tmp_path, ROWS[:2], by=by)
    assert imported.totals["load"]["relatives"]["places"] == {"named": 2, "found": 0, "added": 0}
    shape.archive_entry(by=by, entry=RelationKind.objects.get(code="employer"))
    brought(tmp_path, ROWS[2:], by=by)
    assert not Relation.objects.exists() and not Contact.objects.filter(name="Школа № 5").exists()


@pytest.mark.django_db
def test_who_sees_a_campaign_only_brings_an_organisation_into_it_and_finds_it_again(tmp_path):
    team = Team.objects.create(name="Двор")
    campaign = make_campaign("Двор", teams=[team])
    make_organisation("Школа № 5")  # out of sight: nothing of it is told
    narrow = actor_of(make_user("Финн", "coordinator", reach=User.Reach.TEAMS, teams=[team]))
    imported = brought(tmp_path, by=narrow, campaign=campaign)
    assert imported.totals["load"]["relatives"]["places"]["added"] == 3
    assert Membership.objects.filter(campaign=campaign, contact__kind="organisation").count() == 3
    again = brought(tmp_path, ROWS, by=narrow, campaign=campaign)
    assert again.totals["load"]["relatives"]["places"] == {"named": 4, "found": 4, "added": 0}


@pytest.mark.django_db
def test_own_kinds_are_offered_to_columns_and_link(tmp_path):
    by = actor_of("coordinator")
    kin = shape.add_relation_kind(
        by=by, name="Крёстный", reverse_name="Крестник", one_is="person", other_is="person"
    )
    shop = shape.add_relation_kind(
        by=by, name="Школа", reverse_name="Ученик", one_is="organisation", other_is="person"
    )
    make_person("Кеноби Бен", phone="+79160000001", by=by)
    rows = [["Иванов Иван Петрович", "+79160000001", "Кеноби Бен"]]
    imported = brought(tmp_path, rows, by=by, target=f"relative.{kin.code}")
    assert imported.totals["load"]["relatives"]["found"] == 1
    assert Relation.objects.values_list("kind__name", "one__surname").get() == ("Крёстный", "Кеноби")
    brought(
        tmp_path,
        [["Петров Пётр Ильич", "+79160000002", "Школа 7"]],
        by=by,
        target=f"organisation.{shop.code}",
    )
    assert Relation.objects.get(kind=shop).one.name == "Школа 7"
    fresh = make_import(tmp_path, ROWS, by=by, captions=CAPTIONS)
    page = signed_in_client("coordinator").get(reverse("exchange:columns", args=[fresh.pk])).content.decode()
    assert "Relation: Крестник" in page and "Organisation: Школа" in page and "Relation: Ученик" not in page
    shape.archive_entry(by=by, entry=kin)
    with pytest.raises(Refusal):
        actions.map_columns(by=by, imported=fresh, columns=[{"index": 2, "target": f"relative.{kin.code}"}])

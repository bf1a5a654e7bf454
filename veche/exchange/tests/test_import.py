"""From a file to people: policies, matching against the base, what is counted, what is told, what is never touched."""

import pytest

from veche.accounts.testing import actor_of, make_user
from veche.campaigns.models import Campaign
from veche.contacts.models import Contact, ContactPoint, FieldChange, Membership, Origin, Tag
from veche.contacts.testing import make_person
from veche.core.refusal import Refusal, Stale
from veche.exchange import actions, queries
from veche.exchange.models import Import
from veche.exchange.testing import checked, loaded, make_import

pytestmark = pytest.mark.django_db
ANNA = ["Иванова", "Анна", "Петровна", "8 916 000-00-01", "anna@example.org", "01.02.1970", ""]
OLEG = ["Смирнов", "Олег", "", "8 916 000-00-02", "", "", ""]


@pytest.fixture
def by():
    return actor_of("coordinator")


def numbers(imported: Import) -> tuple[int, ...]:
    found = queries.result(imported)
    return (found.created, found.updated, found.unchanged, found.repeated, found.rejected)


def test_new_people_come_with_all_they_brought(by, tmp_path):
    campaign = Campaign.objects.create(name="Сквер")
    imported = loaded(make_import(tmp_path, [ANNA, OLEG], by=by, campaign=campaign, tags=["сквер"]), by=by)
    assert imported.state == Import.State.LOADED
    assert numbers(imported) == (2, 0, 0, 0, 0)
    anna = Contact.objects.get(surname="Иванова")
    assert (anna.name, anna.gender, anna.birth_year, anna.birth_month, anna.birth_day) == (
        "Иванова Анна Петровна", "f", 1970, 2, 1,
    )  # fmt: skip
    assert set(anna.points.values_list("kind", "value")) == {
        ("phone", "+79160000001"),
        ("email", "anna@example.org"),
    }
    origin = Origin.objects.get(contact=anna)
    assert (origin.channel, origin.batch, origin.batch_row, origin.campaign) == (
        "import",
        imported.pk,
        2,
        campaign,
    )
    assert all(point.origin == origin for point in anna.points.all())
    assert Membership.objects.filter(campaign=campaign).count() == 2
    assert Tag.objects.get(name="сквер").assignments.count() == 2


def test_the_same_file_again_changes_nothing(by, tmp_path):
    loaded(make_import(tmp_path, [ANNA, OLEG], by=by), by=by)
    before = list(ContactPoint.objects.values_list())
    for policy in Import.Policy.values:
        imported = loaded(make_import(tmp_path, [ANNA, OLEG], by=by, policy=policy), by=by)
        assert numbers(imported) == (0, 0, 2, 0, 0)
    assert Contact.objects.count() == 2
    assert list(ContactPoint.objects.values_list()) == before
    assert not FieldChange.objects.exists()
    assert set(Contact.objects.values_list("revision", flat=True)) == {1}


@pytest.mark.parametrize(
    ("policy", "given_name", "patronymic", "phones", "counted"),
    [
        ("create_only", "Анна", "", 1, (0, 0, 1, 0, 0)),
        ("skip", "Анна", "", 1, (0, 0, 1, 0, 0)),
        ("fill_empty", "Анна", "Петровна", 2, (0, 1, 0, 0, 0)),
        ("update", "Анна", "Петровна", 2, (0, 1, 0, 0, 0)),
    ],
)
def test_policies(by, tmp_path, policy, given_name, patronymic, phones, counted):
    anna = make_person("Иванова Анна", phone="+7 916 111-11-11", email="anna@example.org", by=by)
    anna.birth_year = 1969
    anna.save()
    row = ["Иванова", "Анна", "Петровна", "8 916 000-00-01", "anna@example.org", "", ""]
    imported = loaded(make_import(tmp_path, [row], by=by, policy=policy), by=by)
    anna.refresh_from_db()
    assert (anna.given_name, anna.patronymic, anna.birth_year) == (given_name, patronymic, 1969)
    assert anna.points.filter(kind="phone").count() == phones
    assert anna.points.filter(kind="phone").order_by("position").first().value == "+79161111111"
    assert numbers(imported) == counted


def test_create_only_lets_known_people_join_and_skip_does_not(by, tmp_path):
    anna = make_person("Иванова Анна", phone="+7 916 000-00-01", by=by)
    campaign = Campaign.objects.create(name="Сквер")
    loaded(make_import(tmp_path, [ANNA], by=by, policy="skip", campaign=campaign), by=by)
    assert not anna.memberships.exists()
    imported = loaded(make_import(tmp_path, [ANNA], by=by, policy="create_only", campaign=campaign), by=by)
    assert anna.memberships.get().campaign == campaign
    assert numbers(imported) == (0, 1, 0, 0, 0)
    assert not anna.points.filter(kind="email").exists()


def test_update_keeps_before_and_after_and_never_erases(by, tmp_path):
    anna = make_person("Иванова Анна Петровна", phone="+7 916 000-00-01", by=by, fields={"gender": "f"})
    imported = make_import(
        tmp_path, [["Иванова", "Анна", "Павловна", "8 916 000-00-01", "", "", "77"]], by=by, policy="update"
    )
    loaded(imported, by=by)
    assert Contact.objects.count() == 2, "another patronymic is another person"
    anna.refresh_from_db()
    assert anna.patronymic == "Петровна"
    imported = make_import(tmp_path, [["Смирнова", "Анна", "", "", "", "", "78"]], by=by, policy="update")
    anna.external_ids.create(value="78")
    loaded(imported, by=by)
    anna.refresh_from_db()
    assert (anna.name, anna.patronymic, anna.gender, anna.revision) == (
        "Смирнова Анна Петровна",
        "Петровна",
        "f",
        2,
    )
    assert anna.name_key.startswith("смирнова")
    change = FieldChange.objects.get(contact=anna, field="surname")
    assert (change.before, change.after, change.batch, change.by_id) == (
        "Иванова",
        "Смирнова",
        imported.pk,
        by.user_id,
    )


def test_a_family_with_one_phone_is_three_people(by, tmp_path):
    family = [
        ["Орлов", "Пётр", "Ильич", "8 916 000-00-05", "", "", ""],
        ["Орлова", "Вера", "", "8 916 000-00-05", "", "", ""],
        ["Орлов", "Илья", "Петрович", "8 916 000-00-05", "", "", ""],
    ]
    assert numbers(loaded(make_import(tmp_path, family, by=by), by=by)) == (3, 0, 0, 0, 0)
    assert numbers(loaded(make_import(tmp_path, family, by=by), by=by)) == (0, 0, 3, 0, 0)
    alone = loaded(make_import(tmp_path, [["", "", "", "8 916 000-00-05", "", "", ""]], by=by), by=by)
    assert numbers(alone) == (0, 0, 0, 0, 1)
    (row,) = queries.rows_of(alone, outcome="rejected")
    assert [each["code"] for each in row.problems] == ["fits_several"]
    assert row.reasons


def test_rows_about_one_person_become_one(by, tmp_path):
    rows = [ANNA, ["Иванова", "Анна", "", "8 916 000-00-01", "second@example.org", "", ""], OLEG]
    imported = loaded(make_import(tmp_path, rows, by=by), by=by)
    assert numbers(imported) == (2, 0, 0, 1, 0)
    anna = Contact.objects.get(surname="Иванова")
    assert anna.patronymic == "Петровна"
    assert anna.points.filter(kind="email").count() == 2
    assert anna.origins.count() == 1


def test_name_and_birthday_recognise(by, tmp_path):
    loaded(make_import(tmp_path, [ANNA], by=by), by=by)
    row = ["ИВАНОВА", "Анна", "", "", "", "1970-02-01", "A-1"]
    assert numbers(loaded(make_import(tmp_path, [row], by=by), by=by)) == (0, 1, 0, 0, 0)
    assert numbers(loaded(make_import(tmp_path, [[*row[:5], "1971-02-01", "A-2"]], by=by), by=by)) == (
        1,
        0,
        0,
        0,
        0,
    )
    by_phone_only = make_import(tmp_path, [[*row[:6], ""]], by=by, match_by=["phone"])
    assert numbers(loaded(by_phone_only, by=by)) == (1, 0, 0, 0, 0)


def test_only_what_the_actor_sees_is_matched(by, tmp_path):
    anna = make_person("Иванова Анна Петровна", phone="+7 916 000-00-01")
    near = actor_of(make_user("Кассиан Андор", "coordinator", reach="own"))
    imported = loaded(make_import(tmp_path, [ANNA], by=near, policy="update"), by=near)
    assert numbers(imported) == (1, 0, 0, 0, 0)
    anna.refresh_from_db()
    assert anna.revision == 1
    assert anna.points.count() == 1
    mine = Contact.objects.exclude(pk=anna.pk).get()
    assert mine.responsible_id == near.user_id, "else they would not see whom they brought"
    assert numbers(loaded(make_import(tmp_path, [ANNA], by=near), by=near)) == (0, 0, 1, 0, 0)


def test_bad_rows_stay_out_with_a_reason(by, tmp_path):
    rows = [ANNA, ["", "", "", "", "", "", "55"], ["Итого", "", "", "", "", "", ""]]
    imported = loaded(make_import(tmp_path, rows, by=by), by=by)
    assert queries.result(imported).rows == 3
    assert [(row.number, bool(row.reasons)) for row in queries.rows_of(imported, outcome="rejected")] == [
        (3, True),
        (4, True),
    ]


def test_the_red_warning_must_be_confirmed(by, tmp_path):
    for n, name in enumerate(["Иванова Анна", "Смирнов Олег", "Орлов Пётр"]):
        make_person(name, by=by).external_ids.create(value=f"N{n}")
    rows = [
        ["Белова", "Анна", "", "", "", "", "N0"],
        ["Смирнов", "Олег", "", "", "", "", "N1"],
        ["Орлов", "Пётр", "", "", "", "", "N2"],
    ]
    imported = checked(make_import(tmp_path, rows, by=by, policy="update"), by=by)
    assert imported.totals["check"]["overwrites"] == [{"field": "surname", "overwritten": 1, "matched": 3}]
    with pytest.raises(Refusal) as refusal:
        actions.start_load(by=by, imported=imported)
    assert refusal.value.code == "import.overwrites"
    assert actions.start_load(by=by, imported=imported, confirm_overwrites=True).state == Import.State.LOADING


def test_a_check_writes_nobody_and_counts_as_the_load_does(by, tmp_path):
    make_person("Иванова Анна", phone="+7 916 000-00-01", by=by)
    rows = [ANNA, OLEG, OLEG, ["", "", "", "", "", "", "x"]]
    imported = checked(make_import(tmp_path, rows, by=by, tags=["новая"]), by=by)
    assert Contact.objects.count() == 1
    assert not Tag.objects.exists()
    assert imported.totals["check"]["new_words"] == {"tags": ["новая"]}
    expected = queries.expected(imported)
    done = loaded(imported, by=by)
    assert queries.result(done) == expected
    assert numbers(done) == (1, 1, 0, 1, 1)


def test_columns_become_own_fields_with_their_choices(by, tmp_path):
    imported = make_import(
        tmp_path,
        [["Орлов Пётр", "XL", "да"], ["Орлова Вера", "S", "нет"]],
        by=by,
        captions=["ФИО", "Размер", "Был"],
    )
    columns = [
        {"index": 1, "target": "field:new", "field_type": "choice", "label": "Размер футболки"},
        {"index": 2, "target": "field:new", "field_type": "yes_no", "label": "Был на встрече"},
    ]
    imported = loaded(actions.map_columns(by=by, imported=imported, columns=columns), by=by)
    vera = Contact.objects.get(given_name="Вера")
    (size, was) = sorted(vera.own)[1], sorted(vera.own)[0]
    assert vera.own[was] is False
    assert queries.field_label(f"own.{size}") == "Размер футболки"
    again = make_import(tmp_path, [["Орлова Вера", "S", "нет"]], by=by, captions=["ФИО", "Размер", "Был"])
    with pytest.raises(Refusal) as refusal:
        actions.map_columns(by=by, imported=again, columns=[{"index": 0, "target": "nonsense"}])
    assert "column-0" in refusal.value.fields


def test_states_are_kept(by, tmp_path):
    imported = make_import(tmp_path, [ANNA], by=by)
    with pytest.raises(Stale):
        actions.start_load(by=by, imported=imported)
    imported = loaded(imported, by=by)
    with pytest.raises(Stale):
        actions.start_check(by=by, imported=imported)
    with pytest.raises(Stale):
        actions.map_columns(by=by, imported=imported, columns=[])
    for role in ("operator", "volunteer", "auditor"):
        with pytest.raises(Refusal) as refusal:
            actions.start_check(by=actor_of(role), imported=imported)
        assert refusal.value.status == 403
        assert not queries.imports_for(actor_of(role)).exists()

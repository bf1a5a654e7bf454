"""The five pages: each answers with its piece, changes the database and tells the ledger; strangers see nothing."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from veche.accounts.testing import actor_of, make_user, signed_in_client
from veche.contacts.models import Contact, OwnField
from veche.contacts.testing import make_person
from veche.exchange import actions
from veche.exchange.models import Import, ImportRow
from veche.exchange.testing import PEOPLE_CAPTIONS, checked, loaded, make_import, picture_file, run_jobs
from veche.ui.testing import assert_same_queries

pytestmark = pytest.mark.django_db
LEIA = ["Органа", "Лея", "", "8 916 000-00-01", "leia@example.org", "01.02.1970", ""]
HAN = ["Соло", "Хан", "", "8 916 000-00-02", "", "", ""]
OLEG = ["Смирнов", "Олег", "Иванович", "8 916 000-00-03", "", "", ""]
TOTAL = ["Итого", "", "", "", "", "", ""]
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def by():
    return actor_of("coordinator")


@pytest.fixture
def client():
    return signed_in_client("coordinator")


def url(name: str, imported: Import) -> str:
    return reverse(f"exchange:{name}", args=[imported.pk])


def told(kind: str) -> int:
    with connection.cursor() as sql:
        sql.execute("SELECT count(*) FROM core_ledger WHERE kind = %s", [kind])
        return sql.fetchone()[0]


def sent(imported: Import, **changes: str | list[str]) -> dict[str, str | list[str]]:
    """What the page of columns sends when nobody has touched it."""
    targets = {f"target-{plan['index']}": plan["target"] for plan in imported.mapping}
    return {"policy": imported.policy, "match_by": imported.match_by, "tags": "", **targets, **changes}


def upload(client, content: bytes, name: str = "people.csv"):
    return client.post(reverse("exchange:import_new"), {"file": SimpleUploadedFile(name, content)}, **HTMX)


def test_a_dropped_file_leads_to_its_table(client):
    response = upload(client, "\r\n".join(map(";".join, [PEOPLE_CAPTIONS, LEIA])).encode("cp1251"))
    imported = Import.objects.get()
    assert response.headers["HX-Redirect"] == url("table", imported)
    run_jobs(imported)
    page = client.get(url("table", imported)).content.decode()
    assert "Органа" in page and "cp1251" in page
    assert told("exchange.file_uploaded") == 1


@pytest.mark.parametrize(("content", "said"), [(b"", "The file is empty"), (None, "picture")])
def test_what_is_no_table_at_a_glance_is_refused_in_place_and_leaves_nothing(client, tmp_path, content, said):
    content = picture_file(tmp_path / "table.xlsx").read_bytes() if content is None else content
    response = upload(client, content, "table.xlsx")
    assert response.status_code == 422 and said in response.content.decode()
    assert "<html" not in response.content.decode()
    assert not Import.objects.exists()


def test_another_encoding_shows_the_table_anew(client, by, tmp_path):
    imported = make_import(tmp_path, [LEIA], by=by)
    client.post(url("table", imported), {"encoding": "cp866", "delimiter": ";", "header_row": "1"}, **HTMX)
    imported.refresh_from_db()
    run_jobs(imported)
    answer = client.get(url("table", imported), **HTMX)
    piece = answer.content.decode()
    assert answer.status_code == 200 and "<html" not in piece and "Органа" not in piece
    assert imported.source["encoding"] == "cp866"


def test_a_row_of_captions_is_chosen(client, by, tmp_path):
    imported = make_import(tmp_path, [LEIA, HAN], by=by)
    client.post(url("table", imported), {"encoding": "utf-8", "delimiter": ";", "header_row": "0"}, **HTMX)
    imported.refresh_from_db()
    run_jobs(imported)
    assert (imported.source["header_row"], imported.source["rows"]) == (0, 3)


def test_the_page_of_columns_shows_samples_shares_and_reasons(client, by, tmp_path):
    page = client.get(url("columns", make_import(tmp_path, [LEIA, HAN], by=by))).content.decode()
    assert "Органа" in page and "filled in 50%" in page
    assert "By the caption and by what the column holds." in page


def test_columns_and_rules_are_kept_and_the_check_begins(client, by, tmp_path):
    imported = make_import(tmp_path, [LEIA], by=by)
    answer = client.post(
        url("columns", imported), sent(imported, policy="update", tags="сквер, почта"), **HTMX
    )
    assert answer.headers["HX-Redirect"] == url("check", imported)
    imported.refresh_from_db()
    assert (imported.policy, imported.tags, imported.state) == ("update", ["сквер", "почта"], "checking")
    assert told("exchange.check_started") == 1


def test_a_column_becomes_a_new_choice_whose_values_come_from_it(client, by, tmp_path):
    rows = [[*row[:6], "Эхо"] for row in (LEIA, HAN)]
    imported = make_import(tmp_path, rows, by=by, captions=[*PEOPLE_CAPTIONS[:6], "База"])
    choice = {"target-6": "field:new", "label-6": "База", "type-6": "choice"}
    client.post(url("columns", imported), sent(imported, **choice))
    imported = run_jobs(Import.objects.get())
    assert not OwnField.objects.exists(), "a check makes nothing"
    client.post(url("load", imported))
    run_jobs(Import.objects.get())
    field = OwnField.objects.get()
    assert (field.label, field.type, [each["label"] for each in field.choices]) == ("База", "choice", ["Эхо"])


def test_what_is_wrong_with_a_column_is_said_beside_it_and_the_rest_is_kept(client, by, tmp_path):
    imported = make_import(tmp_path, [LEIA], by=by)
    wrong = {"target-1": "name.surname", "target-6": "field:new", "type-6": "text", "label-6": ""}
    answer = client.post(url("columns", imported), sent(imported, **wrong), **HTMX)
    piece = answer.content.decode()
    assert answer.status_code == 422 and "<html" not in piece
    assert "Another column becomes this already." in piece and "Give the new field a name." in piece
    assert '<option value="field:new" selected>' in piece
    imported.refresh_from_db()
    assert imported.state == Import.State.DESCRIBED


def test_a_check_shows_what_will_be_and_links_each_number_to_its_rows(client, by, tmp_path):
    make_person("Смирнов Олег Иванович", phone="+79160000003")
    imported = checked(make_import(tmp_path, [LEIA, OLEG, LEIA, TOTAL], by=by), by=by)
    page = client.get(url("check", imported)).content.decode()
    assert "4 rows have been checked. Nothing in the base has changed yet" in page
    for verdict in ("create", "unchanged", "repeat", "reject"):
        rows = client.get(url("rows", imported), {"verdict": verdict}).content.decode()
        assert f"?verdict={verdict}" in page and rows.count("<tr data-row>") == 1, verdict
    assert Contact.objects.count() == 1


def test_while_a_check_runs_the_page_polls_and_is_sent_on_at_its_end(client, by, tmp_path):
    imported = actions.start_check(by=by, imported=make_import(tmp_path, [LEIA], by=by))
    assert 'hx-trigger="every 1s"' in client.get(url("check", imported)).content.decode()
    piece = client.get(url("check", imported), **HTMX).content.decode()
    assert "v-stages" in piece and "<html" not in piece
    run_jobs(imported)
    assert client.get(url("check", imported), **HTMX).headers["HX-Redirect"] == url("check", imported)
    assert "every 1s" not in client.get(url("check", imported)).content.decode().split("v-jobs")[-1]


def test_the_red_warning_must_be_confirmed(client, by, tmp_path):
    loaded(make_import(tmp_path, [[*LEIA[:6], "7"]], by=by), by=by)
    married = ["Соло", *LEIA[1:6], "7"]
    imported = checked(make_import(tmp_path, [married], by=by, policy="update"), by=by)
    page = client.get(url("check", imported)).content.decode()
    assert "confirm_overwrites" in page and "for 1 of 1 known people" in page
    refused = client.post(url("load", imported), **HTMX)
    assert refused.status_code == 422 and "Confirm it, or choose another rule." in refused.content.decode()
    imported.refresh_from_db()
    assert imported.state == Import.State.CHECKED
    client.post(url("load", imported), {"confirm_overwrites": "1"}, **HTMX)
    imported.refresh_from_db()
    assert imported.state == Import.State.LOADING


def test_a_result_leads_to_the_people_and_is_undone(client, by, tmp_path):
    imported = loaded(make_import(tmp_path, [LEIA, HAN], by=by), by=by)
    page = client.get(url("load", imported)).content.decode()
    people = f"{reverse('contacts:people')}?batch={imported.pk}"
    assert "The file is in the base: 2 rows" in page and people in page
    assert "Органа" in client.get(people).content.decode()
    client.post(url("undoing", imported))
    run_jobs(Import.objects.get())
    assert "2 people were removed." in client.get(url("load", imported)).content.decode()
    assert not Contact.objects.exists() and told("exchange.import_undone") == 1


def test_a_stopped_load_can_go_on(client, by, tmp_path):
    imported = actions.start_load(by=by, imported=checked(make_import(tmp_path, [LEIA], by=by), by=by))
    client.post(url("cancellation", imported), **HTMX)
    page = client.get(url("load", imported)).content.decode()
    assert Import.objects.get().state == Import.State.CANCELLED and "Go on loading" in page
    client.post(url("load", imported))
    assert run_jobs(Import.objects.get()).state == Import.State.LOADED
    assert Contact.objects.count() == 1


@pytest.mark.parametrize("done", [checked, loaded])
def test_rejected_rows_are_a_spreadsheet_with_reasons(client, by, tmp_path, done):
    imported = done(make_import(tmp_path, [LEIA, TOTAL], by=by), by=by)
    answer = client.get(url("rejects", imported))
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)
    assert rows[0][:3] == ("Row", "Reason", "Фамилия") and len(rows) == 2
    assert rows[1][0] == 3 and "totals" in rows[1][1]
    assert "rejected" in answer.headers["Content-Disposition"]


def test_every_address_leads_to_where_the_import_stands(client, by, tmp_path):
    imported = make_import(tmp_path, [LEIA], by=by)
    assert client.get(url("check", imported), follow=True).redirect_chain[-1][0] == url("table", imported)
    imported = loaded(imported, by=by)
    for name in ("table", "columns", "check", "import"):
        assert client.get(url(name, imported), follow=True).redirect_chain[-1][0] == url("load", imported), (
            name
        )


def test_a_second_tab_is_told_that_the_import_has_gone_on(client, by, tmp_path):
    imported = loaded(make_import(tmp_path, [LEIA], by=by), by=by)
    for name, told_so in (
        ("columns", "gone on already"),
        ("check", "gone on meanwhile"),
        ("load", "gone on meanwhile"),
    ):
        answer = client.post(url(name, imported), sent(imported), **HTMX)
        assert answer.status_code == 409 and told_so in answer.content.decode(), name


def test_a_stranger_sees_nothing_of_it(by, tmp_path):
    imported = checked(make_import(tmp_path, [LEIA], by=by), by=by)
    other = signed_in_client(make_user("Уэдж Антиллес", role="coordinator"))
    for name in ("import", "table", "columns", "check", "load", "rows", "rejects"):
        assert other.get(url(name, imported)).status_code == 404, name
    assert "people.csv" not in other.get(reverse("exchange:imports")).content.decode()


def test_an_old_import_says_that_its_rows_are_gone(client, by, tmp_path):
    imported = loaded(make_import(tmp_path, [LEIA], by=by), by=by)
    ImportRow.objects.all().delete()
    assert "There are no such rows" in client.get(url("rows", imported)).content.decode()


def test_a_list_of_imports_asks_as_often_for_many_as_for_few(client, by, tmp_path):
    def make(count: int) -> None:
        for _ in range(count):
            make_import(tmp_path, [LEIA], by=by)

    assert_same_queries(client, reverse("exchange:imports"), make)


def test_the_page_of_rows_asks_as_often_for_many_as_for_few(client, by, tmp_path):
    imported = checked(make_import(tmp_path, [LEIA], by=by), by=by)

    def make(count: int) -> None:
        first = ImportRow.objects.count() + 2
        for number in range(first, first + count):
            person = make_person("Органа Лея")
            doubt = {"code": "looks_like", "severity": "warn", "params": {"contact": person.pk}}
            ImportRow.objects.create(
                batch=imported, number=number, cells=["Органа"], draft={"name": "Органа"}, contact_id=person.pk,
                verdict="update", doubts=[doubt],
            )  # fmt: skip

    assert_same_queries(client, url("rows", imported) + "?verdict=update", make)

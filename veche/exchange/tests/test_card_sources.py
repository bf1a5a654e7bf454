"""“Where from?” on the card: what was corrected before loading, and whether several imports agree."""

import pytest

from veche.accounts.testing import actor_of
from veche.contacts.actions.contacts import change_fields
from veche.contacts.models import Contact
from veche.contacts.queries.provenance import provenance
from veche.contacts.testing import make_person
from veche.core.background import run_job
from veche.core.models import Job
from veche.exchange import actions
from veche.exchange.actions.corrections import FIX
from veche.exchange.testing import checked, loaded, make_import, run_jobs

pytestmark = pytest.mark.django_db
CAPTIONS = ["ФИО", "Телефон", "Дата рождения"]


@pytest.fixture
def by():
    return actor_of("coordinator")


def corrected(imported, by, **what):
    actions.correct_cells(by=by, imported=imported, kind="replace", **what)
    for job in Job.objects.filter(kind=FIX, object_id=imported.pk, state=Job.State.QUEUED):
        run_job(job_id=job.pk)
    imported.refresh_from_db()
    return imported


def said(by, contact, code):
    return " ".join(provenance(by, contact, code))


def test_a_value_corrected_before_loading_says_so(by, tmp_path):
    rows = [["Органа Лея", "8 916 000-00", "29.02.1970"], ["Соло Хан", "8 916 000-00-02", "29.02.1970"]]
    imported = checked(make_import(tmp_path, rows, by=by, captions=CAPTIONS), by=by)
    corrected(imported, by, column=2, value="29.02.1970", replacement="28.02.1970")
    corrected(
        imported, by, column=1, row=imported.rows.order_by("number").first().number, replacement="89160000001"
    )
    run_jobs(actions.start_load(by=by, imported=imported))
    leia = Contact.objects.get(surname="Органа")
    told = said(by, leia, "birthday")
    assert "corrected before loading" in told and by.name in told
    assert "“29.02.1970” to “28.02.1970”" in told
    phone = f"point.{leia.points.get().pk}"
    assert "“8 916 000-00” to “89160000001”" in said(by, leia, phone)
    assert "corrected before loading" not in said(by, leia, "name")
    masked = said(actor_of("volunteer"), leia, phone)
    assert "corrected before loading" in masked and "916" not in masked


def test_several_imports_are_told_with_how_many_agree(by, tmp_path):
    for number, email in enumerate(["leia@example.org", "leia@example.org", "organa@example.org"]):
        (folder := tmp_path / str(number)).mkdir()
        row = ["Органа Лея", "89160000001", email]
        loaded(make_import(folder, [row], by=by, captions=["ФИО", "Телефон", "Почта"]), by=by)
    leia = Contact.objects.get()
    first, second = leia.points.filter(kind="email").order_by("value")
    assert "3 imports gave it; what stands here now is said by 2." in said(by, leia, f"point.{first.pk}")
    assert "3 imports gave it; what stands here now is said by 1." in said(by, leia, f"point.{second.pk}")
    assert "3 imports gave it; what stands here now is said by 3." in said(by, leia, "who")
    change_fields(by=by, contact_id=leia.pk, fields={"surname": "Соло"})
    leia.refresh_from_db()
    assert "what stands here now is said by 0." in said(by, leia, "name")
    assert "gave it" not in said(by, make_person(), "name")

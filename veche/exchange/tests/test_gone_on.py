"""A job that outlived its use, a garbled request, a file that must go: what was found by attacking."""

import pytest
from django.core.files.storage import default_storage
from django.utils import translation

from veche.accounts.actions import deactivate_user
from veche.accounts.testing import actor_of, make_user, member, signed_in_client
from veche.campaigns.testing import make_campaign
from veche.contacts.actions.erasing import erase_contact
from veche.contacts.models import Contact, TagAssignment
from veche.contacts.testing import make_person, make_tag
from veche.core.actions import stop_job
from veche.core.background import run_job
from veche.core.delivery import deliver_all
from veche.core.models import Job
from veche.core.refusal import Refusal, Stale
from veche.exchange import actions
from veche.exchange.actions import bridging
from veche.exchange.models import BridgeReturn, BridgeRow, BridgeSheet, Import
from veche.exchange.testing import checked, loaded, make_import, run_jobs
from veche.exchange.tests.bridge_home import applied, edited, saved, table_of, taken_home, undone

pytestmark = pytest.mark.django_db
ROWS = [["Органа", "Лея", "", "8 916 000-00-01", "", "", ""]]


@pytest.fixture(autouse=True)
def russian():
    with translation.override("ru"):
        yield


@pytest.fixture
def by():
    return actor_of("coordinator")


def taken_up_again(job_id: int) -> None:
    """As a worker does with a job whose worker was killed after its last commit."""
    Job.objects.filter(pk=job_id).update(state=Job.State.RUNNING)
    run_job(job_id=job_id)


def test_a_load_taken_up_again_after_its_end_does_not_undo_what_came_after(tmp_path, by):
    imported = loaded(make_import(tmp_path, ROWS, by=by), by=by)
    load = imported.job_id
    imported = actions.start_undo(by=by, imported=imported)
    taken_up_again(load)
    imported.refresh_from_db()
    assert imported.state == Import.State.UNDOING
    imported = run_jobs(imported)
    taken_up_again(load)
    imported.refresh_from_db()
    assert imported.state == Import.State.UNDONE
    assert not Contact.objects.exists()


def test_a_check_taken_up_again_after_its_end_leaves_the_load_alone(tmp_path, by):
    imported = checked(make_import(tmp_path, ROWS, by=by), by=by)
    check = imported.job_id
    imported = run_jobs(actions.start_load(by=by, imported=imported))
    taken_up_again(check)
    imported.refresh_from_db()
    assert imported.state == Import.State.LOADED
    assert Contact.objects.count() == 1


def test_an_application_taken_up_again_after_its_end_leaves_the_undo_alone(by):
    make_person("Органа Лея", by=by)
    returned = edited(by, taken_home(by), lambda table: table[1].__setitem__(1, "Соло"))
    bridging.decide(by=by, returned=returned, decision="accept")
    returned = applied(by, returned)
    application = returned.job_id
    returned = bridging.start_return_undo(by=by, returned=returned)
    taken_up_again(application)
    returned.refresh_from_db()
    assert returned.state == BridgeReturn.State.UNDOING
    run_jobs(returned)
    assert Contact.objects.get().surname == "Органа"


def without_the_second(table):
    return [table[0], table[1]]


@pytest.fixture
def returned(by):
    for name in ("Органа Лея", "Соло Хан"):
        make_person(name, by=by)
    return edited(by, taken_home(by), without_the_second)


def test_nobody_takes_a_tag_of_another_team_off_people(returned, by):
    theirs = make_tag("чужая", campaign=make_campaign("Чужая"))
    narrow = actor_of(make_user("Финн", role="coordinator", reach="teams"))
    for gone, target in (("untag", theirs.pk), ("leave", theirs.campaign_id), ("untag", 10**30)):
        with pytest.raises(Refusal) as refused:
            bridging.choose_gone(by=narrow, returned=returned, gone=gone, target=target)
        assert refused.value.code == "bridge.gone"


def test_what_was_done_with_the_missing_is_put_back_as_it_was_done(returned, by):
    tag = make_tag("список")
    row = BridgeRow.objects.get(batch=returned, kind="gone")
    TagAssignment.objects.create(contact_id=row.contact_id, tag=tag)
    returned = bridging.choose_gone(by=by, returned=returned, gone="untag", target=tag.pk)
    returned = applied(by, returned)
    assert not TagAssignment.objects.exists()
    with pytest.raises(Stale):
        bridging.choose_gone(by=by, returned=returned, gone="remove")
    undone(by, returned)
    assert TagAssignment.objects.get().contact_id == row.contact_id
    assert Contact.objects.filter(removed_at__isnull=True).count() == 2


@pytest.mark.parametrize(
    "garbled",
    [{"decision": "x"}, {"decision": "accept", "id": "abc"}, {"decision": "accept", "row": "1" * 40}],
)
def test_a_garbled_decision_is_refused(returned, garbled):
    url = f"/bridge/returns/{returned.pk}/decisions/"
    assert signed_in_client("coordinator").post(url, garbled).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_a_spreadsheet_stopped_in_the_tray_before_it_began_can_be_tried_again(by):
    make_person("Органа Лея", by=by)
    sheet = bridging.take_view(by=by, query={}, codes=["surname"])
    stop_job(by=by, job=Job.objects.get(pk=sheet.job_id))
    table = table_of(taken_home(by))
    table[1][1] = "Соло"
    returned = edited_later(by, table)
    stop_job(by=by, job=Job.objects.get(pk=returned.job_id))
    deliver_all()
    sheet.refresh_from_db()
    returned.refresh_from_db()
    assert sheet.state == BridgeSheet.State.FAILED
    assert returned.state == BridgeReturn.State.FAILED


def edited_later(by, table):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return bridging.bring_back(by=by, file=SimpleUploadedFile("люди.xlsx", saved(table)), name="люди.xlsx")


@pytest.mark.django_db(transaction=True)
def test_the_lists_of_who_was_switched_off_are_there_no_more():
    user = member("coordinator")
    by = actor_of(user)
    make_person("Органа Лея", by=by)
    sheet = taken_home(by)
    name = sheet.file
    assert default_storage.exists(name)
    deactivate_user(by=actor_of("administrator"), user=user)
    deliver_all()
    sheet.refresh_from_db()
    assert (sheet.file, default_storage.exists(name)) == ("", False)


def test_a_list_with_an_erased_person_is_there_no_more(by, django_capture_on_commit_callbacks):
    for name in ("Органа Лея", "Соло Хан"):
        make_person(name, by=by)
    sheet = taken_home(by)
    name = sheet.file
    with django_capture_on_commit_callbacks(execute=True):
        erase_contact(by=actor_of("administrator"), contact_id=Contact.objects.first().pk)
    sheet.refresh_from_db()
    assert (sheet.file, default_storage.exists(name)) == ("", False)
    assert sheet.lines.count() == 1

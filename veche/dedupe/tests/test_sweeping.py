"""All certain doubles merged at once, and taken apart again."""

import pytest

from veche.accounts.testing import actor_of
from veche.contacts.actions.unmerging import unmerge
from veche.contacts.models import Contact, Merge
from veche.contacts.testing import make_person
from veche.core.background import cancel_job, run_job
from veche.core.models import Job
from veche.core.refusal import Refusal, Stale
from veche.core.testing import published
from veche.dedupe.actions import sweeping
from veche.dedupe.models import Decision, Group, Sweep
from veche.dedupe.queries.certain import certain_figures, certain_page
from veche.dedupe.testing import make_group

pytestmark = pytest.mark.django_db


def pairs(number):
    """So many people, each on two cards."""
    return [
        make_group(make_person(f"Соло {n}", phone="8 904 000-27-40"), make_person(f"Соло {n}"), certain=True)
        for n in range(number)
    ]


def run(sweep: Sweep) -> Sweep:
    run_job(job_id=Sweep.objects.get(pk=sweep.pk).job_id)
    sweep.refresh_from_db()
    return sweep


def everything():
    return list(Contact.objects.order_by("pk").values("pk", "name", "surname", "made_at"))


def test_all_become_one_each_and_two_again(monkeypatch):
    monkeypatch.setattr(sweeping, "PORTION", 2)
    by, groups = actor_of("coordinator"), pairs(5)
    before = everything()
    assert (certain_figures(by).groups, certain_figures(by).spare) == (5, 5)
    lines, _after = certain_page(by)
    assert str(lines[0].reasons[0].text) == "the same mobile phone"
    sweep = run(sweeping.start_sweep(by=by, expected=5))
    assert (sweep.state, sweep.merged, sweep.left) == ("done", 5, 0)
    assert Contact.objects.count() == 5
    assert {merge.why for merge in Merge.objects.all()} == {"certain doubles, merged all at once"}
    assert certain_page(by) == ([], "")
    [ended] = published("dedupe.sweep_ended")
    assert ended.data["merged"] == 5

    sweep = run(sweeping.start_sweep_undo(by=by, sweep=sweep))
    assert (sweep.state, sweep.undone) == ("undone", 5)
    assert everything() == before
    assert certain_figures(by).groups == len(groups)
    with pytest.raises(Stale):
        sweeping.start_sweep_undo(by=by, sweep=sweep)


def test_more_than_the_reader_saw_is_not_merged():
    pairs(2)
    with pytest.raises(Stale):
        sweeping.start_sweep(by=actor_of("coordinator"), expected=1)
    assert Contact.objects.count() == 4


def test_nothing_to_merge_and_no_right_to_are_refused():
    with pytest.raises(Refusal):
        sweeping.start_sweep(by=actor_of("coordinator"))
    pairs(1)
    with pytest.raises(Refusal) as refused:
        sweeping.start_sweep(by=actor_of("operator"))
    assert refused.value.status == 403
    sweeping.start_sweep(by=actor_of("coordinator"))
    with pytest.raises(Refusal) as refused:
        sweeping.start_sweep(by=actor_of("coordinator"))
    assert refused.value.status == 409


def test_two_certain_groups_with_one_person_in_common_become_one():
    one, other, third = (make_person("Соло Хан") for _n in range(3))
    make_group(one, other, certain=True)
    make_group(other, third, certain=True)
    sweep = run(sweeping.start_sweep(by=actor_of("coordinator")))
    assert (sweep.merged, sweep.left) == (1, 1)
    assert not Group.objects.filter(state="open", certain=True).exists()  # the other is asked about


def test_what_was_taken_apart_by_hand_stays_and_the_rest_goes_back():
    by = actor_of("coordinator")
    pairs(3)
    sweep = run(sweeping.start_sweep(by=by))
    unmerge(by=by, merge_id=Decision.objects.first().merge)
    sweep = run(sweeping.start_sweep_undo(by=by, sweep=sweep))
    assert (Contact.objects.count(), sweep.undone) == (6, 2)


def test_a_stopped_sweep_is_told_and_may_be_undone():
    by = actor_of("coordinator")
    pairs(2)
    sweep = sweeping.start_sweep(by=by)
    job = Job.objects.get(pk=Sweep.objects.get(pk=sweep.pk).job_id)
    Job.objects.filter(pk=job.pk).update(state="running")
    cancel_job(job)
    sweep = run(sweep)
    assert sweep.state == "stopped"
    assert Contact.objects.count() == 4

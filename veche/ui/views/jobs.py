"""The job tray: the viewer's own jobs, polled only while one of them is open."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from veche.core import actions, queries
from veche.core.background import WAITS_FOR_ROOM, title_of
from veche.core.models import Job


@require_GET
def tray(request: HttpRequest) -> HttpResponse:
    return _tray(request)


@require_POST
def stop(request: HttpRequest, job_id: int) -> HttpResponse:
    actions.stop_job(by=request.actor, job=queries.job_for(request.actor, job_id))
    return _tray(request)


@require_POST
def dismiss(request: HttpRequest, job_id: int) -> HttpResponse:
    actions.dismiss_job(by=request.actor, job=queries.job_for(request.actor, job_id))
    return _tray(request)


def _tray(request: HttpRequest) -> HttpResponse:
    jobs = queries.jobs_in_tray(request.actor)
    context = {
        "jobs": [_line(job) for job in jobs],
        "running": any(job.is_open for job in jobs),
        "tray_url": reverse("ui:jobs"),
    }
    return render(request, "ui/job_tray.html", context)


def _line(job: Job) -> dict[str, object]:
    title = title_of(job)
    subject = "" if job.subject in title else job.subject
    return {
        "title": title,
        "subject": subject,
        "name": f"{title} {subject}".rstrip(),
        "state": job.state,
        "waits_for_room": job.stage == WAITS_FOR_ROOM,
        "percent": job.percent,
        "done": job.done,
        "total": job.total,
        "seconds_left": job.seconds_left,
        "result_url": job.result_url,
        "cancel_url": reverse("ui:job_stop", args=[job.pk])
        if job.is_open and not job.cancel_asked_at
        else "",
        "dismiss_url": "" if job.is_open else reverse("ui:job_dismiss", args=[job.pk]),
    }

"""Every address of the room against every role."""

from veche.accounts.testing import member
from veche.contacts.testing import make_person
from veche.desk.models import Notice
from veche.ui.testing import Access


def _notice() -> dict[str, int]:
    """Somebody's notice: the coordinator's."""
    notice = Notice.objects.create(user=member("coordinator"), kind="core.job_ended", group="1", entry=1)
    return {"notice_id": notice.pk}


def _presence() -> dict[str, int]:
    return {"contact": make_person().pk, "who": ""}


ACCESS = [
    Access("desk:home", everyone=200),
    Access("desk:search", everyone=200, query={"q": "Иванов"}),
    Access("desk:search", everyone=200, query={"q": "Иванов"}, htmx=True),
    Access("desk:health", everyone=200, anonymous=200),
    Access("desk:notices", everyone=200),
    Access("desk:notices", everyone=200, htmx=True),
    Access("desk:bell", everyone=200),
    Access("desk:notice_readings", "POST", everyone=302),
    Access("desk:notice_reading", "POST", everyone=404, coordinator=200, kwargs=_notice),
    Access("desk:notice_choices", everyone=200),
    Access("desk:notice_choices", "POST", everyone=302, data={"wanted": ["core.job_ended"]}),
    Access("desk:presence", everyone=200, operator=404, volunteer=404, query=_presence),
]

"""Who may open the addresses of this room: the preferences are anyone's, a job is its owner's alone."""

from veche.core.models import Job
from veche.ui.testing import Access


def nobodys_job() -> dict[str, int]:
    """A job that none of the cast started: even the administrator must not learn that it's there."""
    return {"job_id": Job.objects.create(kind="exchange.import", actor=0).pk}


ACCESS = [
    Access("ui:theme", "POST", everyone=302, anonymous=302, data={"theme": "dark"}),
    Access("ui:density", "POST", everyone=302, anonymous=302, data={"density": "roomy"}),
    Access("ui:language", "POST", everyone=302, anonymous=302, data={"language": "en"}),
    Access("ui:jobs", everyone=200),
    Access("ui:job_stop", "POST", everyone=404, kwargs=nobodys_job),
    Access("ui:job_dismiss", "POST", everyone=404, kwargs=nobodys_job),
]

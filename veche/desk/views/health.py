"""A sign of life, open to everybody and telling nothing else."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """200 when the server and its database answer."""
    with connection.cursor() as sql:
        sql.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")

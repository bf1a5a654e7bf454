"""Theme, density and language of this browser. Anyone may change them, signed in or not."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from veche.ui.frame import DENSITIES, DENSITY_COOKIE, THEME_COOKIE, THEMES

YEAR = 365 * 24 * 60 * 60


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keeps `theme` (light, dark, system) for a year."""
    return _keep(request, THEME_COOKIE, request.POST.get("theme"), THEMES)


@require_POST
def density(request: HttpRequest) -> HttpResponse:
    """Keeps `density` (compact, normal, roomy) for a year."""
    return _keep(request, DENSITY_COOKIE, request.POST.get("density"), DENSITIES)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keeps `language` in Django's own language cookie, which LocaleMiddleware reads."""
    allowed = tuple(code for code, _name in settings.LANGUAGES)
    return _keep(request, settings.LANGUAGE_COOKIE_NAME, request.POST.get("language"), allowed)


def _keep(request: HttpRequest, cookie: str, value: str | None, allowed: tuple[str, ...]) -> HttpResponse:
    if value not in allowed:
        return HttpResponseBadRequest()
    if request.headers.get("X-Requested-With") == "fetch":
        response = HttpResponse(status=204)
    else:
        response = HttpResponseRedirect(_way_back(request))
    response.set_cookie(cookie, value, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response


def _way_back(request: HttpRequest) -> str:
    """The page the switch stood on, if it is ours."""
    url = request.POST.get("next") or request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if ours else "/"

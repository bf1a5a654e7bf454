"""What a request says about a sign-in: the way, the address and the browser; and the same in words."""

from __future__ import annotations

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

PASSWORD, LINK, PASSKEY, TOTP, CODE = "password", "link", "passkey", "totp", "code"
FACTORS = {"totp": TOTP, "webauthn": PASSKEY, "recovery_codes": CODE}

WORDS = {
    "password": gettext_lazy("Password"),
    "link": gettext_lazy("Sign-in link"),
    "passkey": gettext_lazy("Passkey"),
    "totp": gettext_lazy("Code from the app"),
    "code": gettext_lazy("Recovery code"),
    "password+totp": gettext_lazy("Password and a code from the app"),
    "password+passkey": gettext_lazy("Password and a passkey"),
    "password+code": gettext_lazy("Password and a recovery code"),
    "link+totp": gettext_lazy("Sign-in link and a code from the app"),
    "link+passkey": gettext_lazy("Sign-in link and a passkey"),
    "link+code": gettext_lazy("Sign-in link and a recovery code"),
}

# The first that occurs wins: every browser also names those it descends from.
BROWSERS = [
    ("YaBrowser/", "Yandex"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
]
SYSTEMS = [
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
]


def way_of(request: HttpRequest, user) -> str:
    """How `user` proved who they are in this session: a key of `WORDS`."""
    steps = []
    for record in get_authentication_records(request, user):
        method = record["method"]
        steps.append(FACTORS.get(record.get("type", ""), TOTP) if method == "mfa" else method)
    return "+".join(dict.fromkeys(steps))[:20] or PASSWORD


def address_of(request: HttpRequest) -> str | None:
    """The client's address as the server knows it (`ALLAUTH_TRUSTED_PROXY_COUNT` proxies are believed)."""
    return get_client_ip(request) or None


def agent_of(request: HttpRequest) -> str:
    return request.headers.get("User-Agent", "")


def browser_in_words(agent: str) -> str:
    """“Chrome on Windows” out of a User-Agent header; blank when it says nothing known."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system

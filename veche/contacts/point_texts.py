"""From what was typed for a phone, an e-mail or an account to what is stored, by phones.py and emails.py."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from veche.contacts import emails, phones
from veche.contacts.models import PointKind
from veche.contacts.models.reach import Purpose
from veche.core.refusal import Refusal

# Addresses of people in networks: https://t.me/name, vk.com/id1, ok.ru/profile/575, wa.me/7904…
_HOSTS = {
    PointKind.TELEGRAM: ("t.me", "telegram.me"),
    PointKind.VK: ("vk.com", "vk.ru", "m.vk.com"),
    PointKind.OK: ("ok.ru", "m.ok.ru", "odnoklassniki.ru"),
    PointKind.MAX: ("max.ru",),
    PointKind.WHATSAPP: ("wa.me", "api.whatsapp.com"),
}
_ACCOUNT = re.compile(r"[\w.\-]{1,100}")


@dataclass(frozen=True)
class Reading:
    """One contact point as it will be stored. `remark` is what stood beside it ("mother's")."""

    value: str
    as_given: str
    extension: str = ""
    purpose: str = ""
    remark: str = ""


def read_points(kind: str, text: str) -> list[Reading]:
    """All points of `kind` in what was typed, in order; `Refusal` on field `kind` when there is none to be found."""
    text = text.strip()
    if not text:
        return []
    if kind == PointKind.PHONE:
        found = _phones(text)
    elif kind == PointKind.EMAIL:
        found = _emails(text)
    else:
        found = [_account(kind, text)]
    return list({(reading.value, reading.extension): reading for reading in reversed(found)}.values())[::-1]


def refuse(kind: str, sentence: str) -> Refusal:
    return Refusal("contacts.point", sentence, fields={kind: sentence})


def _phones(text: str) -> list[Reading]:
    return [
        Reading(
            value=_value(PointKind.PHONE, phone),
            as_given=phone.raw.strip(),
            extension=phone.extension[:20],
            purpose=phone.kind if phone.kind in Purpose.values else "",
            remark="" if phone.kind in Purpose.values and len(phone.comment.split()) == 1 else phone.comment,
        )
        for phone in phones.parse_phones(text, city_code=settings.VECHE_CITY_CODE or None)
    ]


def _emails(text: str) -> list[Reading]:
    return [
        Reading(value=_value(PointKind.EMAIL, email), as_given=email.raw.strip())
        for email in emails.parse_emails(text)
    ]


def _value(kind: str, read: phones.ParsedPhone | emails.ParsedEmail) -> str:
    if not read.value:
        raise refuse(kind, read.problem.sentence if read.problem else _("This cannot be understood."))
    return read.value


def _account(kind: str, text: str) -> Reading:
    bare = text
    if any(host in text.lower() for host in _HOSTS[PointKind(kind)]):
        bare = urlsplit(text if "://" in text else f"https://{text}").path.strip("/").removeprefix("profile/")
    if kind == PointKind.WHATSAPP:
        number = next((phone.value for phone in phones.parse_phones(bare) if phone.value), "")
        if number:
            return Reading(value=number.lstrip("+"), as_given=text)
    bare = bare.lstrip("@").split("?")[0]
    if not _ACCOUNT.fullmatch(bare):
        raise refuse(
            kind,
            _("“%(text)s” is not an account. Write the user name, such as @ivanov, or the page's address.")
            % {"text": text[:60]},
        )
    return Reading(value=bare.lower(), as_given=text)

"""From what was typed for a phone, an e-mail or an account to what is stored. The hard part is phones.py's and emails.py's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from veche.contacts.models import PointKind, Validity
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
    validity: str = Validity.UNCHECKED
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
    return [_phone(part) for part in re.split(r"[;,/\n]", text) if part.strip()]


def _phone(text: str) -> Reading:
    digits = re.sub(r"\D", "", text)
    if not digits:
        raise refuse(
            PointKind.PHONE, _("“%(text)s” is not a phone. Write it like +7 904 000-27-40.") % {"text": text[:60]}
        )
    city = settings.VECHE_CITY_CODE
    try:
        number = phonenumbers.parse(city + digits if city and len(digits) + len(city) == 10 else text, "RU")
    except phonenumbers.NumberParseException:
        return Reading(value=digits[:20], as_given=text.strip(), validity=Validity.INVALID)
    if not phonenumbers.is_possible_number(number):
        return Reading(value=digits[:20], as_given=text.strip(), validity=Validity.INVALID)
    value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Reading(value=value, as_given=text.strip(), extension=(number.extension or "")[:20])


def _emails(text: str) -> list[Reading]:
    found = [part for part in re.split(r"[\s;,]+", text) if part]
    for address in found:
        try:
            validate_email(address)
        except ValidationError:
            raise refuse(
                PointKind.EMAIL, _("“%(text)s” is not an e-mail address.") % {"text": address[:60]}
            ) from None
    return [Reading(value=address.lower()[:254], as_given=address) for address in found]


def _account(kind: str, text: str) -> Reading:
    bare = text
    if any(host in text.lower() for host in _HOSTS[PointKind(kind)]):
        bare = urlsplit(text if "://" in text else f"https://{text}").path.strip("/").removeprefix("profile/")
    if kind == PointKind.WHATSAPP and (number := _phone(bare)).validity == Validity.UNCHECKED:
        return Reading(value=number.value.lstrip("+"), as_given=text)
    bare = bare.lstrip("@").split("?")[0]
    if not _ACCOUNT.fullmatch(bare):
        raise refuse(
            kind,
            _("“%(text)s” is not an account. Write the user name, such as @ivanov, or the page's address.")
            % {"text": text[:60]},
        )
    return Reading(value=bare.lower(), as_given=text)

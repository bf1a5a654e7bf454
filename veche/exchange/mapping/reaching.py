"""How to reach a contact, out of cells where anything may stand: phones, e-mails, accounts, in any mixture."""

import re

from veche.contacts.emails import parse_emails
from veche.contacts.phones import parse_phones
from veche.exchange.reading import Cell, cell_text

from .draft import RowDraft

VALUE, AS_GIVEN, NOTE = 254, 300, 300
_TROUBLE = re.compile(
    r"[@\\]|://|\b(?:vk|ok|t|telegram|wa|max)\.(?:com|ru|me)\b|telegram|whats", re.IGNORECASE
)
_PLAIN_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINKS = (
    ("vk", re.compile(r"(?:https?://)?(?:www\.|m\.)?vk\.(?:com|ru)/([\w.]+)/?(?:\?\S*)?", re.IGNORECASE)),
    (
        "ok",
        re.compile(r"(?:https?://)?(?:www\.|m\.)?ok\.ru/(?:profile/)?([\w.]+)/?(?:\?\S*)?", re.IGNORECASE),
    ),
    ("telegram", re.compile(r"(?:https?://)?(?:www\.)?(?:t|telegram)\.me/(\w+)/?(?:\?\S*)?", re.IGNORECASE)),
    (
        "whatsapp",
        re.compile(
            r"(?:https?://)?(?:wa\.me|api\.whatsapp\.com)/(?:send\?phone=)?\+?(\d{10,15})", re.IGNORECASE
        ),
    ),
    ("max", re.compile(r"(?:https?://)?(?:web\.)?max\.ru/(?:u/)?([\w.-]+)", re.IGNORECASE)),
)
_HANDLE = re.compile(r"(?<![\w.])@([A-Za-z][A-Za-z0-9_]{3,31})(?![\w-]*\.\w|[\w@])")
_USER_NAME = {
    "telegram": re.compile(r"@?([A-Za-z][A-Za-z0-9_]{3,31}|\d{5,12})"),
    "vk": re.compile(r"@?(?:id)?([A-Za-z][\w.]{2,40}|\d{1,12})"),
    "ok": re.compile(r"@?([\w.]{3,40})"),
    "max": re.compile(r"@?([\w.-]{3,40})"),
}
_DIGITS = re.compile(r"\D+")
FEWEST_DIGITS = 5
"""With fewer there is nothing to dial: the text goes to a note."""


def reach_from_cell(
    draft: RowDraft, cell: Cell, column: int, wanted: str, purpose: str, city_code: str
) -> str:
    """Adds every phone, e-mail and account of the cell to the draft; gives back the text that is none of them.

    `wanted` is what the column is for: `phone`, `email` or a kind of account. What is something else is taken for what
    it is, with a problem that says so.
    """
    text = cell if type(cell) is str else cell_text(cell)
    if wanted == "phone" and (text is not cell or text.lstrip("+").isdecimal() or not _TROUBLE.search(text)):
        return _phones(draft, cell, column, purpose, city_code)
    if not _PLAIN_EMAIL.fullmatch(text):
        text = _accounts(draft, text, column, wanted)
    if "@" in text or wanted == "email":
        text = _emails(draft, text, column, wanted)
    if wanted not in ("phone", "email") and text:
        text = _plain_accounts(draft, text, column, wanted, city_code)
    if text and len(_DIGITS.sub("", text)) >= (FEWEST_DIGITS if wanted == "phone" else 10):
        if wanted != "phone":
            draft.problem("moved_to_phone", column, text)
        text = _phones(draft, text, column, purpose, city_code)
    return text.strip(" ,;/|\n")


def add_point(
    draft: RowDraft,
    kind: str,
    value: str,
    as_given: str,
    *,
    extension: str = "",
    purpose: str = "",
    validity: str = "unchecked",
    note: str = "",
) -> None:
    """One more point unless the same is there already."""
    value, extension = value[:VALUE], extension[:20]
    for point in draft.points:
        if point["kind"] == kind and point["value"] == value and point["extension"] == extension:
            return
    draft.points.append({
        "kind": kind,
        "value": value,
        "as_given": as_given[:AS_GIVEN],
        "extension": extension,
        "purpose": purpose,
        "validity": validity,
        "note": note[:NOTE],
    })  # fmt: skip


def _phones(draft: RowDraft, cell: Cell, column: int, purpose: str, city_code: str) -> str:
    """Adds the numbers of the cell, those that can't be used as not working. Gives back what is no number."""
    rest = []
    for phone in parse_phones(cell, city_code=city_code):
        problem = phone.problem
        if problem is not None:
            draft.found(problem, column, phone.raw, phone.suggestion)
        digits = phone.value or _DIGITS.sub("", phone.raw)
        if not phone.value and (
            len(digits) < FEWEST_DIGITS or (problem is not None and problem.code in _NO_NUMBER)
        ):
            rest.append(phone.raw)
            continue
        add_point(
            draft, "phone", digits, phone.raw,
            extension=phone.extension, purpose=_purpose(phone.kind, purpose),
            validity="unchecked" if phone.value else "invalid",
            note=phone.comment and ("" if _ONLY_KIND.fullmatch(phone.comment) else phone.comment),
        )  # fmt: skip
    return ", ".join(filter(None, rest))


_ONLY_KIND = re.compile(r"(раб|служ|дом|моб|сот|факс|гор|тел|номер)[а-я]*\.?", re.IGNORECASE)
_NO_NUMBER = ("digits_lost", "not_a_number")


def _purpose(kind: str, wanted: str) -> str:
    """What stands beside the number wins over the column's caption; a city number is no mobile one."""
    if kind in ("work", "home", "fax"):
        return kind
    if wanted == "mobile" or not wanted:
        return "mobile" if kind == "mobile" else ""
    return wanted


def _accounts(draft: RowDraft, text: str, column: int, wanted: str) -> str:
    """Takes links to accounts and @handles out of the text."""
    if "." in text or "/" in text:
        for kind, pattern in _LINKS:
            for found in pattern.finditer(text):
                value = found[1]
                if kind == "vk" and re.fullmatch(r"id\d+", value):
                    value = value[2:]
                add_point(draft, kind, value.lower(), found[0])
                if wanted == "phone":
                    draft.problem("moved_to_account", column, found[0])
            text = pattern.sub(" ", text)
    if "@" in text:
        for found in _HANDLE.finditer(text):
            kind = wanted if wanted in _USER_NAME else "telegram"
            add_point(draft, kind, found[1].lower(), found[0])
        text = _HANDLE.sub(" ", text)
    return text.strip(" ,;/|\n")


def _emails(draft: RowDraft, text: str, column: int, wanted: str) -> str:
    """Adds the addresses of the text; one that can't be used is kept as not working. Gives back what is no address."""
    rest = text
    for email in parse_emails(text):
        if not email.value and "@" not in email.raw:
            continue  # stays in the rest
        rest = rest.replace(email.raw, " ", 1)
        if email.problem is not None:
            draft.found(email.problem, column, email.raw, email.suggestion)
        validity = "unchecked" if email.value else "invalid"
        add_point(draft, "email", email.value or email.raw.lower(), email.raw, validity=validity)
        if wanted != "email":
            draft.problem("moved_to_email", column, email.raw)
    return rest.strip(" ,;/|\n<>()")


def _plain_accounts(draft: RowDraft, text: str, column: int, kind: str, city_code: str) -> str:
    """User names without @ or link; a phone stands for an account in WhatsApp, Telegram and MAX."""
    rest = []
    for word in re.split(r"[\s,;]+(?!\d)", text):
        digits = _DIGITS.sub("", word)
        if kind != "vk" and kind != "ok" and 10 <= len(digits) <= 15 and not re.search("[A-Za-z]", word):
            found = parse_phones(word, city_code=city_code)
            good = next((phone for phone in found if phone.value and not phone.problem), None)
            if good and kind == "whatsapp":
                add_point(draft, kind, good.value.lstrip("+"), word)
                continue
            if good:
                add_point(
                    draft, "phone", good.value, word, note=kind.upper() if kind == "max" else kind.title()
                )
                continue
        pattern = _USER_NAME.get(kind)
        match = pattern.fullmatch(word) if pattern else None
        if match:
            add_point(draft, kind, match[1].lower(), word)
        else:
            rest.append(word)
    return " ".join(rest)

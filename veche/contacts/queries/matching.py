"""What somebody typed, as conditions on contacts: words of a name, a phone in any spelling, part of an e-mail.

The list's text filter and the search box share these, so that both find the same people.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from veche.names import fold, name_key, search_forms

MOST_WORDS = 6
FULL_NUMBER = 10  # digits of a Russian number without the country code
SHORT_WORD = 2  # letters; as few begin too many words, so they mean the beginning of the surname

# as the index contacts_contact_words has it
KEY_WORDS = "(COALESCE('|', '') || COALESCE(REPLACE(contact.name_key, ' ', '|'), ''))"

_PHONE_LIKE = re.compile(r"[\d\s()+\-–.]+")


@dataclass(frozen=True)
class Sql:
    """A condition on the table `contact`, with its parameters.

    `probe` says the same in a form that the server answers by one look into an index for each contact that it meets;
    `text` leaves it free to gather all that match first. Without a `probe` there is nothing to choose.
    """

    text: str
    params: tuple[Any, ...] = ()
    probe: str = ""

    @property
    def looked_up(self) -> Sql:
        return Sql(self.probe or self.text, self.params)


def exists(table: str, test: str, params: tuple[Any, ...] = (), *, negated: bool = False) -> Sql:
    """The contact has (or has not) a row of `table AS link` under `test`."""
    source = f"SELECT 1 FROM {table} AS link WHERE link.contact_id = contact.id AND {test}"
    if negated:
        return Sql(f"NOT EXISTS ({source})", params, f"(({source} LIMIT 1) IS NULL)")
    return Sql(f"EXISTS ({source})", params, f"(({source} LIMIT 1) IS NOT NULL)")


def like(text: str) -> str:
    """The text as LIKE takes it literally."""
    return re.sub(r"([\\%_])", r"\\\1", text)


def any_of(conditions: list[Sql]) -> Sql:
    return _joined(" OR ", conditions)


def all_of(conditions: list[Sql]) -> Sql:
    return _joined(" AND ", conditions)


def negated(condition: Sql) -> Sql:
    """Whoever is not like that; what is unknown is not."""
    return Sql(
        f"(({condition.text}) IS NOT TRUE)", condition.params, f"(({condition.looked_up.text}) IS NOT TRUE)"
    )


def _joined(word: str, conditions: list[Sql]) -> Sql:
    texts, probes = (each.text for each in conditions), (each.looked_up.text for each in conditions)
    params = tuple(param for each in conditions for param in each.params)
    return Sql(f"({word.join(texts)})", params, f"({word.join(probes)})")


def words_of(text: str) -> list[str]:
    """The folded words of a text that may be a name."""
    return [word.strip(".+@") for word in fold(text).split() if word.strip(".+@")][:MOST_WORDS]


def spellings(word: str) -> list[str]:
    """The word, and the spelling of the same given name that keys are made of (Наталья: Наталия)."""
    return list(dict.fromkeys([word, name_key("", word)]))


def has_word(word: str) -> Sql:
    """Some word of the name begins with `word`. In `KEY_WORDS` every word stands after a bar."""
    starts = [f"%|{like(each)}%" for each in spellings(word)]
    return Sql(f"({' OR '.join([f'{KEY_WORDS} LIKE %s'] * len(starts))})", tuple(starts))


def has_words(words: list[str]) -> Sql:
    """Each of the words begins a word of the name, in any order; one short word begins the surname."""
    if len(words) == 1 and len(words[0]) <= SHORT_WORD:
        return Sql("contact.name_key LIKE %s", (like(words[0]) + "%",))
    return all_of([has_word(word) for word in words])


def name_forms(text: str) -> list[list[str]]:
    """The words as typed and, where they were typed in Latin letters, as they were meant."""
    forms = [words_of(form) for form in search_forms(text)]
    if not re.search("[A-Za-z]", text):
        forms = forms[:1]
    return [list(words) for words in dict.fromkeys(tuple(words) for words in forms) if words]


def digits_of(text: str) -> str:
    """The digits of what looks like a phone or a part of one, else nothing."""
    digits = re.sub(r"\D", "", text)
    return digits if len(digits) >= 3 and _PHONE_LIKE.fullmatch(text.strip()) else ""


def international(digits: str, typed: str = "") -> str:
    """Digits as the beginning of an E.164 number: 8 (900)… and 900… both begin +7900…."""
    if typed.strip().startswith("+"):
        return f"+{digits}"
    if digits[0] in "78" and len(digits) > 1:
        return f"+7{digits[1:]}"
    return f"+7{digits}"


def is_full_number(digits: str) -> bool:
    return len(digits) >= FULL_NUMBER


def seen_digits(digits: str, typed: str = "") -> str:
    """A whole number as a pattern of reverse(value) that asks only for what a masked phone shows of it.

    Otherwise a thousand questions would find out the three hidden digits, with no limit and nothing written down.
    """
    number = international(digits, typed)
    if number.startswith("+7") and len(number) == 12:
        return f"{number[:-5:-1]}___{number[4::-1]}"
    return f"{number[:-5:-1]}%"


def point_where(kind: str, test: str, *params: Any) -> Sql:
    return exists("contacts_contactpoint", f"link.kind = %s AND {test}", (kind, *params))


def phone_where(text: str, *, sees_phones: bool) -> Sql:
    """Contacts with that phone or part of it. Who sees masked phones finds by the digits that they see of it, and by
    the last four, so that hidden digits cannot be found out."""
    digits = digits_of(text)
    start = like(international(digits, text))
    if is_full_number(digits) and not sees_phones:
        return point_where("phone", "reverse(link.value) LIKE %s", seen_digits(digits, text))
    if is_full_number(digits):
        return point_where("phone", "link.value = %s", start)
    if sees_phones and digits in start:  # all but what begins with the eight, which a number has as +7
        return point_where("phone", "link.value LIKE %s", f"%{digits}%")
    if sees_phones:
        return point_where("phone", "(link.value LIKE %s OR link.value LIKE %s)", f"{start}%", f"%{digits}%")
    if len(digits) == 4:
        return point_where("phone", "reverse(link.value) LIKE %s", f"{digits[::-1]}%")
    return Sql("false")


def text_where(text: str, *, sees_phones: bool) -> Sql:
    """The condition of a free text: a phone, an e-mail, a number another system knows the contact by, or a name."""
    if digits_of(text):
        return phone_where(text, sees_phones=sees_phones)
    if "@" in text:
        return point_where("email", "link.value LIKE %s", f"%{like(text.strip().lower())}%")
    forms = name_forms(text)
    if not forms:
        return Sql("false")
    return any_of([has_words(words) for words in forms])

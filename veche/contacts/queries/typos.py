"""One typo in a word: a letter too many, too few, another one, or two changed about (Damerau 1964).

All words one such slip away are made here and looked up among the words that names are really made of; five hundred
looks into a small index are quicker than any likeness reckoned over a million names.
"""

from __future__ import annotations

from django.db import connection

LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюя"  # folded: ё is е
LATIN = "abcdefghijklmnopqrstuvwxyz"
SHORTEST = 4  # a slip in a shorter word could mean anything
MOST = 4


def corrections(word: str) -> list[str]:
    """The word itself if some name has it, and known words or beginnings of words one slip away, whole words first."""
    if len(word) < SHORTEST or len(word) > 40:
        return [word]
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT slip, EXISTS (SELECT 1 FROM contacts_nameword WHERE word = slip) AS whole
            FROM unnest(%s::text[]) WITH ORDINALITY AS made(slip, place)
            WHERE EXISTS (SELECT 1 FROM contacts_nameword
                          WHERE word >= slip COLLATE "C" AND word < (slip || %s) COLLATE "C")
            ORDER BY place = 1 DESC, whole DESC, place LIMIT %s
            """,
            [[word, *sorted(slips(word) - {word})], "\U0010ffff", MOST],
        )
        return [row[0] for row in sql.fetchall()]


def known(words: list[str]) -> list[bool]:
    """For each word whether it begins a word of somebody's name."""
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT EXISTS (SELECT 1 FROM contacts_nameword
                           WHERE word >= typed COLLATE "C" AND word < (typed || %s) COLLATE "C")
            FROM unnest(%s::text[]) WITH ORDINALITY AS asked(typed, place) ORDER BY place
            """,
            ["\U0010ffff", words],
        )
        return [row[0] for row in sql.fetchall()]


def slips(word: str) -> set[str]:
    """All words one slip away from a folded word; its first letter may slip too."""
    letters = LATIN if word.isascii() else LETTERS
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    missing = {left + right[1:] for left, right in cuts if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    other = {left + letter + right[1:] for left, right in cuts if right for letter in letters}
    added = {left + letter + right for left, right in cuts for letter in letters}
    return missing | swapped | other | added

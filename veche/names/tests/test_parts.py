"""Names that come in a column for each part."""

import pytest

from veche.names import parse_parts


@pytest.mark.parametrize(
    ("surname", "given", "expected"),
    [
        ("Дамерон", "По", ("Дамерон", "По")),
        ("Соло", "Хан", ("Соло", "Хан")),
        ("Эрсо", "Джин", ("Эрсо", "Джин")),
        ("Иванов", "Иван", ("Иванов", "Иван")),
        ("Иван", "Иванов", ("Иванов", "Иван")),  # crosswise, and both words are known
        ("Анна", "Петрова", ("Петрова", "Анна")),
    ],
)
def test_a_caption_outweighs_a_guess_but_not_a_known_name(surname, given, expected):
    parsed = parse_parts(surname=surname, given_name=given)
    assert (parsed.surname, parsed.given_name) == expected

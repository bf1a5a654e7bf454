"""What people write into a cell when they know nothing."""

from veche.names import fold

_MARKS = frozenset(
    mark.strip()
    for mark in [
        "\n    ",
        " нет",
        " не указан",
        " не указана",
        " не указано",
        " неизвестен",
        " неизвестна",
        " неизвестно",
        " отсутствует",
        " пусто",
        " н д",
        " нд",
        " на",
        "\n    нет телефона",
        " без телефона",
        " нет почты",
        " без почты",
        " none",
        " null",
        " nan",
        " nat",
        " no",
        " n a",
        " xxx",
        " ххх",
        " x",
        " х",
        " 0\n    ",
    ]
)


def is_empty_mark(text: str) -> bool:
    """Whether a cell says no more than «нет», «н/д», «-», «.», «xxx», «0», or nothing at all."""
    return len(text) < 20 and fold(text).strip(" .-+@") in _MARKS

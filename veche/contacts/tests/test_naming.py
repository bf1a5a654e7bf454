"""How a contact is called where there is little room."""

import pytest

from veche.contacts.naming import shorter_names


@pytest.mark.parametrize(
    ("parts", "shorter"),
    [
        (("Органа", "Лея", "Бейловна"), ["Органа Лея Б.", "Органа Л. Б."]),
        (("Кеноби", "Оби-Ван", ""), ["Кеноби О."]),
        (("Мамедов", "Ильхам", "гейдар оглы"), ["Мамедов Ильхам Г.", "Мамедов И. Г."]),
        (("Органа", "", ""), []),
        (("", "Лея", "Бейловна"), []),
        (("", "", ""), []),
    ],
)
def test_the_patronymic_shortens_first_and_the_surname_never(parts, shorter):
    assert shorter_names(*parts) == shorter

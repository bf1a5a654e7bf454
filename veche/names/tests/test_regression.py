"""A regression table: what real cells say, one name a line. A line that changes is a decision, not an accident."""

import pytest

from veche.names import parse_name

# cell | surname | given name | patronymic | gender | codes of changes and doubts
TABLE = """
Иванов Иван Иванович | Иванов | Иван | Иванович | m |
Иван Иванович Иванов | Иванов | Иван | Иванович | m |
Иванов Иван | Иванов | Иван |  | m |
Иван Иванов | Иванов | Иван |  | m |
ИВАНОВ ИВАН ИВАНОВИЧ | Иванов | Иван | Иванович | m | case
иванов иван иванович | Иванов | Иван | Иванович | m | case
иВАНОВ иВАН | Иванов | Иван |  | m | case
ИВАНОВ И.И. | Иванов | И. | И. | m | case initials
Иванов И. И. | Иванов | И. | И. | m | initials
И.И. Иванов | Иванов | И. | И. | m | initials
И. И. Иванов | Иванов | И. | И. | m | initials
Иванов ИИ | Иванов | И. | И. | m | initials
Иванов И | Иванов | И. |  | m | initials
Соболев О.О. | Соболев | О. | О. | m | initials
Мария К. | К. | Мария |  | f |
Иванов Иван И. | Иванов | Иван | И. | m |
ГородовМ.Е. | Городов | М. | Е. | m | initials
иванова-петрова анна мария | Иванова-Петрова | Анна Мария |  | f | case
Кузнецова-Смирнова Анна-Мария | Кузнецова-Смирнова | Анна-Мария |  | f |
Иванова - Петрова Анна | Иванова-Петрова | Анна |  | f |
Салтыков-Щедрин Михаил Евграфович | Салтыков-Щедрин | Михаил | Евграфович | m |
Салтыков Щедрин Михаил Евграфович | Салтыков Щедрин | Михаил | Евграфович | m |
Мамедов Али Гасан оглы | Мамедов | Али | Гасан оглы | m |
МАМЕДОВ АЛИ ГАСАН ОГЛЫ | Мамедов | Али | Гасан оглы | m | case
Мамедов Али Гасан-оглы | Мамедов | Али | Гасан-оглы | m |
Али Гасан оглы Мамедов | Мамедов | Али | Гасан оглы | m |
Алиева Лейла Вагиф кызы | Алиева | Лейла | Вагиф кызы | f |
Алиева Лейла Алиевкызы | Алиева | Лейла | Алиевкызы | f |
Рахимов Тимур Азиз угли | Рахимов | Тимур | Азиз угли | m |
фон Мекк Надежда Филаретовна | фон Мекк | Надежда | Филаретовна | f |
ван Гог Винсент | ван Гог | Винсент |  | m |
Винсент Ван Гог | Ван Гог | Винсент |  | m |
ВАН ГОГ ВИНСЕНТ | ван Гог | Винсент |  | m | case
Шарль де Голль | де Голль | Шарль |  | m |
О'Нил Джон | О'Нил | Джон |  | m |
О’Хара Мария | О'Хара | Мария |  | f |
д'Артаньян Шарль | д'Артаньян | Шарль |  | m |
МакКинли Уильям | МакКинли | Уильям |  | m |
Аль-Асад Хафез | Аль-Асад | Хафез |  |  |
Bdfyjd Bdfy | Иванов | Иван |  | m | layout
Bdfyjd Bdfy Bdfyjdbx | Иванов | Иван | Иванович | m | layout
bdfyjd bdfy | Иванов | Иван |  | m | layout case
Gtnhjdf Jkmuf | Петрова | Ольга |  | f | layout
Bdfyjd B.B. | Иванов | И. | И. | m | layout initials
Bdfyjd B/B/ | Иванов | И. | И. | m | layout initials
;erjdf Fyyf | Жукова | Анна |  | f | layout case
Fk`yf Gtnhjdf | Петрова | Алёна |  | f | layout
Cидоров | Сидоров |  |  | m | look_alikes
Cидoрoв A.Б. | Сидоров | А. | Б. | m | look_alikes initials
Пeтpoв Ивaн | Петров | Иван |  | m | look_alikes
Ивaнoвa Aннa | Иванова | Анна |  | f | look_alikes
Ив0нова Анна | Ивонова | Анна |  | f | look_alikes
Ivanov Ivan | Иванов | Иван |  | m | transliterated
IVAN IVANOV | Иванов | Иван |  | m | transliterated
Iuliia Shcheglova | Щеглова | Юлия |  | f | transliterated
SERGEY SOLOVYEV | Соловьев | Сергей |  | m | transliterated
Vladimir Vladimirovich Nabokov | Набоков | Владимир | Владимирович | m | transliterated
Dmitry Vasilyev | Васильев | Дмитрий |  | m | transliterated
Kseniia Dostoevskaya | Достоевская | Ксения |  | f | transliterated
Aleksandr Tchaikovsky | Чайковский | Александр |  | m | transliterated
Igor' Zhukov | Жуков | Игорь |  | m | transliterated
VeraPetrova | Петрова | Вера |  | f | transliterated
Tsoy Viktor | Цой | Виктор |  | m | transliterated
Oleg Melnik | Мелник | Олег |  | m | transliterated
Anna Moroz | Мороз | Анна |  | f | transliterated
Andreeva Olga | Андреева | Ольга |  | f | transliterated
Peter Ivanov | Иванов | Пётр |  | m | transliterated
Michael Petrovich Sidorov | Сидоров | Михаил | Петрович | m | transliterated
Wladimir Iwanow | Иванов | Владимир |  | m | transliterated
John Smith | Smith | John |  |  | unknown_words order_guessed
Alexander Smith | Smith | Alexander |  |  | unknown_words order_guessed
David Bowie | Bowie | David |  |  | unknown_words order_guessed
Boris Johnson | Johnson | Boris |  |  | unknown_words order_guessed
Peter Parker | Parker | Peter |  |  | unknown_words order_guessed
Mark Twain | Twain | Mark |  |  | unknown_words order_guessed
Darth Vader | Vader | Darth |  |  | unknown_words order_guessed
Luke Skywalker | Skywalker | Luke |  |  | unknown_words order_guessed
Michael | Michael |  |  |  | unknown_words
Смит John | Смит | John |  |  |
Дарт Вейдер | Вейдер | Дарт |  |  | unknown_words
Асока Тано | Тано | Асока |  |  | unknown_words order_guessed
Квай-Гон Джинн | Джинн | Квай-Гон |  |  | unknown_words order_guessed
Лея Органа | Органа | Лея |  | f |
Мон Мотма | Мотма | Мон |  |  | unknown_words order_guessed
Хан Соло | Соло | Хан |  |  | unknown_words order_guessed
Оби-Ван Кеноби | Кеноби | Оби-Ван |  |  | unknown_words order_guessed
Люк Скайуокер | Скайуокер | Люк |  | m |
Мусатов Анна | Мусатов | Анна |  | f | gender_mismatch
Соловьев Александра | Соловьев | Александра |  | f | gender_mismatch
Иванов Иван Петровна | Иванов | Иван | Петровна | f | gender_mismatch
Раки Анна | Раки | Анна |  | f |
Ярослав Анастасия | Ярослав | Анастасия |  | f | order_guessed
Штырель Ольга | Штырель | Ольга |  | f |
Темничева Елена | Темничева | Елена |  | f |
Шевченко Тарас | Шевченко | Тарас |  | m |
Шевченко Александра | Шевченко | Александра |  | f |
Черных Анна | Черных | Анна |  | f |
Седых Иван Петрович | Седых | Иван | Петрович | m |
Ким Александр | Ким | Александр |  | m |
Ли Мария | Ли | Мария |  | f |
Цой Виктор Робертович | Цой | Виктор | Робертович | m |
Нгуен Ван Тхань | Нгуен | Ван Тхань |  |  |
Гоголь Николай Васильевич | Гоголь | Николай | Васильевич | m |
Дюма Александр | Дюма | Александр |  | m |
Петросян Тигран | Петросян | Тигран |  | m |
Саакашвили Михаил | Саакашвили | Михаил |  | m |
Берия Лаврентий Павлович | Берия | Лаврентий | Павлович | m |
Окуджава Булат Шалвович | Окуджава | Булат | Шалвович | m |
Бабич Анна Ивановна | Бабич | Анна | Ивановна | f |
Абрамович Роман Аркадьевич | Абрамович | Роман | Аркадьевич | m |
Роман Аркадьевич Абрамович | Абрамович | Роман | Аркадьевич | m |
Толстой Лев Николаевич | Толстой | Лев | Николаевич | m |
Лев Толстой | Толстой | Лев |  | m |
Пётр Ёлкин | Ёлкин | Пётр |  | m |
Артём Королёв | Королёв | Артём |  | m |
Семенова Алёна | Семенова | Алёна |  | f |
Данила Багров | Багров | Данила |  | m |
Никита Михалков | Михалков | Никита |  | m |
Илья Муромец | Муромец | Илья |  | m |
Саша Петрова | Петрова | Саша |  | f |
Саша Петров | Петров | Саша |  | m |
Саша Ким | Ким | Саша |  |  | ambiguous_short_name
Женя Черных | Черных | Женя |  |  | ambiguous_short_name
Катя Лель | Лель | Катя |  | f |
Вова Иванов | Иванов | Вова |  | m |
Слава Петров | Петров | Слава |  | m |
Саша |  | Саша |  |  | ambiguous_short_name
Мария Ивановна |  | Мария | Ивановна | f |
Мария |  | Мария |  | f |
Иванова | Иванова |  |  | f |
Ивановна |  |  | Ивановна | f |
Иванов Петрович | Иванов |  | Петрович | m |
Кузьмич |  |  | Кузьмич | m |
ИвановИван Иванович | Иванов | Иван | Иванович | m | glued
ИВАНОВИВАН ИВАНОВИЧ | Иванов | Иван | Иванович | m | glued case
ИвановИванИванович | Иванов | Иван | Иванович | m | glued
МаксимПетров | Петров | Максим |  | m | glued
Иванов Иван (волонтёр) | Иванов | Иван |  | m | set_aside
Иванов Иван - жертвователь | Иванов | Иван |  | m | set_aside
Иванов Иван !!! | Иванов | Иван |  | m |
Иванов Иван * | Иванов | Иван |  | m |
Иванов Иван, пенсионер | Иванов | Иван |  | m | set_aside
Иванов Иван Иванович просил перезвонить | Иванов | Иван | Иванович | m | set_aside
д-р Петров Иван | Петров | Иван |  | m | set_aside
г-жа Иванова | Иванова |  |  | f | set_aside
тов. Сухов Фёдор | Сухов | Фёдор |  | m | set_aside
к.м.н. Иванов Иван | Иванов | Иван |  | m | set_aside
депутат Иванов И.И. | Иванов | И. | И. | m | set_aside initials
Иванов Иван +79161234567 | Иванов | Иван |  | m | set_aside
Иванов Иван ivan@mail.ru | Иванов | Иван |  | m | set_aside
Иванов Иван 1970 | Иванов | Иван |  | m | set_aside
Петрова (Сидорова) Мария Ивановна | Петрова | Мария | Ивановна | f | former_surname
Петрова Мария Ивановна (урожд. Сидорова) | Петрова | Мария | Ивановна | f | former_surname
Петрова Мария (в девичестве Ким) | Петрова | Мария |  | f | former_surname
Александр (Саша) Петров | Петров | Александр |  | m | set_aside
Иванов, Иван Иванович | Иванов | Иван | Иванович | m |
Иванов,Иван | Иванов | Иван |  | m |
ИП Иванов Пётр Сергеевич | Иванов | Пётр | Сергеевич | m | set_aside
Иванов И.И., ИП | Иванов | И. | И. | m | set_aside initials
Петрова Анна / ТСЖ | Петрова | Анна |  | f | set_aside
Хосе Мария Гарсиа Маркес | Гарсиа Маркес | Хосе Мария |  | m |
Иванов Иван 😀 | Иванов | Иван |  | m |
"""
ROWS = [[field.strip() for field in line.split("|")] for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_reads_the_name(row):
    cell, surname, given_name, patronymic, gender, codes = row
    name = parse_name(cell)
    assert [name.surname, name.given_name, name.patronymic, name.gender] == [
        surname,
        given_name,
        patronymic,
        gender,
    ]
    assert [reason.code for reason in (*name.changes, *name.doubts)] == codes.split()
    assert name.original == cell


def test_the_table_is_long_enough_to_mean_something():
    assert len({row[0] for row in ROWS}) >= 120


@pytest.mark.parametrize(
    "cell",
    [
        "  Иванов   Иван  ",
        "Ивано\u0301в Ива\u0301н",
        "Иванов\u200b Иван",
        "Ива\u00adнов Иван",
        "Иванов\xa0Иван",
        "Иванов\nИван",
    ],
)
def test_what_cannot_be_seen_does_not_matter(cell):
    name = parse_name(cell)
    assert (name.surname, name.given_name) == ("Иванов", "Иван")
    assert name.original == cell

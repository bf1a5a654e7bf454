"""Forms for searching and comparing, the tables they rest on, and the letters themselves."""

import pytest

from veche.names import fold, full_forms, lexicon, name_key, reasons, search_forms, switch_layout, title_case
from veche.names.surnames import for_gender, plural_to_nominative
from veche.names.text import looks_cased
from veche.names.transliteration import to_cyrillic


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Артём   КОРОЛЁВ ", "артем королев"),
        ("Cидоров", "сидоров"),
        ("Иванова-Петрова", "иванова петрова"),
        ("ivanov@mail.ru", "ivanov@mail.ru"),
        ("+7 (916) 123", "+7 916 123"),
        ("O'Neil", "o neil"),
        ("«Ромашка», ООО", "ромашка ооо"),
        ("", ""),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bdfyjd", "иванов"),
        ("Bdfyjd B/", "Иванов И."),
        (";erjdf", "жукова"),
        ("шмфтщм@ьфшдюкг", "ivanov@mail.ru"),
        ("123", "123"),
    ],
)
def test_switch_layout(typed, meant):
    assert switch_layout(typed) == meant


def test_search_forms_hold_what_may_have_been_meant():
    assert "иванов" in search_forms("bdfyjd")
    assert "иванов" in search_forms("Ivanov")
    assert "алена" in search_forms("Алёна")
    assert search_forms("") == ()


def test_full_forms():
    assert full_forms("Саша") == ("Александр", "Александра")
    assert full_forms("саша") == ("Александр", "Александра")
    assert full_forms("Пётр") == full_forms("Петр") == ("Пётр",)
    assert "Вячеслав" in full_forms("Слава") and "Станислав" in full_forms("Слава")
    assert full_forms("Квай-Гон") == ("Квай-Гон",)
    assert full_forms(" ") == ()


def test_name_key_joins_spellings_and_keeps_people_apart():
    assert name_key("Королёв", "Артём") == name_key("КОРОЛЕВ", "артем")
    assert name_key("Иванова", "Наталья", "Ивановна") == name_key("Иванова", "Наталия", "Ивановна")
    assert name_key("Иванов", "Иван") != name_key("Иванов", "Илья")
    assert name_key("Иванов", "", "Иванович") != name_key("Иванов", "Иванович")
    assert name_key("", "") == ""


@pytest.mark.parametrize(
    ("word", "cased"),
    [
        ("ИВАНОВА-ПЕТРОВА", "Иванова-Петрова"),
        ("о'нил", "О'Нил"),
        ("ОГЛЫ", "оглы"),
        ("гасан-ОГЛЫ", "Гасан-оглы"),
        ("ёлкин", "Ёлкин"),
    ],
)
def test_title_case(word, cased):
    assert title_case(word) == cased
    assert looks_cased(cased)


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("ivanov", "иванов"),
        ("iuliia", "юлия"),
        ("solovyev", "соловьев"),
        ("tchaikovsky", "чайковский"),
        ("yeltsin", "ельцин"),
        ("shcheglova", "щеглова"),
        ("nikolayevna", "николаевна"),
        ("petrova-vodkina", "петрова-водкина"),
        ("", ""),
        ("x" * 99, ""),
    ],
)
def test_transliteration(latin, cyrillic):
    assert to_cyrillic(latin)[0] == cyrillic


def test_every_name_transliterated_by_the_passport_office_comes_back():
    import iuliia

    lost = []
    for name, _gender in lexicon.first_names().values():
        back = to_cyrillic(iuliia.ICAO_DOC_9303.translate(name))[0]
        if lexicon.fold_word(back) != lexicon.fold_word(name):
            lost.append((name, back))
    assert len(lost) <= len(lexicon.first_names()) * 0.02, lost


@pytest.mark.parametrize(
    ("surname", "man", "woman"),
    [
        ("Петровы", "Петров", "Петрова"),
        ("Белинские", "Белинский", "Белинская"),
        ("Иванова", "Иванов", "Иванова"),
        ("Ильин", "Ильин", "Ильина"),
        ("Черных", "Черных", "Черных"),
        ("Ким", "Ким", "Ким"),
        ("Петрова-Водкина", "Петров-Водкин", "Петрова-Водкина"),
    ],
)
def test_surnames_of_a_family(surname, man, woman):
    assert for_gender(surname, "m") == man
    assert for_gender(surname, "f") == woman
    assert for_gender(surname, "") == surname


def test_plural_surnames():
    assert plural_to_nominative("Ивановых") == "Ивановы"
    assert plural_to_nominative("Белинских") == "Белинские"
    assert plural_to_nominative("Черных") == "Черных"


def test_the_tables_fit_together():
    names = lexicon.first_names()
    for short, owners in lexicon.short_names().items():
        for full, gender in owners:
            assert names[lexicon.fold_word(full)][1] in (gender, ""), (short, full)
    for spelling, stands_for in lexicon.canonical_spellings().items():
        assert stands_for in names, spelling


def test_every_reason_makes_a_sentence():
    for code in reasons.CHANGES:
        sentence = reasons.Change(code, "100% до", "после").sentence
        assert "100% до" in sentence
    for code in reasons.DOUBTS:
        assert reasons.Doubt(code).sentence

"""What a row says, in normal forms: the same for all spellings of the same, and never an exception."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veche.addresses import house_of, parse, street_name_key, town_key
from veche.contacts.dates import parse_date
from veche.dedupe.finding import Evidence, evidence_of, read_evidence
from veche.dedupe.finding.headings import UnknownColumns, columns_of, reader_of
from veche.dedupe.finding.processes import PORTION, read_in_processes

_FORMS = ("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y")


def read(**cells) -> Evidence:
    return read_evidence("1", **cells)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Анна Сергеевна Крылатова", "КРЫЛАТОВА АННА СЕРГЕЕВНА"),
        ("Крылатова Анна Сергеевна", "Rhskfnjdf Fyyf Cthuttdyf"),  # in the wrong layout
        ("Семёнова Алёна", "Семенова Алена"),
        ("Ковалёв Пётр", "Kovalev Petr"),
    ],
)
def test_one_person_written_otherwise_is_the_same(one, other):
    assert read(name=one)[1:] == read(name=other)[1:]


def test_a_short_name_stands_for_all_its_full_ones():
    assert set(read(name="Морошкин Саша").givens.split("|")) >= {"александр"}
    assert read(name="Морошкина Саша").surname == read(name="Морошкин Александр").surname


def test_a_double_surname_and_a_maiden_one_are_kept_beside():
    assert (
        read(name="Ветрова (Листопадова) Нина").former
        or "листопадов" in read(name="Ветрова (Листопадова) Нина").surname
    )
    assert set(read(name="Ветрова-Листопадова Нина").former.split("|")) == {"ветров", "листопадов"}


def test_phones_of_people_and_of_flats_are_told_apart():
    told = read(phones="8 916 555-12-34, 8 (495) 123-45-67, 44-55-66")
    assert (told.phones, told.lines) == ("79165551234", "74951234567|445566")


def test_a_number_that_lost_a_digit_is_kept_as_broken():
    assert read(phones="8 916 555-12-3").broken == "916555123"
    assert read(phones="8 916 555-12-3").phones == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna.K+news@gmail.com", "annak@googlemail.com"),
        ("v.listopad@ya.ru", "v-listopad@yandex.ru"),
        ("mailto:Nina@mail.ru", "nina@mail.ru"),
    ],
)
def test_one_mailbox_is_the_same_however_written(one, other):
    assert read(emails=one).emails == read(emails=other).emails != ""


def test_an_address_for_nobody_says_nothing():
    assert read(emails="test@test.ru").emails == ""


@pytest.mark.parametrize(
    "note", ["vk.com/anna_k", "https://vk.com/Anna_K, звонить вечером", "ВК: anna_k", "@anna_k"]
)
def test_an_account_is_read_out_of_the_note(note):
    assert read(note=note).socials == "anna_k"


@pytest.mark.parametrize(
    ("cell", "told"),
    [("05.03.1984", ("1984", "3", "5")), ("1984", ("1984", "", "")), ("01.01.1984", ("1984", "", "")),
     ("01.01.1970", ("", "", ""))],
)  # fmt: skip
def test_the_first_of_january_is_what_clerks_write_who_know_no_day(cell, told):
    assert read(birthday=cell)[-7:-4] == told


@pytest.mark.parametrize("house", ["12 корп. 3", "12к3", "12/3"])
def test_one_house_is_the_same_however_written(house):
    assert read(address=f"г. Тверь, ул. Садовая, д. {house}, кв. 8")[-4:] == ("тверь", "садовая", "12к3", "8")


def test_a_stored_contact_and_a_row_of_a_file_say_the_same():
    address = "г. Тверь, ул. Садовая, д. 12 корп. 3, кв. 8"
    parsed = parse(address)
    stored = evidence_of(
        "1",
        surname="Крылатова",
        given_name="Анна",
        patronymic="Сергеевна",
        gender="f",
        phones=["+79165551234", "+74951234567"],
        emails=["Anna.K@gmail.com"],
        birthday=(1984, 3, 5),
        town=town_key(parsed),
        street=street_name_key(parsed),
        house=house_of(parsed),
        flat=parsed.flat,
    )
    assert stored == read(
        name="Крылатова Анна Сергеевна",
        phones="8 916 555-12-34; 8 495 123-45-67",
        emails="annak@gmail.com",
        birthday="5.3.1984",
        address=address,
    )


@given(
    st.text(max_size=60), st.text("+0123456789 ()-,", max_size=40), st.text(max_size=40), st.text(max_size=40)
)
def test_no_cell_is_too_odd(name, phones, emails, note):
    told = read(name=name, phones=phones, emails=emails, address=note, birthday=phones, note=note)
    assert all(isinstance(part, str) for part in told)


def test_columns_are_known_by_their_headings():
    assert columns_of(["№", "ФИО", "Телефон", "E-mail", "Адрес", "Дата рождения", "Комментарий"]) == {
        "name": 1, "phones": 2, "emails": 3, "address": 4, "birthday": 5, "note": 6,
    }  # fmt: skip
    assert columns_of(["id", "X", "Кто"], ["name=Кто"])["name"] == 2


@pytest.mark.parametrize(("heading", "told"), [(["id", "Сумма"], []), (["id", "ФИО"], ["phones=Сумма"])])
def test_a_file_without_names_or_such_a_column_is_refused(heading, told):
    with pytest.raises(UnknownColumns):
        columns_of(heading, told)


def test_a_list_in_parts_is_read_as_well():
    heading = ["id", "given_name", "surname", "street_number", "address_1", "date_of_birth", "soc_sec_id"]
    told = reader_of(columns_of(heading))(["7", "mia", "lindgren", "12", "oak road", "19840305", "123"])
    assert told == Evidence(
        id="7", surname="lindgren", given="mia", givens="mia", socials="№123", year="1984", month="3", day="5",
        street="oak road", house="12",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("1969-04s03", ("1969", "4", "3")),
        ("1978-80-25", ("1978", "", "25")),
        ("196-10-06", ("", "10", "6")),
        ("1978-02-31", ("1978", "2", "31")),
        ("19781305", ("1978", "", "5")),
        ("yesterday", ("", "", "")),
    ],
)
def test_a_slip_in_a_date_leaves_its_other_parts_told(cell, told):
    row = reader_of(columns_of(["id", "surname", "date_of_birth"]))(["7", "lindgren", cell])
    assert (row.year, row.month, row.day) == told


def test_a_town_that_is_missing_is_not_replaced_by_its_postcode():
    read_row = reader_of(columns_of(["id", "surname", "city", "zipcode"]))
    assert [read_row(["7", "lindgren", town, "4558"]).town for town in ("Anytown", "")] == ["anytown", ""]
    assert reader_of(columns_of(["id", "surname", "zipcode"]))(["7", "lindgren", "4558"]).town == "4558"


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2009, 12, 31)), st.sampled_from(_FORMS))
def test_a_usual_date_is_read_by_the_short_way_as_by_the_long_one(day, form):
    long = parse_date(f" {day.strftime(form)}")
    parts = (long.year, long.month, long.day)
    assert read(birthday=day.strftime(form)) == evidence_of("1", birthday=parts)


def test_rows_read_by_several_processes_come_in_their_order_and_as_one_reads_them():
    rows = [[str(number), f"Иванов Пётр {number}", "8 912 345-67-89"] for number in range(PORTION * 2 + 5)]
    portions = list(read_in_processes(rows, {"name": 1, "phones": 2}))
    together = [Evidence(**row) for portion in portions for row in portion.to_pylist()]
    assert [each.id for each in together] == [row[0] for row in rows]
    assert together[-1] == read_evidence(rows[-1][0], name=rows[-1][1], phones=rows[-1][2])

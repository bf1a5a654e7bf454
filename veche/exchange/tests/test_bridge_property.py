"""Random people, random edits at home: the differences are exactly those edits, and what is not accepted stays."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from veche.accounts.testing import actor_of
from veche.contacts.models import Contact
from veche.contacts.testing import make_person
from veche.exchange.actions import bridging
from veche.exchange.bridge.columns import chosen
from veche.exchange.bridge.texts import texts
from veche.exchange.bridge.values import key
from veche.exchange.models import BridgeCell
from veche.exchange.tests.bridge_home import applied, edited, taken_home, undone

pytestmark = pytest.mark.django_db(transaction=False)
CODES = ("surname", "given_name", "patronymic", "phone", "email", "birthday", "tags", "address")
WORDS = ("Органа", "Соло", "Тано", "Эрсо", "Фетт", "Рен", "Финн", "По")
NUMBERS = st.integers(0, 99).map(lambda n: f"+7 904 000-27-{n:02}")
MAILS = st.sampled_from([f"p{n}@example.org" for n in range(8)])
DAYS = st.dates(dt.date(1930, 1, 1), dt.date(2005, 1, 1)).map(lambda day: f"{day:%d.%m.%Y}")


def several(values):
    return st.lists(values, max_size=3, unique=True).map("; ".join)


CELLS = {
    "surname": st.sampled_from(WORDS),  # somebody always keeps a surname
    "given_name": st.sampled_from(("", *WORDS)),
    "patronymic": st.sampled_from(("", *WORDS)),
    "phone": several(NUMBERS),
    "email": several(MAILS),
    "birthday": st.one_of(st.just(""), DAYS, st.sampled_from(["03.11", "11.1980", "1980"])),
    "tags": several(st.sampled_from(["джедай", "пилот", "сенатор"])),
    "address": several(st.sampled_from(["Москва, ул. Мира, д. 1", "Химки, д. 5", "Тверь, д. 7, кв. 9"])),
}
EDITS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(CODES)).flatmap(
        lambda at: st.tuples(st.just(at[0]), st.just(at[1]), CELLS[at[1]], st.booleans())
    ),
    max_size=12,
    unique_by=lambda edit: edit[:2],
)


def standing(by, columns):
    said = texts(by, list(Contact.objects.values_list("pk", flat=True)), columns)
    return {(who, code): shown for who, one in said.items() for code, shown in one.cells.items()}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EDITS, st.randoms(use_true_random=False))
def test_the_differences_are_the_edits_and_only_what_is_accepted_is_written(edits, random):
    by = actor_of("coordinator")
    Contact.objects.all().delete()
    people = [
        make_person(f"{name} Имя{n}", by=by, phone=f"8 904 000-27-{n}0") for n, name in enumerate(WORDS[:4])
    ]
    columns = {column.code: column for column in chosen([], CODES)}
    before = standing(by, columns.values())
    order = sorted(before, key=lambda at: CODES.index(at[1]))
    assert order
    sheet = taken_home(by, CODES, sort="oldest")

    def edit(table):
        for who, code, text, _accept in edits:
            table[1 + who][1 + CODES.index(code)] = text
        rows = table[1:]
        random.shuffle(rows)
        return [table[0], *rows]

    returned = edited(by, sheet, edit)
    assert returned.state == "compared", returned.error

    def same(code, shown, text):
        column = columns[code]
        typed = [each for each in text.split("; ") if each] if column.is_many else text
        return key(column, shown) == key(column, typed)

    wanted = {
        (people[who].pk, code): (text, accept)
        for who, code, text, accept in edits
        if not same(code, before[people[who].pk, code], text)
    }
    found = {(cell.contact_id, cell.code): cell for cell in BridgeCell.objects.filter(batch=returned)}
    assert found.keys() == wanted.keys()
    assert all(cell.kind == "change" for cell in found.values())
    for at, (_text, accept) in wanted.items():
        decision = "accept" if accept else "reject"
        bridging.decide(by=by, returned=returned, decision=decision, where={"id": found[at].pk})
    accepted = {at: text for at, (text, accept) in wanted.items() if accept}
    if not accepted:
        return
    returned = applied(by, returned)
    assert returned.state == "applied", returned.error
    after = standing(by, columns.values())
    for at, shown in after.items():
        if at in accepted:
            assert same(at[1], shown, accepted[at])
        else:
            assert shown == before[at]
    undone(by, returned)
    now = standing(by, columns.values())
    assert {at: key(columns[at[1]], shown) for at, shown in now.items()} == {
        at: key(columns[at[1]], shown) for at, shown in before.items()
    }

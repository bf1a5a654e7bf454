"""`veche bench import`: 100 000 dirty rows into the base, end to end, beside what others do in the same run."""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
import psutil
import rustpy_xlsxwriter
from django.db import connection, transaction

from veche.accounts.queries import every_permission
from veche.contacts.models import Contact, ContactPoint, Membership, Origin
from veche.contacts.naming import key_of
from veche.core.actor import SHELL, Actor
from veche.core.background import run_job
from veche.core.measuring import Figure, bench_group
from veche.core.refusal import Refusal
from veche.exchange import actions, bench_export, bench_undo, queries  # noqa: F401  they register their groups
from veche.exchange.actions.setup import plans_of
from veche.exchange.mapping import Converter, Options
from veche.exchange.models import Import
from veche.exchange.reading import open_source

ROWS = 100_000
LOOP_ROWS = 500
CAPTIONS = ("№", "ФИО", "Телефон", "E-mail", "Адрес", "Дата рождения", "Комментарий")
SURNAMES = (
    "Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов Новиков Фёдоров Морозов Волков".split()
)
MEN = "Александр Сергей Дмитрий Андрей Алексей Максим Евгений Иван Михаил Владимир Пётр Артём".split()
FATHERS = "Александров Сергеев Дмитриев Андреев Алексеев Иванов Михайлов Владимиров".split()
STREETS = ("ул. Ленина", "пр-т Мира", "ул 8 Марта", "наб. р. Фонтанки", "Б. Садовая", "мкр Северный")
KEYS = str.maketrans("йцукенгшщзхъфывапролджэячсмитьбю", "qwertyuiop[]asdfghjkl;'zxcvbnm,.")


def dirty_rows(count: int, known: list[tuple[str, str]], seed: int = 1) -> Iterator[dict[str, Any]]:
    """Rows with every defect we know: `known` are (name, phone) of people in the base, who make a third of them."""
    dice = random.Random(seed)
    last: tuple[str, str] = ("", "")
    for number in range(1, count + 1):
        luck = dice.random()
        if luck < 0.04 and last[0]:
            name, phone = last
        elif luck < 0.33 and known:
            name, phone = dice.choice(known)
        else:
            root = dice.choice(SURNAMES) if dice.random() < 0.3 else f"{_syllables(dice)}ов"
            name = f"{root} {dice.choice(MEN)} {dice.choice(FATHERS)}ич"
            phone = f"+79{dice.randrange(10**9):09}"
        last = (name, phone)
        yield dict(
            zip(
                CAPTIONS,
                (
                    number,
                    _spoilt_name(dice, name),
                    _spelt_phone(dice, phone),
                    _email(dice, number),
                    f"{dice.choice(STREETS)} д.{dice.randrange(1, 150)}, кв {dice.randrange(1, 300)}",
                    _date(dice),
                    dice.choice(("", "", "", "сторонник", "старший по дому", "не звонить после 20")),
                ),
                strict=True,
            )
        )


def _syllables(dice: random.Random) -> str:
    return "".join(
        dice.choice("бвгдклмнпрст") + dice.choice("аеиоу") for _ in range(3)
    ).title() + dice.choice("лнрт")


def _spoilt_name(dice: random.Random, name: str) -> str:
    surname, given, *rest = name.split()
    father = rest[0] if rest else ""
    match dice.randrange(20):
        case 0 | 1:
            return name.upper()
        case 2:
            return name.lower()
        case 3:
            return f"{surname} {given[0]}.{father[:1]}."
        case 4 | 5:
            return f"{given} {surname}"
        case 6:
            return name.lower().replace("ё", "е").translate(KEYS)
        case 7:
            return name.replace("о", "o").replace("а", "a")
        case 8:
            return f"  {surname}  {given} {father} (сын)"
        case 9 | 10 | 11:
            return f"{surname} {given}"
    return name


def _spelt_phone(dice: random.Random, phone: str) -> Any:
    digits = phone[2:]
    match dice.randrange(10):
        case 0:
            return float("7" + digits)
        case 1:
            return f"8 ({digits[:3]}) {digits[3:6]}-{digits[6:8]}-{digits[8:]}"
        case 2:
            return digits
        case 3:
            return f"8{digits} / 8{dice.randrange(9000000000, 9999999999)} жена"
        case 4:
            return "нет"
        case 5:
            return f"8-{digits[:3]}-{digits[3:6]}-{digits[6:]} доб. 12"
    return phone


def _email(dice: random.Random, number: int) -> str:
    return f"User{number}.{dice.randrange(10**6)}@Mail.ru" if dice.random() < 0.3 else ""


def _date(dice: random.Random) -> Any:
    day, month, year = dice.randrange(1, 29), dice.randrange(1, 13), dice.randrange(1940, 2005)
    return dice.choice(
        (
            f"{day:02}.{month:02}.{year}",
            f"{day}.{month}.{year % 100:02}",
            str(year),
            "",
            "",
            f"{year}-{month:02}-{day:02}",
        )
    )


class Memory:
    """The peak resident memory of this process and its children, each by itself, in MB."""

    def __init__(self) -> None:
        self.peak = 0.0
        self._over = threading.Event()

    def __enter__(self) -> Memory:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def _watch(self) -> None:
        me = psutil.Process()
        while not self._over.wait(0.1):
            for process in [me, *me.children(recursive=True)]:
                try:
                    self.peak = max(self.peak, process.memory_info().rss / 2**20)
                except psutil.NoSuchProcess:
                    continue

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()


@bench_group("import")
def measure(contacts: int) -> Iterator[Figure]:
    """The whole path for 100 000 rows of an .xlsx, then its rivals, then everything is undone."""
    rows = min(ROWS, max(contacts, 1000))
    by = Actor(name="bench", permissions=every_permission(), sees_all=True, via=SHELL)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dirty.xlsx"
        rustpy_xlsxwriter.write_worksheet(dirty_rows(rows, _known(rows)), str(path), sheet_name="Люди")
        with Memory() as memory:
            imported, seconds = _import(by, path)
        rate = rows / seconds
        yield Figure(name="reading by openpyxl", value=_openpyxl_rate(path), unit="rows/s")
        loop = _loop_rate(imported)
        yield Figure(name="row-by-row ORM loop", value=loop, unit="rows/s")
        yield Figure(
            name=f"import of {rows} dirty rows", value=seconds, unit="s", bar=60,
            ratio_to="row-by-row ORM loop, by rate", ratio=rate / loop,
        )  # fmt: skip
        yield Figure(
            name="import, rate", value=rate, unit="rows/s", ratio_to="row-by-row ORM loop", ratio=rate / loop
        )
        yield Figure(name="import, peak memory of a process", value=memory.peak, unit="MB", bar=600)
        yield _reading(path)
    began = time.monotonic()
    _run(actions.start_undo(by=by, imported=imported))
    yield Figure(name="undo of the import", value=time.monotonic() - began, unit="s")


def _known(rows: int) -> list[tuple[str, str]]:
    with connection.cursor() as sql:
        sql.execute(
            "SELECT c.name, p.value FROM contacts_contact AS c JOIN contacts_contactpoint AS p ON p.contact_id = c.id"
            " WHERE p.kind = 'phone' AND c.id %% 7 = 0 AND c.patronymic <> '' ORDER BY c.id LIMIT %s",
            [rows],
        )
        return sql.fetchall()


def _import(by: Actor, path: Path) -> tuple[Import, float]:
    began = time.monotonic()
    with path.open("rb") as file:
        imported = actions.upload_file(by=by, file=file, name=path.name)
    imported = _run(actions.start_check(by=by, imported=imported))
    imported = _run(actions.start_load(by=by, imported=imported, confirm_overwrites=True))
    return imported, time.monotonic() - began


def _run(imported: Import) -> Import:
    run_job(job_id=imported.job_id)
    imported.refresh_from_db()
    if imported.state not in (Import.State.CHECKED, Import.State.LOADED, Import.State.UNDONE):
        raise Refusal("bench.failed", f"The import stands at {imported.state}: {imported.error}")
    return imported


def _reading(path: Path) -> Figure:
    began = time.monotonic()
    source = open_source(path)
    count = sum(1 for _row in source.rows())
    source.close()
    rate = count / (time.monotonic() - began)
    slow = _openpyxl_rate(path)
    return Figure(name="reading", value=rate, unit="rows/s", ratio_to="openpyxl", ratio=rate / slow)


def _openpyxl_rate(path: Path, rows: int = 20_000) -> float:
    began = time.monotonic()
    book = openpyxl.load_workbook(path, read_only=True)
    count = sum(1 for _row in islice(book.worksheets[0].iter_rows(values_only=True), rows))
    book.close()
    return count / (time.monotonic() - began)


def _loop_rate(imported: Import) -> float:
    """What most CRMs do: for each row one look-up per key and one save per record. Nothing of it stays."""
    source = open_source(queries.file_path(imported))
    given = {
        name: imported.options[name] for name in Options.__dataclass_fields__ if name in imported.options
    }
    converter = Converter(plans_of(imported), Options(**given))
    rows = list(islice(source.rows(), LOOP_ROWS))
    source.close()
    began = time.monotonic()
    with transaction.atomic():
        for number, cells in rows:
            _save(converter.convert(number, cells), imported)
        transaction.set_rollback(True)
    return len(rows) / (time.monotonic() - began)


def _save(draft: Any, imported: Import) -> None:
    contact = None
    for point in draft.points:
        contact = (
            contact
            or Contact.objects.filter(points__kind=point["kind"], points__value=point["value"]).first()
        )
    if contact is None:
        contact = Contact.objects.create(
            surname=draft.surname, given_name=draft.given_name, patronymic=draft.patronymic, name=draft.name,
            name_key=key_of(draft.surname, draft.given_name, draft.patronymic), gender=draft.gender,
        )  # fmt: skip
    origin = Origin.objects.create(
        contact=contact, channel="import", batch_name=imported.name, batch_row=draft.row
    )
    for position, point in enumerate(draft.points):
        ContactPoint.objects.get_or_create(
            contact=contact, kind=point["kind"], value=point["value"], extension=point.get("extension", ""),
            defaults={"position": position, "origin": origin},
        )  # fmt: skip
    for address in draft.addresses:
        contact.addresses.get_or_create(text=address["text"])
    if imported.campaign_id:
        Membership.objects.get_or_create(contact=contact, campaign_id=imported.campaign_id)

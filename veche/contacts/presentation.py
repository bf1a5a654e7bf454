"""What a presentation shows instead of people: names of a galaxy far away, numbers and addresses that nobody has.

Each invention is made of the row's number (of a phone or an e-mail: of itself, so that those who share one still do)
and the secret of the installation. Surnames are none that anybody bears; codes of phones none that are given out; the
domain is reserved (RFC 2606).
"""

from __future__ import annotations

from collections.abc import Sequence

from veche.core import presenting

SURNAMES = (
    "Скайуокеров", "Амидалов", "Кенобиев", "Калриссианов", "Антиллесов", "Дарклайтеров", "Таркинов", "Вейдеров",
    "Палпатинов", "Виндуев", "Дамеронов", "Синдуллов", "Бриджеров", "Джаррусов", "Ундулин", "Секуров", "Фреттов",
    "Хаттов", "Мандалоров", "Татуинов", "Корусантов", "Набуев", "Кореллов", "Альдераанов", "Эндоров", "Кашийков",
    "Дагобин", "Беспинов", "Скарифов", "Джеддин", "Лотальев", "Явинов", "Мустафаров", "Джакков", "Рилотов",
    "Чандриллов",
    "Кесселев", "Фелуцианов", "Онделонов", "Датомиров", "Малакоров", "Илумов", "Крайтов", "Экзегольев", "Батуев",
    "Ферриксов", "Гозанов", "Сабаккин", "Криффов", "Вомпов", "Джавин", "Гунганов", "Вукиев", "Тойдариев", "Твилеков",
)  # fmt: skip
PREFIXES = ("", "Ново", "Старо", "Звёздно")
MEN = (
    "Лука", "Хан", "Энакин", "Бейл", "Ландо", "Ведж", "Биггс", "Кассиан", "Бодхи", "Чиррут", "Оуэн", "Квинлан",
    "Мейс",
    "Кит", "Пло", "Кайл", "Эзра", "Кэнан", "Дин", "Финн", "Галлиус", "Орсон", "Гален", "Тоби",
)  # fmt: skip
WOMEN = (
    "Лея", "Падме", "Асока", "Рей", "Джин", "Гера", "Сабина", "Беру", "Шми", "Роза", "Лиара", "Майра", "Эйла", "Шаак",
    "Луминара", "Баррисс", "Вентра", "Кира", "Дорин", "Ньяма", "Тали", "Серена", "Мирель", "Эфира",
)  # fmt: skip
FATHERS = (
    "Анакин",
    "Беил",
    "Гален",
    "Оуэн",
    "Квайгон",
    "Эфраим",
    "Калеб",
    "Мандалор",
    "Чам",
    "Урс",
    "Йодан",
    "Ревен",
)
ORGANISATIONS = (
    "ТСЖ «Кантина»", "Фонд «Дети Джакку»", "ООО «Влагосбор»", "Газета «Вестник Корусанта»", "Приют «Банта»",
    "Библиотека имени Йоды", "Школа падаванов", "Клуб «Поды»", "Управа Сенатского района", "Артель «Джава»",
)  # fmt: skip
PLACES = (
    "Корусант, пр-т Сенатский", "Мос-Эйсли, ул. Татуинская", "Тид, наб. Королевы Бреи", "Альдера, ул. Хотская",
    "Коронет, б-р Рыцарей", "Лотал-Сити, пер. Кантинный", "Ханна, наб. Чандрильская", "Кашийик, ул. Вроширская",
)  # fmt: skip
NOTES = (
    "Просит звонить после заката обоих солнц.", "Готов наблюдать на своей станции.", "Знает всех в кантине.",
    "Спрашивает, когда откроют космопорт.", "Переезжает на Набу, адрес изменится.", "Хочет помогать с листовками.",
    "Лучше голограммой, чем письмом.", "Обещал привести двух падаванов.",
)  # fmt: skip
SOURCES = (
    "встреча в кантине",
    "сбор подписей на Корусанте",
    "голосеть",
    "рекомендация",
    "бот-дроид",
    "горячая линия",
)
CAUTION = "Просит не звонить в час медитации."
CODES = (943, 944, 945, 946, 972, 973, 974, 975)  # of mobile operators: none has them
AS_THEY_ARE = (
    "'gender', 'kind', 'status', 'responsible', 'territory', 'tag', 'campaign', 'caution_until', 'origin'"
)
KEPT_KEYS = "'id', 'role', 'since', 'until', 'purpose', 'validity', 'kind', 'position'"


def invent() -> None:
    """Tell core what to invent of people and what stays: the team's own words, and codes."""
    for function in (*_of_names(), *_of_values()):
        presenting.define(f"CREATE FUNCTION presentation.{function}")
    _people()
    _history()
    presenting.replace(
        "contacts_nameword", f'SELECT unnest({_array(_words())})::varchar(100) COLLATE "C" AS word'
    )
    # parts and keys of real addresses would tell them
    for table in ("contacts_addressreading", "contacts_knownstreet"):
        presenting.replace(table, f"SELECT * FROM public.{table} WHERE false")
    # and so would houses, and what is said of them
    for table in ("contacts_house", "contacts_houseelder", "contacts_houseentry", "contacts_pendinghouse"):
        presenting.replace(table, f"SELECT * FROM public.{table} WHERE false")
    for table in ("campaigns_campaign", "contacts_tag", "contacts_status", "contacts_rolekind"):
        presenting.leave_open(table, "name", "code")
    presenting.leave_open(
        "contacts_relationkind", "name", "code", "reverse_name", "reverse_code", "one_is", "other_is"
    )
    presenting.leave_open("contacts_household", "letter")
    presenting.invent("contacts_household", name="''")
    presenting.invent("contacts_relation", note="''")
    presenting.leave_open("contacts_ownfield", "key", "label", "choices")
    presenting.leave_open("contacts_undokept", "field", "event")
    presenting.leave_open("contacts_figure", "value")
    presenting.leave_open("contacts_finding", "key")
    presenting.leave_open("contacts_findingdismissal", "key")


def _people() -> None:
    parts = "real.kind, real.id, real.gender, real.surname, real.given_name, real.patronymic, real.name"
    presenting.invent(
        "contacts_contact",
        surname=_unless_blank("surname", "presentation.surname(real.id, real.gender)"),
        given_name=_unless_blank("given_name", "presentation.given_name(real.id, real.gender)"),
        patronymic=_unless_blank("patronymic", "presentation.patronymic(real.id, real.gender)"),
        name=f"presentation.name({parts})",
        name_as_given=_unless_blank("name_as_given", f"presentation.name({parts})"),
        name_key=f"presentation.name_key(presentation.name({parts}))",
        birth_year="CASE WHEN real.birth_year IS NOT NULL THEN 1936 + presentation.roll(real.id, 11) % 70 END",
        birth_month="CASE WHEN real.birth_month IS NOT NULL THEN 1 + presentation.roll(real.id, 12) % 12 END",
        birth_day="CASE WHEN real.birth_day IS NOT NULL THEN 1 + presentation.roll(real.id, 13) % 28 END",
        caution=_unless_blank("caution", f"'{CAUTION}'"),
        own="CASE WHEN real.own = '{}' THEN real.own ELSE presentation.own_values(real.own) END",
    )
    presenting.invent(
        "contacts_contactpoint",
        value="presentation.point(real.kind, real.value)",
        as_given=_unless_blank("as_given", "presentation.point(real.kind, real.value)"),
        extension="''",
    )
    presenting.invent("contacts_postaladdress", text="presentation.address(real.text)")
    presenting.invent("contacts_externalid", value="presentation.rolled(real.value, 31) % 1000000")
    presenting.leave_open("contacts_externalid", "system")


def _history() -> None:
    presenting.invent("contacts_note", text=_picked(NOTES, "presentation.roll(real.id, 41)"))
    presenting.invent(
        "contacts_origin",
        words=_unless_blank("words", _picked(SOURCES, "presentation.rolled(real.words, 42)")),
        collector=_unless_blank(
            "collector", "presentation.surname(presentation.rolled(real.collector, 43), 'm')"
        ),
        batch_name=_unless_blank("batch_name", "'№ ' || real.batch || '.xlsx'"),
    )
    told = "presentation.told(real.field, real.{0})"
    presenting.invent("contacts_fieldchange", before=told.format("before"), after=told.format("after"))
    presenting.leave_open("contacts_fieldchange", "field")
    presenting.invent("contacts_givenlist", name="'№ ' || real.id")
    presenting.invent(
        "core_job", subject=_unless_blank("subject", "'№ ' || COALESCE(real.object_id, real.id)")
    )


def _of_names() -> list[str]:
    """`name` is stable because concat_ws is: else the server could not put it into a query and would call it."""
    men = [prefix + (stem.lower() if prefix else stem) for prefix in PREFIXES for stem in SURNAMES]
    women = [f"{surname}а" for surname in men]  # all end in -ов, -ев or -ин
    given = "(given bigint, gender text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT"
    fathers = [[f"{name}ович" for name in FATHERS], [f"{name}овна" for name in FATHERS]]
    choice = "CASE WHEN presentation.is_woman(given, gender) THEN {} ELSE {} END $$"
    full = (
        "presentation.surname(given, gender) || ' ' || presentation.given_name(given, gender)"
        " || ' ' || presentation.patronymic(given, gender)"
    )
    return [
        "rolled(given text, salt int) RETURNS bigint LANGUAGE sql IMMUTABLE AS"
        " $$ SELECT hashtextextended(given, {seed} + salt) & 9223372036854775807 $$",
        "is_woman(given bigint, gender text) RETURNS boolean LANGUAGE sql IMMUTABLE AS"
        " $$ SELECT gender = 'f' OR (gender = '' AND presentation.roll(given, 21) % 2 = 0) $$",
        f"surname{given} {choice.format(_by_roll(women, 22), _by_roll(men, 22))}",
        f"given_name{given} {choice.format(_by_roll(WOMEN, 23), _by_roll(MEN, 23))}",
        f"patronymic{given} {choice.format(_by_roll(fathers[1], 24), _by_roll(fathers[0], 24))}",
        f"organisation(given bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT {_by_roll(ORGANISATIONS, 25)} $$",
        f"""name(kind text, given bigint, gender text, surname text, given_name text, patronymic text, whole text)
        RETURNS text LANGUAGE sql STABLE AS $$ SELECT CASE
            WHEN whole = '' THEN ''
            WHEN kind = 'organisation' THEN presentation.organisation(given) || ', ' || given
            WHEN surname = '' AND given_name = '' THEN {full}
            ELSE concat_ws(' ', CASE WHEN surname <> '' THEN presentation.surname(given, gender) END,
                           CASE WHEN given_name <> '' THEN presentation.given_name(given, gender) END,
                           CASE WHEN patronymic <> '' THEN presentation.patronymic(given, gender) END) END $$""",
        "name_key(whole text) RETURNS text LANGUAGE sql STABLE AS"
        " $$ SELECT translate(lower(whole), ' ё«»,', '|е') $$",
    ]


def _of_values() -> list[str]:
    phone = f"'+7' || {_picked([str(code) for code in CODES], 'presentation.rolled(given, 26)')}" + (
        " || lpad((presentation.rolled(given, 27) % 10000000)::text, 7, '0')"
    )
    house = "(1 + presentation.rolled(given, 28) % 140)"
    return [
        f"""point(kind text, given text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT CASE
            WHEN given = '' THEN ''
            WHEN kind = 'phone' THEN {phone}
            WHEN kind = 'whatsapp' THEN substr({phone}, 2)
            WHEN kind = 'email' THEN 'galaxy' || presentation.rolled(given, 29) % 1000000 || '@naboo.example'
            ELSE 'galaxy_' || presentation.rolled(given, 29) % 1000000 END $$""",
        f"""address(given text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT
            {_picked(PLACES, "presentation.rolled(given, 30)")} || ', д. ' || {house} $$""",
        """own_value(own_key text, given jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$ SELECT CASE
            WHEN jsonb_typeof(given) IN ('null', 'boolean', 'number') THEN given
            ELSE COALESCE((SELECT CASE field.type WHEN 'date' THEN '"2001-01-01"' WHEN 'choice' THEN given
                                  WHEN 'many_choices' THEN given WHEN 'money' THEN given
                                  ELSE presentation.veiled(given) END
                           FROM public.contacts_ownfield AS field WHERE field.key = own_key),
                          presentation.veiled(given)) END $$""",
        """own_values(given jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
            SELECT COALESCE(jsonb_object_agg(key, presentation.own_value(key, value)), '{}')
            FROM jsonb_each(CASE jsonb_typeof(given) WHEN 'object' THEN given ELSE '{}' END) $$""",
        f"""told(field text, given jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$ SELECT CASE
            WHEN given IS NULL OR field IN ({AS_THEY_ARE}) THEN given
            WHEN field LIKE 'birth%' THEN '"{presenting.MASK}"'
            WHEN field LIKE 'own.%' THEN presentation.own_value(substr(field, 5), given)
            WHEN jsonb_typeof(given) IN ('number', 'boolean', 'null') THEN given
            WHEN field IN ('phone', 'email', 'whatsapp') AND jsonb_typeof(given) = 'string'
                THEN to_jsonb(presentation.point(field, given #>> '{{}}'))
            WHEN jsonb_typeof(given) = 'object' THEN (
                SELECT COALESCE(jsonb_object_agg(key, CASE
                    WHEN key IN ({KEPT_KEYS}) THEN value
                    WHEN key = 'value' AND jsonb_typeof(value) = 'string'
                        THEN to_jsonb(presentation.point(field, value #>> '{{}}'))
                    WHEN key = 'extension' THEN '""' ELSE presentation.veiled(value) END), '{{}}')
                FROM jsonb_each(given))
            ELSE presentation.veiled(given) END $$""",
    ]


def _words() -> list[str]:
    """Words that invented names are made of, folded, for the search that corrects slips."""
    surnames = [prefix.lower() + stem.lower() for prefix in PREFIXES for stem in SURNAMES]
    fathers = [name + end for name in FATHERS for end in ("ович", "овна")]
    words = [*surnames, *(f"{surname}а" for surname in surnames), *MEN, *WOMEN, *fathers]
    return sorted({word.lower().replace("ё", "е") for word in words})


def _unless_blank(column: str, text: str) -> str:
    return f"CASE WHEN real.{column} = '' THEN '' ELSE {text} END"


def _by_roll(words: Sequence[str], salt: int) -> str:
    return _picked(words, f"presentation.roll(given, {salt})")


def _picked(words: Sequence[str], number: str) -> str:
    return f"({_array(words)})[1 + {number} % {len(words)}]"


def _array(words: Sequence[str]) -> str:
    """An array as one literal, which the server needn't put together for every row."""
    listed = ", ".join(f'"{word}"' for word in words)
    return f"'{{{listed}}}'::text[]"

"""A made-up base of any size for measuring, skewed as real ones are: a few surnames, campaigns and imports weigh most.

Everything is made by the server in sets, so that a million contacts take minutes. Nobody real is in it: names are put
together out of the commonest Russian ones and a long tail of invented surnames.
"""

from __future__ import annotations

from django.db import connection


def _words(text: str) -> list[str]:
    return text.split()


SURNAMES = _words(
    "Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов Новиков Фёдоров Морозов Волков Алексеев Лебедев "
    "Семёнов Егоров Павлов Козлов Степанов Николаев Орлов Андреев Макаров Никитин Захаров Зайцев Соловьёв Борисов "
    "Яковлев Григорьев Романов Воробьёв Сергеев Кузьмин Фролов Александров Дмитриев Королёв Гусев Киселёв Ильин "
    "Максимов Поляков Сорокин Виноградов Ковалёв Белов Медведев Антонов Тарасов Жуков Баранов Филиппов Комаров Давыдов "
    "Беляев Герасимов Богданов Осипов Сидоров Матвеев Титов Марков Миронов Крылов Куликов Карпов Власов Мельников "
    "Денисов Гаврилов Тихонов Казаков Афанасьев Данилов Савельев Тимофеев Фомин Чернов Абрамов Мартынов Ефимов Федотов "
    "Щербаков Назаров Калинин Исаев Чернышёв Быков Маслов Родионов Коновалов Лазарев Воронин Климов Филатов Пономарёв"
)
HEADS = _words(
    "Бар Вол Гор Дуб Жар Зим Кас Лук Мат Нар Пет Рад Сав Тал Фил Чер Шав Юр Яр Бел Кол Мур Тур Сев Раз Дем"
)
MIDDLES = _words("а о и ан ен ар ер ол ул ат ит иш аш ач ун ус им ом ян ав")
TAILS = _words("ов ев ин ов ев ин ко ников цов")
MEN = _words(
    "Александр Сергей Дмитрий Андрей Алексей Максим Евгений Иван Михаил Владимир Николай Артём Павел Роман Денис Антон "
    "Игорь Виктор Олег Юрий Илья Константин Виталий Василий Анатолий Вячеслав Никита Кирилл Егор Станислав"
)
WOMEN = _words(
    "Елена Ольга Наталья Татьяна Анна Ирина Екатерина Светлана Мария Анастасия Юлия Людмила Галина Марина Валентина "
    "Надежда Любовь Виктория Дарья Ксения Алёна Вера Нина Лариса Евгения Оксана Полина Тамара София Алина"
)
FATHERS = _words(
    "Александров Сергеев Дмитриев Андреев Алексеев Максимов Евгеньев Иванов Михайлов Владимиров Николаев Артёмов "
    "Павлов Романов Денисов Антонов Игорев Викторов Олегов Юрьев"
)
DOMAINS = _words("mail.ru mail.ru mail.ru yandex.ru yandex.ru gmail.com gmail.com bk.ru list.ru rambler.ru")
CODES = _words("903 904 905 906 909 910 911 912 915 916 917 921 926 950 961 962 977 981 985 999")
STREETS = _words(
    "Ленина Мира Садовая Советская Гагарина Лесная Школьная Победы Новая Набережная Зелёная Кирова"
)

TAIL_SURNAMES = len(HEADS) * len(MIDDLES) ** 2 * len(TAILS)
CAMPAIGNS = 12
BATCHES = 25

# pick(n, c): a number from 0 to n - 1, its likelihood falling as 1 / (number + c): Zipf's law with its head cut.
_SETUP = """
CREATE FUNCTION pg_temp.pick(n int, c float) RETURNS int LANGUAGE sql VOLATILE AS
$$ SELECT least(n - 1, floor(c * exp(random() * ln((n + c) / c)) - c)::int) $$
"""
_PEOPLE = """
INSERT INTO contacts_contact (kind, surname, given_name, patronymic, name, name_as_given, name_key, gender, birth_year,
                              caution, own, made_at, changed_at, revision, status_id, responsible_id)
SELECT 'person', surname, given, patronymic, name, name,
       replace(lower(concat_ws('|', surname, given, patronymic)), 'ё', 'е'), gender, 1940 + (n * 7) %% 65,
       '', '{}'::jsonb, made, CASE WHEN n %% 10 = 0 THEN made + interval '9 days' * random() ELSE made END, 1,
       CASE WHEN n %% 50 = 0 THEN %(rare_status)s WHEN n %% 3 > 0 THEN %(status)s END,
       CASE WHEN n %% 40 < 20 THEN (%(users)s::bigint[])[1 + n %% 4] END
FROM (
    SELECT n, gender, given, patronymic, surname, surname || ' ' || given || ' ' || patronymic AS name,
           now() - (%(size)s - n) * (interval '700 days' / %(size)s) AS made
    FROM (
        SELECT n, CASE WHEN female THEN 'f' ELSE 'm' END AS gender,
               CASE WHEN female THEN (%(women)s::text[])[1 + g %% 30] ELSE (%(men)s::text[])[1 + g %% 30] END AS given,
               (%(fathers)s::text[])[1 + f] || CASE WHEN female THEN 'на' ELSE 'ич' END AS patronymic,
               root || CASE WHEN female AND root !~ 'ко$' THEN 'а' ELSE '' END AS surname
        FROM (
            SELECT n, female, g, f,
                   CASE WHEN s < %(common)s THEN (%(surnames)s::text[])[1 + s]
                        ELSE (%(heads)s::text[])[1 + s %% 26] || (%(middles)s::text[])[1 + (s / 26) %% 20]
                             || (%(middles)s::text[])[1 + (s / 520) %% 20] || (%(tails)s::text[])[1 + (s / 10400) %% 9]
                   END AS root
            FROM (SELECT n, random() < 0.57 AS female, pg_temp.pick(30, 4) AS g, pg_temp.pick(20, 5) AS f,
                         pg_temp.pick(%(all)s, 10) AS s
                  FROM generate_series(%(first)s, %(last)s) AS n) AS dice
        ) AS rooted
    ) AS named
) AS people
"""
_PARTS = (
    """INSERT INTO contacts_contactpoint (contact_id, kind, value, as_given, extension, purpose, validity, note,
                                          position, made_at)
       SELECT id, 'phone', '+7' || (%(codes)s::text[])[1 + floor(random() * 20)::int]
              || lpad(floor(random() * 1e7)::bigint::text, 7, '0'), '', '', 'mobile', 'unchecked', '', 0, made_at
       FROM contacts_contact WHERE random() < 0.9""",
    """INSERT INTO contacts_contactpoint (contact_id, kind, value, as_given, extension, purpose, validity, note,
                                          position, made_at)
       SELECT id, 'email', substr(md5(id::text), 1, 5) || id || '@' || (%(domains)s::text[])[1 + id %% 10],
              '', '', '', 'unchecked', '', 0, made_at
       FROM contacts_contact WHERE random() < 0.45""",
    """INSERT INTO contacts_postaladdress (contact_id, text, purpose, validity, note, position, made_at)
       SELECT id, 'ул. ' || (%(streets)s::text[])[1 + id %% 12] || ', д. ' || 1 + id %% 120
              || ', кв. ' || 1 + id %% 300,
              '', 'unchecked', '', 0, made_at FROM contacts_contact WHERE id %% 10 < 6""",
    # the last campaign is the oldest tenth of the base: the hardest case for a list sorted by what is new
    """INSERT INTO contacts_membership (campaign_id, contact_id, since)
       SELECT campaign.id, contact.id, contact.made_at
       FROM contacts_contact AS contact, unnest(%(campaigns)s::bigint[]) WITH ORDINALITY AS campaign(id, n)
       WHERE CASE WHEN n = 12 THEN contact.id <= (SELECT min(id) + %(size)s / 10 FROM contacts_contact)
                  ELSE random() < 0.3 / (n * n) END""",
    """INSERT INTO contacts_tagassignment (tag_id, contact_id, made_at)
       SELECT tag.id, contact.id, contact.made_at
       FROM contacts_contact AS contact, unnest(%(tags)s::bigint[]) WITH ORDINALITY AS tag(id, n)
       WHERE random() < 0.2 / (n * n) + contact.id * 0 -- so that the die is cast for each contact""",
    """INSERT INTO contacts_contactrole (role_id, contact_id, note)
       SELECT %(role)s, id, '' FROM contacts_contact WHERE random() < 0.05""",
    """INSERT INTO contacts_origin (contact_id, channel, words, collector, batch, batch_name, batch_row, made_at)
       SELECT id, 'import', '', '', 1 + (id - first) * %(batches)s / %(size)s, 'подписи.xlsx', id, made_at
       FROM contacts_contact, (SELECT min(id) AS first FROM contacts_contact) AS span""",
    """INSERT INTO contacts_externalid (contact_id, system, value)
       SELECT id, '', 'Д-' || id FROM contacts_contact WHERE id %% 4 = 0""",
)


def make_base(size: int, *, chunk: int = 100_000) -> None:
    """Fill the empty base of the running database with `size` contacts; the same seed gives the same people."""
    given = _surroundings() | {
        "size": size, "surnames": SURNAMES, "heads": HEADS, "middles": MIDDLES, "tails": TAILS, "men": MEN,
        "women": WOMEN, "fathers": FATHERS, "common": len(SURNAMES), "all": len(SURNAMES) + TAIL_SURNAMES,
        "codes": CODES, "domains": DOMAINS, "streets": STREETS, "batches": BATCHES,
    }  # fmt: skip
    with connection.cursor() as sql:
        sql.execute("SET synchronous_commit = off")
        sql.execute("SELECT setseed(0.5)")
        sql.execute(_SETUP)
        for first in range(1, size + 1, chunk):
            sql.execute(_PEOPLE, given | {"first": first, "last": min(size, first + chunk - 1)})
        for part in _PARTS:
            sql.execute(part, given)
        sql.execute("VACUUM ANALYZE")


def _surroundings() -> dict[str, object]:
    """Users, campaigns, tags, a role and two statuses for the made-up contacts to belong to."""
    from veche.accounts.models import User
    from veche.campaigns.models import Campaign
    from veche.contacts.models import RoleKind, Status, Tag

    users = [User.objects.create(email=f"user{n}@example.org", name=f"Сотрудник {n}") for n in range(1, 5)]
    campaigns = [
        Campaign.objects.create(name=f"Кампания {n}", colour=1 + n % 6) for n in range(1, CAMPAIGNS + 1)
    ]
    tags = [Tag.objects.create(name=f"метка {n}", colour=1 + n % 6) for n in range(1, 21)]
    return {
        "users": [user.pk for user in users],
        "campaigns": [campaign.pk for campaign in campaigns],
        "tags": [tag.pk for tag in tags],
        "role": RoleKind.objects.order_by("position").values_list("pk", flat=True)[0],
        "status": Status.objects.get(code="active").pk,
        "rare_status": Status.objects.get(code="moved").pk,
    }

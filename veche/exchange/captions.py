"""What people write over a column, in both languages, and the target that each caption means.

`known_target` serves twice: the header row is the row with most known captions, and the mapping starts from it.
The tables are compared after `plain_caption`: lower case, ё as е, no punctuation. A caption of several rows
(«Контакты / моб») is tried whole, then by its parts, the last first.
"""

import re
from functools import lru_cache

_SAME = {
    "name.full": """
        фио | ф и о | ф и о полностью | фамилия имя отчество | фамилия имя | имя фамилия | имя отчество
        фамилия | фамилия и имя | имя и фамилия | фамилия инициалы | полное имя | контакт | контактное лицо
        | человек | участник | сторонник | подписант | донор | благотворитель | жертвователь | избиратель |
        житель | клиент | волонтер | член | отображаемое имя | как зовут | гражданин | фио донора | фио
        участника | фио контакта | фио заявителя | фио подписанта | name | full name | fullname | display
        name | person | contact | contact name | donor | donor name | client
    """,
    "name.surname": "фамилия | фам | surname | last name | lastname | family name | second name",
    "name.given": "имя | first name | firstname | given name | forename | имена",
    "name.patronymic": "отчество | отч | patronymic | middle name | middlename",
    "organisation.name": """
        организация | компания | фирма | юрлицо | юр лицо | название организации | наименование организации
        | наименование | предприятие | учреждение | место работы | работа | работодатель | организация место
        работы | organisation | organization | company | company name | employer | account name
    """,
    "phone": """
        телефон | тел | телефоны | номер телефона | телефон для связи | контактный телефон | контактные
        телефоны | тел номер | номер тел | телефон 1 | телефон 2 | телефон 3 | тел 1 | тел 2 | тел 3 | доп
        телефон | другой телефон | дополнительный телефон | phone | phones | phone number | telephone | tel
        | phone 1 | phone 2 | other phone
    """,
    "phone.mobile": """
        моб | мобильный | мобильный телефон | моб телефон | моб тел | сотовый | сотовый телефон | сот | сот
        тел | сот телефон | мобила | mobile | mobile phone | cell | cell phone | cellphone | mobile number
    """,
    "phone.work": """
        рабочий телефон | раб тел | раб телефон | телефон рабочий | тел раб | служебный телефон | work phone
        | business phone | office phone
    """,
    "phone.home": """
        домашний телефон | дом тел | дом телефон | телефон домашний | тел дом | городской телефон |
        городской | home phone | landline
    """,
    "email": """
        email | e mail | эл почта | электронная почта | почта | адрес электронной почты | емейл | имейл |
        мейл | мыло | адрес эл почты | эл адрес | электронный адрес | электронка | email 1 | email 2 | e
        mail 1 | e mail 2 | email address | e mail address | mail
    """,
    "telegram": """
        telegram | телеграм | телеграмм | тг | tg | ник в телеграм | ник телеграм | ник в telegram | телега
        | telegram username
    """,
    "vk": """
        vk | вк | вконтакте | в контакте | vkontakte | страница вк | ссылка вк | профиль вк | vk com | id вк
        | vk id
    """,
    "ok": "ok | ок | одноклассники | odnoklassniki | ok ru",
    "max": "max | макс | мессенджер max | мессенджер макс",
    "whatsapp": "whatsapp | вотсап | ватсап | вацап | whats app | ватсапп | wa | номер whatsapp",
    "address": """
        адрес | адреса | адрес проживания | адрес регистрации | адрес прописки | место жительства | домашний
        адрес | почтовый адрес | адрес места жительства | фактический адрес | адрес доставки | прописка |
        проживание | адрес полностью | проживает | address | home address | postal address | mailing address
        | street address
    """,
    "address.part": """
        город | населенный пункт | нас пункт | улица | дом | корпус | строение | квартира | кв | индекс |
        почтовый индекс | регион | область | city | town | street | house | building | flat | apartment |
        zip | zip code | postcode | region | state
    """,
    "birthday": """
        дата рождения | день рождения | др | д р | дата рожд | рождение | родился | год рождения | г р | гр
        | дата рождения дд мм гггг | birthday | birth date | date of birth | dob | birthdate | bday
    """,
    "gender": "пол | gender | sex | пол м ж | муж жен",
    "external_id": """
        id | ид | айди | код | номер карты | номер карточки | внешний id | внешний код | id контакта | код
        контакта | id клиента | id донора | uid | guid | uuid | external id | contact id | идентификатор |
        код клиента | id в crm
    """,
    "status": "статус | состояние | status",
    "tags": """
        тег | теги | метка | метки | тэг | тэги | ярлык | ярлыки | хештеги | tags | tag | labels | label |
        группы | группа
    """,
    "role": "роль | роли | категория | кто это | role | roles | тип контакта",
    "campaign": "кампания | проект | акция | кампании | campaign | project | мероприятие",
    "responsible": """
        ответственный | куратор | менеджер | координатор | кто ведет | ведет | закреплен за | responsible |
        owner | manager | assigned to | assigned user
    """,
    "origin.channel": """
        откуда | источник | откуда пришел | откуда узнал | откуда контакт | канал | источник контакта | где
        собран | где познакомились | source | lead source | channel | utm source | origin
    """,
    "origin.collector": """
        сборщик | кто собрал | собрал | кто записал | агитатор | collector |
        collected by
    """,
    "origin.date": """
        дата подписи | дата подписания | дата сбора | дата добавления | дата регистрации | когда собран |
        дата контакта | дата записи | дата внесения | дата создания | создан | добавлен | дата анкеты | дата
        заявки | signed at | signup date | created | created at | date added | registration date
    """,
    "relative.spouse": """
        муж | жена | супруг | супруга | супруг а | супруг супруга | супруга супруг | супруги | муж жена | жена муж
        | фио супруга | фио супруги | фио мужа | фио жены | husband | wife | spouse
    """,
    "relative.parent": """
        мать | отец | мама | папа | родитель | родители | фио матери | фио отца | фио родителя | mother | father |
        parent | parents
    """,
    "relative.child": """
        сын | дочь | ребенок | дети | сын дочь | фио ребенка | имя ребенка | фио сына | фио дочери | son | daughter |
        child | children
    """,
    "relative.sibling": "брат | сестра | брат сестра | фио брата | фио сестры | brother | sister | sibling",
    "relative.relative": "родственник | родственники | родственница | фио родственника | relative | relatives",
    "relative.bringer": """
        кем приведен | кто привел | привел | кем приглашен | кто пригласил | пригласил | brought by | invited by
    """,
    "note": """
        комментарий | комментарии | коммент | примечание | примечания | прим | заметка | заметки | описание
        | доп информация | дополнительно | дополнительная информация | особые отметки | пометки | отметки |
        что сказал | note | notes | comment | comments | description | remarks
    """,
    "skip": """
        n | no | n п п | п п | пп | номер | номер п п | порядковый номер | дубликат | дупликат | дубль |
        duplicate | строка | row | num
    """,
    "field:new": """
        рекуррент | сумма | сумма пожертвования | дата пожертвования | последнее пожертвование | инн | снилс
        | паспорт | должность | профессия | возраст | район | округ | уик | дата | подписка | сайт | язык |
        сумма последнего пожертвования | дата последнего пожертвования | размер | amount | donation | last
        gift | position | last gift date | last gift amount | age | district | date | website
    """,
}  # fmt: skip

_LIKE = [
    (re.compile(r"^(последн\w+ по|дата (последн|платеж|пожертв)|сумма|размер|доход)"), "field:new"),
    (re.compile(r"^(кол во|количество|сколько)"), "field:new"),
    (re.compile(r"рекуррент|подписк|автоплат|согласи|пожертв|платеж"), "field:new"),
    (re.compile(r"\b(ф ?и ?о|фамилия имя|full name)\b"), "name.full"),
    (re.compile(r"\b(е ?mail|e ?mail|элект\w* почт\w*|эл почт\w*|емейл|имейл)\b"), "email"),
    (re.compile(r"\b(моб|мобильн\w*|сотов\w*|сот|mobile|cell)\b"), "phone.mobile"),
    (re.compile(r"\b(раб\w* тел\w*|тел\w* раб\w*)\b"), "phone.work"),
    (re.compile(r"\b(дом\w* тел\w*|тел\w* дом\w*)\b"), "phone.home"),
    (re.compile(r"\b(тел|телефон\w*|phone|tel)\b"), "phone"),
    (re.compile(r"\b(telegram|телеграм\w*|тг)\b"), "telegram"),
    (re.compile(r"\b(вконтакте|вк|vk)\b"), "vk"),
    (re.compile(r"\b(одноклассник\w*)\b"), "ok"),
    (re.compile(r"\b(whatsapp|вотсап\w*|ватсап\w*|вацап\w*)\b"), "whatsapp"),
    (re.compile(r"дат\w* рожд|день рожд|год рожд|birth"), "birthday"),
    (re.compile(r"\bадрес\w*|address|место жит"), "address"),
    (re.compile(r"\bсоц ?сет\w*"), "vk"),
    (re.compile(r"\b(комментари\w*|примечани\w*|заметк\w*|notes?|comments?)\b"), "note"),
    (re.compile(r"\b(организаци\w*|компани\w*|company)\b"), "organisation.name"),
    (re.compile(r"\b(источник\w*|откуда)\b"), "origin.channel"),
    (re.compile(r"\b(теги|метки|tags)\b"), "tags"),
    (re.compile(r"\b(ответственн\w*|куратор\w*)\b"), "responsible"),
    (re.compile(r"\b(сборщик\w*|агитатор\w*)\b"), "origin.collector"),
    (re.compile(r"\bдата (подпис|регистр|добавл|созд|сбора|анкет)"), "origin.date"),
    (re.compile(r"\b(статус\w*)\b"), "status"),
]  # fmt: skip

_EXACT = {caption.strip(): target for target, text in _SAME.items() for caption in re.split(r"\|", text)}
_EXACT = {" ".join(caption.split()): target for caption, target in _EXACT.items()}
_NOT_WORD = re.compile(r"[^0-9a-zа-я]+")


@lru_cache(maxsize=4096)
def plain_caption(caption: str) -> str:
    """Lower case, ё as е, № as n, words divided by one space."""
    text = caption.lower().replace("ё", "е").replace("№", " n ")
    return " ".join(_NOT_WORD.sub(" ", text).split())


@lru_cache(maxsize=4096)
def known_target(caption: str) -> tuple[str, float] | None:
    """The target a caption means with a confidence from 0 to 1, or None for a caption never heard of."""
    if not caption or len(caption) > 120:
        return None
    parts = [caption]
    if "/" in caption:
        parts += reversed(caption.split("/"))
    plains = [plain for plain in map(plain_caption, parts) if plain]
    for plain in plains:
        if plain in _EXACT:
            return _EXACT[plain], 0.95
    for plain in plains:
        if len(plain.split()) > 8:
            continue
        for pattern, target in _LIKE:
            if pattern.search(plain):
                return target, 0.75
    return None

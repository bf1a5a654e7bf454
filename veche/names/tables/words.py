"""Words that stand beside a name in real lists, as folded forms (lower case, ё as е)."""

# A legal form or another sure sign that the cell names an organisation.
ORGANISATION_FORMS = frozenset(
    """
    ооо оао зао пао ао нао нко ано ано. фгуп фгбу фгбоу муп гуп гбу гбоу гку мбоу мбу мбдоу моу мку мау тсж тсн снт
    снп днп жск гск тос кфх спк хк чоп чоо ано-дпо фгаоу ргоо роо моо мроо рро оооп бф нп ук жэк жкх дез llc ltd inc gmbh
    """.split()
)
# Words of which organisations' names are made; one is enough when the cell holds no patronymic or first name.
ORGANISATION_WORDS = frozenset(
    """
    фонд ассоциация партия союз комитет школа гимназия лицей детсад больница поликлиника администрация совет управа
    префектура министерство департамент управление агентство компания корпорация холдинг банк завод фабрика магазин
    кафе ресторан театр музей библиотека университет институт академия колледж редакция газета журнал студия центр
    общество общественная организация товарищество кооператив предприятие учреждение церковь приход монастырь храм
    движение штаб отделение клуб федерация благотворительный благотворительная
    """.split()
)
ENTREPRENEUR_FORMS = frozenset(["ип", "чп", "пбоюл", "самозанятый", "самозанятая"])

# Cells that hold no name: totals, captions, empty marks, greetings to nobody.
NOT_A_NAME = frozenset(
    """
    итого всего фио ф.и.о ф.и.о. имя фамилия отчество нет н/д нд неизвестно неизвестен неизвестна аноним анонимно
    анонимный анонимное анонимная отсутствует пусто тест test xxx ххх null none n/a na nan unknown anonymous аноним.
    жертвователь благотворитель
    """.split()
)

# Forms of address, degrees, ranks, offices: kept beside the name, never part of it.
TITLES = frozenset(
    """
    г-н г-жа г-жи господин госпожа гр гр. гражданин гражданка тов тов. товарищ мистер миссис мисс мр мрс mr mr. mrs mrs. ms ms. dr dr.
    проф проф. профессор доц доц. доцент акад акад. академик д-р др доктор к.м.н к.м.н. д.м.н д.м.н. к.т.н к.т.н. д.т.н д.т.н.
    к.э.н. к.ю.н. к.ф.н. к.и.н. д.и.н. д.ю.н. д.э.н. к.п.н. кандидат депутат сенатор губернатор мэр глава председатель
    директор зам заместитель начальник адвокат журналист журналистка редактор блогер отец батюшка иерей протоиерей
    священник матушка генерал полковник подполковник майор капитан лейтенант сержант рядовой судья прокурор следователь
    волонтер волонтёр доброволец активист активистка координатор старший старшая пенсионер пенсионерка студент студентка
    ветеран инвалид член наблюдатель сторонник сторонница донор куратор бригадир тетя дядя баба дед бабушка дедушка сосед
    соседка муж жена сын дочь дочка мать мама папа брат сестра внук внучка вдова вдовец невестка зять теща тесть свекровь
    свекр мл мл. ст ст. младший
    """.split()
)
# Of these, the ones that say the person beside is a relative of the first one in the cell.
RELATIVES = frozenset(
    """
    муж жена сын дочь дочка мать мама отец папа брат сестра внук внучка бабушка дедушка супруг супруга
    """.split()
)

FAMILY_WORDS = frozenset("семья семейство сем чета супруги".split())
# Particles that belong to a surname and stay in lower case.
PARTICLES = frozenset(
    "де фон ван дер ден дель делла ди да дю дос ла ле бен бин ибн цу аф эль аль".split()
)
# Surnames of the east that come first and whose bearers' second word is no particle.
EASTERN_SURNAMES = frozenset(
    "нгуен нгуэн чан фам хоанг данг буй нго зыонг ким пак цой чой тен юн хван ли лю чжан чжао чжоу хуан ву".split()
)
# Words that end an eastern patronymic.
SON_WORDS = frozenset("оглы оглу улы уулу угли огли ўғли зода".split())
DAUGHTER_WORDS = frozenset("кызы гызы кизи къзы гзы қызы".split())

# A cell without any of these is nothing but a name.
NO_PART_OF_A_NAME = (
    ORGANISATION_FORMS | ORGANISATION_WORDS | ENTREPRENEUR_FORMS | NOT_A_NAME | TITLES | RELATIVES | FAMILY_WORDS
    | PARTICLES | SON_WORDS | DAUGHTER_WORDS | EASTERN_SURNAMES | {"и"}
)  # fmt: skip
